"""Do the groups named in the plan differ, and by how much?"""

from __future__ import annotations

from typing import Any

import polars as pl

from analytics.plan import WINDOW_COLUMNS, Comparison, Plan
from analytics.survival.contracts import Results, shaped
from analytics.survival.cox import cox
from analytics.survival.durations import durations
from analytics.survival.estimates import reverse
from analytics.survival.outcome import Outcome, grouped, narrow, outcome
from analytics.survival.rank_tests import holm, log_rank, permutation_log_rank
from analytics.survival.small_groups import rule
from analytics.survival.summary import describe, gather, longest_days, tick_months

QUESTION = "Do the groups named in the plan differ, and by how much?"

_UNEQUAL_CENSORING = 0.05


def run(cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan) -> Results:
    """Every comparison of the plan for each of its end points.

    estimates, landmarks, curves, at_risk: per level. tests: one row per comparison, end point and starting
    day (0, and the end of the grace window where the grouping is read in it). hazard_ratios: each level but
    the last against the last. members: how many are in no level.
    """
    everybody = narrow(cohort, plan.within)
    results = gather(_compare(everybody, adtte, plan, comparison) for comparison in plan.comparisons)
    names = ("members", "estimates", "landmarks", "curves", "at_risk", "tests", "hazard_ratios")
    results = {name: results.get(name, shaped(name)) for name in names}
    return results | {"tests": _with_holm(results["tests"], plan)}


def _compare(everybody: pl.DataFrame, adtte: pl.DataFrame, plan: Plan, comparison: Comparison) -> Results:
    within = narrow(everybody, comparison.within)
    patients, n_ungrouped = grouped(within, comparison.group, comparison.levels)
    outcomes = [outcome(patients, adtte, param) for param in comparison.endpoints]
    ticks = tick_months(longest_days(outcomes))
    members = {"analysis": comparison.id, "n": patients.height, "n_ungrouped": n_ungrouped}
    parts: list[Results] = [{"members": shaped("members", pl.DataFrame([members]))}]
    for found in outcomes:
        for level in comparison.levels:
            of_level = outcome(patients.filter(pl.col("level") == level.id), adtte, found.param)
            part = describe(of_level, plan, comparison.id, level.id, ticks)
            part.pop("follow_up", None)  # the question of analyses/follow_up.py
            parts.append(part)
        parts.append(tested(found, plan, comparison, from_day=0))
        if comparison.group in WINDOW_COLUMNS and plan.grace_window_days:
            parts.append(tested(found, plan, comparison, from_day=plan.grace_window_days))
    return gather(parts)


def tested(found: Outcome, plan: Plan, comparison: Comparison, *, from_day: int = 0) -> Results:
    """Test and hazard ratios among those still event-free and followed after `from_day` (all of them for 0).

    found: patients with their `level`. Returns tests (one row) and hazard_ratios (each level but the last).
    """
    later = found.data if from_day == 0 else found.data.filter(pl.col("time_days") > from_day)
    key: dict[str, Any] = {"analysis": comparison.id, "endpoint": found.param, "from_day": from_day}
    sizes = [later.filter(pl.col("level") == level.id).height for level in comparison.levels]
    allowed = rule(sizes, int(later["is_event"].sum()), plan.small_groups)
    before = found.data.filter(pl.col("time_days") <= from_day) if from_day else found.data.clear()
    row = key | {
        "n": later.height,
        "events": int(later["is_event"].sum()),
        "events_before": int(before["is_event"].sum()),
        "censored_before": before.height - int(before["is_event"].sum()),
        "rule": allowed,
    }
    p_values = _p_values(later, plan, len(comparison.levels)) if allowed != "counts_only" else {}
    shown = {"full": "log_rank", "descriptive": "permutation", "counts_only": None}[allowed]
    if shown == "permutation" and len(comparison.levels) > 2:
        shown = "log_rank"
    row |= p_values | {"p_method": shown, "p_value": p_values.get(f"{shown}_p") if shown else None}
    return {
        "tests": shaped("tests", pl.DataFrame([row])),
        "hazard_ratios": _hazard_ratios(later, plan, comparison, key, evaluate=allowed != "counts_only"),
    }


def _p_values(later: pl.DataFrame, plan: Plan, n_levels: int) -> dict[str, Any]:
    """Both estimators, so that a switch from one to the other can be seen; better: the level below expectation."""
    data = durations(later["time_days"], later["is_event"])
    test = log_rank(data, later["level"])
    found: dict[str, Any] = {
        "chi_square": test.chi_square,
        "df": test.df,
        "log_rank_p": test.p_value,
        "reason": test.reason,
        "better": None,
    }
    if test.p_value is not None:
        found["better"] = test.groups.sort(pl.col("observed") / pl.col("expected"))["group"][0]
    if n_levels == 2:
        drawn = permutation_log_rank(
            data, later["level"], seed=plan.small_groups.seed, draws=plan.small_groups.permutation_draws
        )
        unequal = log_rank(reverse(data), later["level"]).p_value
        found |= {
            "permutation_p": drawn.p_value,
            "smallest_p": drawn.smallest_p_value,
            "arrangements": drawn.arrangements,
            "is_exact": drawn.is_exact,
            "seed": drawn.seed,
            "is_approximate": unequal is not None and unequal < _UNEQUAL_CENSORING,
        }
    return found


def _hazard_ratios(
    later: pl.DataFrame, plan: Plan, comparison: Comparison, key: dict[str, Any], *, evaluate: bool
) -> pl.DataFrame:
    reference = comparison.levels[-1].id
    others = [level.id for level in comparison.levels[:-1]]
    about = {**key, "reference": reference}
    if evaluate:
        design = later.select((pl.col("level") == level).alias(level) for level in others)
        fit = cox(durations(later["time_days"], later["is_event"]), design, confidence=plan.confidence)
        frame = fit.terms.rename({"term": "level"}).with_columns(reason=pl.lit(fit.reason, dtype=pl.String))
    else:
        counts = {"n": later.height, "events": int(later["is_event"].sum())}
        frame = pl.DataFrame([{"level": level, **counts, "reason": "too_few"} for level in others])
    return shaped("hazard_ratios", frame.with_columns(pl.lit(value).alias(name) for name, value in about.items()))


def _with_holm(tests: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Holm's P over the plan's one family: each shown P on day zero that a target has one for, or every one."""
    if plan.multiplicity.method == "none":
        return tests
    members = {
        (c.id, param)
        for c in plan.comparisons
        for param, target in c.endpoints.items()
        if target or plan.multiplicity.family == "all"
    }
    family = [
        i
        for i, row in enumerate(tests.iter_rows(named=True))
        if (row["analysis"], row["endpoint"]) in members and row["from_day"] == 0 and row["p_value"] is not None
    ]
    adjusted: list[float | None] = [None] * tests.height
    for i, p in zip(family, holm([float(tests["p_value"][i]) for i in family]), strict=True):
        adjusted[i] = p
    return tests.with_columns(holm_p=pl.Series(adjusted, dtype=pl.Float64))
