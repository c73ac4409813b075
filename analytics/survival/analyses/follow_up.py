"""How long were the patients followed, and equally long in every group and centre?"""

from __future__ import annotations

import polars as pl

from analytics.plan import Plan
from analytics.survival.contracts import Results
from analytics.survival.outcome import grouped, narrow, outcome
from analytics.survival.summary import ALL, describe, gather

QUESTION = "How long were the patients followed, and equally long in every group and centre?"


def run(cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan) -> Results:
    """follow_up: reversed Kaplan-Meier medians overall, per centre and per group of each comparison.

    Columns: analysis (overall, centre or a comparison), endpoint, level, n, events, n_censored, median_days,
    median_lower_days, median_upper_days and the same in months.
    """
    everybody = narrow(cohort, plan.within)
    sets = [("overall", ALL, everybody)]
    by_centre = everybody.sort("centre").group_by("centre", maintain_order=True)
    sets += [("centre", str(code), patients) for (code,), patients in by_centre]
    for comparison in plan.comparisons:
        patients, _ = grouped(narrow(everybody, comparison.within), comparison.group, comparison.levels)
        sets += [(comparison.id, level.id, patients.filter(pl.col("level") == level.id)) for level in comparison.levels]
    parts = [
        describe(outcome(patients, adtte, plan.follow_up), plan, analysis, level, [0])
        for analysis, level, patients in sets
    ]
    return {"follow_up": gather(parts)["follow_up"]}
