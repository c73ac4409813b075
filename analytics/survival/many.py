"""Log hazard ratios, restricted means and medians of many sets of the same subjects at once, a row for each set.

For questions that ask again and again with one subject changed: what cox.py, restricted_mean.py and estimates.py give
set by set (a test holds them equal), here by arrays over all sets. Not a number where those give a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.survival.durations import LARGEST_STANDARD_ERROR, Bools, Floats, Ints

_SAME = float(np.sqrt(np.finfo(np.float64).eps))
_MOST_STEPS = 30
_MOST_HALVINGS = 12
_CONVERGED = 1e-12
# Numbers an array may hold; more sets than fit are taken in turn.
_MOST_NUMBERS = 4_000_000


@dataclass(frozen=True)
class Sets:
    """Sets of n places. time_days, is_event, is_in: sets x n; x: sets x n x p, a number also where not is_in."""

    time_days: Floats
    is_event: Bools
    is_in: Bools
    x: Floats

    def take(self, chosen: slice) -> Sets:
        """Some of the sets."""
        return Sets(self.time_days[chosen], self.is_event[chosen], self.is_in[chosen], self.x[chosen])

    def within(self, chosen: Bools) -> Sets:
        """The same sets with those places alone (sets x n)."""
        return Sets(self.time_days, self.is_event & chosen, self.is_in & chosen, self.x)


def log_hazard_ratios(sets: Sets) -> Floats:
    """Cox's coefficients with Efron's ties, sets x p; not a number where the likelihood has no maximum.

    The search begins at the first set's own answer, which its neighbours have nearby.
    """
    if sets.x.shape[2] == 0:
        return np.empty((len(sets.x), 0))
    first = _climb(sets.take(slice(0, 1)), np.zeros((1, sets.x.shape[2])))
    start = np.nan_to_num(first)
    rows, places, terms = sets.x.shape
    step = max(1, _MOST_NUMBERS // (places * terms * terms))
    parts = [sets.take(slice(at, at + step)) for at in range(0, rows, step)]
    return np.concatenate([_climb(part, np.repeat(start, len(part.x), axis=0)) for part in parts])


def restricted_means(sets: Sets, taus_days: Sequence[float]) -> Floats:
    """Restricted mean survival times in days, sets x taus; not a number beyond the follow-up of a set."""
    times, survival = _curves(sets)
    found = []
    for tau in taus_days:
        edges = np.minimum(np.concatenate([np.zeros((len(times), 1)), times], axis=1), tau)
        steps = np.diff(edges, axis=1, append=tau)
        height = np.concatenate([np.ones((len(times), 1)), survival], axis=1)
        area = (steps * height).sum(axis=1)
        is_beyond = (times[:, -1] < tau) & (survival[:, -1] > 0)
        found.append(np.where(is_beyond | ~sets.is_in.any(axis=1), np.nan, area))
    return np.stack(found, axis=1)


def medians(sets: Sets) -> Floats:
    """Median survival times in days, one a set; not a number where not reached. A curve flat at 0.5: its midpoint."""
    times, survival = _curves(sets)
    reached, passed = survival < 0.5 + _SAME, survival < 0.5 - _SAME
    rows = np.arange(len(times))
    first = times[rows, reached.argmax(axis=1)]
    after = np.where(passed.any(axis=1), times[rows, passed.argmax(axis=1)], times[:, -1])
    return np.where(reached.any(axis=1), (first + after) / 2, np.nan)


def _curves(sets: Sets) -> tuple[Floats, Floats]:
    """Times in order and survival after each, sets x n. Whoever is not in stands at the end, at the last time."""
    last = np.where(sets.is_in, sets.time_days, 0.0).max(axis=1, keepdims=True)
    times = np.where(sets.is_in, sets.time_days, last)
    # Within a tie events come before the censored: (1 - 1/n)(1 - 1/(n-1)) is the (n - 2)/n of two at once.
    order = np.lexsort((~sets.is_event, times, ~sets.is_in), axis=1)
    is_event, is_in = (np.take_along_axis(one & sets.is_in, order, axis=1) for one in (sets.is_event, sets.is_in))
    at_risk = is_in[:, ::-1].cumsum(axis=1)[:, ::-1]
    survival = np.cumprod(np.where(is_event, 1 - 1 / np.maximum(at_risk, 1), 1.0), axis=1)
    return np.asarray(np.take_along_axis(times, order, axis=1)), np.asarray(survival, dtype=np.float64)


@dataclass(frozen=True)
class _Ordered:
    """Sets sorted from the longest time down. last, before: the ends of each place's tie (before: -1 for none).

    share: of a tie's events those counted before this one (Efron), 0 for the first.
    """

    is_event: Bools
    is_in: Bools
    x: Floats
    last: Ints
    before: Ints
    share: Floats


def _ordered(sets: Sets) -> _Ordered:
    times = np.where(sets.is_in, sets.time_days, -1.0)
    order = np.argsort(-times, axis=1, kind="stable")
    times = np.take_along_axis(times, order, axis=1)
    is_in = np.take_along_axis(sets.is_in, order, axis=1)
    is_event = np.take_along_axis(sets.is_event & sets.is_in, order, axis=1)
    x = np.take_along_axis(sets.x, order[:, :, None], axis=1) * is_in[:, :, None]
    mean = x.sum(axis=1, keepdims=True) / np.maximum(is_in.sum(axis=1), 1)[:, None, None]
    n = times.shape[1]
    place = np.arange(n)[None, :]
    begins = np.concatenate([np.ones((len(times), 1), bool), times[:, 1:] != times[:, :-1]], axis=1)
    ends = np.concatenate([begins[:, 1:], np.ones((len(times), 1), bool)], axis=1)
    before = np.maximum.accumulate(np.where(begins, place - 1, -1), axis=1)
    last = np.minimum.accumulate(np.where(ends, place, n)[:, ::-1], axis=1)[:, ::-1]
    counted = is_event.cumsum(axis=1)
    until = _at(counted, before)
    tied = _at(counted, last) - until
    share = np.where(is_event, (counted - 1 - until) / np.maximum(tied, 1), 0.0)
    return _Ordered(is_event, is_in, (x - mean) * is_in[:, :, None], last, before, share)


def _at(sums: Floats | Ints, place: Ints) -> Floats:
    """The running sums at a place of each set; 0 before the first."""
    index = np.maximum(place, 0).reshape(place.shape + (1,) * (sums.ndim - 2))
    found = np.take_along_axis(sums, index, axis=1)
    return np.asarray(np.where((place < 0).reshape(index.shape), 0, found))


def _climb(sets: Sets, coef: Floats) -> Floats:
    """Newton's method on every set at once; a step that leads down is halved."""
    given = _ordered(sets)
    spread = np.sqrt((given.x**2).sum(axis=1) / np.maximum(given.is_in.sum(axis=1) - 1, 1)[:, None])
    waiting = np.ones(len(coef), dtype=bool)
    with np.errstate(all="ignore"):
        value, score, information = _slopes(given, coef)
        for _ in range(_MOST_STEPS):
            step = (_inverse(information) @ score[:, :, None])[:, :, 0] * waiting[:, None]
            gain = (score * step).sum(axis=1)
            found = _slopes(given, coef + step)
            for _ in range(_MOST_HALVINGS):
                # Near the top the value moves less than its rounding.
                is_down = waiting & ~(found[0] >= value - 1e-9 * (1 + np.abs(value)))
                if not is_down.any():
                    break
                step[is_down] /= 2
                found = _slopes(given, coef + step)
            coef, (value, score, information) = coef + step, found
            waiting &= ~(gain < _CONVERGED)
            if not waiting.any():
                break
        std_err = np.sqrt(np.diagonal(_inverse(information), axis1=1, axis2=2))
        is_top = ~waiting & (std_err * spread <= LARGEST_STANDARD_ERROR).all(axis=1)
    return np.where(is_top[:, None], coef, np.nan)


def _slopes(given: _Ordered, coef: Floats) -> tuple[Floats, Floats, Floats]:
    """Log partial likelihood (one a set), its score (sets x p) and information (sets x p x p)."""
    predictor = (given.x * coef[:, None, :]).sum(axis=2)
    weight = np.exp(np.clip(predictor, -500, 500)) * given.is_in
    first = weight[:, :, None] * given.x
    second = first[:, :, :, None] * given.x[:, :, None, :]
    zero, one, two = (_at_risk(given, moment) for moment in (weight, first, second))
    mean = one / zero[:, :, None]
    spread = two / zero[:, :, None, None] - mean[:, :, :, None] * mean[:, :, None, :]
    is_event = given.is_event
    value = np.where(is_event, predictor - np.log(zero), 0.0).sum(axis=1)
    score = np.where(is_event[:, :, None], given.x - mean, 0.0).sum(axis=1)
    return value, score, np.where(is_event[:, :, None, None], spread, 0.0).sum(axis=1)


def _at_risk(given: _Ordered, moment: Floats) -> Floats:
    """Sum over those at risk at each place, less Efron's share of those whose events are tied with it."""
    width = (1,) * (moment.ndim - 2)
    of_events = np.where(given.is_event.reshape(given.is_event.shape + width), moment, 0.0).cumsum(axis=1)
    tied = _at(of_events, given.last) - _at(of_events, given.before)
    share = given.share.reshape(given.share.shape + width)
    return np.asarray(_at(moment.cumsum(axis=1), given.last) - share * tied)


def _inverse(information: Floats) -> Floats:
    """Inverse of each matrix; not a number where there is none."""
    usable = np.isfinite(information).all(axis=(1, 2)) & (np.linalg.cond(np.nan_to_num(information)) < 1e12)
    safe = np.where(usable[:, None, None], information, np.eye(information.shape[1]))
    return np.where(usable[:, None, None], np.linalg.inv(safe), np.nan)
