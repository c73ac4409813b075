"""Double programming: the same estimates by lifelines, an independent implementation, beside ours.

Of what lifelines computes as R does: the Kaplan-Meier curve with log-log limits, the plain log-rank test, Cox's
model with Efron's ties. What it does otherwise (docs/survival.md) is not asked. Trials have headline numbers
programmed twice; this is the second time.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import polars as pl

from analytics.survival.cox import cox
from analytics.survival.design import design
from analytics.survival.durations import Durations, EstimateError, Floats
from analytics.survival.estimates import kaplan_meier
from analytics.survival.rank_tests import log_rank

TOLERANCE = 1e-6
# lifelines stops at 1e-6 of a standard error unless told otherwise.
_TO_CONVERGENCE = {"precision": 1e-20, "r_precision": 0.0, "step_size": 1.0}


def second_opinion(
    data: Durations,
    *,
    group: pl.Series | None = None,
    covariates: pl.DataFrame | None = None,
    strata: pl.Series | None = None,
    confidence: float = 0.95,
) -> pl.DataFrame:
    """Ours and lifelines' numbers, one row each; is_equal: to 1e-6 relative.

    Columns: estimate (survival, lower, upper: where the curves differ most; chi_square of the groups; coef and
    std_err of each covariate, within strata), term, n, events, ours, lifelines, is_equal. An estimate that we state as
    not evaluable has no row. Raises EstimateError for late entry or weights, which lifelines reads otherwise.
    """
    if data.entry_days is not None or data.weights is not None:
        raise EstimateError("A second opinion is had without late entry and weights.")
    rows: list[tuple[str, str | None, int, int, float, float]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows += [(name, None, data.n, data.events, *pair) for name, pair in _curves(data, confidence).items()]
        if group is not None:
            rows += _tested(data, group)
        if covariates is not None:
            rows += _modelled(data, covariates, strata, confidence)
    whole = {"n": pl.Int64, "events": pl.Int64}
    schema = {"estimate": pl.String, "term": pl.String, **whole, "ours": pl.Float64, "lifelines": pl.Float64}
    equal = (pl.col("ours") - pl.col("lifelines")).abs() <= TOLERANCE * pl.max_horizontal(pl.col("ours").abs(), 1e-9)
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(is_equal=equal)


def _curves(data: Durations, confidence: float) -> dict[str, tuple[float, float]]:
    from lifelines import KaplanMeierFitter

    theirs = KaplanMeierFitter(alpha=1 - confidence).fit(data.time_days, data.is_event)
    ours = kaplan_meier(data, conf_type="log-log", confidence=confidence)
    at = ours["time_days"].to_numpy()
    lower, upper = theirs.confidence_interval_.loc[at].to_numpy().T
    pairs = {"survival": theirs.survival_function_at_times(at).to_numpy(), "lower": lower, "upper": upper}
    return {name: _farthest(ours[name].to_numpy(), values) for name, values in pairs.items()}


def _farthest(ours: Floats, theirs: Floats) -> tuple[float, float]:
    """The pair that differs most, of those that are known to us."""
    apart = np.where(np.isnan(ours), -1.0, np.abs(ours - theirs))
    worst = int(np.argmax(apart))
    return (float(ours[worst]), float(theirs[worst])) if apart[worst] >= 0 else (0.0, 0.0)


def _tested(data: Durations, group: pl.Series) -> list[Any]:
    from lifelines.statistics import multivariate_logrank_test

    test = log_rank(data, group)
    if test.chi_square is None:
        return []
    theirs = multivariate_logrank_test(data.time_days, group.cast(pl.String).to_numpy(), data.is_event)
    return [("chi_square", None, test.n, test.events, test.chi_square, float(theirs.test_statistic))]


def _modelled(data: Durations, covariates: pl.DataFrame, strata: pl.Series | None, confidence: float) -> list[Any]:
    from lifelines import CoxPHFitter

    fit = cox(data, covariates, strata=strata, confidence=confidence)
    if fit.reason is not None:
        return []
    given = design(data, covariates, strata=strata)
    names = [f"x{i}" for i in range(len(given.columns))]
    table = pl.DataFrame(dict(zip(names, given.x, strict=True))).with_columns(
        time=given.data.time_days, event=given.data.is_event, stratum=given.stratum
    )
    theirs = CoxPHFitter(alpha=1 - confidence).fit(
        table.to_pandas(), "time", "event", strata=["stratum"], fit_options=_TO_CONVERGENCE
    )
    counts = (fit.n, fit.events)
    return [
        (kind, term, *counts, float(ours), float(found))
        for kind, values in (("coef", theirs.params_), ("std_err", theirs.standard_errors_))
        for term, ours, found in zip(given.columns, fit.terms[kind], values.loc[names], strict=True)
    ]
