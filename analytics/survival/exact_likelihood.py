"""Cox's partial likelihood with tied deaths taken as simultaneous (the 'exact' method of R's coxph).

For d deaths among n at risk it weighs every way of choosing d of the n: an elementary symmetric polynomial,
built up subject by subject with its derivatives (Gail, Lubin and Rubinstein 1981). Meant for small samples.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analytics.survival.durations import EstimateError, Floats
from analytics.survival.newton import Point
from analytics.survival.partial_likelihood import RiskSets

Polynomial = tuple[Floats, Floats, Floats]


def exact_point(sets: RiskSets, x: Floats, predictor: Floats) -> Point:
    """Log-likelihood, score and information. x: p x n and predictor: n, in the order of the sets; no weights.

    Raises EstimateError where there are too many ways to count with ordinary numbers.
    """
    p = len(x)
    relative = predictor - predictor.max()
    value = float(relative[sets.deaths].sum())
    score, information = x[:, sets.deaths].sum(axis=1), np.zeros((p, p))
    for total, first, second in _polynomials(sets, x, np.exp(relative)):
        if not np.isfinite(total):
            raise EstimateError("Too many subjects with tied times for ties='exact': use 'efron'.")
        mean = first / total
        value -= float(np.log(total))
        score = score - mean
        information += second / total - np.outer(mean, mean)
    return Point(value, score, information)


def _polynomials(sets: RiskSets, x: Floats, risk: Floats) -> Iterator[Polynomial]:
    """Per risk set: the polynomial of as many factors as deaths, its first and second derivatives."""
    # Without late entry each risk set holds the one after it, so backwards in time subjects only join.
    is_nested = not len(sets.late)
    for first, last in zip(sets.edges[:-1], sets.edges[1:], strict=True):
        grown = None
        for one in range(last - 1, first - 1, -1):
            if grown is None or not is_nested:
                grown = _empty(int(sets.died[first:last].max()), len(x))
                members = np.flatnonzero((sets.enter <= one) & (sets.leave > one) & (sets.leave <= last))
            else:
                members = np.flatnonzero(sets.leave == one + 1)
            for i in members:
                grown = _joined(grown, risk[i], x[:, i])
            d = int(sets.died[one])
            yield grown[0][d], grown[1][d], grown[2][d]


def _empty(most: int, p: int) -> Polynomial:
    value = np.zeros(most + 1)
    value[0] = 1.0
    return value, np.zeros((most + 1, p)), np.zeros((most + 1, p, p))


def _joined(grown: Polynomial, risk: float, x: Floats) -> Polynomial:
    """The polynomials of a set with one subject more."""
    value, first, second = (part.copy() for part in grown)
    below, slope, bend = (part[:-1] for part in grown)
    value[1:] += risk * below
    first[1:] += risk * (slope + below[:, None] * x)
    cross = slope[:, :, None] * x
    second[1:] += risk * (bend + cross + cross.transpose(0, 2, 1) + below[:, None, None] * np.outer(x, x))
    return value, first, second
