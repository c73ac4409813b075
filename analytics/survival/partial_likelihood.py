"""Cox's partial likelihood with its derivatives, for all risk sets at once.

Every event time has a risk set of subjects; a subject is in a run of them, from its entry to its end. So one
reverse cumulative sum gives all risk sets' totals, and the information needs no matrix per risk set: the sums
over risk sets of squares turn into one weighted product of the covariates. A million subjects take a tenth of
a second per evaluation. Ties by Breslow (1974) or Efron (1977); Kalbfleisch and Prentice 2002, chapter 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.survival.durations import Durations, Floats, Ints


@dataclass(frozen=True)
class RiskSets:
    """n subjects sorted by stratum and time, K risk sets (one per event time and stratum), D deaths.

    order: n, positions in the data. weights: n. enter, leave: n, the subject is in risk sets enter..leave-1.
    edges: where strata begin among the risk sets, and K. starts: K, first risk set of the same stratum.
    deaths: D, positions among the sorted subjects. at: D, the death's risk set. died: K, deaths of each.
    step: D, share of the tied deaths already taken out (Efron; 0 for Breslow). death_weight: K, mean weight.
    event_time: K, days. stratum: K.
    """

    order: Ints
    weights: Floats
    enter: Ints
    leave: Ints
    edges: Ints
    starts: Ints
    deaths: Ints
    at: Ints
    died: Floats
    step: Floats
    death_weight: Floats
    event_time: Floats
    stratum: Ints


@dataclass(frozen=True)
class Moments:
    """The likelihood at one point. risk: n, weight x exp(linear predictor - shift). mean: D x p, of the covariates.

    hazard: D, the jump of the baseline hazard (for subjects of predictor `shift`) that each death contributes;
    variance: D, its variance.
    """

    log_likelihood: float
    score: Floats
    risk: Floats
    hazard: Floats
    variance: Floats
    mean: Floats
    shift: float


def totals(position: Ints, values: Floats, size: int) -> Floats:
    """The sum of the values at each of size positions."""
    return np.bincount(position, values, size).astype(np.float64, copy=False)


def risk_sets(data: Durations, stratum: Ints, *, efron: bool) -> RiskSets:
    """Index the risk sets of every event time within each stratum (0, 1, …, one per subject)."""
    is_layered = bool(stratum.any())
    order = np.lexsort((data.time_days, stratum)) if is_layered else np.argsort(data.time_days, kind="stable")
    time, event, layer = data.time_days[order], data.is_event[order], stratum[order]
    weights = np.ones(data.n) if data.weights is None else data.weights[order]
    deaths = np.flatnonzero(event)
    new = np.ones(len(deaths), dtype=bool)
    new[1:] = (np.diff(time[deaths]) != 0) | (np.diff(layer[deaths]) != 0)
    at = np.cumsum(new) - 1
    event_time, event_layer = time[deaths][new], layer[deaths][new]
    n_layers = int(layer[-1]) + 1
    edges = np.searchsorted(event_layer, np.arange(n_layers + 1))
    enter, leave = np.empty(data.n, dtype=np.int64), np.empty(data.n, dtype=np.int64)
    rows = np.searchsorted(layer, np.arange(n_layers + 1))
    for one in range(n_layers):
        inside, first, last = slice(rows[one], rows[one + 1]), edges[one], edges[one + 1]
        leave[inside] = first + np.searchsorted(event_time[first:last], time[inside], side="right")
        enter[inside] = first
        if data.entry_days is not None:
            entry = data.entry_days[order][inside]
            enter[inside] = first + np.searchsorted(event_time[first:last], entry, side="right")
    died = totals(at, np.ones(len(at)), len(event_time))
    taken = np.arange(len(deaths)) - np.flatnonzero(new)[at] if len(deaths) else np.zeros(0)
    return RiskSets(
        order=order,
        weights=weights,
        enter=enter,
        leave=leave,
        edges=edges,
        starts=edges[event_layer],
        deaths=deaths,
        at=at,
        died=died,
        step=taken / died[at] if efron else np.zeros(len(deaths)),
        death_weight=totals(at, weights[deaths], len(event_time)) / died,
        event_time=event_time,
        stratum=event_layer,
    )


def moments(sets: RiskSets, x: Floats, predictor: Floats) -> Moments:
    """Log-likelihood and score at a linear predictor. x: p x n, predictor: n, both in the order of the sets."""
    shift = float(predictor.max())
    risk = sets.weights * np.exp(predictor - shift)
    deaths, at = sets.deaths, sets.at
    total = at_death(sets, risk)
    mean = np.stack([at_death(sets, risk * values) / total for values in x], axis=1)
    weight = sets.death_weight[at]
    own = sets.weights[deaths]
    likelihood = own @ (predictor[deaths] - shift) - weight @ np.log(total)
    score = x[:, deaths] @ own - weight @ mean
    return Moments(float(likelihood), score, risk, weight / total, weight / total**2, mean, shift)


def information(sets: RiskSets, x: Floats, found: Moments, factor: Floats | None = None) -> Floats:
    """Minus the second derivative, p x p; each risk set's part multiplied by factor (K) where one is given."""
    share = found.hazard if factor is None else found.hazard * factor[sets.at]
    weight = sets.death_weight[sets.at] if factor is None else sets.death_weight[sets.at] * factor[sets.at]
    squares = found.risk * over_time(sets, totals(sets.at, share, len(sets.died)))
    # Tied deaths are partly out of their own risk set.
    squares[sets.deaths] -= found.risk[sets.deaths] * totals(sets.at, share * sets.step, len(sets.died))[sets.at]
    return (x * squares) @ x.T - (found.mean.T * weight) @ found.mean


def over_time(sets: RiskSets, per_set: Floats) -> Floats:
    """Sum, for each subject, of a quantity of the risk sets (K) over those it was in: n."""
    total = np.empty(len(per_set) + 1)
    total[0] = 0.0
    for first, last in zip(sets.edges[:-1], sets.edges[1:], strict=True):
        np.cumsum(per_set[first:last], out=total[first + 1 : last + 1])
    # Each stratum sums from 0, so that a subject's share does not depend on the strata before its own.
    start = np.zeros(len(per_set) + 1, dtype=bool)
    start[sets.edges] = True
    up_to = total[sets.leave]
    is_in = sets.leave > sets.enter
    before = np.where(start[sets.enter], 0.0, total[sets.enter])
    return np.where(is_in, up_to - before, 0.0)


def at_death(sets: RiskSets, values: Floats) -> Floats:
    """Sum of a quantity of the subjects (n) over each death's risk set, less the tied deaths taken out: D."""
    total = _at_risk(sets, values)[sets.at]
    if sets.step.any():
        total -= sets.step * totals(sets.at, values[sets.deaths], len(sets.died))[sets.at]
    return total


def _at_risk(sets: RiskSets, values: Floats) -> Floats:
    """Sum of a quantity of the subjects (n) over each risk set: K."""
    k = len(sets.died)
    is_in = sets.leave > sets.enter
    sums = totals(sets.leave[is_in] - 1, values[is_in], k)
    late = is_in & (sets.enter > sets.starts[np.minimum(sets.enter, k - 1)])
    if late.any():
        sums -= totals(sets.enter[late] - 1, values[late], k)
    for first, last in zip(sets.edges[:-1], sets.edges[1:], strict=True):
        sums[first:last] = np.cumsum(sums[first:last][::-1])[::-1]
    return sums


def score_residuals(sets: RiskSets, x: Floats, found: Moments) -> Floats:
    """Each subject's part of the score, per unit of its weight: n x p, in the order of the sets."""
    k = len(sets.died)
    risk = found.risk / sets.weights
    result = -(x * (risk * hazard_at_risk(sets, found))).T
    taken = found.hazard * sets.step
    for column in range(len(x)):
        mean = found.mean[:, column]
        result[:, column] += risk * over_time(sets, totals(sets.at, found.hazard * mean, k))
        kept = totals(sets.at, taken * mean, k)[sets.at]
        own_mean = (totals(sets.at, mean, k) / sets.died)[sets.at]
        result[sets.deaths, column] += x[column, sets.deaths] - own_mean - risk[sets.deaths] * kept
    return result


def hazard_at_risk(sets: RiskSets, found: Moments) -> Floats:
    """Cumulative baseline hazard over each subject's time at risk (for a predictor of `shift`): n."""
    k = len(sets.died)
    total = over_time(sets, totals(sets.at, found.hazard, k))
    total[sets.deaths] -= totals(sets.at, found.hazard * sets.step, k)[sets.at]
    return total
