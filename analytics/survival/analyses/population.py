"""Who was delivered, who was left out and why, and how do the groups overlap?"""

from __future__ import annotations

import polars as pl

from analytics.plan import Plan
from analytics.survival.contracts import Results, shaped
from analytics.survival.outcome import grouped, narrow
from analytics.survival.summary import ALL

QUESTION = "Who was delivered, who was left out and why, and how do the groups overlap?"


def attrition(cohort: pl.DataFrame, exclusion: pl.DataFrame, criterion: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """From every delivered patient to the cohort, step by step in the registry's order of criteria.

    Columns: step, code ('delivered', each criterion, 'cohort', and 'plan' where it narrows), n_excluded (first
    reason), n_remaining, n_all (everybody to whom the criterion applies, whatever came first).
    """
    first = dict(exclusion.group_by("first_reason_code").agg(pl.len()).iter_rows())
    every = dict(exclusion.explode("all_reason_codes").group_by("all_reason_codes").agg(pl.len()).iter_rows())
    order = criterion.sort("position")["code"].to_list()
    codes = order + sorted(set(first) - set(order))
    remaining = cohort.height + exclusion.height
    rows: list[dict[str, object]] = [{"code": "delivered", "n_remaining": remaining}]
    for code in codes:
        remaining -= first.get(code, 0)
        rows.append(
            {"code": code, "n_excluded": first.get(code, 0), "n_remaining": remaining, "n_all": every.get(code, 0)}
        )
    rows.append({"code": "cohort", "n_remaining": cohort.height})
    if plan.within:
        kept = narrow(cohort, plan.within).height
        rows.append({"code": "plan", "n_excluded": cohort.height - kept, "n_remaining": kept})
    steps = [row | {"step": step} for step, row in enumerate(rows)]
    return shaped("attrition", pl.DataFrame(steps, infer_schema_length=None))


def run(cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan) -> Results:
    """group_sizes: analysis, level, variable, value ('' unknown), n; the plan's variables and calendar_year."""
    everybody = narrow(cohort, plan.within).with_columns(calendar_year=pl.col("index_on").dt.year())
    sets = [("overall", ALL, everybody)]
    for comparison in plan.comparisons:
        patients, _ = grouped(narrow(everybody, comparison.within), comparison.group, comparison.levels)
        sets += [(comparison.id, level.id, patients.filter(pl.col("level") == level.id)) for level in comparison.levels]
    tables = [
        patients.group_by(pl.col(variable).cast(pl.String).fill_null("").alias("value"))
        .agg(n=pl.len().cast(pl.Int64))
        .sort("value")
        .select(analysis=pl.lit(analysis), level=pl.lit(level), variable=pl.lit(variable), value="value", n="n")
        for analysis, level, patients in sets
        for variable in [*plan.cross_tabulate, "calendar_year"]
    ]
    return {"group_sizes": shaped("group_sizes", pl.concat(tables))}
