"""How each change between two refreshes moved the end points: what happened to whom, and what that alone did.

A cause's effect on a median is what the earlier data give when this cause's patients alone are taken as they are now.
It does not depend on an order of causes. What is left when all of these are added up is the causes' interplay, and is
told as a remainder of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from analytics.plan import Plan
from analytics.survival.change import BEFORE, NOW, members, reasons
from analytics.survival.durations import DAYS_PER_MONTH, durations
from analytics.survival.estimates import kaplan_meier, quantiles
from analytics.survival.outcome import Frames
from analytics.survival.summary import ALL

QUESTION = "How did each change move each end point?"

REMAINDER = "remainder"
MOVES: dict[str, type[pl.DataType]] = {
    "analysis": pl.String, "level": pl.String, "endpoint": pl.String, "reason": pl.String, "n_patients": pl.Int64,
    "patients": pl.Int64, "events": pl.Int64, "median_months": pl.Float64,
}  # fmt: skip
TOUCHED = {"patient_id": pl.String, "is_corrected": pl.Boolean, "is_delivered": pl.Boolean, "is_recoded": pl.Boolean}
"""What happened to a patient's records between the refreshes: a correction of the registry came or went; a value or
record was delivered otherwise; a text has another code."""


def run(before: Frames, now: Frames, touched: pl.DataFrame, plan: Plan | None = None) -> pl.DataFrame:
    """moves: one row per analysis (overall, and each comparison of the plan), level, end point and reason.

    patients, events and median_months stand as they were and are in the rows `before` and `now`; in the rows between
    they are signed differences: patients and events add up, medians add up with the `remainder` (null where a median
    is not reached). n_patients: how many patients a reason is about. Reasons: new, no_longer_delivered,
    excluded:<criterion>, readmitted:<criterion>, recoded:<column> for who came or went; for who stayed corrected,
    time_zero_moved, event:<what>, event_gone, longer, shorter, evaluable, not_evaluable where the centre told something
    new, recoded where a code alone is another, cut_off, method where nothing of the patient's own records changed.
    """
    rows: list[dict[str, Any]] = []
    comparisons = [None, *(plan.comparisons if plan else ())]
    params = list(dict.fromkeys([*now.adtte["PARAMCD"].sort(), *before.adtte["PARAMCD"].sort()]))
    for comparison in comparisons:
        old, new = (members(frames, plan, comparison) for frames in (before, now))
        moved = reasons(before, now, comparison)
        for level in [one.id for one in comparison.levels] if comparison else [ALL]:
            was, is_ = (frame.filter(level=level).select("patient_id") for frame in (old, new))
            for param in comparison.endpoints if comparison else params:
                sides = _sides(before, now, was, is_, param)
                about = {"analysis": comparison.id if comparison else "overall", "level": level, "endpoint": param}
                rows += [about | row for row in _moves(sides.join(_causes(sides, moved, touched), on="patient_id"))]
    return pl.DataFrame(rows, schema=MOVES)


def _sides(before: Frames, now: Frames, was: pl.DataFrame, is_: pl.DataFrame, param: str) -> pl.DataFrame:
    """Each patient of either set in whom the end point was or is evaluable: days and is_event, null where it is not."""
    parts = []
    for frames, chosen in ((before, was), (now, is_)):
        cut_offs = chosen.join(frames.cohort.select("patient_id", "cut_off_on"), on="patient_id")
        rows = frames.adtte.filter(pl.col("PARAMCD") == param).select(
            "patient_id",
            started_on="STARTDT",
            ending="EVNTDESC",
            days=pl.col("AVAL").cast(pl.Float64),
            is_event=pl.when(pl.col("AVAL").is_not_null()).then(pl.col("CNSR") == 0),
        )
        parts.append(cut_offs.join(rows, on="patient_id", how="left").with_columns(is_in=True))
    return (
        parts[0]
        .join(parts[1], on="patient_id", how="full", coalesce=True, suffix="_now")
        .filter(pl.any_horizontal(pl.col("days", "days_now").is_not_null()))
        .with_columns(pl.col("is_in", "is_in_now").fill_null(False))
        .sort("patient_id")
    )


def _causes(sides: pl.DataFrame, moved: pl.DataFrame, touched: pl.DataFrame) -> pl.DataFrame:
    """patient_id, reason: why the end point of a patient is another; null where it is the same."""
    told = sides.join(moved, on="patient_id", how="left").join(
        touched.select(*TOUCHED), on="patient_id", how="left", maintain_order="left"
    )
    gained = pl.col("is_event_now") & ~pl.col("is_event")
    happened = (
        pl.when(pl.col("days").is_null())
        .then(pl.lit("evaluable"))
        .when(pl.col("days_now").is_null())
        .then(pl.lit("not_evaluable"))
        .when(pl.col("started_on").ne_missing(pl.col("started_on_now")))
        .then(pl.lit("time_zero_moved"))
        .when(gained)
        .then(pl.format("event:{}", "ending_now"))
        .when(pl.col("is_event") & ~pl.col("is_event_now"))
        .then(pl.lit("event_gone"))
        .when(pl.col("days_now") > pl.col("days"))
        .then(pl.lit("longer"))
        .otherwise(pl.lit("shorter"))
    )
    is_other = pl.col("days").ne_missing(pl.col("days_now")) | pl.col("is_event").ne_missing(pl.col("is_event_now"))
    stayed = (
        pl.when(pl.col("is_corrected"))
        .then(pl.lit("corrected"))
        .when(pl.col("is_delivered"))
        .then(happened)
        .when(pl.col("is_recoded"))
        .then(pl.lit("recoded"))
        .when(pl.col("cut_off_on").ne_missing(pl.col("cut_off_on_now")))
        .then(pl.lit("cut_off"))
        .otherwise(pl.lit("method"))
    )
    return told.select(
        "patient_id",
        reason=pl.when(~pl.col("is_in"))
        .then("came")
        .when(~pl.col("is_in_now"))
        .then("went")
        .when(is_other)
        .then(stayed),
    )


def _moves(sides: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows of one end point in one set of patients."""
    start, end = _state(sides, pl.lit(False)), _state(sides, pl.lit(True))
    yield {"reason": BEFORE, "n_patients": start["patients"], **start}
    alone: list[float | None] = []
    for reason, n in sides.drop_nulls("reason").group_by("reason").len().sort("reason").iter_rows():
        then = _state(sides, pl.col("reason").eq_missing(pl.lit(reason)))
        alone.append(_minus(then["median_months"], start["median_months"]))
        counts = {name: then[name] - start[name] for name in ("patients", "events")}
        yield {"reason": reason, "n_patients": n, **counts, "median_months": alone[-1]}
    whole = _minus(end["median_months"], start["median_months"])
    known = [one for one in alone if one is not None]
    if len(alone) > 1:
        rest = whole - sum(known) if whole is not None and len(known) == len(alone) else None
        yield {"reason": REMAINDER, "n_patients": 0, "patients": 0, "events": 0, "median_months": rest}
    yield {"reason": NOW, "n_patients": end["patients"], **end}


def _state(sides: pl.DataFrame, is_now: pl.Expr) -> dict[str, Any]:
    """patients (evaluable), events, median_months; of the patients meant as they are now, of the others as before."""
    taken = sides.select(
        days=pl.when(is_now).then("days_now").otherwise("days"),
        is_event=pl.when(is_now).then("is_event_now").otherwise("is_event"),
        is_in=pl.when(is_now).then("is_in_now").otherwise("is_in"),
    ).filter(pl.col("is_in") & pl.col("days").is_not_null())
    if taken.is_empty():
        return {"patients": 0, "events": 0, "median_months": None}
    curve = kaplan_meier(durations(taken["days"], taken["is_event"]))
    median = quantiles(curve, (0.5,))["time_days"][0]
    return {
        "patients": taken.height,
        "events": int(taken["is_event"].sum()),
        "median_months": None if median is None else median / DAYS_PER_MONTH,
    }


def _minus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other
