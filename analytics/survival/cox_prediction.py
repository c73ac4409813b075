"""What a fitted Cox model expects: baseline hazard, survival at given covariates, residuals. As R's survfit.coxph."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
import polars as pl

from analytics.survival.cox import CoxFit, CoxModel
from analytics.survival.durations import EstimateError, Floats
from analytics.survival.estimates import ConfType, limits
from analytics.survival.partial_likelihood import hazard_at_risk, mean_at_event, moments, score_residuals

Residual = Literal["martingale", "deviance", "score", "dfbeta"]


def baseline_hazard(fit: CoxFit) -> pl.DataFrame:
    """Cumulative hazard of a subject whose covariates are all 0: stratum, time_days, hazard, at each event time."""
    model = _fitted(fit)
    found = moments(model.sets, model.x, model.predictor)
    jumps = found.hazard * np.exp(-found.shift - model.coef @ model.means)
    return pl.DataFrame(
        {
            "stratum": _stratum_names(model),
            "time_days": model.sets.event_time,
            "hazard": _cumulative(model, jumps),
        }
    )


def predict_survival(
    fit: CoxFit,
    covariates: pl.DataFrame,
    times_days: Sequence[float],
    *,
    conf_type: ConfType = "log-log",
    confidence: float = 0.95,
) -> pl.DataFrame:
    """Survival of subjects with the given covariates (one row each, offset 0) at the given times.

    Columns: row, stratum, time_days, n, events (of the model), survival, std_err, lower, upper, and
    is_beyond_follow_up (after the last subject of the stratum left, so carried forward). std_err and limits
    take the uncertainty of the coefficients in (Tsiatis 1981; by Efron's weights where he is the method). Raises
    EstimateError without an estimate, and for covariates that are not the model's.
    """
    model = _fitted(fit)
    if sorted(covariates.columns) != sorted(model.given.columns) or covariates.null_count().sum_horizontal().sum():
        raise EstimateError(f"Give each subject the {len(model.given.columns)} covariates of the model, none missing.")
    covariance = np.asarray(fit.covariance)
    found = moments(model.sets, model.x, model.predictor)
    at = np.asarray(times_days, dtype=float)
    centred = covariates.select(model.given.columns).cast(pl.Float64).to_numpy() - model.means
    sets = model.sets
    hazard, variance = found.hazard, found.squared[0]
    hazard_mean = found.total * variance - found.total_died * found.squared[1]
    parts = []
    last = np.array(
        [model.given.data.time_days[model.given.stratum == one].max() for one in np.unique(model.given.stratum)]
    )
    for one, (first, end) in enumerate(zip(sets.edges[:-1], sets.edges[1:], strict=True)):
        row = np.searchsorted(sets.event_time[first:end], at, side="right")
        total, spread, *means = (
            np.concatenate([[0.0], np.cumsum(part[first:end])])[row] for part in (hazard, variance, *hazard_mean)
        )
        for position, x in enumerate(centred):
            factor = float(np.exp(x @ model.coef - found.shift))
            drift = np.stack(means, axis=1) - np.outer(total, x)
            log_std_err = factor * np.sqrt(spread + np.einsum("ti,ij,tj->t", drift, covariance, drift))
            survival = np.exp(-factor * total)
            with np.errstate(divide="ignore", invalid="ignore"):
                lower, upper = limits(survival, log_std_err, conf_type, confidence)
            parts.append(
                pl.DataFrame(
                    {
                        "row": position,
                        "stratum": model.given.strata[one] if model.given.strata else None,
                        "time_days": at,
                        "n": fit.n,
                        "events": fit.events,
                        "survival": survival,
                        "std_err": survival * log_std_err,
                        "lower": pl.Series(lower).fill_nan(None),
                        "upper": pl.Series(upper).fill_nan(None),
                        "is_beyond_follow_up": at > last[one],
                    },
                    schema_overrides={"stratum": pl.String, "row": pl.Int64},
                )
            )
    return pl.concat(parts)


def residuals(fit: CoxFit, kind: Residual) -> Floats:
    """Residuals in the order of the complete subjects: n (martingale, deviance) or n x p (score, dfbeta).

    dfbeta: the change of the coefficients if the subject were left out, to first order. Per unit of weight.
    """
    model = _fitted(fit)
    found = moments(model.sets, model.x, model.predictor)
    order = model.sets.order
    if kind in ("score", "dfbeta"):
        by_score = score_residuals(model.sets, model.x, found)
        result = np.empty_like(by_score)
        result[order] = by_score if kind == "score" else by_score @ np.asarray(fit.naive_covariance)
        return result
    event = model.given.data.is_event[order].astype(float)
    martingale = event - found.risk / model.sets.weights * hazard_at_risk(model.sets, found)
    one = np.empty(model.given.data.n)
    one[order] = martingale
    if kind == "martingale":
        return one
    event = model.given.data.is_event.astype(float)
    inner = np.where(event > 0, np.log(np.where(event > 0, event - one, 1.0)), 0.0)
    return np.asarray(np.sign(one) * np.sqrt(np.maximum(-2 * (one + event * inner), 0.0)))


def schoenfeld(fit: CoxFit) -> pl.DataFrame:
    """Schoenfeld's residuals, one row per event: stratum, time_days, then a column per covariate."""
    model = _fitted(fit)
    sets = model.sets
    found = moments(sets, model.x, model.predictor)
    apart = model.x[:, sets.deaths] - mean_at_event(sets, found)[:, sets.at]
    columns = dict(zip(model.given.columns, apart, strict=True))
    names = _stratum_names(model)
    stratum = names.gather(pl.Series(sets.at))
    return pl.DataFrame({"stratum": stratum, "time_days": sets.event_time[sets.at], **columns})


def _fitted(fit: CoxFit) -> CoxModel:
    if fit.model is None or fit.reason is not None:
        raise EstimateError(f"The model has no estimate ({fit.reason}), so nothing follows from it.")
    if fit.model.ties == "exact":
        raise EstimateError("Predictions and residuals need ties='efron' or 'breslow'.")
    return fit.model


def _stratum_names(model: CoxModel) -> pl.Series:
    names = pl.Series("stratum", [*model.given.strata] or [None], dtype=pl.String)
    return names.gather(pl.Series(model.sets.stratum))


def _cumulative(model: CoxModel, jumps: Floats) -> Floats:
    edges = model.sets.edges
    return np.concatenate([np.cumsum(jumps[a:b]) for a, b in pairwise(edges)])
