"""Shares with their intervals: how a centre stands, and whether one comparison group is asked more than another.

Every share has its counts, its unit and a Wilson interval. With a handful of centres a league table or a funnel would
mislead: centres are shown in their own order, none against a mean.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from analytics.quality import summaries, terms
from analytics.quality.inputs import held
from analytics.survival.proportions import proportion
from schemas.codelist import load

MEASURES: Mapping[str, str] = {
    "rows_loaded": "rows",
    "patients_sound": "patients",
    "mandatory_present": "values",
    "rules_sound": "rules",
    "terms_certain": "texts",
    "queries_in_time": "queries",
}
"""Measure of a scorecard -> the unit its counts are in."""

GROUPINGS = ("histology_group", "line_group", "regimen_group")
"""Columns of mart.cohort whose groups the analyses compare."""

Frames = Mapping[str, pl.DataFrame]


def scorecards(tables: Frames) -> pl.DataFrame:
    """measure, unit, centre, part, whole, estimate, lower, upper: one row per measure and centre, more being better.

    An interval takes the units for independent, so that for values and rows of the same patients it is too short.
    """
    centres = tables["meta.centre"].select("centre")
    parts = {
        "rows_loaded": _rows(tables),
        "patients_sound": _patients(tables),
        "mandatory_present": _mandatory(tables),
        "rules_sound": _rules(tables),
        "terms_certain": _terms(tables),
        "queries_in_time": _queries(tables),
    }
    order = pl.DataFrame({"measure": list(MEASURES), "unit": list(MEASURES.values())}).with_row_index("place")
    found = [
        centres.join(frame.select("centre", "part", "whole"), on="centre", how="left").with_columns(
            pl.col("part", "whole").fill_null(0).cast(pl.Int64), measure=pl.lit(name)
        )
        for name, frame in parts.items()
    ]
    joined = pl.concat(found).join(order, on="measure").sort("place", "centre")
    return with_interval(joined.select("measure", "unit", "centre", "part", "whole"))


def group_rates(tables: Frames) -> pl.DataFrame:
    """grouping, code, label_en, label_zh, part of whole, questions: how many of a group's cohort patients are asked.

    A question is a finding that goes to the centre. Groups asked more often end up with the better data, and a
    difference between groups may then be one of checking.
    """
    asked = tables["quality.finding"].filter(channel="query").drop_nulls("patient_id")
    counts = asked.group_by("patient_id").agg(questions=pl.len())
    people = (
        tables["mart.cohort"].join(counts, on="patient_id", how="left").with_columns(pl.col("questions").fill_null(0))
    )
    found = [
        people.group_by(code=pl.col(name).cast(pl.String))
        .agg(whole=pl.len(), part=(pl.col("questions") > 0).sum(), questions=pl.col("questions").sum())
        .sort("code", nulls_last=True)
        .select(pl.lit(name).alias("grouping"), "code", pl.col("part", "whole", "questions").cast(pl.Int64))
        for name in GROUPINGS
    ]
    return with_interval(pl.concat(found).join(_labels(), on=["grouping", "code"], how="left", maintain_order="left"))


def _labels() -> pl.DataFrame:
    """What the code lists call the groups; a grouping without a list keeps its codes."""
    lists = [(name, load(name).codes) for name in GROUPINGS if name != "line_group"]
    return pl.concat(
        codes.select(pl.lit(name).alias("grouping"), "code", "label_en", "label_zh") for name, codes in lists
    )


def with_interval(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with estimate, lower and upper (Wilson, 95 %) of `part` of `whole`; null where whole is zero."""
    intervals = [proportion(part, whole, method="wilson") for part, whole in frame.select("part", "whole").iter_rows()]
    ends = {
        name: pl.Series([getattr(one, name) for one in intervals], dtype=pl.Float64)
        for name in ("estimate", "lower", "upper")
    }
    return frame.with_columns(**ends)


def _rows(tables: Frames) -> pl.DataFrame:
    account = summaries.accounts(tables["quality.row_account"])
    return account.group_by("centre").agg(part=pl.col("loaded").sum(), whole=pl.col("in_scope").sum())


def _patients(tables: Frames) -> pl.DataFrame:
    at_fault = tables["quality.finding"].filter(severity="error").select("patient_id").drop_nulls().unique()
    people = tables["core.patient"].select("centre", "patient_id").unique()
    sound = people.join(at_fault.with_columns(is_at_fault=True), on="patient_id", how="left")
    return sound.group_by("centre").agg(part=pl.col("is_at_fault").is_null().sum(), whole=pl.len())


def _mandatory(tables: Frames) -> pl.DataFrame:
    filled = summaries.completeness(tables["quality.completeness"]).filter(importance="mandatory")
    return filled.group_by("centre").agg(part=pl.col("present").sum(), whole=pl.col("applicable").sum())


def _rules(tables: Frames) -> pl.DataFrame:
    """Rules that could judge something at the centre, and those of them that hold or are within what is tolerated."""
    judged = summaries.standing(tables["quality.check_result"], tables["quality.finding"], held(tables))
    evaluable = judged.filter(pl.col("status") != "not_evaluable")
    return evaluable.group_by("centre").agg(part=(pl.col("status") != "fault").sum(), whole=pl.len())


def _terms(tables: Frames) -> pl.DataFrame:
    term_map = tables["reference.term_map"]
    texts = term_map.group_by("centre").agg(whole=pl.len())
    open_ = terms.by_list(term_map, tables).group_by("centre").agg(open=(pl.col("unknown") + pl.col("doubtful")).sum())
    joined = texts.join(open_, on="centre", how="left").with_columns(pl.col("open").fill_null(0))
    return joined.with_columns(part=pl.col("whole").cast(pl.Int64) - pl.col("open").cast(pl.Int64))


def _queries(tables: Frames) -> pl.DataFrame:
    waiting = tables["quality.query"].filter(state="open")
    return waiting.group_by("centre").agg(part=(~pl.col("is_overdue").fill_null(False)).sum(), whole=pl.len())
