"""How unlike are the groups at time zero? Standardised mean differences of numbers and categories.

A difference in standard deviations, which unlike a P does not grow with the sample. Source: Austin 2009; for
categories Yang and Dalton 2012 (Mahalanobis distance of the shares). As R's tableone: the standard deviation
is the root mean of the two groups' variances.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl

from analytics.survival.durations import Bools, EstimateError, Floats, Ints, labels


def balance(frame: pl.DataFrame, group: pl.Series, *, weights: pl.Series | None = None) -> pl.DataFrame:
    """Standardised mean difference of every column of frame between groups; one row per column.

    Numbers are compared by mean, all else (text, booleans, enumerations) by the shares of its values; missing
    values are left out of both. weights: one per subject (> 0), for weighted samples. Of more than two groups
    the largest pairwise difference is given (mean_smd beside it: the mean of all pairs).
    Columns: variable, is_number, n (known), n_missing, smd (absolute), mean_smd, reason. smd is null where
    reason says why: one_group, no_values (a group without any), constant_within_groups (they differ, but
    nobody within them does, so that there is no unit). Raises EstimateError for missing groups or other lengths.
    """
    if len(group) != frame.height or (weights is not None and len(weights) != frame.height):
        raise EstimateError(f"{frame.height} rows have {len(group)} groups: give one each.")
    names, member = labels(group)
    weight = np.ones(frame.height) if weights is None else weights.cast(pl.Float64).to_numpy()
    if weights is not None and not np.all(np.isfinite(weight) & (weight > 0)):
        raise EstimateError("Weights must be positive numbers: leave the other subjects out, and say so.")
    rows = []
    for column in frame.iter_columns():
        is_number = column.dtype.is_numeric()
        series = column.cast(pl.Float64).fill_nan(None) if is_number else column.cast(pl.String)
        known = series.is_not_null().to_numpy()
        values = _numbers(series, known) if is_number else _indicators(series, known)
        found, reason = _pairs(values, is_number, member[known], weight[known], len(names))
        largest, mean = (max(found), sum(found) / len(found)) if found else (None, None)
        rows.append((column.name, is_number, int(known.sum()), int((~known).sum()), largest, mean, reason))
    whole = {"n": pl.Int64, "n_missing": pl.Int64}
    schema = {"variable": pl.String, "is_number": pl.Boolean, **whole, "smd": pl.Float64, "mean_smd": pl.Float64}
    return pl.DataFrame(rows, schema=schema | {"reason": pl.String}, orient="row")


def _numbers(series: pl.Series, known: Bools) -> Floats:
    return series.to_numpy()[known][:, None]


def _indicators(series: pl.Series, known: Bools) -> Floats:
    """One column per value but the first."""
    levels, position = labels(series.filter(pl.Series(known)))
    return np.asarray(position[:, None] == np.arange(1, max(len(levels), 2))).astype(float)


def _pairs(values: Floats, is_number: bool, member: Ints, weight: Floats, k: int) -> tuple[list[float], str | None]:
    """Differences of all pairs of groups, or the reason why there is none."""
    if k < 2:
        return [], "one_group"
    parts = [(values[member == one], weight[member == one]) for one in range(k)]
    if any(len(part) == 0 for part, _ in parts):
        return [], "no_values"
    moments = [_moments(part, is_number, share) for part, share in parts]
    found = []
    for (mean, spread), (other_mean, other_spread) in combinations(moments, 2):
        apart, pooled = mean - other_mean, (spread + other_spread) / 2
        inverse = np.linalg.pinv(pooled, hermitian=True)
        if not np.allclose(pooled @ inverse @ apart, apart, atol=1e-9):
            return [], "constant_within_groups"
        found.append(float(np.sqrt(apart @ inverse @ apart)))
    return found, None


def _moments(values: Floats, is_number: bool, weight: Floats) -> tuple[Floats, Floats]:
    """Mean and variance by weight: of numbers with n - 1 below, of categories that of the shares."""
    total = weight.sum()
    mean = weight @ values / total
    if not is_number:
        return mean, np.diag(mean) - np.outer(mean, mean)
    freedom = total - (weight @ weight) / total
    squares = (weight * (values[:, 0] - mean[0]) ** 2).sum()
    return mean, np.array([[squares / freedom if freedom > 1e-12 * total else 0.0]])
