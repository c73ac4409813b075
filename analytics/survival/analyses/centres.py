"""Do the centres agree? Each comparison within each centre, pooled over them, and stratified by centre."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, log
from typing import Any

import polars as pl

from analytics.plan import Comparison, Plan
from analytics.survival.contracts import Results, shaped
from analytics.survival.cox import cox
from analytics.survival.durations import durations
from analytics.survival.estimates import reverse
from analytics.survival.outcome import grouped, narrow, outcome
from analytics.survival.pooling import pool
from analytics.survival.rank_tests import log_rank
from analytics.survival.small_groups import rule
from analytics.survival.summary import ALL

QUESTION = "Do the centres agree, and were their patients followed equally long?"

Row = dict[str, Any]


def run(cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan) -> Results:
    """centres: hazard ratio of the first of two groups against the second, by view.

    view: centre (within one), stratified (one ratio, a baseline hazard for each centre), random (pooled by restricted
    likelihood, interval of Hartung and Knapp, with the interval a further centre is expected in, tau2, I2 and
    Cochran's Q) and fixed. share: a centre's weight in the random view. Centres below the plan's no_p have no ratio.
    unequal_follow_up: log-rank test of the reversed Kaplan-Meier curves between centres, and between the groups of
    each comparison; n_censored are its events.
    """
    everybody = narrow(cohort, plan.within)
    rows: list[Row] = []
    unequal = [_follow_up(everybody, adtte, plan, "centre", pl.col("centre"))]
    for comparison in plan.comparisons:
        patients, _ = grouped(narrow(everybody, comparison.within), comparison.group, comparison.levels)
        unequal.append(_follow_up(patients, adtte, plan, comparison.id, pl.col("level")))
        if len(comparison.levels) == 2:
            for param in comparison.endpoints:
                data = outcome(patients, adtte, param).data
                key = {"analysis": comparison.id, "endpoint": param}
                rows += [key | row for row in _views(data, plan, comparison)]
    return {
        "centres": shaped("centres", pl.DataFrame(rows, infer_schema_length=None) if rows else None),
        "unequal_follow_up": shaped("unequal_follow_up", pl.DataFrame(unequal, infer_schema_length=None)),
    }


def _views(data: pl.DataFrame, plan: Plan, comparison: Comparison) -> Iterator[Row]:
    codes = sorted(data["centre"].unique())
    single = [_ratio(data.filter(pl.col("centre") == code), plan, comparison) for code in codes]
    logs = pl.Series([row["coef"] for row in single], dtype=pl.Float64)
    errors = pl.Series([row["std_err"] for row in single], dtype=pl.Float64)
    pooled_from = [row for row in single if row["coef"] is not None]
    counts = {name: sum(row[name] for row in pooled_from) for name in ("n", "events")}
    views = {
        "random": pool(pl.Series(codes, dtype=pl.String), logs, errors, confidence=plan.confidence),
        "fixed": pool(
            pl.Series(codes, dtype=pl.String),
            logs,
            errors,
            between="fixed",
            hartung_knapp=False,
            confidence=plan.confidence,
        ),
    }
    shares = dict(views["random"].centres.select("centre", "share").iter_rows())
    for code, row in zip(codes, single, strict=True):
        yield {"view": "centre", "centre": code, "share": shares.get(code)} | _without_log(row)
    yield {"view": "stratified", "centre": ALL} | _without_log(_ratio(data, plan, comparison, strata=data["centre"]))
    for view, pooled in views.items():
        pooled_row: Row = {"view": view, "centre": ALL, **counts, "reason": pooled.reason, "p_value": pooled.p_value}
        for name, value in (
            ("hazard_ratio", pooled.estimate),
            ("lower", pooled.lower),
            ("upper", pooled.upper),
            ("prediction_lower", pooled.prediction_lower),
            ("prediction_upper", pooled.prediction_upper),
        ):
            pooled_row[name] = _power(value)
        about = {"tau2": pooled.tau2, "i2": pooled.i2, "q": pooled.q, "q_df": pooled.q_df, "q_p": pooled.q_p}
        yield pooled_row | (about if view == "random" else {})


def _ratio(data: pl.DataFrame, plan: Plan, comparison: Comparison, strata: pl.Series | None = None) -> Row:
    sizes: Sequence[int] = [data.filter(pl.col("level") == level.id).height for level in comparison.levels]
    counts: Row = {"n": data.height, "events": int(data["is_event"].sum()), "coef": None, "std_err": None}
    if rule(sizes, counts["events"], plan.small_groups) == "counts_only":
        return counts | {"reason": "too_few"}
    first = data.select(first=pl.col("level") == comparison.levels[0].id)
    fit = cox(durations(data["time_days"], data["is_event"]), first, strata=strata, confidence=plan.confidence)
    names = ("coef", "std_err", "hazard_ratio", "lower", "upper", "p_value")
    return counts | fit.terms.select(names).row(0, named=True) | {"reason": fit.reason}


def _without_log(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("coef", "std_err")}


def _power(value: float | None) -> float | None:
    """A log hazard ratio as a ratio; null where it has no bound worth the name."""
    return None if value is None or abs(value) > log(1e6) else exp(value)


def _follow_up(patients: pl.DataFrame, adtte: pl.DataFrame, plan: Plan, analysis: str, by: pl.Expr) -> Row:
    data = outcome(patients, adtte, plan.follow_up).data
    if not data.height:
        return {"analysis": analysis, "n": 0, "reason": "no_patients"}
    test = log_rank(reverse(durations(data["time_days"], data["is_event"])), data.select(group=by)["group"])
    return {
        "analysis": analysis,
        "n": test.n,
        "n_censored": test.events,
        "chi_square": test.chi_square,
        "df": test.df,
        "p_value": test.p_value,
        "reason": test.reason,
    }
