"""Would another choice have led to another answer? The comparisons again under each choice the plan names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from analytics.plan import WINDOW_COLUMNS, Comparison, Plan
from analytics.survival.analyses.comparisons import tested
from analytics.survival.contracts import Results, shaped
from analytics.survival.outcome import grouped, narrow, outcome

QUESTION = "Would another choice have led to another answer?"

MAIN = "main"
"""The variant that is the plan itself; its row stands before those it is compared with."""

BISPECIFIC_CLASSES = ("PD-1/VEGF",)
"""Classes of drug_class that are a combination by themselves, with a sensitivity (survival.md, Groups)."""

_PARTNERS = ("cytotoxic", "antiangiogenic")
_DISCHARGE = {"OS": "OSDISCH"}

Change = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class Variant:
    """One other choice. cohort, adtte: what it makes of the frames; param: the end point in another's stead.

    touches: the columns it changes: a comparison that uses none of them is left out (None: all are touched).
    only: end points it concerns (None: all). reason: why it cannot be done, then nothing is computed.
    """

    name: str
    setting: str = ""
    cohort: Change | None = None
    adtte: Change | None = None
    param: str | None = None
    from_day: int = 0
    touches: frozenset[str] | None = None
    only: str | None = None
    reason: str | None = None


def run(cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan, exposure: pl.DataFrame | None = None) -> Results:
    """sensitivity: a row per comparison, end point, variant and level, the plan itself (main) first.

    exposure: mart.exposure, for the choices about combinations. Whoever is not evaluable, or in no group, under a
    choice is left out under it, so n and events stand in every row. reason says why there is no number.
    """
    variants = [Variant(MAIN), *_variants(cohort, adtte, plan, exposure)]
    rows = [
        row
        for comparison in plan.comparisons
        for param in comparison.endpoints
        for variant in variants
        if _concerns(variant, comparison, param)
        for row in _rows(cohort, adtte, plan, comparison, param, variant)
    ]
    return {"sensitivity": shaped("sensitivity", pl.DataFrame(rows, infer_schema_length=None))}


def _variants(
    cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan, exposure: pl.DataFrame | None
) -> Iterator[Variant]:
    chosen = plan.sensitivity
    known = set(adtte["PARAMCD"])
    for param, others in chosen.rule_sets.items():
        for other in others:
            reason = None if other in known else "not_in_registry"
            yield Variant("rule_set", other, param=other, only=param, reason=reason)
    for end in chosen.partial_dates:
        columns = ("ADTEARLY", "CNSREARLY") if end == "earliest" else ("ADTLATE", "CNSRLATE")
        reason = None if set(columns) <= set(adtte.columns) else "not_in_registry"
        yield Variant("partial_dates", end, adtte=_bound(*columns), reason=reason)
    if chosen.leave_one_centre_out:
        for centre in sorted(cohort["centre"].unique()):
            yield Variant("without_centre", centre, cohort=_without(centre))
    for basis in chosen.line_definition:
        column = f"line_group_{basis}"
        reason = None if column in cohort.columns else "not_in_registry"
        change = _instead("line_group", column)
        yield Variant("line_definition", basis, cohort=change, touches=frozenset({"line_group"}), reason=reason)
    if (days := chosen.index_line_days) is not None:
        yield Variant("index_line", f"{days}", cohort=_started_within(days))
    if (day := chosen.landmark_day) is not None:
        yield Variant("landmark", f"{day}", from_day=day)
    if (days := chosen.combination_window_days) is not None:
        yield _regimen("combination_window", f"{days}", exposure, days, with_bispecific=True)
    if chosen.bispecific_alone:
        yield _regimen("bispecific_alone", "", exposure, plan.grace_window_days, with_bispecific=False)
    if (days := chosen.discharge_is_death_after_days) is not None:
        for param, other in _DISCHARGE.items():
            reason = None if other in known else "not_in_registry"
            yield Variant("discharge", f"{days}", param=other, only=param, reason=reason)


def _concerns(variant: Variant, comparison: Comparison, param: str) -> bool:
    used = {comparison.group, *comparison.within}
    return (variant.only in (None, param)) and (variant.touches is None or bool(variant.touches & used))


def _rows(
    cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan, comparison: Comparison, param: str, variant: Variant
) -> Iterator[dict[str, Any]]:
    key = {"analysis": comparison.id, "endpoint": param, "variant": variant.name, "setting": variant.setting}
    if variant.reason is not None:
        yield key | {"reason": variant.reason}
        return
    everybody = narrow(variant.cohort(cohort) if variant.cohort else cohort, plan.within)
    patients, _ = grouped(narrow(everybody, comparison.within), comparison.group, comparison.levels)
    rows = variant.adtte(adtte) if variant.adtte else adtte
    found = outcome(patients, rows, variant.param or param)
    done = tested(found, plan, comparison, from_day=variant.from_day)
    test = done["tests"].row(0, named=True)
    shared = {name: test[name] for name in ("rule", "p_method", "p_value", "log_rank_p")}
    numbers = ("level", "reference", "n", "events", "hazard_ratio", "lower", "upper", "reason")
    for ratio in done["hazard_ratios"].iter_rows(named=True):
        yield key | shared | {name: ratio[name] for name in numbers}


def _bound(date: str, censor: str) -> Change:
    """Times and events as if every date known in part lay at that end of its bounds."""

    def change(adtte: pl.DataFrame) -> pl.DataFrame:
        known = pl.col("AVAL").is_not_null() & pl.col(date).is_not_null()
        # AVAL keeps its own convention (with or without the first day): the shift is what moves.
        shift = (pl.col(date) - pl.col("ADT")).dt.total_days()
        moved = pl.max_horizontal(pl.col("AVAL") + shift, pl.lit(0))
        return adtte.with_columns(
            AVAL=pl.when(known).then(moved).otherwise(pl.col("AVAL")),
            CNSR=pl.when(known).then(pl.coalesce(censor, "CNSR")).otherwise(pl.col("CNSR")),
        )

    return change


def _without(centre: str) -> Change:
    return lambda cohort: cohort.filter(pl.col("centre") != centre)


def _instead(column: str, other: str) -> Change:
    return lambda cohort: cohort.with_columns(pl.col(other).alias(column))


def _started_within(days: int) -> Change:
    return lambda cohort: cohort.filter(pl.col("line_start_to_io_days").is_between(0, days))


def _regimen(
    name: str, setting: str, exposure: pl.DataFrame | None, window_days: int, *, with_bispecific: bool
) -> Variant:
    """Groups by regimen once more from the drugs given at time zero or started within a window of days."""

    if exposure is None:
        return Variant(name, setting, touches=WINDOW_COLUMNS, reason="not_in_registry")

    def change(cohort: pl.DataFrame) -> pl.DataFrame:
        partner = ~pl.col("is_checkpoint_inhibitor") & pl.col("component_code").is_in(_PARTNERS)
        # A start known in part is as the registry read it.
        in_window = pl.col("is_at_time_zero") & (pl.col("start_day").fill_null(0) <= window_days)
        given = exposure.filter(partner & in_window).group_by("patient_id").agg(pl.col("component_code").unique())
        both = cohort.join(given, on="patient_id", how="left", maintain_order="left")
        has = {part: pl.col("component_code").list.contains(part).fill_null(False) for part in _PARTNERS}
        if with_bispecific:
            has["antiangiogenic"] |= pl.col("index_class_code").is_in(BISPECIFIC_CLASSES).fill_null(False)
        regimen = (
            pl.when(has["cytotoxic"] & has["antiangiogenic"])
            .then(pl.lit("io_both"))
            .when(has["cytotoxic"])
            .then(pl.lit("io_cytotoxic"))
            .when(has["antiangiogenic"])
            .then(pl.lit("io_antiangiogenic"))
            .otherwise(pl.lit("io_alone"))
        )
        is_combination = has["cytotoxic"] | has["antiangiogenic"]
        return both.with_columns(regimen_group=regimen, is_combination=is_combination).drop("component_code")

    return Variant(name, setting, cohort=change, touches=WINDOW_COLUMNS)
