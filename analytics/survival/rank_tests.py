"""Do the groups differ? Log-rank tests: plain, stratified, weighted, and by permutation for small groups.

lifelines has no stratified test and its weighted ones differ from R's; these few lines do all of them from
the same risk sets as the Kaplan-Meier curve. Sources: Fleming and Harrington 1991, chapter 7; for the
permutation test Peto and Peto 1972 (scores).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.survival.durations import Durations, EstimateError, Floats, labels
from analytics.survival.estimates import risk_table

_MOST_ARRANGEMENTS_LISTED = 20_000


@dataclass(frozen=True)
class RankTest:
    """A log-rank test. groups: group, n, events, observed, expected (weighted by rho and gamma).

    variance: of observed - expected, groups x groups. p_value is null where reason says why:
    one_group, no_events, no_information (no time at which groups could differ).
    """

    groups: pl.DataFrame
    variance: Floats
    n: int
    events: int
    chi_square: float | None
    df: int
    p_value: float | None
    reason: str | None


@dataclass(frozen=True)
class PermutationTest:
    """A two-sided permutation test of the log-rank numerator of two groups.

    arrangements: how many were compared; is_exact: all there are. smallest_p_value: the least that this
    many subjects, or this many arrangements, can give. p_value is null where reason says why.
    """

    n: int
    events: int
    p_value: float | None
    smallest_p_value: float | None
    arrangements: int
    is_exact: bool
    seed: int
    reason: str | None


def log_rank(
    data: Durations,
    group: pl.Series,
    *,
    strata: pl.Series | None = None,
    rho: float = 0.0,
    gamma: float = 0.0,
) -> RankTest:
    """Log-rank test of two or more groups, weighted by S(t-)^rho (1 - S(t-))^gamma of the pooled sample.

    group, strata: one label per subject, none missing. Within strata the pieces are summed. Raises
    EstimateError for missing labels or weighted data; states a reason where no test exists.
    """
    names, member = _labels(group, data)
    layer = np.zeros(data.n, dtype=np.int64) if strata is None else _labels(strata, data)[1]
    k = len(names)
    observed, expected, variance = np.zeros(k), np.zeros(k), np.zeros((k, k))
    for one in np.unique(layer):
        inside = layer == one
        pieces = _stratum(data.take(inside), member[inside], k, rho, gamma)
        observed, expected, variance = observed + pieces[0], expected + pieces[1], variance + pieces[2]
    groups = pl.DataFrame(
        {
            "group": names,
            "n": np.bincount(member, minlength=k),
            "events": np.bincount(member[data.is_event], minlength=k),
            "observed": observed,
            "expected": expected,
        }
    )
    chi_square, df, reason = _quadratic(observed - expected, expected, variance)
    if k == 1:
        reason = "one_group"
    elif data.events == 0:
        reason = "no_events"
    if reason is not None or chi_square is None:
        return RankTest(groups, variance, data.n, data.events, None, df, None, reason)
    from scipy.special import chdtrc

    p_value = float(chdtrc(df, chi_square))
    return RankTest(groups, variance, data.n, data.events, chi_square, df, p_value, None)


def trend_test(test: RankTest, scores: Sequence[float] | None = None) -> RankTest:
    """Log-rank test for trend over ordered groups (Tarone 1975), from a test of them.

    scores: one per group in the order of test.groups; 1, 2, 3, … where left out.
    """
    from scipy.special import chdtrc

    at = np.arange(1.0, test.groups.height + 1) if scores is None else np.asarray(scores, dtype=float)
    if len(at) != test.groups.height:
        raise EstimateError(f"{test.groups.height} groups have {len(at)} scores: give one each.")
    apart = (test.groups["observed"] - test.groups["expected"]).to_numpy()
    spread = float(at @ test.variance @ at)
    if test.reason is not None or spread <= 1e-12 * float(at @ at) * float(np.trace(test.variance)):
        return replace(test, chi_square=None, df=1, p_value=None, reason=test.reason or "no_information")
    chi_square = float(at @ apart) ** 2 / spread
    return replace(test, chi_square=chi_square, df=1, p_value=float(chdtrc(1, chi_square)))


def pairwise_log_rank(
    data: Durations, group: pl.Series, *, strata: pl.Series | None = None, rho: float = 0.0, gamma: float = 0.0
) -> pl.DataFrame:
    """Log-rank test of every pair of groups, with Holm's P over the pairs.

    Columns: first, second, n, events, chi_square, df, p_value, holm_p, reason.
    """
    names, member = _labels(group, data)
    rows = []
    for one, other in combinations(range(len(names)), 2):
        inside = (member == one) | (member == other)
        kept = pl.Series(inside)
        part = None if strata is None else strata.filter(kept)
        test = log_rank(data.take(inside), group.filter(kept), strata=part, rho=rho, gamma=gamma)
        counts = (names[one], names[other], test.n, test.events)
        rows.append((*counts, test.chi_square, test.df, test.p_value, test.reason))
    whole = dict.fromkeys(("n", "events"), pl.Int64)
    schema = {"first": pl.String, "second": pl.String, **whole, "chi_square": pl.Float64, "df": pl.Int64}
    table = pl.DataFrame(rows, schema=schema | {"p_value": pl.Float64, "reason": pl.String}, orient="row")
    known = table["p_value"].is_not_null()
    adjusted = iter(holm(table["p_value"].drop_nulls().to_list()))
    holm_p = pl.Series([next(adjusted) if has else None for has in known], dtype=pl.Float64)
    return table.with_columns(holm_p=holm_p).select(pl.exclude("reason"), "reason")


def permutation_log_rank(data: Durations, group: pl.Series, *, seed: int, draws: int = 9999) -> PermutationTest:
    """Permutation P of the log-rank numerator (observed - expected of the first of two groups).

    All arrangements are compared where there are at most 20,000, else `draws` drawn from `seed` (the
    observed one counted in). Exact in the strict sense only if censoring does not depend on the group.
    """
    names, member = _labels(group, data)
    if len(names) > 2:
        raise EstimateError(f"A permutation test compares two groups; here are {len(names)}.")
    reason = "one_group" if len(names) < 2 else "no_events" if data.events == 0 else None
    if reason is not None:
        return PermutationTest(data.n, data.events, None, None, 0, False, seed, reason)
    table = risk_table(data)
    hazard = np.cumsum(table["n_event"].to_numpy() / table["n_risk"].to_numpy())
    scores = data.is_event - hazard[np.searchsorted(table["time_days"].to_numpy(), data.time_days)]
    observed = abs(scores[member == 0].sum())
    # Fewer terms per arrangement: the two numerators differ only in sign.
    size = min(int((member == 0).sum()), int((member == 1).sum()))
    is_exact = comb(data.n, size) <= _MOST_ARRANGEMENTS_LISTED
    # Sorted, so that the same draws fall on the same scores whatever the order of the rows.
    sums = np.abs(_all_sums(scores, size) if is_exact else _drawn_sums(np.sort(scores), size, draws, seed))
    as_large = int((sums >= observed - 1e-9).sum())
    if is_exact:
        most = int((sums >= sums.max() - 1e-9).sum())
        p_value, smallest = as_large / len(sums), most / len(sums)
    else:
        p_value, smallest = (as_large + 1) / (draws + 1), 1 / (draws + 1)
    return PermutationTest(data.n, data.events, p_value, smallest, len(sums), is_exact, seed, None)


def holm(p_values: list[float]) -> list[float]:
    """P values adjusted for their number by Holm's step-down method, in the order given."""
    order = np.argsort(p_values, kind="stable")
    steps = np.asarray(p_values)[order] * (len(p_values) - np.arange(len(p_values)))
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return [float(p) for p in adjusted]


def _labels(values: pl.Series, data: Durations) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    if data.weights is not None:
        raise EstimateError("A log-rank test of weighted subjects is not defined here: leave the weights out.")
    if len(values) != data.n or values.null_count():
        raise EstimateError(f"{data.n} subjects have {len(values) - values.null_count()} known labels: give one each.")
    return labels(values)


def _stratum(
    data: Durations, member: NDArray[np.int64], k: int, rho: float, gamma: float
) -> tuple[Floats, Floats, Floats]:
    """Observed, expected and variance of the k groups within one stratum."""
    pooled = risk_table(data).filter(pl.col("n_event") > 0)
    if pooled.is_empty():
        return np.zeros(k), np.zeros(k), np.zeros((k, k))
    times, n_risk, n_event = (pooled[c].to_numpy() for c in ("time_days", "n_risk", "n_event"))
    by_group = np.zeros((k, len(times)))
    died = np.zeros((k, len(times)))
    for one in np.unique(member):
        part = data.take(member == one)
        died[one] = np.bincount(np.searchsorted(times, part.time_days[part.is_event]), minlength=len(times))
        by_group[one] = _risk_at(part, times)
    share = by_group / n_risk
    before = np.concatenate([[1.0], np.cumprod(1 - n_event / n_risk)[:-1]])
    weight = before**rho * (1 - before) ** gamma
    spread = np.zeros(len(times))
    np.divide(weight**2 * n_event * (n_risk - n_event), n_risk - 1, out=spread, where=n_risk > 1)
    variance = np.diag(share @ spread) - (share * spread) @ share.T
    return died @ weight, (share * n_event) @ weight, variance


def _risk_at(data: Durations, times: Floats) -> Floats:
    remaining = data.n - np.searchsorted(np.sort(data.time_days), times)
    if data.entry_days is None:
        return remaining.astype(float)
    return (remaining - (data.n - np.searchsorted(np.sort(data.entry_days), times))).astype(float)


def _quadratic(difference: Floats, expected: Floats, variance: Floats) -> tuple[float | None, int, str | None]:
    """Chi-square of the differences; groups never at risk at an event carry none and take no freedom."""
    informed = np.flatnonzero(expected > 0)
    df = max(len(informed) - 1, 0)
    some = informed[:-1]
    inner = variance[np.ix_(some, some)]
    if df == 0 or np.linalg.matrix_rank(inner) < df:
        return None, df, "no_information"
    return float(difference[some] @ np.linalg.solve(inner, difference[some])), df, None


def _all_sums(scores: Floats, size: int) -> Floats:
    chosen = np.fromiter((i for c in combinations(range(len(scores)), size) for i in c), dtype=np.int64)
    return scores[chosen.reshape(-1, size)].sum(axis=1)


def _drawn_sums(scores: Floats, size: int, draws: int, seed: int) -> Floats:
    keys = np.random.default_rng(seed).random((draws, len(scores)))
    return scores[np.argpartition(keys, size, axis=1)[:, :size]].sum(axis=1)
