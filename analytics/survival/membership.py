"""Whom the released results of a plan count: the persons of every group whose size is told, to compare releases by.

What is compared are groups of persons. That one more of the same persons died between two releases, or had another
value in a table, is not seen: see docs/share.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from analytics.plan import Bounds, Narrowing, Plan
from analytics.survival.contracts import Results
from analytics.survival.outcome import Frames, grouped, narrow
from analytics.survival.summary import ALL

EVERYBODY = "all"


def members(frames: Frames, cleared: Results, plan: Plan) -> pl.DataFrame:
    """Columns name, patient_id: one row per person and group of the cleared results. EVERYBODY is the plan's cohort.

    A group is named by its conditions, `column=values` joined by `;`, so that the same group has the same name in
    another plan.
    """
    found = [part.select(pl.lit(name).alias("name"), "patient_id") for name, part in _groups(frames, cleared, plan)]
    return pl.concat(found)


def _groups(frames: Frames, cleared: Results, plan: Plan) -> Iterator[tuple[str, pl.DataFrame]]:
    told = {
        row
        for name in ("estimates", "follow_up")
        for row in cleared[name].filter(pl.col("n").is_not_null()).select("analysis", "level").iter_rows()
    }
    cohort = narrow(frames.cohort, plan.within)
    yield EVERYBODY, cohort
    for analysis, level in sorted(told):
        if analysis == "centre" and level != ALL:
            yield _name(plan.within, {"centre": [level]}), cohort.filter(centre=level)
    for comparison in plan.comparisons:
        inside, _ = grouped(narrow(cohort, comparison.within), comparison.group, comparison.levels)
        for level in comparison.levels:
            if (comparison.id, level.id) in told:
                conditions = {**comparison.within, comparison.group: list(level.values)}
                yield _name(plan.within, conditions), inside.filter(level=level.id)
    steps = cleared["attrition"].drop_nulls("n_excluded")
    excluded = frames.exclusion.filter(pl.col("first_reason_code").is_in(steps["code"].implode()))
    yield "delivered", pl.concat([frames.cohort.select("patient_id"), frames.exclusion.select("patient_id")])
    for (reason,), part in excluded.group_by("first_reason_code", maintain_order=True):
        yield f"first_reason_code={reason}", part


def _name(within: Narrowing, conditions: Mapping[str, object]) -> str:
    return ";".join(f"{column}={_values(wanted)}" for column, wanted in sorted({**within, **conditions}.items()))


def _values(wanted: object) -> str:
    if isinstance(wanted, Bounds):
        return f"{wanted.min}..{wanted.max}"
    return "|".join(sorted(map(str, wanted if isinstance(wanted, list) else [wanted])))
