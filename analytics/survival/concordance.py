"""Harrell's concordance: of two subjects of whom one is known to have the event first, has it the higher risk?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.survival.durations import Durations, Floats, Ints, labels


@dataclass(frozen=True)
class Concordance:
    """Share of comparable pairs in which the higher risk score has the event first; pairs of one score count half.

    concordant, discordant, tied: numbers of pairs (sums of products of weights). std_err: infinitesimal
    jackknife, by cluster where given. value is null where no pair is comparable.
    """

    n: int
    events: int
    value: float | None
    std_err: float | None
    concordant: float
    discordant: float
    tied: float


def concordance(
    data: Durations, risk_score: Floats, *, strata: pl.Series | Ints | None = None, cluster: pl.Series | None = None
) -> Concordance:
    """Compare risk scores (one per subject, higher is worse) with who had the event first.

    A pair is comparable if one subject had the event while the other was at risk and did not have it at that
    time; within a stratum where strata are given. Source: Harrell 1982; Therneau and Watson 2015 for the
    standard error.
    """
    layer = labels(strata)[1] if isinstance(strata, pl.Series) else strata
    layer = np.zeros(data.n, dtype=np.int64) if layer is None else layer
    lower, tied, higher = (np.zeros(data.n) for _ in range(3))
    for one in np.unique(layer):
        inside = layer == one
        parts = _pairs(data.take(inside), risk_score[inside])
        lower[inside], tied[inside], higher[inside] = parts
    weights = np.ones(data.n) if data.weights is None else data.weights
    # Every pair was counted for both of its subjects.
    concordant, discordant, even = (float(weights @ part) / 2 for part in (lower, higher, tied))
    pairs = concordant + discordant + even
    if pairs == 0:
        return Concordance(data.n, data.events, None, None, 0.0, 0.0, 0.0)
    excess = (concordant - discordant) / pairs
    change = weights * ((lower - higher) - excess * (lower + higher + tied)) / pairs
    if cluster is not None:
        change = np.bincount(labels(cluster)[1], change).astype(float)
    std_err = float(np.sqrt(change @ change)) / 2
    return Concordance(data.n, data.events, (excess + 1) / 2, std_err, concordant, discordant, even)


def _pairs(data: Durations, risk_score: Floats) -> tuple[Floats, Floats, Floats]:
    """Weight of the partners with whom each subject is concordant, tied and discordant."""
    rank = np.unique(risk_score, return_inverse=True)[1]
    # Whoever is censored on the day of an event outlives it.
    moment = np.unique(data.time_days, return_inverse=True)[1] * 2 + ~data.is_event
    weights = np.ones(data.n) if data.weights is None else data.weights
    event = data.is_event
    below, level, above = (np.zeros(data.n) for _ in range(3))

    def count(opens: Ints, sign: float) -> None:
        """Add the pairs (event, subject whose `opens` is later than the event)."""
        for_event = [_later(moment[event], rank[event], opens, rank, weights, k) for k in (0, 1)]
        everyone = _after(moment[event], opens, weights)
        # The same pairs seen from the subject that outlives: time and rank turned about.
        for_other = [_later(-opens, -rank, -moment[event], -rank[event], weights[event], k) for k in (0, 1)]
        all_events = _after(-opens, -moment[event], weights[event])
        below[event] += sign * for_event[0]
        level[event] += sign * (for_event[1] - for_event[0])
        above[event] += sign * (everyone - for_event[1])
        below[:] += sign * for_other[0]
        level[:] += sign * (for_other[1] - for_other[0])
        above[:] += sign * (all_events - for_other[1])

    count(moment, 1.0)
    if data.entry_days is not None:
        # Not yet at risk at the event: those who enter on its day or later.
        count(np.searchsorted(np.unique(data.time_days), data.entry_days, side="right") * 2 - 1, -1.0)
    return below, level, above


def _after(moment: Ints, other_moment: Ints, weights: Floats) -> Floats:
    """For each query: the weight of the others of a later moment."""
    order = np.argsort(other_moment)
    total = np.concatenate([[0.0], np.cumsum(weights[order])])
    return np.asarray(total[-1] - total[np.searchsorted(other_moment[order], moment, side="right")])


def _later(moment: Ints, rank: Ints, other_moment: Ints, other_rank: Ints, weights: Floats, or_equal: int) -> Floats:
    """For each query (moment, rank): the weight of the others of a later moment and a lower (or equal) rank.

    Everybody is halved by moment again and again, in the order of rank within each part: at each halving the
    earlier half gains those of the later half before it.
    """
    n_queries, n = len(moment), len(moment) + len(other_moment)
    # At one moment the query comes last, so that others of its own moment lie before it; at one rank the
    # query comes first, or last where equal ranks count.
    is_query = np.arange(n) < n_queries
    by_moment = np.lexsort((is_query, np.concatenate([moment, other_moment])))
    by_rank = np.lexsort((is_query == bool(or_equal), np.concatenate([rank, other_rank])))
    place = np.empty(n, dtype=np.int64)
    place[by_moment] = np.arange(n)
    # Places in time, in the order of rank; what each weighs and has gained travels along.
    at = place[by_rank]
    weight = np.concatenate([np.zeros(n_queries), weights])[by_rank]
    gained, size = np.zeros(n), 1 << max(n - 1, 1).bit_length() - 1
    while size >= 1:
        is_right = (at & size) != 0
        # Parts lie one after the other, each as many places long as it has members.
        start = at & -(2 * size)
        before = np.concatenate([[0.0], np.cumsum(np.where(is_right, weight, 0.0))])
        gained += np.where(is_right, 0.0, before[:-1] - before[start])
        n_right = np.concatenate([[0], np.cumsum(is_right)])
        passed = n_right[:-1] - n_right[start]
        position = np.arange(n)
        # The left half keeps its order at the start of the part, the right half follows it.
        target = np.where(is_right, start + size + passed, position - passed)
        moved_at, moved_weight, moved_gained = np.empty_like(at), np.empty(n), np.empty(n)
        moved_at[target], moved_weight[target], moved_gained[target] = at, weight, gained
        at, weight, gained, size = moved_at, moved_weight, moved_gained, size >> 1
    # Fully parted, everybody stands at its place in time.
    return gained[place[:n_queries]]
