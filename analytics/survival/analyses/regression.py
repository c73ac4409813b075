"""What of day zero goes with the outcome, each alone and all together, and are the hazards proportional?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from analytics.plan import Plan, Variable
from analytics.survival.contracts import Results, shaped
from analytics.survival.covariates import design_of, terms_of
from analytics.survival.cox import cox
from analytics.survival.durations import durations
from analytics.survival.firth import firth
from analytics.survival.outcome import Outcome, narrow, outcome
from analytics.survival.ph_test import GLOBAL, ph_test

QUESTION = "What of day zero goes with the outcome, each alone and all together?"


def run(cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan) -> Results:
    """regression: every covariate alone (univariable) and the plan's together (multivariable), per end point.

    proportional_hazards: the test of each variable, and of all (GLOBAL), of the same models. Where the likelihood
    has no maximum the row's estimator is firth (penalised, Breslow ties), with the reason beside it. Fewer events
    than small_groups.no_p: no estimate.
    """
    everybody = narrow(cohort, plan.within)
    models: list[tuple[str, Sequence[Variable]]] = [("univariable", [plan.variable(n)]) for n in plan.covariates]
    if plan.together():
        models.append(("multivariable", plan.together()))
    rows: list[dict[str, Any]] = []
    tests: list[pl.DataFrame] = []
    for endpoint in plan.endpoints if models else []:
        found = outcome(everybody, adtte, endpoint.param)
        for model, variables in models:
            fitted, tested = _fit(found, plan, variables)
            key = {"endpoint": endpoint.param, "model": model}
            rows += [key | row for row in fitted]
            tests.append(tested.with_columns(pl.lit(value).alias(name) for name, value in key.items()))
    return {
        "regression": shaped("regression", pl.DataFrame(rows, infer_schema_length=None) if rows else None),
        "proportional_hazards": shaped("proportional_hazards", pl.concat(tests) if tests else None),
    }


def _fit(found: Outcome, plan: Plan, variables: Sequence[Variable]) -> tuple[list[dict[str, Any]], pl.DataFrame]:
    terms = terms_of(variables)
    about = [
        {"variable": term.variable.id, "level": term.level, "reference": term.reference, "per": term.variable.per}
        for term in terms
    ]
    events = int(found.data["is_event"].sum())
    if events < plan.small_groups.no_p.events:
        counts = {"n": found.data.height, "events": events, "reason": "too_few"}
        return [row | counts for row in about], pl.DataFrame(schema=_TESTED)
    data, design = durations(found.data["time_days"], found.data["is_event"]), design_of(found.data, variables)
    fit = cox(data, design, confidence=plan.confidence)
    shown, estimator = fit.terms, "cox"
    if fit.reason == "monotone_likelihood":
        shown, estimator = firth(data, design, confidence=plan.confidence).terms, "firth"
    names = ("coef", "std_err", "hazard_ratio", "lower", "upper", "p_value")
    values = {row["term"]: {name: row[name] for name in names} for row in shown.iter_rows(named=True)}
    fixed = {"n": fit.n, "events": fit.events, "n_incomplete": fit.n_incomplete, "estimator": estimator}
    rows = [row | fixed | values[term.name] | {"reason": fit.reason} for row, term in zip(about, terms, strict=True)]
    columns = {v.id: [term.name for term in terms if term.variable.id == v.id] for v in variables}
    tested = ph_test(fit, terms=columns)
    if len(variables) == 1:
        tested = tested.filter(pl.col("term") != GLOBAL)
    return rows, tested.select(*_TESTED)


_TESTED = {
    "term": pl.String,
    "n": pl.Int64,
    "events": pl.Int64,
    "chi_square": pl.Float64,
    "df": pl.Int64,
    "p_value": pl.Float64,
    "reason": pl.String,
}
