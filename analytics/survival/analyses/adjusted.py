"""Does a difference between groups hold within strata, beside what else is known on day zero, and in time lived?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from analytics.plan import Comparison, Plan, Variable
from analytics.survival.contracts import Results, shaped
from analytics.survival.covariates import design_of
from analytics.survival.cox import cox
from analytics.survival.durations import DAYS_PER_MONTH, Durations, EstimateError, durations
from analytics.survival.estimates import kaplan_meier
from analytics.survival.outcome import Outcome, grouped, narrow, outcome
from analytics.survival.rank_tests import log_rank
from analytics.survival.restricted_mean import compare_restricted_means, restricted_mean
from analytics.survival.small_groups import rule
from analytics.survival.summary import ALL

QUESTION = "Do differences hold within strata, beside what else is known on day zero, and in time lived?"

Row = dict[str, Any]


def run(cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan) -> Results:
    """adjusted: per comparison and end point, the stratified log-rank P and hazard ratio, and the adjusted one.

    restricted_means: mean time up to each of the plan's horizons, overall and per group. mean_differences: of
    two groups. A comparison too small for a P has none here; one too small for the log-rank test is not adjusted.
    """
    everybody = narrow(cohort, plan.within)
    adjusted: list[Row] = []
    means: list[Row] = []
    differences: list[Row] = []
    for endpoint in plan.endpoints:
        found = outcome(everybody, adtte, endpoint.param)
        means += _means(found, "overall", ALL, plan)
    for comparison in plan.comparisons:
        within = narrow(everybody, comparison.within)
        patients, _ = grouped(within, comparison.group, comparison.levels)
        for param in comparison.endpoints:
            found = outcome(patients, adtte, param)
            sizes = [found.data.filter(pl.col("level") == level.id).height for level in comparison.levels]
            allowed = rule(sizes, int(found.data["is_event"].sum()), plan.small_groups)
            adjusted += _adjusted(found, plan, comparison, within, allowed)
            for level in comparison.levels:
                of_level = outcome(patients.filter(pl.col("level") == level.id), adtte, param)
                means += _means(of_level, comparison.id, level.id, plan)
            if len(comparison.levels) == 2 and allowed != "counts_only":
                differences += _differences(found, plan, comparison)
    return {
        name: shaped(name, pl.DataFrame(rows, infer_schema_length=None) if rows else None)
        for name, rows in {"adjusted": adjusted, "restricted_means": means, "mean_differences": differences}.items()
    }


def beside(comparison: Comparison, within: pl.DataFrame, plan: Plan) -> list[Variable]:
    """The covariates of a comparison: those of the multivariable model that its patients do not share or make up."""
    return [
        variable
        for variable in plan.together()
        if variable.column != comparison.group and within[variable.column].drop_nulls().n_unique() > 1
    ]


def _adjusted(found: Outcome, plan: Plan, comparison: Comparison, within: pl.DataFrame, allowed: str) -> Iterator[Row]:
    patients = found.data
    others, reference = [level.id for level in comparison.levels[:-1]], comparison.levels[-1].id
    counts = {"n": patients.height, "events": int(patients["is_event"].sum())}
    about: Row = {"analysis": comparison.id, "endpoint": found.param, "reference": reference}
    covariates = beside(comparison, within, plan)
    models = {"stratified": plan.strata, "adjusted": [variable.id for variable in covariates]}
    for model, given in models.items():
        if not given:
            continue
        key = about | {"model": model, "beside": given}
        if allowed == "counts_only" or (model == "adjusted" and allowed != "full"):
            yield from (key | counts | {"level": level, "reason": "too_few"} for level in others)
            continue
        data = durations(patients["time_days"], patients["is_event"])
        design = patients.select((pl.col("level") == level).cast(pl.Float64).alias(level) for level in others)
        if model == "stratified":
            label = patients.select(
                pl.concat_str([pl.col(c).cast(pl.String).fill_null("") for c in given], separator="|")
            )
            strata = label.to_series()
            fit = cox(data, design, strata=strata, confidence=plan.confidence)
            test = log_rank(data, patients["level"], strata=strata)
            key |= {"chi_square": test.chi_square, "df": test.df, "log_rank_p": test.p_value}
        else:
            fit = cox(data, design.hstack(design_of(patients, covariates)), confidence=plan.confidence)
        for level in others:
            row = fit.terms.filter(pl.col("term") == level).drop("term").row(0, named=True)
            yield key | row | {"level": level, "n_incomplete": fit.n_incomplete, "reason": fit.reason}


def _means(found: Outcome, analysis: str, level: str, plan: Plan) -> Iterator[Row]:
    data = found.durations()
    for months in plan.rmst_months:
        row: Row = {"analysis": analysis, "endpoint": found.param, "level": level, "tau_months": months}
        row |= {"n": found.data.height, "events": int(found.data["is_event"].sum())}
        yield row | _mean(data, months, plan.confidence)


def _mean(data: Durations | None, months: float, confidence: float) -> Row:
    from scipy.special import ndtri

    if data is None:
        return {"reason": "nobody_evaluable"}
    try:
        mean, std_err = restricted_mean(kaplan_meier(data), months * DAYS_PER_MONTH)
    except EstimateError:
        return {"reason": "beyond_follow_up"}
    half = float(ndtri(0.5 + confidence / 2)) * std_err
    return {"mean_days": mean, "std_err_days": std_err, "lower_days": mean - half, "upper_days": mean + half}


def _differences(found: Outcome, plan: Plan, comparison: Comparison) -> Iterator[Row]:
    first, second = (level.id for level in comparison.levels)
    parts = [found.data.filter(pl.col("level") == level) for level in (first, second)]
    one, two = (durations(part["time_days"], part["is_event"]) for part in parts)
    for months in plan.rmst_months:
        row: Row = {"analysis": comparison.id, "endpoint": found.param, "level": first, "reference": second}
        row["tau_months"] = months
        try:
            made = compare_restricted_means(
                one, two, months * DAYS_PER_MONTH, names=(first, second), confidence=plan.confidence
            )
        except EstimateError:
            yield row | {"reason": "beyond_follow_up"}
            continue
        contrast = made.contrasts.row(by_predicate=pl.col("contrast") == "difference", named=True)
        yield row | {
            "difference_days": contrast["estimate"],
            "lower_days": contrast["lower"],
            "upper_days": contrast["upper"],
            "p_value": contrast["p_value"],
        }
