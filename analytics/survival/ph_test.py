"""Are the hazards proportional? Score test of covariate x g(time), as R's cox.zph since survival 3.

Grambsch and Therneau 1994; Therneau and Grambsch 2000, chapter 6. Unlike lifelines' test it does not take the
variance of the residuals as constant, and it has a test of all terms together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
import polars as pl

from analytics.survival.cox import CoxFit, CoxModel
from analytics.survival.durations import Durations, EstimateError, Floats
from analytics.survival.estimates import kaplan_meier
from analytics.survival.partial_likelihood import information, moments

Transform = Literal["km", "rank", "identity", "log"]

GLOBAL = "GLOBAL"


def ph_test(
    fit: CoxFit, *, transform: Transform = "km", terms: Mapping[str, Sequence[str]] | None = None
) -> pl.DataFrame:
    """Test of proportional hazards per term and of all together (the row GLOBAL).

    terms: the columns that make up a term (the indicators of one factor); each column is its own term where
    left out. Columns: term, n, events, chi_square, df, p_value, reason. The numbers are null and reason is
    the fit's where there is no estimate, or 'no_information' where the test cannot be computed. Raises
    EstimateError for the exact method, for terms that are not the model's columns, and for log with a time 0.
    """
    from scipy.special import chdtrc

    names = [str(name) for name in fit.terms["term"]]
    groups = {name: [name] for name in names} if terms is None else {k: list(v) for k, v in terms.items()}
    if sorted(c for columns in groups.values() for c in columns) != sorted(names):
        raise EstimateError(f"terms must hold each of the model's {len(names)} columns once.")
    tested = {**groups, GLOBAL: names}
    rows = []
    found = None if fit.model is None or fit.reason is not None else _score(fit.model, transform)
    for term, columns in tested.items():
        chosen = [names.index(c) for c in columns]
        chi_square = None if found is None else _statistic(*found, chosen)
        reason = fit.reason or ("no_information" if chi_square is None else None)
        p_value = None if chi_square is None else float(chdtrc(len(chosen), chi_square))
        rows.append((term, fit.n, fit.events, chi_square, len(chosen), p_value, reason))
    schema = {"term": pl.String, "n": pl.Int64, "events": pl.Int64, "chi_square": pl.Float64, "df": pl.Int64}
    return pl.DataFrame(rows, schema=schema | {"p_value": pl.Float64, "reason": pl.String}, orient="row")


def _score(model: CoxModel, transform: Transform) -> tuple[Floats, Floats]:
    """Score (p) of the products with g(time), and the information of coefficients and products (2p x 2p)."""
    if model.ties == "exact":
        raise EstimateError("The test of proportional hazards needs ties='efron' or 'breslow'.")
    sets, x = model.sets, model.x
    found = moments(sets, x, model.predictor)
    g = _scale(model.given.data, sets.event_time, transform)
    g = g - np.average(g, weights=sets.died)
    expected = found.total * found.hazard - found.total_died * found.stepped
    score = x[:, sets.deaths] @ (sets.weights[sets.deaths] * g[sets.at]) - expected @ g
    plain, crossed, squared = (information(sets, x, found, factor) for factor in (None, g, g**2))
    return score, np.block([[plain, crossed], [crossed, squared]])


def _statistic(score: Floats, matrix: Floats, chosen: list[int]) -> float | None:
    p = len(score)
    kept = [*range(p), *(p + i for i in chosen)]
    inner = matrix[np.ix_(kept, kept)]
    scale = np.sqrt(np.diag(inner))
    if np.any(scale == 0) or np.linalg.cond(inner / np.outer(scale, scale)) > 1e13:
        return None
    whole = np.concatenate([np.zeros(p), score[chosen]])
    return float(whole @ np.linalg.solve(inner, whole))


def _scale(data: Durations, event_time: Floats, transform: Transform) -> Floats:
    """The time axis g at each event time."""
    if transform == "identity":
        return event_time
    if transform == "log":
        if np.any(event_time == 0):
            raise EstimateError("An event on day 0 has no logarithm: use transform 'km', 'rank' or 'identity'.")
        return np.log(event_time)
    if transform == "rank":
        ordered = np.sort(data.time_days)
        first = np.searchsorted(ordered, event_time, side="left")
        last = np.searchsorted(ordered, event_time, side="right")
        return np.asarray((first + last + 1) / 2, dtype=float)
    if transform == "km":
        curve = kaplan_meier(Durations(data.time_days, data.is_event, data.entry_days, None))
        before = np.searchsorted(curve["time_days"].to_numpy(), event_time, side="left")
        return 1 - np.concatenate([[1.0], curve["survival"].to_numpy()])[before]
    raise EstimateError(f"transform '{transform}' is not known: use one of {', '.join(get_args(Transform))}.")
