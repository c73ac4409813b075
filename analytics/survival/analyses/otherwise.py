"""Does another program give the same numbers, and what if hazards are not proportional? Both by lifelines."""

from __future__ import annotations

from typing import Any

import polars as pl

from analytics.plan import Comparison, Plan
from analytics.survival.accelerated import time_ratios
from analytics.survival.contracts import Results, shaped
from analytics.survival.outcome import Outcome, grouped, narrow, outcome
from analytics.survival.second_opinion import second_opinion
from analytics.survival.small_groups import rule
from analytics.survival.summary import gather

QUESTION = "Does another program give the same numbers, and what if hazards are not proportional?"


def run(cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan) -> Results:
    """second_opinion: ours and lifelines' numbers of the whole and of each comparison, per end point.

    time_ratios: each level but the last against the last, by Weibull and log-normal models. Where a comparison is too
    small for a test there is no row.
    """
    everybody = narrow(cohort, plan.within).sort("patient_id")  # lifelines adds up in the order of rows
    parts: list[Results] = []
    for endpoint in plan.endpoints:
        found = outcome(everybody, adtte, endpoint.param)
        if (data := found.durations()) is not None:
            parts.append(_told("second_opinion", second_opinion(data), "overall", endpoint.param))
    for comparison in plan.comparisons:
        patients, _ = grouped(narrow(everybody, comparison.within), comparison.group, comparison.levels)
        for param in comparison.endpoints:
            parts += _compared(outcome(patients, adtte, param), plan, comparison)
    return {"second_opinion": shaped("second_opinion"), "time_ratios": shaped("time_ratios")} | gather(parts)


def _compared(found: Outcome, plan: Plan, comparison: Comparison) -> list[Results]:
    sizes = [found.data.filter(pl.col("level") == level.id).height for level in comparison.levels]
    events = int(found.data["is_event"].sum())
    data = found.durations()
    if data is None or rule(sizes, events, plan.small_groups) == "counts_only":
        return []
    reference = comparison.levels[-1].id
    indicators = found.data.select(
        (pl.col("level") == level.id).cast(pl.Int64).alias(level.id) for level in comparison.levels[:-1]
    )
    opinion = second_opinion(data, group=found.data["level"], covariates=indicators, confidence=plan.confidence)
    parts = [_told("second_opinion", opinion, comparison.id, found.param)]
    for distribution in ("weibull", "lognormal"):
        ratios = time_ratios(data, indicators, distribution=distribution, confidence=plan.confidence)
        named = ratios.rename({"term": "level"}).with_columns(reference=pl.lit(reference)).drop("log_likelihood")
        parts.append(_told("time_ratios", named, comparison.id, found.param))
    return parts


def _told(name: str, frame: pl.DataFrame, analysis: str, param: str) -> dict[str, pl.DataFrame]:
    key: dict[str, Any] = {"analysis": analysis, "endpoint": param}
    return {name: shaped(name, frame.with_columns(pl.lit(value).alias(column) for column, value in key.items()))}
