"""How long does the whole cohort live, and live without progression?"""

from __future__ import annotations

import polars as pl

from analytics.plan import END_POINTS, Plan
from analytics.survival.contracts import Results, shaped
from analytics.survival.outcome import narrow, outcome
from analytics.survival.summary import ALL, describe, gather, longest_days, tick_months

QUESTION = "How long do the patients live, and how long without progression?"
ANALYSIS = "overall"


def run(cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan) -> Results:
    """Every end point of the plan for the whole cohort: estimates, landmarks, curves, at_risk, endings.

    further: the estimates of the mart's other end points.
    """
    patients = narrow(cohort, plan.within)
    outcomes = [outcome(patients, adtte, endpoint.param) for endpoint in plan.endpoints]
    ticks = tick_months(longest_days(outcomes))
    parts = [describe(found, plan, ANALYSIS, ALL, ticks) for found in outcomes]
    for part in parts:
        part.pop("follow_up", None)  # the question of analyses/follow_up.py
    found = gather(parts) | {"endings": shaped("endings", endings(patients, adtte, plan))}
    return found | {"further": further(patients, adtte, plan)}


def further(patients: pl.DataFrame, adtte: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The mart's other end points, described as the plan's are in estimates."""
    own = [endpoint.param for endpoint in plan.endpoints]
    params = [param for param in END_POINTS if param not in own and param in set(adtte["PARAMCD"])]
    parts = [describe(outcome(patients, adtte, param), plan, ANALYSIS, ALL, [0])["estimates"] for param in params]
    return shaped("further", pl.concat(parts) if parts else None)


def endings(patients: pl.DataFrame, adtte: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """How each observation ended: endpoint, ending (event, censored, not_evaluable), reason, n."""
    rows = adtte.join(patients.select("patient_id"), on="patient_id", how="semi")
    ending = (
        pl.when(pl.col("AVAL").is_null())
        .then(pl.lit("not_evaluable"))
        .when(pl.col("CNSR") == 0)
        .then(pl.lit("event"))
        .otherwise(pl.lit("censored"))
    )
    told = pl.when(pl.col("CNSR") == 0).then("EVNTDESC").otherwise(pl.coalesce("CNSDTDSC", "EVNTDESC"))
    reason = pl.when(pl.col("AVAL").is_null()).then("NEREASON").otherwise(told).fill_null("not stated")
    counted = rows.group_by(pl.col("PARAMCD").alias("endpoint"), ending=ending, reason=reason).agg(
        n=pl.len().cast(pl.Int64)
    )
    order = {endpoint.param: i for i, endpoint in enumerate(plan.endpoints)}
    return counted.filter(pl.col("endpoint").is_in(list(order))).sort(
        pl.col("endpoint").replace_strict(order, default=None),
        pl.col("ending").replace_strict({"event": 0, "censored": 1, "not_evaluable": 2}),
        -pl.col("n"),
        "reason",
    )
