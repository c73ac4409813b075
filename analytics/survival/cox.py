"""Hazard ratios: Cox's model with R's ties, strata, late entry, weights, offset and robust standard errors.

Estimates equal R's coxph (docs/survival.md). Where R or lifelines answer with a warning or a coefficient of
18 (no events, a constant covariate, separation), the answer here is a reason and no number. Why not by
lifelines: docs/decisions/cox.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl

from analytics.survival.design import Design, degenerate, design, empty_terms
from analytics.survival.durations import LARGEST_STANDARD_ERROR, Durations, EstimateError, Floats
from analytics.survival.exact_likelihood import exact_point
from analytics.survival.newton import Maximum, Point, inverse, maximise
from analytics.survival.partial_likelihood import RiskSets, information, moments, risk_sets, score_residuals

Ties = Literal["efron", "breslow", "exact"]


@dataclass(frozen=True)
class CoxModel:
    """What was fitted. x: p x n, centred, sorted as the risk sets; offset: n, sorted. means: p, of the covariates.

    coef: p, also where the likelihood has no maximum (then where the search ended).
    """

    given: Design
    ties: Ties
    sets: RiskSets
    x: Floats
    means: Floats
    offset: Floats
    coef: Floats

    @property
    def predictor(self) -> Floats:
        """Linear predictor of the centred covariates, n, in the order of the risk sets."""
        # Added up covariate by covariate: a matrix product may round equal subjects differently, and untie them.
        return np.asarray((self.coef[:, None] * self.x).sum(axis=0) + self.offset)

    @property
    def risk_score(self) -> Floats:
        """Linear predictor in the order of the data: the higher, the earlier the event."""
        result = np.empty(self.given.data.n)
        result[self.sets.order] = self.predictor
        return result


@dataclass(frozen=True)
class CoxFit:
    """A fitted model. terms: term, n, events, coef, std_err, hazard_ratio, lower, upper, z, p_value (Wald).

    tests, of all coefficients together: test (likelihood_ratio, wald, score), statistic, df, p_value.
    n, events: subjects with every covariate known; n_incomplete: those left out. covariance: robust where
    asked for; naive_covariance: of the model. Without an estimate these are null and reason says why:
    no_events, constant_covariate, collinear_covariates, monotone_likelihood, not_converged. The
    likelihood-ratio and score tests stand also where the likelihood is monotone.
    """

    terms: pl.DataFrame
    tests: pl.DataFrame
    covariance: Floats | None
    naive_covariance: Floats | None
    n: int
    events: int
    n_incomplete: int
    log_likelihood_null: float | None
    log_likelihood: float | None
    reason: str | None
    model: CoxModel | None


def cox(
    data: Durations,
    covariates: pl.DataFrame,
    *,
    strata: pl.Series | None = None,
    ties: Ties = "efron",
    cluster: pl.Series | None = None,
    robust: bool = False,
    offset: pl.Series | None = None,
    confidence: float = 0.95,
) -> CoxFit:
    """Fit Cox's model to numeric covariates (one column per term) with Wald limits.

    strata: a label per subject; each stratum has its own baseline hazard. cluster: a label per subject;
    standard errors are then robust to dependence within it (Lin and Wei 1989). robust: the same with each
    subject a cluster. offset: added to the linear predictor. Late entry and case weights come with the data.
    Subjects with a missing covariate, label or offset are left out and counted. Raises EstimateError for a
    covariate that is not numeric, frames of another length, or the exact method with weights or clusters.
    """
    if ties not in get_args(Ties):
        raise EstimateError(f"ties '{ties}' is not known: use one of {', '.join(get_args(Ties))}.")
    if ties == "exact" and (data.weights is not None or cluster is not None or robust):
        raise EstimateError("ties='exact' takes neither weights nor clusters: use 'efron'.")
    given = design(data, covariates, strata=strata, cluster=cluster, offset=offset)
    if given.data.events == 0:
        return _without(given, "no_events")
    sets = risk_sets(given.data, given.stratum, efron=ties == "efron")
    means = given.x.mean(axis=1)
    x = given.x[:, sets.order]
    x -= means[:, None]
    spread = given.spread
    shift = given.offset[sets.order]

    def evaluate(coef: Floats) -> Point:
        predictor = coef @ x + shift
        if ties == "exact":
            return exact_point(sets, x, predictor)
        found = moments(sets, x, predictor)
        return Point(found.log_likelihood, found.score, information(sets, x, found))

    start = evaluate(np.zeros(len(x)))
    if reason := degenerate(start.information, spread):
        return _without(given, reason, start)
    top = maximise(evaluate, np.zeros(len(x)), start)
    model = CoxModel(given, ties, sets, x, means, shift, top.coef)
    with np.errstate(invalid="ignore", divide="ignore"):
        naive = inverse(top.at.information)
        std_err = np.sqrt(np.diag(naive))
    # Without a maximum the variance may also come out negative or not a number, which fails every comparison.
    if not np.all(std_err * spread <= LARGEST_STANDARD_ERROR):
        return _without(given, "monotone_likelihood", start, top, model)
    if not top.is_converged:
        return _without(given, "not_converged", start)
    covariance = naive if cluster is None and not robust else robust_covariance(model, naive)
    terms = wald_terms(given.columns, top.coef, covariance, confidence)
    terms = terms.select(
        "term", pl.lit(given.data.n).alias("n"), pl.lit(given.data.events).alias("events"), pl.exclude("term")
    )
    tests = _tests(start, top, covariance)
    return CoxFit(terms, tests, covariance, naive, *given.counts, start.value, top.at.value, None, model)


def _without(
    given: Design, reason: str, start: Point | None = None, top: Maximum | None = None, model: CoxModel | None = None
) -> CoxFit:
    """The reason and no estimate; with the tests that need none, where the search got to an end."""
    names = ("coef", "std_err", "hazard_ratio", "lower", "upper", "z", "p_value")
    terms = empty_terms(given.columns, given.data.n, given.data.events, names)
    null, best = start and start.value, top and top.at.value
    return CoxFit(terms, _tests(start, top, None), None, None, *given.counts, null, best, reason, model)


def wald_terms(columns: tuple[str, ...], coef: Floats, covariance: Floats, confidence: float) -> pl.DataFrame:
    """term, coef, std_err, hazard_ratio, lower, upper, z, p_value of coefficients with their covariance."""
    from scipy.special import ndtr, ndtri

    std_err = np.sqrt(np.diag(covariance))
    z, half = coef / std_err, ndtri(0.5 + confidence / 2) * std_err
    with np.errstate(over="ignore"):
        ratio, lower, upper = np.exp(coef), np.exp(coef - half), np.exp(coef + half)
    return pl.DataFrame(
        {
            "term": list(columns),
            "coef": coef,
            "std_err": std_err,
            "hazard_ratio": ratio,
            "lower": lower,
            "upper": upper,
            "z": z,
            "p_value": 2 * ndtr(-np.abs(z)),
        }
    )


def robust_covariance(model: CoxModel, naive: Floats) -> Floats:
    """Lin and Wei's sandwich: the sum over clusters (subjects where none) of squared changes in the estimate."""
    found = moments(model.sets, model.x, model.predictor)
    change = (score_residuals(model.sets, model.x, found) * model.sets.weights[:, None]) @ naive
    if model.given.cluster is not None:
        member = model.given.cluster[model.sets.order]
        change = np.stack([np.bincount(member, column) for column in change.T], axis=1)
    return np.asarray(change.T @ change)


def _tests(start: Point | None, top: Maximum | None, covariance: Floats | None) -> pl.DataFrame:
    from scipy.special import chdtrc

    found: list[tuple[str, float | None]] = []
    if start is not None and top is not None:
        wald = None if covariance is None else float(top.coef @ np.linalg.solve(covariance, top.coef))
        score = float(start.score @ np.linalg.solve(start.information, start.score))
        found = [("likelihood_ratio", 2 * (top.at.value - start.value)), ("wald", wald), ("score", score)]
    df = 0 if top is None else len(top.coef)
    rows = [(name, value, df, None if value is None else float(chdtrc(df, max(value, 0.0)))) for name, value in found]
    schema = {"test": pl.String, "statistic": pl.Float64, "df": pl.Int64, "p_value": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
