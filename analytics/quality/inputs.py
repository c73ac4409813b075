"""What the validation report reads: published tables by name, and the facts of the refresh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from schemas.canonical import CORE, columns
from schemas.thresholds import THRESHOLD

CODED: Mapping[str, tuple[tuple[str, str], ...]] = {
    code_list: tuple(
        (table, column.name)
        for table, model in CORE.items()
        for column in columns(model)
        if column.role == "delivered" and column.code_list == code_list
    )
    for code_list in sorted(
        {column.code_list for model in CORE.values() for column in columns(model) if column.code_list}
    )
}
"""Code list -> the (core table, column) pairs whose text it codes."""

_PATIENT = ("centre", "patient_id")
_TEXTS = {
    table: tuple(sorted({column for pairs in CODED.values() for name, column in pairs if name == table}))
    for table in CORE
}

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "meta.centre": (*("centre", "title_en", "title_zh", "language", "state", "reason", "export_hash", "cut_off_on"),),
    "meta.delivery_file": ("centre", "file", "sha256", "bytes"),
    **{f"core.{table}": (*_PATIENT, *texts) for table, texts in _TEXTS.items() if texts},
    "core.patient": (*_PATIENT, "link_token", *_TEXTS["patient"]),
    "mart.cohort": (
        *(*_PATIENT, "line_basis_code", "line_stated_min", "line_stated_max", "line_derived"),
        *("line_group_stated", "line_group_derived", "line_group", "histology_group", "regimen_group"),
    ),
    "mart.line_sensitivity": ("gap_days", "window_days", "is_registry", "n", "n_line_changed", "n_split_changed"),
    "mart.exclusion": (*_PATIENT, "first_reason_code", "all_reason_codes"),
    "quality.row_account": (
        *("centre", "table_name", "delivered", "loaded", "quarantined", "duplicate", "superseded"),
        *("out_of_scope", "retracted"),
    ),
    "quality.finding": (
        *("finding_id", "rule", "severity", "action", "channel", "kahn_category", "centre", "table_name"),
        *("patient_id", "record_key", "field", "row_id", "file", "sheet", "line", "source_column"),
        *("raw_text", "measure"),
    ),
    "quality.check_result": ("rule", "centre", "table_name", "judged", "faults", "status"),
    "quality.completeness": (
        *("centre", "table_name", "field", "importance", "judged"),
        *("present", "unknown", "not_done", "not_applicable", "not_delivered"),
    ),
    "quality.query": (
        *("query_id", "centre", "patient_id", "rule", "table_name", "field", "is_critical", "state", "batch"),
        *("issued_on", "due_on", "age_days", "is_overdue", "answered_on", "times_reopened", "close_reason_code"),
    ),
    "quality.link": (*_PATIENT, "other_patient_id", "other_centre", "band", "kind", "decision"),
    "quality.link_conflict": ("patient_id", "other_patient_id", "conflict_code", "table_name", "field"),
    "quality.expectation": ("subject", "expectation", "sentence_en", "sentence_zh", "success", "observed"),
    "reference.rule": (
        *("rule", "sentence_en", "sentence_zh", "severity", "action", "channel", "kahn_category", "scope"),
        *("advice_en", "advice_zh", "source"),
    ),
    "reference.criterion": ("code", "position", "sentence_en", "sentence_zh"),
    "reference.term_map": ("list", "centre", "text", "code", "rule", "needs_query", "reason", "candidates"),
}
"""Table -> the columns of it that the report reads; the caller reads just these, one frame a table."""


THRESHOLDS = "thresholds"
"""Beside the published tables: what is tolerated today (schemas.thresholds.THRESHOLD)."""


@dataclass(frozen=True)
class Facts:
    """The refresh whose report this is. title: the registry's name by language; as_of in UTC.

    is_published: False when the gate refused the whole, so that the last published file stands.
    """

    refresh_id: str
    as_of: datetime
    title: Mapping[str, str]
    is_synthetic: bool
    code_version: str
    is_published: bool = True


def facts_of(refresh: pl.DataFrame, *, is_published: bool = True) -> Facts:
    """The facts from the one row of meta.refresh."""
    row = refresh.row(0, named=True)
    return Facts(
        refresh_id=row["refresh_id"],
        as_of=row["as_of"],
        title={"en": row["title_en"], "zh": row["title_zh"]},
        is_synthetic=bool(row["is_synthetic"]),
        code_version=row["code_version"],
        is_published=is_published,
    )


def checked(frames: Mapping[str, pl.DataFrame], thresholds: pl.DataFrame | None = None) -> dict[str, pl.DataFrame]:
    """The frames with just the columns of COLUMNS, and THRESHOLDS if given. ValueError names what is absent."""
    absent = sorted(COLUMNS.keys() - frames.keys())
    if absent:
        raise ValueError(f"the validation report also needs {', '.join(absent)}")
    for table, names in COLUMNS.items():
        lacking = [name for name in names if name not in frames[table].columns]
        if lacking:
            raise ValueError(f"{table} lacks {', '.join(lacking)}, which the validation report needs")
    read = {table: frames[table].select(names) for table, names in COLUMNS.items()}
    return read if thresholds is None else {**read, THRESHOLDS: thresholds}


def held(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What is tolerated; nothing where that is not said."""
    return frames.get(THRESHOLDS, pl.DataFrame(schema=THRESHOLD))


def of_centre(frames: Mapping[str, pl.DataFrame], centre: str) -> dict[str, pl.DataFrame]:
    """The same tables with the rows of one centre alone; what is of none stays whole, pairs of two fall out."""
    own = {}
    for table, frame in frames.items():
        if table.startswith("quality.link"):
            own[table] = frame.clear()
            continue
        name = "subject" if table == "quality.expectation" else "centre"
        is_own = pl.col(name) == centre
        if table == THRESHOLDS:
            is_own |= pl.col(name).is_null()
        own[table] = frame.filter(is_own) if name in frame.columns else frame
    return own
