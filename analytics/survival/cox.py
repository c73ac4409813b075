"""Hazard ratios: Cox's model with Efron's ties, by lifelines, whose estimates equal R's.

What lifelines answers with a warning or a coefficient of 18 (no events, a constant covariate, separation)
is answered here with a reason and no number.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.survival.durations import Durations, EstimateError, Floats

# In standard deviations of the covariate: beyond this the likelihood has no maximum worth the name.
_LARGEST_STANDARD_ERROR = 25.0
# Newton decrement, so that coefficients stand to 1e-9 of their standard error; the log-likelihood stops too early.
_TO_CONVERGENCE = {"precision": 1e-20, "r_precision": 0.0, "step_size": 1.0}


@dataclass(frozen=True)
class CoxFit:
    """A fitted model. terms: term, n, events, coef, std_err, hazard_ratio, lower, upper, z, p_value (Wald).

    n, events: subjects with every covariate known; n_incomplete: those left out. The estimates are null and
    reason says why: no_events, constant_covariate, monotone_likelihood, not_converged.
    """

    terms: pl.DataFrame
    covariance: Floats | None
    n: int
    events: int
    n_incomplete: int
    log_likelihood_null: float | None
    log_likelihood: float | None
    reason: str | None


def cox(
    data: Durations,
    covariates: pl.DataFrame,
    *,
    strata: pl.Series | None = None,
    confidence: float = 0.95,
) -> CoxFit:
    """Fit Cox's model to numeric covariates (one column per term), Efron's method for ties, Wald limits.

    strata: a label per subject; each stratum has its own baseline hazard. Late entry and case weights come
    with the data. Subjects with a missing covariate are left out and counted. Raises EstimateError for a
    covariate that is not numeric, or frames of another length.
    """
    columns = list(covariates.columns)
    if covariates.height != data.n or (strata is not None and len(strata) != data.n):
        raise EstimateError(f"{data.n} subjects have covariates of {covariates.height}: give one row each.")
    if not columns or not all(t.is_numeric() or t == pl.Boolean for t in covariates.dtypes):
        raise EstimateError("Covariates must be numbers: make an indicator column of each level but the first.")
    table = covariates.cast(pl.Float64).with_columns(
        __time=data.time_days, __event=data.is_event, __stratum=strata if strata is not None else pl.lit("all")
    )
    if data.entry_days is not None:
        table = table.with_columns(__entry=data.entry_days)
    if data.weights is not None:
        table = table.with_columns(__weight=data.weights)
    complete = table.drop_nulls()
    events = int(complete["__event"].sum())
    reason = None
    if events == 0:
        reason = "no_events"
    elif any(complete[c].n_unique() < 2 for c in columns):
        reason = "constant_covariate"
    incomplete = table.height - complete.height
    if reason is not None:
        return _not_evaluable(columns, complete.height, events, incomplete, reason)
    return _fit(complete, columns, strata is not None, incomplete, confidence)


def _fit(table: pl.DataFrame, columns: list[str], is_stratified: bool, incomplete: int, confidence: float) -> CoxFit:
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError, ConvergenceWarning
    from scipy.special import ndtr, ndtri

    n, events = table.height, int(table["__event"].sum())
    drop = [] if is_stratified else ["__stratum"]
    model = CoxPHFitter(alpha=1 - confidence)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            model.fit(
                table.drop(drop).to_pandas(),
                "__time",
                "__event",
                strata=["__stratum"] if is_stratified else None,
                entry_col="__entry" if "__entry" in table.columns else None,
                weights_col="__weight" if "__weight" in table.columns else None,
                fit_options=_TO_CONVERGENCE,
            )
        except ConvergenceWarning:
            return _not_evaluable(columns, n, events, incomplete, "monotone_likelihood")
        except ConvergenceError:
            return _not_evaluable(columns, n, events, incomplete, "not_converged")
    coef = model.params_.loc[columns].to_numpy()
    covariance = model.variance_matrix_.loc[columns, columns].to_numpy()
    with np.errstate(invalid="ignore"):
        std_err = np.sqrt(np.diag(covariance))
    # Without a maximum the variance may also come out negative or not a number, which fails every comparison.
    if not np.all(std_err * table.select(columns).to_numpy().std(axis=0) <= _LARGEST_STANDARD_ERROR):
        return _not_evaluable(columns, n, events, incomplete, "monotone_likelihood")
    z, half = coef / std_err, ndtri(0.5 + confidence / 2) * std_err
    terms = pl.DataFrame(
        {
            "term": columns,
            "n": n,
            "events": events,
            "coef": coef,
            "std_err": std_err,
            "hazard_ratio": np.exp(coef),
            "lower": np.exp(coef - half),
            "upper": np.exp(coef + half),
            "z": z,
            "p_value": 2 * ndtr(-np.abs(z)),
        }
    )
    null = float(model._ll_null_) if hasattr(model, "_ll_null_") else None
    return CoxFit(terms, covariance, n, events, incomplete, null, float(model.log_likelihood_), None)


def _not_evaluable(columns: list[str], n: int, events: int, incomplete: int, reason: str) -> CoxFit:
    empty = ("coef", "std_err", "hazard_ratio", "lower", "upper", "z", "p_value")
    terms = pl.DataFrame(
        {"term": columns, "n": n, "events": events, **{c: [None] * len(columns) for c in empty}},
        schema_overrides=dict.fromkeys(empty, pl.Float64),
    )
    return CoxFit(terms, None, n, events, incomplete, None, None, reason)
