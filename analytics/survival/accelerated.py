"""Time ratios: how many times as long one group's time lasts, for where hazards are not proportional.

Accelerated failure time models by lifelines, which equal R's survreg (docs/survival.md). A time ratio of 2 says that
times are twice as long. It stands beside the hazard ratio, whose test of proportional hazards may speak against that.
"""

from __future__ import annotations

import warnings
from functools import partial
from typing import Any, Literal, get_args

import numpy as np
import polars as pl

from analytics.survival.design import Design, degenerate, design
from analytics.survival.durations import LARGEST_STANDARD_ERROR, Durations, EstimateError

Distribution = Literal["weibull", "lognormal"]

RATIOS = {
    "term": pl.String, "distribution": pl.String, "n": pl.Int64, "events": pl.Int64, "n_left_out": pl.Int64,
    "coef": pl.Float64, "std_err": pl.Float64, "time_ratio": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "z": pl.Float64, "p_value": pl.Float64, "log_likelihood": pl.Float64, "reason": pl.String,
}  # fmt: skip
"""The columns of a result; coef is the log of the time ratio, limits are Wald's."""

_LOCATION = {"weibull": "lambda_", "lognormal": "mu_"}
_STEP = 1e-15
"""The change of the mean log likelihood at which the search ends. By lifelines' own settings the Weibull model stops at
three digits; BFGS with a bound on the gradient found no end in one of 30 models that have one."""


def time_ratios(
    data: Durations, covariates: pl.DataFrame, *, distribution: Distribution = "weibull", confidence: float = 0.95
) -> pl.DataFrame:
    """Fit one model with numeric covariates: a row per term, columns as RATIOS.

    n_left_out: subjects with a missing covariate, and those censored on day 0, who say nothing. Without an estimate
    the numbers are null and reason says why: no_events, event_at_zero, constant_covariate, collinear_covariates,
    not_converged. Raises EstimateError for an unknown distribution, late entry, case weights, or a covariate that is
    not numeric.
    """
    if distribution not in get_args(Distribution):
        raise EstimateError(f"distribution '{distribution}' is not known: use {' or '.join(get_args(Distribution))}.")
    if data.weights is not None or data.entry_days is not None:
        raise EstimateError("Time ratios take neither case weights nor late entry: use cox().")
    is_used = (data.time_days > 0) | data.is_event
    given = design(data.take(is_used), covariates.filter(pl.Series(is_used)))
    reason = _unfit(given)
    fitted = None if reason else _fit(given, distribution, confidence)
    told = {
        "distribution": distribution,
        "n": given.data.n,
        "events": given.data.events,
        "n_left_out": data.n - given.data.n,
        "reason": reason if fitted is not None else reason or "not_converged",
    }
    rows = [{"term": term, **told, **(_ratio(fitted, distribution, term) if fitted else {})} for term in given.columns]
    return pl.DataFrame(rows, schema=RATIOS)


def _unfit(given: Design) -> str | None:
    """Why no model can be fitted, or null."""
    if given.data.events == 0:
        return "no_events"
    if (given.data.time_days == 0).any():
        return "event_at_zero"
    centred = given.x - given.x.mean(axis=1, keepdims=True)
    return degenerate(centred @ centred.T / given.data.n, given.spread)


def _fit(given: Design, distribution: Distribution, confidence: float) -> Any:
    """lifelines' fitted model, or None where it finds no maximum."""
    from lifelines import LogNormalAFTFitter, WeibullAFTFitter
    from lifelines.exceptions import ConvergenceError

    frame = pl.DataFrame(given.x.T, schema=list(given.columns)).with_columns(
        pl.Series("_time", given.data.time_days), pl.Series("_event", given.data.is_event)
    )
    model = {"weibull": WeibullAFTFitter, "lognormal": LogNormalAFTFitter}[distribution](alpha=1 - confidence)
    model._scipy_fit_method, model._scipy_fit_options = "SLSQP", {"ftol": _STEP}
    model._create_initial_point = partial(_start, given.data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # lifelines warns where a number is no maximum
            model.fit(frame.to_pandas(), "_time", "_event")
    except (ConvergenceError, Warning, ValueError, np.linalg.LinAlgError):
        return None
    std_err = model.summary.loc[_LOCATION[distribution], "se(coef)"][list(given.columns)].to_numpy()
    return model if np.all(std_err * given.spread <= LARGEST_STANDARD_ERROR) else None


def _start(data: Durations, *told: Any) -> dict[str, np.ndarray]:
    """Where the search begins: no effect of any covariate, the exponential's scale or the log times' spread.

    lifelines would fit a model without covariates first, which takes as long as the model itself. told: what it hands
    over, the last of it the design by parameter and column.
    """
    logs = np.log(data.time_days)
    intercepts = {
        "lambda_": np.log(data.time_days.sum() / data.events),
        "rho_": 0.0,
        "mu_": logs.mean(),
        "sigma_": np.log(logs.std() or 1.0),
    }
    columns = told[-1].columns
    return {
        name: np.where(columns[columns.get_loc(name)].get_level_values(1) == "Intercept", intercepts[name], 0.0)
        for name in columns.unique(0)
    }


def _ratio(fitted: Any, distribution: Distribution, term: str) -> dict[str, float]:
    row = fitted.summary.loc[(_LOCATION[distribution], term)]
    limits = [float(value) for name, value in row.items() if name.startswith("exp(coef) ")]
    return {
        "coef": float(row["coef"]),
        "std_err": float(row["se(coef)"]),
        "time_ratio": float(row["exp(coef)"]),
        "lower": limits[0],
        "upper": limits[1],
        "z": float(row["z"]),
        "p_value": float(row["p"]),
        "log_likelihood": float(fitted.log_likelihood_),
    }
