"""The command `sarcreg refresh`, Prefect, analyses and all, killed at any moment: nothing is half, the next one mends."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import impact_home
import pytest
import small_home
from whole_home import whole

from flows.survival import is_complete
from warehouse.home import Home
from warehouse.publish import published_chain
from warehouse.query import sql

SEED = 20260117
KILLS = 6


@dataclass(frozen=True)
class Run:
    """A run of the command. code: how it ended. at: step -> seconds from the start to its first line. took: seconds."""

    code: int
    at: dict[str, float]
    took: float


def refresh(home: Path, kill_after: tuple[str, float] | None = None) -> Run:
    """Run the command, and kill it (-9) so many seconds after the first line of a step."""
    started = time.monotonic()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    at: dict[str, float] = {}
    program = [sys.executable, "-m", "flows.cli", "refresh", "--home", str(home)]
    with subprocess.Popen(program, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment) as it:
        assert it.stderr
        for line in it.stderr:
            step = (line.split(" s  ", 1)[-1].split() or [""])[0]
            at.setdefault(step, time.monotonic() - started)
            if kill_after and step == kill_after[0]:
                time.sleep(kill_after[1])
                it.kill()
                break
    return Run(it.returncode, at, time.monotonic() - started)


def deliver(home: Path, size_mm: int) -> None:
    """A delivery in which the first patient's tumour has this size."""
    small_home.write_export(home / "incoming" / impact_home.FAULTY, *impact_home.rows({(1, "Size"): str(size_mm)}))


def made(home: Path, refresh: str) -> set[str]:
    """Every file that a refresh's analyses and reports consist of, whole ones alone."""
    folder = home / "refreshes" / refresh
    files = [path for part in ("results", "reports") for path in (folder / part).rglob("*") if path.is_file()]
    assert all(path.stat().st_size for path in files)
    return {str(path.relative_to(folder)) for path in files}


@pytest.mark.slow
def test_the_command_killed_at_any_moment_needs_no_hand(tmp_path: Path) -> None:
    home = impact_home.made(tmp_path / "home", {(1, "Size"): "100"})
    assert refresh(home).code == 0
    deliver(home, 101)
    undisturbed = refresh(home)
    before = whole(home)
    expected = made(home, before[0])
    assert undisturbed.code == 0
    assert {
        "results/small_members.parquet",
        "reports/survival/small.en.html",
        "reports/validation/validation.en.html",
    } <= expected
    draw = random.Random(SEED)
    spans = {"refresh": ("refresh", "publish"), "publish": ("publish", "report")}
    found = []
    for number in range(KILLS):
        step, until = spans["publish" if number % 2 else "refresh"]
        moment = draw.uniform(0, undisturbed.at[until] - undisturbed.at[step])
        deliver(home, 102 + number)
        killed = refresh(home, (step, moment))
        assert killed.code in (-signal.SIGKILL, 0), (step, moment)
        after_kill = whole(home)
        is_new = after_kill[0] != before[0]
        assert is_new or step == "refresh", moment
        is_half = is_new and not is_complete(Home(home), after_kill[0])
        found.append("half" if is_half else "new" if is_new else "old")

        assert refresh(home).code == 0, (step, moment)
        after = whole(home)
        size = sql(Home(home), "select max(size_mm) from core.tumour where size_mm > 100").item()
        assert size == 102 + number, (step, moment)
        assert not is_new or after == after_kill, (step, moment)
        assert made(home, after[0]) == expected, (step, moment)
        assert {folder.name for folder in (home / "refreshes").iterdir()} <= set(published_chain(Home(home)))
        before = after
    assert {"old", "half"} <= set(found), found
