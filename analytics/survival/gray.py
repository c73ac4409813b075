"""Do groups differ in the cumulative incidence of one cause? Gray's test (1988), as R's cmprsk::cuminc."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.survival.competing_risks import CompetingRisks
from analytics.survival.durations import Bools, EstimateError, Floats, Ints, labels


@dataclass(frozen=True)
class GrayTest:
    """Gray's test of one cause. groups: group, n, events (of the cause), competing, score. variance: of the score.

    p_value is null where reason says why: one_group, no_events, no_information.
    """

    cause: str
    groups: pl.DataFrame
    variance: Floats
    n: int
    events: int
    chi_square: float | None
    df: int
    p_value: float | None
    reason: str | None


def gray_test(
    risks: CompetingRisks, group: pl.Series, cause: str, *, strata: pl.Series | None = None, rho: float = 0.0
) -> GrayTest:
    """Do the groups differ in the cumulative incidence of a cause? Weighted by (1 - incidence)^rho.

    Raises EstimateError for an unknown cause, missing labels, weights or late entry. Source: Gray 1988.
    """
    from scipy.special import chdtrc

    if cause not in risks.names:
        raise EstimateError(f"cause '{cause}' is not among {', '.join(risks.names) or 'no causes'}.")
    if risks.data.weights is not None or risks.data.entry_days is not None:
        raise EstimateError("Gray's test takes neither weights nor late entry.")
    names, member = labels(group)
    layer = np.zeros(risks.data.n, dtype=np.int64) if strata is None else labels(strata)[1]
    wanted = risks.names.index(cause) + 1
    k = len(names)
    score, variance = np.zeros(k), np.zeros((k, k))
    for one in np.unique(layer):
        inside = layer == one
        counts = _counts(risks.data.time_days[inside], risks.cause[inside], member[inside], k, wanted)
        part, spread = _gray(*counts, rho)
        score, variance = score + part, variance + spread
    is_event, is_other = risks.cause == wanted, (risks.cause != wanted) & (risks.cause > 0)
    table = pl.DataFrame(
        {
            "group": names,
            "n": np.bincount(member, minlength=k),
            "events": np.bincount(member[is_event], minlength=k),
            "competing": np.bincount(member[is_other], minlength=k),
            "score": score,
        }
    )
    events, inner = int(is_event.sum()), variance[:-1, :-1]
    reason = "one_group" if k < 2 else "no_events" if events == 0 else None
    if reason is None and np.linalg.matrix_rank(inner) < k - 1:
        reason = "no_information"
    if reason is not None:
        return GrayTest(cause, table, variance, risks.data.n, events, None, max(k - 1, 0), None, reason)
    chi_square = float(score[:-1] @ np.linalg.solve(inner, score[:-1]))
    p_value = float(chdtrc(k - 1, chi_square))
    return GrayTest(cause, table, variance, risks.data.n, events, chi_square, k - 1, p_value, None)


def _counts(time: Floats, cause: Ints, member: Ints, k: int, wanted: int) -> tuple[Floats, Floats, Floats]:
    """At risk, events of the cause, events of another: each k x m over the distinct times."""
    times, at = np.unique(time, return_inverse=True)
    m = len(times)

    def table(chosen: Bools) -> Floats:
        cells = np.bincount(member[chosen] * m + at[chosen], minlength=k * m)
        return cells.reshape(k, m).astype(float)

    ended = table(np.ones(len(time), dtype=bool))
    return ended[:, ::-1].cumsum(axis=1)[:, ::-1], table(cause == wanted), table((cause != wanted) & (cause > 0))


def _gray(n_risk: Floats, one: Floats, other: Floats, rho: float) -> tuple[Floats, Floats]:
    """Gray's score and its variance, from the martingales of the cause and of the competing events.

    Each group's risk set for the subdistribution is its size weighted up for those censored. Ties take the
    correction of cmprsk: one event fewer than there are.
    """
    is_open = n_risk > 0
    some = np.where(is_open, n_risk, 1.0)
    survival = np.cumprod(1 - np.where(is_open, (one + other) / some, 0.0), axis=1)
    before = _shifted(survival, 1.0)
    incidence = _shifted(np.cumsum(before * np.where(is_open, one / some, 0.0), axis=1), 0.0)
    size = np.where(is_open, n_risk / np.where(is_open, before, 1.0), 0.0)
    all_size, events = size.sum(axis=0), one.sum(axis=0)
    at_risk = size * (1 - incidence)
    share = np.divide(at_risk, at_risk.sum(axis=0), out=np.zeros_like(size), where=at_risk.sum(axis=0) > 0)
    step = np.divide(events, all_size, out=np.zeros_like(events), where=all_size > 0)
    pooled = np.cumsum(step)
    free = 1 - _shifted(pooled, 0.0)
    weight = free**rho
    score = (weight * (one - share * events)).sum(axis=1)

    # direct[t, g, r]: how group g's score moves with group r's events at t; later: through the risk sets after t.
    proportion = size / np.where(all_size > 0, all_size, 1.0)
    direct = (weight * size).T[:, :, None] * (np.eye(len(size)) - proportion.T[:, None, :])
    direct *= is_open.T[:, :, None] & is_open.T[:, None, :]
    hazard = np.divide(step, free, out=np.zeros_like(step), where=(free != 0) & (all_size > 0))
    passed = np.cumsum(direct * hazard[:, None, None], axis=0)
    later = passed[-1] - passed
    alive = survival > 0
    ratio = np.where(alive, (1 - pooled) / np.where(alive, survival, 1.0), 0.0)
    by_cause = direct + (1 - ratio).T[:, None, :] * later
    by_other = ratio.T[:, None, :] * later
    fewer = 1 - _fraction(np.broadcast_to(events, size.shape) - 1, all_size * before - 1)
    cause_weight = np.where(is_open, step * fewer / np.where(is_open, size, 1.0), 0.0)
    other_weight = np.where(alive, other * (1 - _fraction(other - 1, n_risk - 1)) * (before / some) ** 2, 0.0)
    variance = np.einsum("tgr,thr,rt->gh", by_cause, by_cause, cause_weight)
    return score, variance + np.einsum("tgr,thr,rt->gh", by_other, by_other, other_weight)


def _fraction(above: Floats, below: Floats) -> Floats:
    """above / below where there are ties (above > 0), else 0."""
    return np.divide(above, below, out=np.zeros_like(below), where=above > 0)


def _shifted(values: Floats, start: float) -> Floats:
    """The values just before each time."""
    return np.concatenate([np.full((*values.shape[:-1], 1), start), values[..., :-1]], axis=-1)
