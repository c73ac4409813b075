"""Kaplan-Meier and what is read off it: quantiles, survival at a time, at-risk counts.

One table of risk sets (n = number with entry < t <= time) serves all of them, so that a curve and the
counts under it cannot disagree. Conventions are those of R's survival: Greenwood's variance, quantiles at
the midpoint of a flat stretch, missing limits where the estimate is 0. lifelines gives the same curve and
log-log limits (a test compares them) but lacks the other limits, the midpoint rule and late entry of few.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.survival.durations import Durations, EstimateError, Floats

ConfType = Literal["log-log", "log", "plain", "logit", "arcsin"]

# Two survival probabilities closer than this are one, as in R: 0.5 reached by a product of fractions.
_SAME = float(np.sqrt(np.finfo(np.float64).eps))


def risk_table(data: Durations) -> pl.DataFrame:
    """Risk sets at each distinct end of observation, in order.

    Columns: time_days, n_risk (entry < t <= time), n_event, n_censor; sums of weights where given.
    """
    ends, position = np.unique(data.time_days, return_inverse=True)
    weights = np.ones(data.n) if data.weights is None else data.weights
    n_event = np.bincount(position, weights * data.is_event, len(ends))
    n_censor = np.bincount(position, weights * ~data.is_event, len(ends))
    n_risk = (n_event + n_censor)[::-1].cumsum()[::-1]
    if data.entry_days is not None:
        # Whoever enters on day t is at risk after t only, so the count is of entries >= t.
        order = np.argsort(data.entry_days, kind="stable")
        entered = np.concatenate([[0.0], weights[order].cumsum()])
        n_risk = n_risk - (entered[-1] - entered[np.searchsorted(data.entry_days[order], ends)])
    return pl.DataFrame({"time_days": ends, "n_risk": n_risk, "n_event": n_event, "n_censor": n_censor})


def kaplan_meier(data: Durations, *, conf_type: ConfType = "log-log", confidence: float = 0.95) -> pl.DataFrame:
    """Kaplan-Meier estimate with pointwise limits; one row per distinct end of observation.

    Columns: those of risk_table, then survival, std_err (Greenwood), lower, upper, cumulative_hazard
    (Nelson-Aalen) and its hazard_std_err. std_err and limits are null where survival is 0; log-log and
    logit limits are null before the first event. Source: Kalbfleisch and Prentice 2002, 1.4.
    """
    table = risk_table(data)
    n_risk, n_event = table["n_risk"].to_numpy(), table["n_event"].to_numpy()
    survival = np.cumprod((n_risk - n_event) / n_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_std_err = np.sqrt(np.cumsum(n_event / (n_risk * (n_risk - n_event))))
        lower, upper = limits(survival, log_std_err, conf_type, confidence)
        std_err = survival * log_std_err
    return table.with_columns(
        survival=survival,
        std_err=_nulls(std_err),
        lower=_nulls(lower),
        upper=_nulls(upper),
        cumulative_hazard=np.cumsum(n_event / n_risk),
        hazard_std_err=np.sqrt(np.cumsum(n_event / n_risk**2)),
    )


def reverse(data: Durations) -> Durations:
    """The same subjects with event and censoring exchanged: its Kaplan-Meier estimate is of follow-up."""
    return Durations(data.time_days, ~data.is_event, data.entry_days, data.weights)


def quantiles(curve: pl.DataFrame, probabilities: Sequence[float] = (0.25, 0.5, 0.75)) -> pl.DataFrame:
    """Times by which the given shares have had the event, with limits read off the curve's own limits.

    curve: from kaplan_meier. Columns: probability, time_days, lower_days, upper_days; null = not reached.
    Where the curve is flat at exactly 1 - probability, the midpoint of the flat stretch (as R does).
    """
    times = np.concatenate([[0.0], curve["time_days"].to_numpy()])
    shares = {
        name: np.concatenate([[0.0], 1.0 - curve[column].to_numpy()])
        for name, column in (("time_days", "survival"), ("lower_days", "lower"), ("upper_days", "upper"))
    }
    columns = {name: [_crossing(times, share, p) for p in probabilities] for name, share in shares.items()}
    types = dict.fromkeys(columns, pl.Float64)
    return pl.DataFrame({"probability": list(probabilities), **columns}, schema_overrides=types)


def survival_at(curve: pl.DataFrame, times_days: Sequence[float], data: Durations) -> pl.DataFrame:
    """Survival at given times: time_days, n_risk, survival, std_err, lower, upper, is_beyond_follow_up.

    is_beyond_follow_up: the time lies after the last observation and somebody was still event-free, so the
    value is carried forward and not an estimate.
    """
    at = np.asarray(times_days, dtype=float)
    row = np.searchsorted(curve["time_days"].to_numpy(), at, side="right") - 1
    start = {"survival": 1.0, "std_err": 0.0, "lower": 1.0, "upper": 1.0}
    last_time, last_survival = curve.select("time_days", "survival").row(-1)
    return pl.DataFrame(
        {
            "time_days": at,
            "n_risk": _n_at_risk(data, at),
            **{name: _value_at(curve[name], row, value) for name, value in start.items()},
            "is_beyond_follow_up": (at > last_time) & (last_survival > 0),
        }
    )


def at_risk(data: Durations, times_days: Sequence[float]) -> pl.DataFrame:
    """Counts under a Kaplan-Meier plot: time_days, n_at_risk, n_censored, n_events.

    At risk: entry < t <= time; censored and events: those that ended before t. Without late entry the three
    sum to n at every t.
    """
    at = np.asarray(times_days, dtype=float)
    weights = np.ones(data.n) if data.weights is None else data.weights

    def ended(chosen: NDArray[np.bool_]) -> Floats:
        order = np.argsort(data.time_days[chosen], kind="stable")
        total = np.concatenate([[0.0], weights[chosen][order].cumsum()])
        return total[np.searchsorted(data.time_days[chosen][order], at)]

    return pl.DataFrame(
        {
            "time_days": at,
            "n_at_risk": _n_at_risk(data, at),
            "n_censored": ended(~data.is_event),
            "n_events": ended(data.is_event),
        }
    )


def _n_at_risk(data: Durations, at: Floats) -> Floats:
    weights = np.ones(data.n) if data.weights is None else data.weights
    order = np.argsort(data.time_days, kind="stable")
    left = np.concatenate([[0.0], weights[order].cumsum()])
    remaining = left[-1] - left[np.searchsorted(data.time_days[order], at)]
    if data.entry_days is None:
        return remaining
    order = np.argsort(data.entry_days, kind="stable")
    entered = np.concatenate([[0.0], weights[order].cumsum()])
    return remaining - (entered[-1] - entered[np.searchsorted(data.entry_days[order], at)])


def limits(survival: Floats, log_std_err: Floats, conf_type: ConfType, confidence: float) -> tuple[Floats, Floats]:
    """Pointwise limits on the scale named, from the standard error of log survival; NaN where undefined."""
    from scipy.special import ndtri

    half = float(ndtri(0.5 + confidence / 2)) * log_std_err
    alive = np.where(survival > 0, survival, np.nan)
    if conf_type == "plain":
        return np.maximum(alive * (1 - half), 0), np.minimum(alive * (1 + half), 1)
    if conf_type == "log":
        return alive * np.exp(-half), np.minimum(alive * np.exp(half), 1)
    inside = np.where(survival < 1, alive, np.nan)
    if conf_type == "log-log":
        spread = half / -np.log(inside)
        return inside ** np.exp(spread), inside ** np.exp(-spread)
    if conf_type == "logit":
        odds, spread = inside / (1 - inside), half / (1 - inside)
        return 1 - 1 / (1 + odds * np.exp(-spread)), 1 - 1 / (1 + odds * np.exp(spread))
    if conf_type == "arcsin":
        angle, spread = np.arcsin(np.sqrt(inside)), half * np.sqrt(inside / (1 - inside)) / 2
        return np.sin(np.maximum(angle - spread, 0)) ** 2, np.sin(np.minimum(angle + spread, np.pi / 2)) ** 2
    raise EstimateError(f"conf_type '{conf_type}' is not known: use one of {', '.join(get_args(ConfType))}.")


def _crossing(times: Floats, share: Floats, probability: float) -> float | None:
    """The first time at which share reaches probability; the midpoint where it rests exactly there."""
    known = ~np.isnan(share)
    if not known.any() or np.nanmax(share) < probability - _SAME:
        return None
    distinct, first = np.unique(share[known], return_index=True)
    start = times[known][first]
    reached = int(np.searchsorted(distinct, probability - _SAME))
    passed = int(np.searchsorted(distinct, probability + _SAME))
    if passed < len(distinct):
        return float(start[reached] + start[passed]) / 2
    rests_at_end = known[-1] and abs(share[-1] - probability) < _SAME
    return float(start[reached] + times[-1]) / 2 if rests_at_end else None


def _value_at(column: pl.Series, row: NDArray[np.int64], at_start: float) -> pl.Series:
    """The column at each row, or at_start where the row is -1 (before the first observation)."""
    shifted = pl.concat([pl.Series([at_start]), column])
    return shifted.gather(pl.Series(row + 1)).alias(column.name)


def _nulls(values: Floats) -> pl.Series:
    return pl.Series(values).fill_nan(None)
