"""A refresh killed at any moment leaves the old warehouse or the new one, whole; the next refresh needs no hand."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import small_home
from whole_home import whole

from warehouse.home import Home
from warehouse.publish import published_chain

ROOT = Path(__file__).resolve().parents[2]
SEED = 20260117


class Nursery:
    """The process of tests/kill_nursery.py."""

    def __init__(self) -> None:
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(ROOT / "tests" / "kill_nursery.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
        assert self._answer() == "ready"

    def _answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def refresh(self, home: Path, when: str = "end", seconds: float = 0.0) -> tuple[str, float]:
        """Refresh a home in a child: how it ended, and how long it ran."""
        assert self._process.stdin
        self._process.stdin.write(f"{home} {when} {seconds}\n")
        self._process.stdin.flush()
        fate, took = self._answer().split()
        return fate, float(took)

    def close(self) -> None:
        """Let it end."""
        self._process.communicate(timeout=30)


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    process = Nursery()
    yield process
    process.close()


def kill_and_recover(nursery: Nursery, home: Path, moments: list[tuple[str, float]]) -> list[str]:
    """Kill a refresh with new input at each moment, look, refresh again, look; which refresh was found each time."""
    found = []
    before = whole(home)
    for number, (when, seconds) in enumerate(moments, 7):
        small_home.write_export(home / "incoming" / "aa01", small_home.cases(number), small_home.visits(number))
        fate, _ = nursery.refresh(home, when, seconds)
        assert fate in ("killed", "done"), (when, seconds)
        after_kill = whole(home)
        is_new = after_kill[1] == number
        assert is_new or after_kill == before, (when, seconds)
        assert nursery.refresh(home)[0] == "done", (when, seconds)
        after = whole(home)
        assert after[1] == number, (when, seconds)
        assert not is_new or after == after_kill, (when, seconds)
        left = {folder.name for folder in (home / "refreshes").iterdir()}
        assert left <= set(published_chain(Home(home))), (when, seconds)
        found.append("new" if is_new else "old")
        before = after
    return found


def moments_of(nursery: Nursery, home: Path, n: int, seed: int) -> list[tuple[str, float]]:
    """Moments over a whole refresh, and as many within its last step, the commit, which takes milliseconds."""
    fate, took = nursery.refresh(home)
    assert fate == "done"
    draw = random.Random(seed)
    return [("start", draw.uniform(0, took)) if i % 2 else ("commit", draw.uniform(0, 0.05)) for i in range(n)]


def test_a_kill_leaves_the_old_or_the_new_warehouse(nursery: Nursery, tmp_path: Path) -> None:
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    moments = moments_of(nursery, home, 5, SEED)
    assert len(kill_and_recover(nursery, home, moments)) == 5


@pytest.mark.slow
def test_a_hundred_kills(nursery: Nursery, tmp_path: Path) -> None:
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    found = kill_and_recover(nursery, home, moments_of(nursery, home, 100, SEED + 1))
    assert {"old", "new"} <= set(found)
