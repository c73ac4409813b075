"""Corrections as data: what corrections.yaml changes in a centre's typed rows, and what became of each correction.

A correction says what the source said when it was agreed. While the source says that, it is applied; once the source
is mended or says a third thing it is not, and a finding asks for it to be removed or agreed anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from schemas.centre import Centre, ColumnReading, deliverable
from schemas.corrections import Correction
from warehouse.cells import Cell, Context, decoder
from warehouse.harmonise.normalise import key as look_up_key
from warehouse.named_sheet import FINDING
from warehouse.parse import plain

AGREED = "correction agreed"
APPLIED, MENDED = "applied", "mended"
OUTCOME = {
    "centre": pl.String, "table_name": pl.String, "patient_id": pl.String, "record_key": pl.String, "field": pl.String,
    "action_code": pl.String, "state": pl.String, "expected_text": pl.String, "sent_text": pl.String,
    "corrected_text": pl.String, "reason": pl.String, "query_id": pl.String, "agreed_by": pl.String,
    "agreed_on": pl.Date,
}  # fmt: skip
RULES = {"mended": "correction_mended"} | dict.fromkeys(("outdated", "unreadable", "unmatched"), "correction_outdated")
"""What a correction that is not applied is found by."""


def apply(
    centre: Centre, table: str, rows: pl.DataFrame, findings: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The table's rows and door findings with the corrections in them, the rows set aside, and every outcome.

    rows: staging columns, record_key, `_row`, `_line`; findings: FINDING; outcomes: OUTCOME.
    """
    outcomes: list[dict[str, Any]] = []
    aside = rows.clear()
    for item in (one for one in centre.corrections if one.match.table == table):
        record = rows.filter(pl.col("record_key") == item.match.record)
        if item.action == "set_aside":
            aside = pl.concat([aside, record])
            rows = rows.filter(pl.col("record_key") != item.match.record)
            state, sent = (APPLIED if record.height else "unmatched"), None
        else:
            state, sent, cell = _judged(centre, table, item, record, findings)
            if state == APPLIED:
                rows = _set(table, item, rows, cell)
                mine = pl.col("row_id").is_in(record["source_rows"].explode().implode())
                findings = findings.filter(~(mine & (pl.col("field") == item.match.field)).fill_null(False))
        outcomes.append(_outcome(centre, item, state, sent))
    return rows, findings, aside, pl.DataFrame(outcomes, schema=OUTCOME)


def findings_of(outcomes: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """A finding for every correction that is no longer what it was agreed for, at the record where there is one."""
    places = rows.select("record_key", row_id="_row", line="_line")
    told = (
        outcomes.filter(pl.col("state") != APPLIED)
        .with_columns(
            rule=pl.col("state").replace_strict(RULES, return_dtype=pl.String),
            field=pl.when(pl.col("field") != "").then("field"),
        )
        .join(places, on="record_key", how="left")
    )
    return told.select(
        (pl.col(name) if name in told.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in FINDING.items()
    )


def counts(outcomes: pl.DataFrame) -> dict[str, int]:
    """Rule -> how many corrections it judged: all of the table."""
    return dict.fromkeys(RULES.values(), outcomes.height)


def _judged(
    centre: Centre, table: str, item: Correction, record: pl.DataFrame, findings: pl.DataFrame
) -> tuple[str, str | None, Cell]:
    """What becomes of a correction of one cell, what the source says there now, and the cell it is set to."""
    decode = _decoder(centre, table, str(item.match.field))
    cell = decode(item.value) if item.value is not None else Cell()
    if not record.height:
        return "unmatched", None, cell
    sent = _sent(table, item, record, findings)
    if cell.fault:
        return "unreadable", sent, cell
    if _same(sent, item.expect, decode):
        return APPLIED, sent, cell
    return (MENDED if _same(sent, item.value, decode) else "outdated"), sent, cell


def _decoder(centre: Centre, table: str, field: str) -> Any:
    """How the registry itself writes: ISO dates, plain numbers, the words of its lists, the centre's missing words."""
    missing: Mapping[str, str] = {look_up_key(word): reason for word, reason in centre.missing.items()}
    context = Context({}, missing, centre.drawn_on, centre.decimal)
    return decoder(deliverable(table)[field], ColumnReading(value=""), context)


def _sent(table: str, item: Correction, record: pl.DataFrame, findings: pl.DataFrame) -> str | None:
    """What the source says in the cell: its text where that is kept or was found at fault, else the value read."""
    column = deliverable(table)[str(item.match.field)]
    mine = pl.col("row_id").is_in(record["source_rows"].explode().implode()) & (pl.col("field") == item.match.field)
    faulty = findings.filter(mine.fill_null(False))["raw_text"].drop_nulls()
    if faulty.len():
        return str(faulty[0])
    name = f"{column.name}_source" if column.dtype == pl.Date else column.name
    value = record[name][0]
    return None if value is None else str(value)


def _same(sent: str | None, told: str | None, decode: Any) -> bool:
    """Whether two texts say the same: word for word, or read as the same value."""
    one, other = plain(sent or ""), plain(told or "")
    if one == other or not one or not other:
        return one == other
    left, right = decode(one), decode(other)
    read = [(cell.value, cell.earliest, cell.latest) for cell in (left, right)]
    return not left.fault and not right.fault and read[0] == read[1] and any(part is not None for part in read[0])


def _set(table: str, item: Correction, rows: pl.DataFrame, cell: Cell) -> pl.DataFrame:
    """The rows with the cell's typed columns as the corrected text reads, and its reason of missing with them."""
    column = deliverable(table)[str(item.match.field)]
    given: dict[str, Any] = {column.name: cell.value}
    if column.dtype == pl.Date:
        given |= {
            f"{column.name}_{part}": getattr(cell, part) for part in ("source", "earliest", "latest", "precision")
        }
    here = pl.col("record_key") == item.match.record
    said = f"{item.match.field}={cell.reason}" if cell.reason else None
    others = pl.col("missing").list.eval(pl.element().filter(~pl.element().str.starts_with(f"{item.match.field}=")))
    missing = pl.concat_list(others, pl.lit([said] if said else [], dtype=pl.List(pl.String)))
    return rows.with_columns(
        *(
            pl.when(here).then(pl.lit(value, dtype=rows.schema[name])).otherwise(pl.col(name)).alias(name)
            for name, value in given.items()
        ),
        pl.when(here).then(missing).otherwise(pl.col("missing")).alias("missing"),
    )


def _outcome(centre: Centre, item: Correction, state: str, sent: str | None) -> dict[str, Any]:
    return {
        "centre": centre.code,
        "table_name": item.match.table,
        "patient_id": item.match.record.split("/")[0],
        "record_key": item.match.record,
        "field": item.match.field or "",
        "action_code": item.action,
        "state": state,
        "expected_text": item.expect,
        "sent_text": sent,
        "corrected_text": item.value,
        "reason": item.reason,
        "query_id": item.query,
        "agreed_by": item.agreement.by,
        "agreed_on": item.agreement.on,
    }


def agreed(database: Path, refresh: str, events: Iterable[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """The journal's events for the corrections that a refresh applies for the first time: ids and day, no value."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select centre, record_key, field, query_id, agreed_on from quality.correction where state = ? "
            "order by all",
            [APPLIED],
        ).fetchall()
    bodies = [
        {"centre": centre, "record": record, "field": field, "query": query, "agreed_on": day.isoformat()}
        for centre, record, field, query, day in rows
    ]
    known = [{name: event[name] for name in bodies[0]} for event in events if bodies and event["event"] == AGREED]
    return [(AGREED, {**body, "refresh": refresh}) for body in bodies if body not in known]
