"""Two refreshes side by side: what differs in the tables, and how it moved the end points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from flows.written import plans_of
from warehouse.diff import Difference, difference
from warehouse.home import Home
from warehouse.query import database_of, read_file, refresh_of

_SAID = {
    "new": "new", "no_longer_delivered": "no longer delivered", "excluded": "left the cohort",
    "readmitted": "came into the cohort", "recoded": "recoded", "corrected": "corrected by the registry",
    "time_zero_moved": "time zero moved", "event_gone": "event taken back",
    "longer": "followed longer", "shorter": "time shorter", "evaluable": "evaluable now",
    "not_evaluable": "no longer evaluable", "cut_off": "another cut-off alone",
    "method": "nothing of their own records changed (program, settings, or a linked record)",
    "remainder": "the causes together beyond each alone",
}  # fmt: skip


def compare(home: Home, before: str, after: str | None) -> tuple[Difference, pl.DataFrame]:
    """The difference of two refreshes, and the moves of the end points: of the whole cohort, and of each plan's groups.

    moves: see analytics/survival/movement.py, with `plan` (its file's stem; of the cohort as a whole empty).
    """
    from analytics.plan import load_plan
    from analytics.survival import movement
    from analytics.survival.outcome import TABLES, Frames

    paths = [database_of(home, refresh_of(home, word)) for word in (before, after)]
    found = difference(*paths)
    old, new = (Frames.of(read_file(path, TABLES.values())) for path in paths)
    parts = [movement.run(old, new, found.patients).with_columns(plan=pl.lit(""))]
    for path in plans_of(home):
        of_plan = movement.run(old, new, found.patients, load_plan(path))
        parts.append(of_plan.filter(pl.col("analysis") != "overall").with_columns(plan=pl.lit(path.stem)))
    return found, pl.concat(parts).select("plan", pl.exclude("plan"))


def sentences(moves: pl.DataFrame) -> Iterator[str]:
    """A line for each end point that moved, in the cohort or a group, and lines below it for what each cause did."""
    key = ["plan", "analysis", "level", "endpoint"]
    same = 0
    for (_, analysis, level, endpoint), rows in moves.group_by(key, maintain_order=True):
        first, last = rows.row(0, named=True), rows.row(-1, named=True)
        causes = list(rows.filter(~pl.col("reason").is_in(["before", "now"])).iter_rows(named=True))
        if not causes:
            same += 1
            continue
        where = "" if analysis == "overall" else f" ({analysis}: {level})"
        counted = ", ".join(f"{row['n_patients']} {_said(row)}" for row in causes if row["reason"] != "remainder")
        yield f"median {endpoint}{where} {_months(first)} -> {_months(last)} months: {counted}"
        yield f"    patients {first['patients']} -> {last['patients']}, events {first['events']} -> {last['events']}"
        yield from (f"    {_effect(row)}" for row in causes)
    yield f"{same} of {moves.select(key).n_unique()} end points, in the cohort or a group, did not move"


def _said(row: dict[str, Any]) -> str:
    reason, _, what = row["reason"].partition(":")
    if reason == "event":
        return {"Progression": "progressed", "Death": "died"}.get(what, f"had the event ({what.lower()})")
    return _SAID[reason] + (f" ({what})" if what else "")


def _effect(row: dict[str, Any]) -> str:
    effect = row["median_months"]
    told = "the median is not reached" if effect is None else f"{effect:+.1f} months"
    if row["reason"] == "remainder":
        return f"{_SAID['remainder']}: {told}"
    return f"{_said(row)}: {row['patients']:+d} patients, {row['events']:+d} events, alone {told}"


def _months(row: dict[str, Any]) -> str:
    median = row["median_months"]
    return "not reached" if median is None else f"{median:.1f}"
