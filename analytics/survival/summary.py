"""One end point of one group, described the same way everywhere: counts, median, landmarks, curve, at-risk counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from analytics.plan import Plan
from analytics.survival.contracts import Results, shaped
from analytics.survival.durations import DAYS_PER_MONTH
from analytics.survival.estimates import at_risk, kaplan_meier, quantiles, reverse, survival_at
from analytics.survival.outcome import Outcome

DESCRIBED = ("estimates", "landmarks", "curves", "at_risk", "follow_up")
"""What `describe` returns."""

ALL = "all"
"""The level of an analysis that has no groups."""

_TICK_STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120)
_MOST_TICKS = 7


def tick_months(longest_days: float) -> list[int]:
    """Whole months for the axis and the counts under it: 0 up to the last one reached, seven steps at most."""
    months = longest_days / DAYS_PER_MONTH
    step = next((s for s in _TICK_STEPS if months / s < _MOST_TICKS), _TICK_STEPS[-1])
    return list(range(0, int(months) + 1, step))


def longest_days(outcomes: Iterable[Outcome]) -> float:
    """The longest observation of several end points; 0 where nobody is evaluable."""
    return max((max(found.data["time_days"], default=0.0) for found in outcomes), default=0.0)


def describe(found: Outcome, plan: Plan, analysis: str, level: str, ticks: Sequence[int]) -> Results:
    """Frames of one group in the shape of their contracts (see DESCRIBED), keyed by analysis, endpoint and level.

    ticks: whole months at which to count those at risk. A group without an evaluable patient has only its
    counts.
    """
    key = {"analysis": analysis, "endpoint": found.param, "level": level}
    data = found.durations()
    counts = {
        "n": found.data.height,
        "events": int(found.data["is_event"].sum()),
        "n_not_evaluable": found.n_not_evaluable,
    }
    if data is None:
        rows = {name: _keyed(pl.DataFrame([counts]), key) for name in ("estimates", "follow_up")}
        return {name: shaped(name, rows.get(name)) for name in DESCRIBED}
    curve = kaplan_meier(data, conf_type=plan.conf_type, confidence=plan.confidence)
    followed = kaplan_meier(reverse(data), conf_type=plan.conf_type, confidence=plan.confidence)
    landmarks = survival_at(curve, [m * DAYS_PER_MONTH for m in plan.landmarks_months], data)
    counted = at_risk(data, [m * DAYS_PER_MONTH for m in ticks])
    landmarks = landmarks.with_columns(landmark_months=pl.Series(plan.landmarks_months))
    counted = counted.with_columns(time_months=pl.Series(list(ticks)))
    frames = {
        "estimates": _median(curve, counts),
        "landmarks": landmarks,
        "curves": curve,
        "at_risk": counted,
        "follow_up": _median(followed, counts | {"n_censored": counts["n"] - counts["events"]}),
    }
    return {name: shaped(name, _keyed(frame, key)) for name, frame in frames.items()}


def gather(parts: Iterable[Mapping[str, pl.DataFrame]]) -> Results:
    """Frames of the same name one below the other."""
    together: dict[str, list[pl.DataFrame]] = {}
    for part in parts:
        for name, frame in part.items():
            together.setdefault(name, []).append(frame)
    return {name: pl.concat(frames) for name, frames in together.items()}


def _median(curve: pl.DataFrame, counts: Mapping[str, int]) -> pl.DataFrame:
    row = quantiles(curve, [0.5]).row(0, named=True)
    days = {
        "median_days": row["time_days"],
        "median_lower_days": row["lower_days"],
        "median_upper_days": row["upper_days"],
    }
    months = {k.replace("days", "months"): None if v is None else v / DAYS_PER_MONTH for k, v in days.items()}
    return pl.DataFrame([dict(counts) | days | months], schema_overrides=dict.fromkeys(days | months, pl.Float64))


def _keyed(frame: pl.DataFrame, key: Mapping[str, str]) -> pl.DataFrame:
    return frame.select(*(pl.lit(value).alias(name) for name, value in key.items()), pl.all())
