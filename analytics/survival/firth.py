"""Hazard ratios where an arm has no event: Cox's model with Firth's penalty, profile limits and penalised P.

The penalty, half the logarithm of the information's determinant, keeps the estimate finite under separation;
Wald limits would be wrong there, so limits and P come from the penalised likelihood ratio. Source: Heinze and
Schemper 2001 (R's coxphf). Why not firthmodels: docs/decisions/cox.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from analytics.survival.design import Design, degenerate, design, empty_terms
from analytics.survival.durations import Durations, Floats
from analytics.survival.newton import Maximum, Point, inverse, maximise
from analytics.survival.partial_likelihood import Moments, RiskSets, at_death, information, moments, risk_sets

FirthTies = Literal["breslow", "efron"]

# Of a standardised covariate: a profile that has not come down here does not.
_FARTHEST = 100.0


@dataclass(frozen=True)
class FirthFit:
    """A fitted model. terms: term, n, events, coef, std_err, hazard_ratio, lower, upper, chi_square, p_value.

    lower, upper: profile-likelihood limits, null where the profile does not come down; chi_square, p_value:
    penalised likelihood ratio of leaving the term out. std_err: of the unpenalised information. tests: test,
    statistic, df, p_value of all terms together. The penalised log-likelihoods are of covariates divided by
    their standard deviation, so that no unit moves them. ties is to be printed. Null with a reason: no_events,
    constant_covariate, collinear_covariates, not_converged.
    """

    terms: pl.DataFrame
    tests: pl.DataFrame
    covariance: Floats | None
    n: int
    events: int
    n_incomplete: int
    penalised_log_likelihood_null: float | None
    penalised_log_likelihood: float | None
    ties: FirthTies
    reason: str | None


def firth(
    data: Durations,
    covariates: pl.DataFrame,
    *,
    strata: pl.Series | None = None,
    ties: FirthTies = "breslow",
    confidence: float = 0.95,
) -> FirthFit:
    """Fit Cox's model by penalised likelihood; arguments as of `cox`. coxphf's ties are Breslow's."""
    from scipy.special import chdtrc, chdtri

    given = design(data, covariates, strata=strata)
    if given.data.events == 0:
        return _without(given, ties, "no_events")
    sets = risk_sets(given.data, given.stratum, efron=ties == "efron")
    # coxphf's unit: n - 1 below.
    means, spread = given.x.mean(axis=1), given.spread * np.sqrt(given.data.n / max(given.data.n - 1, 1))
    if np.any(spread == 0):
        return _without(given, ties, "constant_covariate")
    x = np.ascontiguousarray(((given.x - means[:, None]) / spread[:, None])[:, sets.order])
    start = _point(sets, x, np.zeros(len(x)))
    if reason := degenerate(start.information, np.ones(len(x))):
        return _without(given, ties, reason)

    def evaluate(coef: Floats) -> Point:
        return _point(sets, x, coef)

    top = _climb(evaluate, np.zeros(len(x)), range(len(x)))
    if not top.is_converged:
        return _without(given, ties, "not_converged")
    rows = []
    allowed = top.at.value - float(chdtri(1, 1 - confidence)) / 2
    for i in range(len(x)):
        others = [j for j in range(len(x)) if j != i]
        without = _climb(evaluate, np.where(np.arange(len(x)) == i, 0.0, top.coef), others)
        chi_square = max(2 * (top.at.value - without.at.value), 0.0)
        lower, upper = (_limit(evaluate, top, i, others, allowed, sign) for sign in (-1.0, 1.0))
        ends = (None if end is None else float(np.exp(end / spread[i])) for end in (lower, upper))
        rows.append((*ends, chi_square, float(chdtrc(1, chi_square))))
    coef = top.coef / spread
    covariance = inverse(top.at.information) / np.outer(spread, spread)
    numbers = ["lower", "upper", "chi_square", "p_value"]
    terms = pl.DataFrame(
        {
            "term": given.columns,
            "n": given.data.n,
            "events": given.data.events,
            "coef": coef,
            "std_err": np.sqrt(np.diag(covariance)),
            "hazard_ratio": np.exp(coef),
        }
    ).hstack(pl.DataFrame(rows, schema=dict.fromkeys(numbers, pl.Float64), orient="row"))
    statistic = max(2 * (top.at.value - start.value), 0.0)
    tests = _tests([("penalised_likelihood_ratio", statistic, len(x), float(chdtrc(len(x), statistic)))])
    return FirthFit(terms, tests, covariance, *given.counts, start.value, top.at.value, ties, None)


def _without(given: Design, ties: FirthTies, reason: str) -> FirthFit:
    names = ("coef", "std_err", "hazard_ratio", "lower", "upper", "chi_square", "p_value")
    terms = empty_terms(given.columns, given.data.n, given.data.events, names)
    return FirthFit(terms, _tests([]), None, *given.counts, None, None, ties, reason)


def _tests(rows: list[tuple[str, float, int, float]]) -> pl.DataFrame:
    schema = {"test": pl.String, "statistic": pl.Float64, "df": pl.Int64, "p_value": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _point(sets: RiskSets, x: Floats, coef: Floats) -> Point:
    """Penalised log-likelihood, its score, and the (unpenalised) information."""
    found = moments(sets, x, coef @ x)
    matrix = information(sets, x, found)
    sign, log_determinant = np.linalg.slogdet(matrix)
    if sign <= 0:
        return Point(-np.inf, found.score, matrix)
    score = found.score + _penalty_score(sets, x, found, inverse(matrix)) / 2
    return Point(found.log_likelihood + float(log_determinant) / 2, score, matrix)


def _penalty_score(sets: RiskSets, x: Floats, found: Moments, covariance: Floats) -> Floats:
    """Slope of the log determinant: the third central moments of each risk set, weighted by the covariance."""
    total = at_death(sets, found.risk)

    def mean(values: Floats) -> Floats:
        return at_death(sets, found.risk * values) / total

    length = np.einsum("an,ab,bn->n", x, covariance, x)
    first = np.stack([mean(a) for a in x], axis=1)
    second = np.stack([np.stack([mean(a * b) for b in x], axis=1) for a in x], axis=1)
    turned = first @ covariance
    third = np.stack([mean(length * a) for a in x], axis=1) - first * mean(length)[:, None]
    third += -2 * np.einsum("da,dar->dr", turned, second) + 2 * first * (turned * first).sum(axis=1)[:, None]
    return np.asarray(sets.death_weight[sets.at] @ third)


def _climb(evaluate: Callable[[Floats], Point], start: Floats, free: range | list[int]) -> Maximum:
    """The maximum over the free coefficients, the others kept."""
    chosen = np.array(list(free), dtype=int)

    def whole(part: Floats) -> Floats:
        coef = start.copy()
        coef[chosen] = part
        return coef

    def narrowed(part: Floats) -> Point:
        at = evaluate(whole(part))
        return Point(at.value, at.score[chosen], at.information[np.ix_(chosen, chosen)])

    if not len(chosen):
        return Maximum(start, evaluate(start), True)
    # The information leaves the penalty out, so the steps shorten by a factor and not by squares.
    top = maximise(narrowed, start[chosen], converged=1e-20)
    return Maximum(whole(top.coef), evaluate(whole(top.coef)), top.is_converged)


def _limit(
    evaluate: Callable[[Floats], Point], top: Maximum, i: int, others: list[int], allowed: float, sign: float
) -> float | None:
    """Where the profile of coefficient i falls to the allowed value; null where it does not."""
    from scipy.optimize import brentq

    std_err = float(np.sqrt(inverse(top.at.information)[i, i]))

    near = top.coef.copy()

    def height(distance: float) -> float:
        near[i] = top.coef[i] + sign * distance
        found = _climb(evaluate, near, others)
        near[:] = found.coef
        return found.at.value - allowed

    reach = 2 * std_err
    while height(reach) > 0:
        reach *= 2
        if reach > _FARTHEST:
            return None
    return float(top.coef[i] + sign * brentq(height, 0.0, reach, xtol=1e-12, rtol=1e-12))
