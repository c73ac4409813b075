"""Is a difference between two groups the same in every subgroup? The rows of a forest, with the P of interaction.

Significance in one subgroup and not in another is no evidence of a difference between them: the interaction is.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from analytics.plan import Comparison, Plan, Variable
from analytics.survival.contracts import Results, shaped
from analytics.survival.cox import cox
from analytics.survival.durations import durations
from analytics.survival.outcome import grouped, narrow, outcome
from analytics.survival.small_groups import rule
from analytics.survival.summary import ALL

QUESTION = "Is a difference between two groups the same in every subgroup?"

Row = dict[str, Any]


def run(cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan) -> Results:
    """subgroups: per comparison of two groups and end point, the whole and each level of the plan's subgroups.

    Hazard ratio of the first group against the second (Cox, unadjusted). interaction_*: likelihood ratio of the
    products of group and subgroup over their sum, the same in every row of a variable. A subgroup below the plan's
    no_p has no ratio; a variable that makes up the comparison, or is the same for all its patients, is left out.
    """
    rows = [
        row
        for comparison in plan.comparisons
        if len(comparison.levels) == 2
        for param in comparison.endpoints
        for row in _forest(cohort, adtte, plan, comparison, param)
    ]
    return {"subgroups": shaped("subgroups", pl.DataFrame(rows, infer_schema_length=None) if rows else None)}


def _forest(cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan, comparison: Comparison, param: str) -> list[Row]:
    within = narrow(narrow(cohort, plan.within), comparison.within)
    patients, _ = grouped(within, comparison.group, comparison.levels)
    data = outcome(patients, adtte, param).data
    key = {"analysis": comparison.id, "endpoint": param}
    rows = [key | {"variable": "", "subgroup": ALL} | _ratio(data, plan, comparison)]
    for variable in [plan.variable(name) for name in plan.subgroups]:
        if variable.column == comparison.group or variable.is_number:
            continue
        inside, _ = grouped(data.drop("level"), variable.column, variable.levels)
        both = inside.rename({"level": "subgroup"}).join(
            data.select("patient_id", "level"), on="patient_id", how="left", maintain_order="left"
        )
        if both["subgroup"].n_unique() < 2:
            continue
        interaction = _interaction(both, comparison, variable)
        for level in variable.levels:
            part = both.filter(pl.col("subgroup") == level.id)
            found = _ratio(part, plan, comparison)
            rows.append(key | {"variable": variable.id, "subgroup": level.id} | found | interaction)
    return rows


def _ratio(data: pl.DataFrame, plan: Plan, comparison: Comparison) -> Row:
    sizes = [data.filter(pl.col("level") == level.id).height for level in comparison.levels]
    counts = {"n": data.height, "events": int(data["is_event"].sum())}
    if rule(sizes, counts["events"], plan.small_groups) == "counts_only":
        return counts | {"reason": "too_few"}
    first = data.select(first=pl.col("level") == comparison.levels[0].id)
    fit = cox(durations(data["time_days"], data["is_event"]), first, confidence=plan.confidence)
    shown = fit.terms.select("hazard_ratio", "lower", "upper").row(0, named=True)
    return counts | shown | {"reason": fit.reason}


def _interaction(data: pl.DataFrame, comparison: Comparison, variable: Variable) -> Row:
    """Likelihood ratio of the model with products over the one without; null where either has no maximum."""
    from scipy.special import chdtrc

    first = pl.col("level") == comparison.levels[0].id
    present = [level.id for level in variable.levels if (data["subgroup"] == level.id).any()]
    parts = [(pl.col("subgroup") == level).alias(level) for level in present[:-1]]
    products = [(first & (pl.col("subgroup") == level)).alias(f"first:{level}") for level in present[:-1]]
    times = durations(data["time_days"], data["is_event"])
    without = cox(times, data.select(first.alias("first"), *parts)).log_likelihood
    with_products = cox(times, data.select(first.alias("first"), *parts, *products)).log_likelihood
    df = len(products)
    if without is None or with_products is None:
        return {"interaction_df": df}
    statistic = max(2 * (with_products - without), 0.0)
    p_value = float(chdtrc(df, statistic))
    return {"interaction_chi_square": statistic, "interaction_df": df, "interaction_p": p_value}
