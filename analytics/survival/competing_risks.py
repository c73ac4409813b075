"""Which event comes first, when several exclude one another: the cumulative incidence of each.

Aalen and Johansen 1978. lifelines breaks ties at random, so that two runs differ; one minus Kaplan-Meier
counts a competing event as censored and comes out too high.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from analytics.survival.durations import Bools, Durations, EstimateError, Floats, Ints, durations, labels
from analytics.survival.estimates import ConfType, limits
from analytics.survival.partial_likelihood import totals

Variance = Literal["jackknife", "aalen"]


@dataclass(frozen=True)
class CompetingRisks:
    """Checked input. data: is_event where any event ended the observation. cause: n, 0 censored, 1..k.

    names: the label of each cause, in order.
    """

    data: Durations
    cause: Ints
    names: tuple[str, ...]


def competing_risks(
    time_days: pl.Series,
    cause: pl.Series,
    *,
    entry_days: pl.Series | None = None,
    weights: pl.Series | None = None,
) -> CompetingRisks:
    """Check times and causes; a null cause is censored. Raises EstimateError as `durations` does."""
    if len(cause) != len(time_days):
        raise EstimateError(f"cause has {len(cause)} values and time_days {len(time_days)}: give one each.")
    known = cause.is_not_null()
    data = durations(time_days, known, entry_days=entry_days, weights=weights)
    names, position = labels(cause.filter(known))
    code = np.zeros(data.n, dtype=np.int64)
    code[known.to_numpy()] = position + 1
    return CompetingRisks(data, code, names)


def cumulative_incidence(
    risks: CompetingRisks,
    times_days: Sequence[float] | None = None,
    *,
    variance: Variance = "jackknife",
    conf_type: ConfType = "log-log",
    confidence: float = 0.95,
) -> pl.DataFrame:
    """Aalen-Johansen estimate of each cause at given times (each end of observation where left out).

    Columns: cause, time_days, n, events (of the cause), n_risk, estimate, std_err, lower, upper,
    is_beyond_follow_up. variance: 'jackknife' (infinitesimal, as R's survfit) or 'aalen' (as cmprsk's
    cuminc; neither weights nor late entry). Limits are null while the estimate is 0.
    """
    data = risks.data
    if variance == "aalen" and (data.weights is not None or data.entry_days is not None):
        raise EstimateError("Aalen's variance takes neither weights nor late entry: use 'jackknife'.")
    grid = _grid(risks)
    at = grid.times if times_days is None else np.asarray(times_days, dtype=float)
    row = np.searchsorted(grid.times, at, side="right")
    n_risk = np.append(grid.n_risk, 0.0)[np.searchsorted(grid.times, at)]
    parts = []
    for k, name in enumerate(risks.names):
        incidence = np.concatenate([[0.0], np.cumsum(grid.before * grid.died[k] / grid.n_risk)])
        estimate = incidence[row]
        spread = _aalen(grid, k, at) if variance == "aalen" else _jackknife(risks, grid, k, at)
        std_err = np.sqrt(np.maximum(spread, 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            lower, upper = limits(estimate, std_err / estimate, conf_type, confidence)
        parts.append(
            pl.DataFrame(
                {
                    "cause": name,
                    "time_days": at,
                    "n": data.n,
                    "events": int((risks.cause == k + 1).sum()),
                    "n_risk": n_risk,
                    "estimate": estimate,
                    "std_err": std_err,
                    "lower": pl.Series(lower).fill_nan(None),
                    "upper": pl.Series(upper).fill_nan(None),
                    "is_beyond_follow_up": at > grid.times[-1],
                }
            )
        )
    return pl.concat(parts) if parts else _no_causes()


@dataclass(frozen=True)
class _Grid:
    """At each distinct end of observation (m): n_risk, died (causes x m), before: event-free just before."""

    times: Floats
    n_risk: Floats
    died: Floats
    before: Floats


def _grid(risks: CompetingRisks) -> _Grid:
    data = risks.data
    times, at = np.unique(data.time_days, return_inverse=True)
    weights = np.ones(data.n) if data.weights is None else data.weights
    n_risk = totals(at, weights, len(times))[::-1].cumsum()[::-1]
    if data.entry_days is not None:
        n_risk = (
            n_risk
            - totals(np.searchsorted(times, data.entry_days, side="right"), weights, len(times) + 1)[1:][::-1].cumsum()[
                ::-1
            ]
        )
    died = np.stack(
        [totals(at[chosen], weights[chosen], len(times)) for chosen in _members(risks)] or [np.zeros(len(times))]
    )
    survival = np.cumprod(1 - died.sum(axis=0) / n_risk)
    return _Grid(times, n_risk, died, np.concatenate([[1.0], survival[:-1]]))


def _members(risks: CompetingRisks) -> list[Bools]:
    return [risks.cause == k + 1 for k in range(len(risks.names))]


def _jackknife(risks: CompetingRisks, grid: _Grid, k: int, at: Floats) -> Floats:
    """Sum of the squared influences of all subjects on the incidence of cause k, at each time.

    A subject's influence is that of its own event, less what it adds to every risk set it was in.
    """
    data = risks.data
    n_risk, died, before = grid.n_risk, grid.died.sum(axis=0), grid.before
    gained = before * grid.died[k] / n_risk
    # After the last risk set dies out nothing follows, so its infinite slope never counts.
    left = np.where(n_risk > died, n_risk - died, np.inf)
    slope = np.concatenate([[0.0], np.cumsum(died / (n_risk * left))])
    incidence = np.concatenate([[0.0], np.cumsum(gained)])
    share = np.concatenate([[0.0], np.cumsum(gained / n_risk)])
    carried = np.concatenate([[0.0], np.cumsum(gained * slope[:-1])])
    now = np.searchsorted(grid.times, at, side="right")

    def present(until: Ints) -> Floats:
        """Influence of being at risk from the first time to `until`, for each subject and time."""
        both = np.minimum(until[:, None], now)
        return carried[both] - share[both] + slope[until][:, None] * (incidence[now] - incidence[both])

    end = np.searchsorted(grid.times, data.time_days, side="right")
    influence = present(end)
    if data.entry_days is not None:
        influence -= present(np.searchsorted(grid.times, data.entry_days, side="right"))
    last, ended = end - 1, end[:, None] <= now
    own = np.where(risks.cause == k + 1, before[last] / n_risk[last], 0.0)
    lost = np.where(data.is_event, 1 / left[last], 0.0)
    influence += np.where(ended, own[:, None] - lost[:, None] * (incidence[now] - incidence[end][:, None]), 0.0)
    weights = np.ones(data.n) if data.weights is None else data.weights
    return np.asarray((weights**2) @ influence**2)


def _aalen(grid: _Grid, k: int, at: Floats) -> Floats:
    """Aalen's variance with the correction for ties, from running sums over the event times."""
    n_risk, died, one, before = grid.n_risk, grid.died.sum(axis=0), grid.died[k], grid.before
    incidence = np.cumsum(before * one / n_risk)
    left = np.where(n_risk > died, n_risk - died, np.inf)
    own = _tied(one, n_risk)
    all_ways = (own + _tied(died - one, n_risk)) / left**2
    crossed = before * own / (n_risk * left)

    def running(values: Floats) -> Floats:
        return np.concatenate([[0.0], np.cumsum(values)])[np.searchsorted(grid.times, at, side="right")]

    now = running(before * one / n_risk)
    squares = now**2 * running(all_ways) - 2 * now * running(incidence * all_ways) + running(incidence**2 * all_ways)
    return squares + running(before**2 * own / n_risk**2) - 2 * (now * running(crossed) - running(incidence * crossed))


def _tied(died: Floats, n_risk: Floats) -> Floats:
    """Variance of a number of events; less than the number where they tie."""
    return died * (1 - np.divide(died - 1, n_risk - 1, out=np.zeros_like(died), where=(died > 1)))


def _no_causes() -> pl.DataFrame:
    whole = dict.fromkeys(("n", "events"), pl.Int64)
    numbers = dict.fromkeys(("n_risk", "estimate", "std_err", "lower", "upper"), pl.Float64)
    return pl.DataFrame(
        schema={"cause": pl.String, "time_days": pl.Float64, **whole, **numbers, "is_beyond_follow_up": pl.Boolean}
    )
