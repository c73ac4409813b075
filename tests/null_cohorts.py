"""Cohorts of the demo's size, groups and follow-up in which nothing has an effect: how often does each test say P < 0.05?

Groups, lines, regimens and centres are those of the demo's design, dealt anew for each cohort; every course is drawn from one
and the same distribution, so that each P below 0.05 is a false alarm. Run `python tests/null_cohorts.py` for the table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import polars as pl
from demo_course import draw_course
from demo_design import Slot, design
from demo_draw import Draw

from analytics.survival.cox import cox
from analytics.survival.durations import DAYS_PER_MONTH, Durations, EstimateError, durations
from analytics.survival.firth import firth
from analytics.survival.rank_tests import log_rank, permutation_log_rank
from analytics.survival.restricted_mean import compare_restricted_means

Pick = Callable[[Slot], bool | None]

COMPARISONS: dict[str, Pick] = {
    "ASPS 30 v 49": lambda s: s.group == "ASPS",
    "line 43 v 36": lambda s: s.line <= 2,
    "ASPS, combination 20 v 10": lambda s: s.is_combination if s.group == "ASPS" else None,
    "ASPS, line 18 v 12": lambda s: s.line <= 2 if s.group == "ASPS" else None,
    "sensitive 27 v 22": lambda s: None if s.group == "ASPS" else s.group == "potentially sensitive",
    "sensitive, line 14 v 13": lambda s: s.line <= 2 if s.group == "potentially sensitive" else None,
    "AS 6 v MFS 4": lambda s: s.entity == "AS" if s.entity in ("AS", "MFS") else None,
}
"""The founding study's comparisons, with the sizes of their groups, and one between groups too small for any."""

TESTS = ("log-rank", "stratified by centre", "permutation", "Cox Wald", "Cox LR", "Firth LR", "RMST 12 months")
DRAWS = 999
TAU = 12 * DAYS_PER_MONTH


def cohort(seed: int) -> tuple[list[Slot], dict[str, Durations]]:
    """The places of one cohort and its two end points."""
    draw = Draw(seed, "null")
    slots = design(seed)
    courses = [draw_course(draw, "potentially sensitive", 1, True) for _ in slots]
    ends = {"PFS": [course.pfs for course in courses], "OS": [course.os for course in courses]}
    return slots, {name: durations([t for t, _ in ends_], [e for _, e in ends_]) for name, ends_ in ends.items()}


def p_values(data: Durations, first: pl.Series, centre: pl.Series, seed: int) -> dict[str, float | None]:
    """P of every test of one comparison; None where a test does not exist."""
    design_ = pl.DataFrame({"first": first.cast(pl.Float64)})
    fit = cox(data, design_)
    likelihood = fit.tests.filter(pl.col("test") == "likelihood_ratio")["p_value"]
    return {
        "log-rank": log_rank(data, first).p_value,
        "stratified by centre": log_rank(data, first, strata=centre).p_value,
        "permutation": permutation_log_rank(data, first, seed=seed, draws=DRAWS).p_value,
        "Cox Wald": fit.terms["p_value"][0],
        "Cox LR": likelihood[0] if likelihood.len() else None,
        "Firth LR": firth(data, design_).terms["p_value"][0],
        "RMST 12 months": _restricted(data, first.to_numpy()),
    }


def _restricted(data: Durations, first: Any) -> float | None:
    groups = [Durations(data.time_days[c], data.is_event[c], None, None) for c in (first, ~first)]
    try:
        return compare_restricted_means(groups[0], groups[1], TAU).contrasts["p_value"][0]
    except EstimateError:
        return None  # nobody was followed for so long


def trials(cohorts: int, seed: int) -> Iterator[dict[str, Any]]:
    """One row per cohort, comparison, end point and test."""
    for number in range(cohorts):
        slots, ends = cohort(seed + number)
        centre = pl.Series([slot.centre for slot in slots])
        for comparison, pick in COMPARISONS.items():
            side = pl.Series([pick(slot) for slot in slots], dtype=pl.Boolean)
            chosen = side.is_not_null()
            kept = chosen.to_numpy()
            for end, data in ends.items():
                part = Durations(data.time_days[kept], data.is_event[kept], None, None)
                found = p_values(part, side.filter(chosen), centre.filter(chosen), seed + number)
                for test, p in found.items():
                    yield {"comparison": comparison, "endpoint": end, "test": test, "p_value": p}


def shares(rows: pl.DataFrame, *by: str, confidence: float = 0.95) -> pl.DataFrame:
    """Share of P < 0.05 among the tests that exist: n, below, share, lower, upper (Clopper and Pearson), by group."""
    from scipy.special import betaincinv

    half = (1 - confidence) / 2
    counted = rows.group_by(by, maintain_order=True).agg(
        n=pl.col("p_value").count(), below=(pl.col("p_value") < 0.05).sum().cast(pl.Int64)
    )
    n, below = counted["n"].to_numpy(), counted["below"].to_numpy()
    lower = np.where(below > 0, betaincinv(np.maximum(below, 1), n - below + 1, half), 0.0)
    upper = np.where(below < n, betaincinv(below + 1, np.maximum(n - below, 1), 1 - half), 1.0)
    return counted.with_columns(share=pl.col("below") / pl.col("n"), lower=lower, upper=upper)


def table(rows: pl.DataFrame) -> str:
    """Markdown: a row a comparison and end point, a column a test, percent."""
    found = shares(rows, "comparison", "endpoint", "test").with_columns(text=(100 * pl.col("share")).round(1).cast(str))
    wide = found.pivot("test", index=["comparison", "endpoint"], values="text")
    lines = ["| " + " | ".join(wide.columns) + " |", "|" + "---|" * wide.width]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in wide.rows()])


if __name__ == "__main__":
    drawn = pl.DataFrame(list(trials(int(sys.argv[1]), 20250101)))
    drawn.write_parquet(sys.argv[2])
    sys.stdout.write(f"{table(drawn)}\n\n{shares(drawn, 'test')}\n")
