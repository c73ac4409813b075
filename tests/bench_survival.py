"""`make bench`: a million subjects, ours beside R's survival in the same run (R is optional).

Curve, log-rank test and Cox's model with four covariates; times are whole days, so that most of them tie. The
subjects are drawn from a seed. Both get them in memory; the best of three runs counts, on the wall and of
processor. R's coxph reckons concordance as well, which ours does on request only: it is timed apart.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402

from analytics.survival.concordance import concordance  # noqa: E402
from analytics.survival.cox import cox  # noqa: E402
from analytics.survival.durations import durations  # noqa: E402
from analytics.survival.estimates import kaplan_meier  # noqa: E402
from analytics.survival.rank_tests import log_rank  # noqa: E402

SEED = 20261127
RUNS = 3
COVARIATES = ("age", "arm", "marker", "sex")
R = """
suppressMessages(library(survival))
folder <- commandArgs(TRUE)[1]; runs <- as.integer(commandArgs(TRUE)[2]); n <- as.integer(commandArgs(TRUE)[3])
column <- function(name) readBin(file.path(folder, name), "double", n)
names <- c("time", "status", "age", "arm", "marker", "sex")
d <- as.data.frame(setNames(lapply(names, column), names))
best <- function(run) {
  spent <- sapply(seq_len(runs), function(i) { t <- system.time(run()); c(t[["elapsed"]], t[["user.self"]] + t[["sys.self"]]) })
  apply(spent, 1, min)
}
show <- function(name, times, value) cat(name, format(times, digits = 6), format(value, digits = 12), "\\n")
f <- NULL
t <- best(function() f <<- survfit(Surv(time, status) ~ 1, d)); show("kaplan_meier", t, f$surv[length(f$surv) %/% 2])
t <- best(function() f <<- survdiff(Surv(time, status) ~ arm, d)); show("log_rank", t, f$chisq)
t <- best(function() f <<- coxph(Surv(time, status) ~ age + arm + marker + sex, d)); show("cox", t, coef(f)[["age"]])
"""


def subjects(n: int) -> pl.DataFrame:
    draw = np.random.default_rng(SEED)
    age, arm = draw.normal(50, 10, n), draw.integers(0, 2, n)
    rate = np.exp(0.02 * (age - 50) - 0.3 * arm) / 500
    event, censored = np.ceil(draw.exponential(1 / rate)), np.ceil(draw.uniform(30, 2000, n))
    table = {"time": np.minimum(event, censored), "status": (event <= censored).astype(float), "age": age, "arm": arm}
    return pl.DataFrame(table | {"marker": draw.normal(size=n), "sex": draw.integers(0, 2, n)}).cast(pl.Float64)


def best(run: Callable[[], Any], runs: int = RUNS) -> tuple[float, float, Any]:
    walls, processors, value = [], [], None
    for _ in range(runs):
        wall, processor = time.perf_counter(), time.process_time()
        value = run()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return min(walls), min(processors), value


def ours(table: pl.DataFrame) -> dict[str, tuple[float, float, float]]:
    def data() -> Any:
        return durations(table["time"], table["status"])

    curve = best(lambda: kaplan_meier(data()))
    test = best(lambda: log_rank(data(), table["arm"]))
    fit = best(lambda: cox(data(), table.select(COVARIATES)))
    ranked = best(lambda: concordance(data(), fit[2].model.risk_score), 1)
    middle = float(curve[2]["survival"][curve[2].height // 2 - 1])
    return {
        "kaplan_meier": (*curve[:2], middle),
        "log_rank": (*test[:2], test[2].chi_square),
        "cox": (*fit[:2], float(fit[2].terms["coef"][0])),
        "concordance": (*ranked[:2], ranked[2].value),
    }


def of_r(table: pl.DataFrame) -> dict[str, tuple[float, float, float]]:
    rscript = shutil.which("Rscript")
    if rscript is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for name in table.columns:
            table[name].to_numpy().tofile(Path(folder) / name)
        script = Path(folder) / "bench.R"
        script.write_text(R)
        done = subprocess.run(
            [rscript, str(script), folder, str(RUNS), str(table.height)], capture_output=True, text=True
        )
    if done.returncode:
        print("R cannot load survival, so it is left out")
        return {}
    found = (line.split() for line in done.stdout.splitlines())
    return {name: (float(wall), float(processor), float(value)) for name, wall, processor, value in found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--subjects", type=int, default=1_000_000)
    table = subjects(parser.parse_args().subjects)
    mine, theirs = ours(table), of_r(table)
    print(
        f"\n{table.height:,} subjects, {int(table['status'].sum()):,} events; best of {RUNS} runs, seconds (processor)"
    )
    for name, (wall, processor, value) in mine.items():
        line = f"  {name:<13} {wall:6.2f} ({processor:5.2f})"
        if name in theirs:
            r_wall, r_processor, r_value = theirs[name]
            assert abs(value / r_value - 1) < 1e-6, f"{name}: {value} is not R's {r_value}"
            ratios = f"{r_wall / wall:.1f} times as long ({r_processor / processor:.1f} of processor)"
            line += f"   R {r_wall:6.2f} ({r_processor:5.2f}): {ratios}"
        print(line)


if __name__ == "__main__":
    main()
