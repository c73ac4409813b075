"""One centre's export as typed rows: both doors, keys, duplicates, orphans, and an account of every row.

The result is a folder of Parquet files named by everything it depends on, so that an unchanged export is not read
again: a table each, finding, row_account, check_result, column_mapping, delivery_file, export.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from schemas.canonical import CORE, staging_columns
from schemas.canonical.base import ROW_RULES
from schemas.centre import Centre
from schemas.rules import text_rules
from warehouse import corrections, patient_rows, record_names
from warehouse.delivered import Sheets, meanings_of
from warehouse.landing import Delivery, landed_path, text_files
from warehouse.named_sheet import FATE, FINDING
from warehouse.row_door import empty_cells, row_faults
from warehouse.text_door import TextDoorResult, read_sheet
from warehouse.version import code_hash
from warehouse.withdrawal import ERASE, Withdrawal, set_aside

_FATES = ("loaded", "quarantined", "duplicate", "superseded", "out_of_scope", "retracted")


@dataclass(frozen=True)
class CentreRows:
    """Where a centre's typed rows lie, and whether they had to be read for this call."""

    folder: Path
    was_read: bool


def typed_key(
    centre: Centre,
    delivery: Delivery,
    secret: bytes,
    names: str | None = None,
    withdrawn: tuple[Withdrawal, ...] = (),
) -> str:
    """The name of a centre's typed rows: export, configuration, code, secret, record names, withdrawals."""
    key = hashlib.sha256(secret).hexdigest()
    parts = (delivery.export_hash, centre.model_dump_json(), code_hash(), key, names or "", repr(withdrawn))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def type_centre(
    centre: Centre,
    delivery: Delivery,
    landing: Path,
    secret: bytes,
    names: str | None = None,
    withdrawn: tuple[Withdrawal, ...] = (),
    readers: patient_rows.Readers | None = None,
) -> CentreRows:
    """The centre's typed rows, read now or found. Raises ExportRefused where the export's structure is at fault.

    names: the hash of the record names that the centre's last delivery left; withdrawn: the centre's withdrawals. An
    erased patient whom the export brings again is taken out of the landing before anything is read, and with him what
    none of the `readers` reads.
    """
    erased = {item.patient_id for item in withdrawn if item.scope == ERASE}
    patient_rows.take_out(centre, delivery, landing, secret, erased, readers)
    folder = landing / "typed" / typed_key(centre, delivery, secret, names, withdrawn)
    if folder.exists():
        if _has_texts(folder, landing):
            return CentreRows(folder, was_read=False)
        shutil.rmtree(folder)
    building = folder.with_name(f".{folder.name}-{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(mode=0o700, parents=True)
    try:
        _write(building, _typed(centre, delivery, landing, secret, names, withdrawn))
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return CentreRows(folder, was_read=True)


def texts_of(folder: Path) -> list[tuple[str, str]]:
    """sha256 and text_key of the text rows that a centre's typed rows were made of."""
    files = pl.read_parquet(folder / "delivery_file.parquet", columns=["sha256", "text_key"])
    return [(sha256, key) for sha256, key in files.drop_nulls().iter_rows()]


def _has_texts(folder: Path, landing: Path) -> bool:
    """Whether the text rows are there that findings and trace show cells of, or cannot be read again."""
    return all(
        text_files(landing, [(sha256, key)]) or not landed_path(landing, sha256).exists()
        for sha256, key in texts_of(folder)
    )


def _write(folder: Path, frames: Mapping[str, pl.DataFrame]) -> None:
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")


def _typed(
    centre: Centre,
    delivery: Delivery,
    landing: Path,
    secret: bytes,
    names: str | None,
    withdrawn: tuple[Withdrawal, ...],
) -> dict[str, pl.DataFrame]:
    sheets = Sheets(centre, delivery, landing)
    meanings = meanings_of(centre, sheets)
    erased = [item.patient_id for item in withdrawn if item.scope == ERASE]
    known = record_names.known(landing, names).filter(~pl.col("patient_id").is_in(erased))
    done: dict[str, _TableRows] = {}
    for name in CORE:
        results = [
            set_aside(name, read_sheet(centre, name, reading, sheet, meanings, secret), withdrawn)
            for reading in centre.tables.get(name, ())
            for sheet in sheets.of(reading, name)
        ]
        done[name] = _corrected(centre, name, _table_rows(name, results, known))
    people = done["patient"].rows["patient_id"]
    for name in CORE:
        if name != "patient":
            done[name] = _without_orphans(name, done[name], people)
        done[name] = _through_row_door(name, done[name])
    frames = {name: part.rows.select(_columns(name)) for name, part in done.items()}
    code = pl.lit(centre.code).alias("centre")
    frames["finding"] = pl.concat(part.findings for part in done.values()).select(code, pl.all())
    frames["row_account"] = pl.concat(_account(name, part.fates) for name, part in done.items()).select(code, pl.all())
    frames["check_result"] = pl.concat(_results(name, part) for name, part in done.items()).select(code, pl.all())
    frames["column_mapping"] = (
        pl.concat(part.mapping for part in done.values()).unique(maintain_order=True).select(code, pl.all())
    )
    frames["correction"] = pl.concat(part.corrections for part in done.values())
    frames["delivery_file"] = sheets.files().select(code, pl.all())
    frames["export"] = pl.DataFrame(
        {
            "centre": [centre.code],
            "export_hash": [delivery.export_hash],
            "rows": [sheets.rows_read()],
            "names": [record_names.keep(landing, pl.concat(part.names for part in done.values()))],
        }
    )
    return frames


def _columns(name: str) -> list[str]:
    return [column.name for column in staging_columns(CORE[name])]


@dataclass(frozen=True)
class _TableRows:
    rows: pl.DataFrame
    findings: pl.DataFrame
    fates: pl.DataFrame
    mapping: pl.DataFrame
    names: pl.DataFrame
    corrections: pl.DataFrame


_MAPPING = {
    "table_name": pl.String, "field": pl.String, "file_hash": pl.String, "sheet": pl.String,
    "source_column": pl.String, "position": pl.Int64, "name_position": pl.Int64,
}  # fmt: skip


def _empty_rows(name: str) -> pl.DataFrame:
    schema = {
        column.name: pl.List(pl.String) if column.dtype == pl.List else column.dtype
        for column in staging_columns(CORE[name])
    }
    return pl.DataFrame(
        schema={**schema, "_key": pl.String, "_row": pl.String, "_line": pl.Int64, "_content": pl.String}
    )


def _table_rows(name: str, results: list[TextDoorResult], known: pl.DataFrame) -> _TableRows:
    """All readings of a table together: repeated rows set aside, record keys given, conflicting keys quarantined."""
    rows = pl.concat([_empty_rows(name), *(result.rows for result in results)], how="diagonal_relaxed")
    findings = [result.findings for result in results]
    fates = [result.fates for result in results]
    names = known
    for rule, fate in (("record_duplicate", "duplicate"), ("record_key_conflict", "quarantined")):
        if fate == "duplicate":
            hit = ~pl.struct("patient_id", "_content").is_first_distinct()
        else:
            rows, names = _with_keys(name, rows, known)
            hit = ~pl.col("record_key").is_first_distinct()
        gone = rows.filter(hit)
        rows = rows.filter(~hit)
        findings.append(_row_findings(gone, rule, name, field=pl.lit("patient_id")))
        fates.append(gone.select("source_rows").explode("source_rows").select(row_id="source_rows", fate=pl.lit(fate)))
    return _TableRows(
        rows,
        pl.concat([pl.DataFrame(schema=FINDING), *findings]),
        pl.concat([pl.DataFrame(schema=FATE), *fates]),
        pl.concat([pl.DataFrame(schema=_MAPPING), *(result.mapping for result in results)]),
        names,
        pl.DataFrame(schema=corrections.OUTCOME),
    )


def _corrected(centre: Centre, name: str, part: _TableRows) -> _TableRows:
    """The records as corrections.yaml has them; a record set aside counts as retracted."""
    rows, findings, aside, outcomes = corrections.apply(centre, name, part.rows, part.findings)
    gone = aside.select("source_rows").explode("source_rows").select(row_id="source_rows", fate=pl.lit("retracted"))
    found = pl.concat([findings, corrections.findings_of(outcomes, rows)])
    return replace(part, rows=rows, findings=found, fates=pl.concat([part.fates, gone]), corrections=outcomes)


def _with_keys(name: str, rows: pl.DataFrame, known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows with record_key (patient/table/key as declared, without one an ordinal), and the names of the table."""
    nameless = rows.filter(pl.col("_key").is_null())
    given, names = record_names.ordinals(name, nameless.select("patient_id", content="_content"), known)
    ordinal = nameless.select("patient_id", "_content", _ordinal=given)
    keyed = rows.join(ordinal, on=["patient_id", "_content"], how="left", maintain_order="left")
    tail = pl.coalesce("_key", pl.col("_ordinal").cast(pl.String))
    head = pl.format("{}/{}", pl.col("patient_id"), pl.lit(name))
    key = pl.when(tail == "").then(head).otherwise(pl.format("{}/{}", head, tail))
    return keyed.with_columns(record_key=key).drop("_ordinal"), names


def _row_findings(rows: pl.DataFrame, rule: str, name: str, **more: pl.Expr) -> pl.DataFrame:
    given = {
        "rule": pl.lit(rule), "table_name": pl.lit(name), "patient_id": pl.col("patient_id"),
        "record_key": pl.col("record_key") if "record_key" in rows.columns else pl.lit(None),
        "row_id": pl.col("_row"), "line": pl.col("_line"), **more,
    }  # fmt: skip
    return rows.select(given.get(key, pl.lit(None)).cast(kind).alias(key) for key, kind in FINDING.items())


def _without_orphans(name: str, part: _TableRows, people: pl.Series) -> _TableRows:
    """Rows of a patient whom the patient table does not have belong to nobody: they go to quarantine and are asked."""
    known = pl.col("patient_id").is_in(people.implode())
    orphans = part.rows.filter(~known)
    fates = (
        orphans.select("source_rows").explode("source_rows").select(row_id="source_rows", fate=pl.lit("quarantined"))
    )
    found = _row_findings(orphans, "orphan_record", name, field=pl.lit("patient_id"))
    return replace(
        part,
        rows=part.rows.filter(known),
        findings=pl.concat([part.findings, found]),
        fates=pl.concat([part.fates, fates]),
    )


def _through_row_door(name: str, part: _TableRows) -> _TableRows:
    faults = row_faults(name, part.rows)
    numbered = part.rows.with_row_index("index").with_columns(pl.col("index").cast(pl.Int64))
    hit = faults.join(numbered.select("index", "patient_id", "record_key", "_row", "_line"), on="index", how="left")
    found = hit.select(
        {
            "rule": pl.col("rule"), "table_name": pl.lit(name), "patient_id": pl.col("patient_id"),
            "record_key": pl.col("record_key"), "field": pl.col("field"), "row_id": pl.col("_row"),
            "line": pl.col("_line"),
        }.get(key, pl.lit(None)).cast(kind).alias(key)
        for key, kind in FINDING.items()
    )  # fmt: skip
    keyed = part.rows.select(pl.col("_row").alias("row_id"), pl.col("record_key").alias("_known_key"))
    findings = (
        pl.concat([part.findings, found])
        .join(keyed.unique("row_id"), on="row_id", how="left")
        .with_columns(record_key=pl.coalesce("record_key", "_known_key"))
    )
    return replace(
        part,
        rows=empty_cells(name, part.rows, faults),
        findings=findings.select(list(FINDING)),
        fates=_with_loaded(part),
    )


def _with_loaded(part: _TableRows) -> pl.DataFrame:
    loaded = part.rows.select("source_rows").explode("source_rows").select(row_id="source_rows", fate=pl.lit("loaded"))
    return pl.concat([loaded, part.fates])


def _account(name: str, fates: pl.DataFrame) -> pl.DataFrame:
    """One fate per delivered row: a row that several readings use is loaded if one of them loads it."""
    rank = {fate: position for position, fate in enumerate(_FATES)}
    one_each = (
        fates.drop_nulls("row_id")
        .with_columns(pl.col("fate").replace_strict(rank, return_dtype=pl.Int64).alias("rank"))
        .group_by("row_id")
        .agg(pl.col("rank").min())
    )
    counts = [(one_each["rank"] == position).sum() for position in rank.values()]
    return pl.DataFrame(
        {"table_name": [name], "delivered": [one_each.height]}
        | {fate: [n] for fate, n in zip(_FATES, counts, strict=True)},
        schema={"table_name": pl.String, "delivered": pl.Int64} | dict.fromkeys(_FATES, pl.Int64),
    )


def _results(name: str, part: _TableRows) -> pl.DataFrame:
    """How many records each rule of the two doors could judge, and how many faults it found."""
    faults = dict(part.findings.group_by("rule").len().iter_rows())
    in_scope = part.fates.filter(pl.col("fate") != "out_of_scope")["row_id"].n_unique()
    judged = dict.fromkeys(text_rules(), in_scope) | corrections.counts(part.corrections)
    for rule, declared in ROW_RULES.get(name, {}).items():
        told = pl.all_horizontal(pl.col(field).is_not_null() for field in declared.fields)
        judged[rule] = part.rows.select(told.sum()).item()
    rows = [
        {"table_name": name, "rule": rule, "judged": count, "faults": faults.get(rule, 0)}
        for rule, count in judged.items()
    ]
    frame = pl.DataFrame(
        rows, schema={"table_name": pl.String, "rule": pl.String, "judged": pl.Int64, "faults": pl.Int64}
    )
    judged_or_more = pl.max_horizontal("judged", "faults")
    return frame.with_columns(
        judged=judged_or_more,
        status=pl.when(judged_or_more == 0).then(pl.lit("not_evaluable"))
        .when(pl.col("faults") > 0).then(pl.lit("fault")).otherwise(pl.lit("pass")),
    )  # fmt: skip
