"""Why did the number change since last time? Two refreshes of one registry, number by number, patient by patient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from analytics.plan import Comparison, Plan
from analytics.survival.contracts import Results, shaped
from analytics.survival.outcome import Frames, grouped, narrow
from analytics.survival.summary import ALL

QUESTION = "What moved since the refresh before, and why?"

BEFORE, NOW = "before", "now"
"""The first and the last reason of an account; the numbers between them lead from one to the other."""

Row = dict[str, Any]


def run(before: Frames, now: Frames, results_before: Results, results_now: Results, plan: Plan) -> Results:
    """changes: each headline number before and now. accounts: the patients and events that lead from one to the other.

    changes: quantity (n, events, median_months, hazard_ratio, p_value), before, now, and for a P its method before and
    now (a switch between log-rank and permutation is a change of its own). accounts: of (patients, events), reason,
    n with its sign; within an analysis, end point and level the rows from `before` on add up to `now`. Reasons:
    new, no_longer_delivered, excluded:<criterion>, readmitted:<criterion>, recoded:<column>; for events gained and
    lost as well. longer, shorter (follow-up), evaluable and not_evaluable stand beside and add to nothing (of beside).
    """
    accounts = [
        row
        for analysis, comparison in [("overall", None), *((c.id, c) for c in plan.comparisons)]
        for row in _accounts(before, now, plan, analysis, comparison)
    ]
    return {
        "changes": _changes(results_before, results_now),
        "accounts": shaped("accounts", pl.DataFrame(accounts, infer_schema_length=None) if accounts else None),
    }


def _changes(before: Results, now: Results) -> pl.DataFrame:
    """Rows that are in either; a number that stayed as it was is kept, so that its rest can be seen."""
    key = ["quantity", "analysis", "endpoint", "level"]
    both = _headlines(before).join(
        _headlines(now), on=key, how="full", coalesce=True, suffix="_now", maintain_order="right_left"
    )
    return shaped(
        "changes",
        both.select(
            *key,
            before="value",
            now="value_now",
            method_before="method",
            method_now="method_now",
            is_switch=pl.col("method").ne_missing(pl.col("method_now")),
        ),
    )


def _headlines(results: Results) -> pl.DataFrame:
    """quantity, analysis, endpoint, level, value, method (of a P)."""
    nothing = pl.lit(None, dtype=pl.String)
    estimates, tests = results["estimates"], results["tests"].filter(from_day=0)
    ratios = results["hazard_ratios"].filter(from_day=0)
    parts = [
        estimates.select(
            quantity=pl.lit(name),
            analysis="analysis",
            endpoint="endpoint",
            level="level",
            value=pl.col(name).cast(pl.Float64),
            method=nothing,
        )
        for name in ("n", "events", "median_months")
    ]
    parts.append(
        ratios.select(
            quantity=pl.lit("hazard_ratio"),
            analysis="analysis",
            endpoint="endpoint",
            level="level",
            value="hazard_ratio",
            method=nothing,
        )
    )
    parts.append(
        tests.select(
            quantity=pl.lit("p_value"),
            analysis="analysis",
            endpoint="endpoint",
            level=pl.lit(ALL),
            value="p_value",
            method="p_method",
        )
    )
    return pl.concat(parts)


def _accounts(before: Frames, now: Frames, plan: Plan, analysis: str, comparison: Comparison | None) -> Iterator[Row]:
    params = list(comparison.endpoints) if comparison else [one.param for one in plan.endpoints]
    levels = [level.id for level in comparison.levels] if comparison else [ALL]
    old, new = (members(frames, plan, comparison) for frames in (before, now))
    moved = reasons(before, now, comparison)
    for level in levels:
        was, is_ = (frame.filter(level=level).select("patient_id") for frame in (old, new))
        stayed = was.join(is_, on="patient_id", how="semi")
        came = is_.join(was, on="patient_id", how="anti").join(moved, on="patient_id", how="left")
        went = was.join(is_, on="patient_id", how="anti").join(moved, on="patient_id", how="left")
        key: Row = {"analysis": analysis, "level": level}
        yield from _account(key | {"endpoint": None, "of": "patients"}, was.height, came, went, None, is_.height)
        for param in params:
            ends = _ends(before, now, param)
            event_was, event_is = (
                ends.filter(pl.col(column) == 0).select("patient_id") for column in ("CNSR", "CNSR_now")
            )
            same = ends.join(stayed, on="patient_id", how="semi")
            turned = same.with_columns(
                was=(pl.col("CNSR") == 0).fill_null(False), is_=(pl.col("CNSR_now") == 0).fill_null(False)
            )
            counts = {
                "gained": turned.filter(~pl.col("was") & pl.col("is_")).height,
                "lost": -turned.filter(pl.col("was") & ~pl.col("is_")).height,
            }
            about = key | {"endpoint": param}
            yield from _account(
                about | {"of": "events"},
                was.join(event_was, on="patient_id", how="semi").height,
                came.join(event_is, on="patient_id", how="semi"),
                went.join(event_was, on="patient_id", how="semi"),
                counts,
                is_.join(event_is, on="patient_id", how="semi").height,
            )
            longer = pl.col("AVAL_now") - pl.col("AVAL")
            beside = {
                "longer": same.filter(longer > 0).height,
                "shorter": same.filter(longer < 0).height,
                "evaluable": same.filter(pl.col("AVAL").is_null() & pl.col("AVAL_now").is_not_null()).height,
                "not_evaluable": same.filter(pl.col("AVAL").is_not_null() & pl.col("AVAL_now").is_null()).height,
            }
            for reason, n in beside.items():
                if n:
                    yield about | {"of": "beside", "reason": reason, "n": n}


def _account(
    about: Row, start: int, came: pl.DataFrame, went: pl.DataFrame, more: dict[str, int] | None, end: int
) -> Iterator[Row]:
    yield about | {"reason": BEFORE, "n": start}
    for frame, sign, column in ((came, 1, "came"), (went, -1, "went")):
        for reason, n in frame.group_by(pl.col(column).alias("reason")).len().sort("reason").iter_rows():
            yield about | {"reason": reason, "n": sign * n}
    for reason, n in (more or {}).items():
        if n:
            yield about | {"reason": reason, "n": n}
    yield about | {"reason": NOW, "n": end}


def members(frames: Frames, plan: Plan | None, comparison: Comparison | None) -> pl.DataFrame:
    """patient_id, level: who is analysed, and in which group; without a comparison all of the plan are in `all`."""
    everybody = narrow(frames.cohort, plan.within) if plan else frames.cohort
    if comparison is None:
        return everybody.select("patient_id", level=pl.lit(ALL))
    return grouped(narrow(everybody, comparison.within), comparison.group, comparison.levels)[0].select(
        "patient_id", "level"
    )


def reasons(before: Frames, now: Frames, comparison: Comparison | None) -> pl.DataFrame:
    """For everybody in either refresh: why they came into a group (came) and why they left one (went)."""
    columns = [*dict.fromkeys([comparison.group, *comparison.within])] if comparison else []
    old, new = before.cohort.select("patient_id", *columns), now.cohort.select("patient_id", *columns)
    ids = pl.concat([old.select("patient_id"), new.select("patient_id")]).unique()
    out = [frames.exclusion.select("patient_id", reason="first_reason_code") for frames in (before, now)]
    joined = (
        ids.join(old.with_columns(in_old=True), on="patient_id", how="left")
        .join(new.with_columns(in_new=True), on="patient_id", how="left", suffix="_now")
        .join(out[0].rename({"reason": "out_old"}), on="patient_id", how="left")
        .join(out[1].rename({"reason": "out_new"}), on="patient_id", how="left")
    )
    recoded = pl.coalesce(
        *(pl.when(pl.col(name).ne_missing(pl.col(f"{name}_now"))).then(pl.lit(f"recoded:{name}")) for name in columns),
        # In the cohort twice and the same in every column: the plan's own bounds moved.
        pl.lit("recoded"),
    )
    both = pl.col("in_old").fill_null(False) & pl.col("in_new").fill_null(False)
    return joined.select(
        "patient_id",
        came=pl.when(both)
        .then(recoded)
        .when(pl.col("out_old").is_not_null())
        .then(pl.format("readmitted:{}", "out_old"))
        .otherwise(pl.lit("new")),
        went=pl.when(both)
        .then(recoded)
        .when(pl.col("out_new").is_not_null())
        .then(pl.format("excluded:{}", "out_new"))
        .otherwise(pl.lit("no_longer_delivered")),
    )


def _ends(before: Frames, now: Frames, param: str) -> pl.DataFrame:
    """patient_id, AVAL, CNSR before and now; CNSR null where not evaluable."""
    sides = []
    for frames in (before, now):
        rows = frames.adtte.filter(PARAMCD=param)
        sides.append(rows.select("patient_id", "AVAL", CNSR=pl.when(pl.col("AVAL").is_not_null()).then("CNSR")))
    return sides[0].join(sides[1], on="patient_id", how="full", coalesce=True, suffix="_now")
