"""Does the pipeline read back what the published study reports?"""

from __future__ import annotations

from typing import Any

import polars as pl

from analytics.plan import Plan
from analytics.survival.contracts import Results, shaped
from analytics.survival.summary import ALL

QUESTION = "Does the pipeline read back what the published study reports?"


def run(results: Results, plan: Plan) -> Results:
    """targets: what the plan expects beside what came out; is_met is null where it is not evaluable.

    quantity: n, median_follow_up_months, median_months, comparison. A comparison is met if the named group
    does better and the log-rank P (the published test) lies in [target_p_min, target_p_max).
    """
    rows: list[dict[str, Any]] = []
    everybody = results["estimates"].filter(pl.col("analysis") == "overall")
    followed = results["follow_up"].filter((pl.col("analysis") == "overall") & (pl.col("level") == ALL))
    if plan.targets.n is not None:
        n = int(everybody["n"][0] + everybody["n_not_evaluable"][0])
        rows.append(_number("n", None, float(plan.targets.n), 0.0, float(n)))
    if plan.targets.median_follow_up_months is not None:
        target = plan.targets.median_follow_up_months
        value = followed["median_months"][0]
        rows.append(_number("median_follow_up_months", plan.follow_up, target.value, target.tolerance, value))
    for param, target in plan.targets.median_months.items():
        value = everybody.filter(pl.col("endpoint") == param)["median_months"][0]
        rows.append(_number("median_months", param, target.value, target.tolerance, value))
    tests = {
        (row["analysis"], row["endpoint"]): row
        for row in results["tests"].iter_rows(named=True)
        if row["from_day"] == 0
    }
    for comparison in plan.comparisons:
        for param, direction in comparison.endpoints.items():
            if direction is None:
                continue
            test = tests[comparison.id, param]
            p_value, better = test["log_rank_p"], test["better"]
            is_met = None
            if p_value is not None:
                is_met = better == direction.better and direction.p_min <= p_value < direction.p_max
            rows.append(
                {
                    "quantity": "comparison",
                    "analysis": comparison.id,
                    "endpoint": param,
                    "target_better": direction.better,
                    "pipeline_better": better,
                    "target_p": direction.published_p,
                    "target_p_min": direction.p_min,
                    "target_p_max": direction.p_max,
                    "pipeline_p": p_value,
                    "is_met": is_met,
                }
            )
    return {"targets": shaped("targets", pl.DataFrame(rows, infer_schema_length=None))}


def _number(
    quantity: str, endpoint: str | None, target: float, tolerance: float, value: float | None
) -> dict[str, Any]:
    return {
        "quantity": quantity,
        "analysis": "overall",
        "endpoint": endpoint,
        "target_value": target,
        "tolerance": tolerance,
        "pipeline_value": value,
        "is_met": None if value is None else abs(value - target) <= tolerance,
    }
