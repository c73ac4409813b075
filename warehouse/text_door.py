"""One reading of one sheet: named text rows in, typed rows out, a fate for every row and a finding for every fault.

The working frame has the columns that `warehouse/records.py` names.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from schemas.canonical import CORE, Column, staging_columns
from schemas.centre import Centre, ColumnReading, Reading, deliverable
from schemas.configuration import nearest
from schemas.errors import ExportRefused
from warehouse.cells import Context, decode_column, decoder, shipped_missing
from warehouse.harmonise.normalise import key as look_up_key
from warehouse.named_sheet import FATE, FINDING, Sheet, cell, clean, finding, needed_columns
from warehouse.parse import is_rounded_key, plain
from warehouse.records import flat, pivoted, variables_of

_ROW_COLUMNS = ("centre", "patient_id", "record_key", "source_rows", "missing")


@dataclass(frozen=True)
class TextDoorResult:
    """rows: staging columns plus `_row`; findings: FINDING; fates: FATE; mapping: field, source column, position."""

    rows: pl.DataFrame
    findings: pl.DataFrame
    fates: pl.DataFrame
    mapping: pl.DataFrame


def check_columns(centre: Centre, table: str, reading: Reading, sheet: Sheet) -> None:
    """Every column the configuration names must be there; else the export is refused, with the nearest name.

    So must every variable of a long file: one that no row has would otherwise be empty for everybody, in silence.
    """
    long = reading.pivot
    real = [
        reading.patient,
        *reading.where,
        *reading.drop,
        *(long.by if long else ()),
        *((long.name, long.value) if long else ()),
    ]
    named: list[tuple[str, str]] = [("patient", reading.patient)] + [("key", key) for key in reading.key]
    named += [("where", name) for name in reading.where] + [("drop", name) for name in reading.drop]
    for field, column in reading.columns.items():
        named += [(f"columns.{field}", name) for name in column.sources]
    if long:
        named += [("pivot", name) for name in (*long.by, long.name, long.value)]
    first_named: dict[str, str] = {}
    for key, name in named:
        first_named.setdefault(name, key)
    # the header's other names are not listed: below a wrong skip_rows they are a patient's values
    remedy = " Correct the name; or skip_rows and header_rows, if the header lies elsewhere."
    faults = [
        f'centres/{centre.code}/centre.yaml: tables.{table}.{key} names the source column "{name}", which '
        f"{sheet.shown_as} lacks.{nearest(name, sheet.names) or remedy}"
        for name, key in first_named.items()
        if name not in sheet.names and (not long or name in real)
    ]
    if long and not faults:
        told = sheet.frame.select(cell(sheet, long.name).alias("name"))["name"].drop_nulls().unique().sort().to_list()
        faults = [
            f'centres/{centre.code}/centre.yaml: tables.{table} names the variable "{name}", which no row of '
            f'{sheet.shown_as} has in its column "{long.name}".{nearest(name, told)}'
            for name in variables_of(reading, long)
            if name not in told
        ]
    if faults:
        raise ExportRefused("\n".join(faults))


def _is_one_of(text: pl.Expr, words: tuple[str, ...]) -> pl.Expr:
    return clean(text).is_in(list(words)).fill_null("" in words)


def read_sheet(
    centre: Centre,
    table: str,
    reading: Reading,
    sheet: Sheet,
    meanings: Mapping[tuple[str, str], Mapping[str, str]],
    secret: bytes,
) -> TextDoorResult:
    """One reading of one sheet through the text door.

    meanings: codebook by (table of the codebook or '', source column), raw code -> meaning.
    """
    check_columns(centre, table, reading, sheet)
    rows = sheet.frame.with_columns(_row=sheet.row_id(pl.col("line")), _line="line")
    fates = [
        pl.DataFrame({"line": list(lines)}, schema={"line": pl.Int64}).select(
            row_id=sheet.row_id(pl.col("line")), fate=pl.lit(fate)
        )
        for lines, fate in ((sheet.banner, "out_of_scope"), (sheet.retracted, "retracted"))
    ]
    findings: list[pl.DataFrame] = []

    dropped = pl.any_horizontal(
        pl.lit(False),
        *(_is_one_of(cell(sheet, name), words) for name, words in reading.drop.items()),
        *(~_is_one_of(cell(sheet, name), words) for name, words in reading.where.items()),
    )
    fates.append(rows.filter(dropped).select(row_id="_row", fate=pl.lit("out_of_scope")))
    rows = rows.filter(~dropped)

    if sheet.ragged:
        rows, shape_findings, shape_fates = _check_shape(rows, sheet, table, reading)
        findings += shape_findings
        fates += shape_fates

    if reading.pivot:
        frame, long_findings, long_fates = pivoted(rows, reading, reading.pivot, sheet, table)
        findings += long_findings
        fates += long_fates
    else:
        frame = flat(rows, reading, sheet)
    frame, key_findings, key_fates = _keys(frame, centre, reading, sheet, table, secret)
    findings += key_findings
    fates += key_fates

    if table != "patient":
        frame, nothing = _split_empty(frame, reading)
        fates.append(nothing.select("_rows").explode("_rows").select(row_id="_rows", fate=pl.lit("out_of_scope")))

    typed, cell_findings = _typed(frame, centre, table, reading, sheet, meanings)
    findings += cell_findings
    mapping = _mapping(table, reading, sheet)
    return TextDoorResult(
        typed,
        pl.concat([pl.DataFrame(schema=FINDING), *findings]),
        pl.concat([pl.DataFrame(schema=FATE), *fates]),
        mapping,
    )


def _check_shape(
    rows: pl.DataFrame, sheet: Sheet, table: str, reading: Reading
) -> tuple[pl.DataFrame, list[pl.DataFrame], list[pl.DataFrame]]:
    """Rows as wide as the header; the others' findings name the first column lacking, or the text that is too much."""
    width = len(sheet.names)
    extra = pl.col("cells").list.slice(width).list.eval(clean(pl.element())).list.drop_nulls().list.len() > 0
    short = pl.col("cells").list.len() < width
    faulty = {"row_too_long": rows.filter(extra), "row_too_short": rows.filter(short)}
    read = needed_columns(reading)
    # the surplus is text of the last columns, pushed out: shown only where those may be read
    unread = [at for at, name in enumerate(sheet.names) if name not in read]
    may_show = width - 1 - max(unread, default=-1)
    surplus = pl.col("cells").list.slice(width)
    places = {
        "row_too_long": {
            "source_column": pl.lit(f"column {width + 1}"),
            "raw_text": pl.when(surplus.list.len() <= may_show).then(surplus.list.join(" | ", ignore_nulls=True)),
        },
        "row_too_short": {"source_column": pl.lit(pl.Series(sheet.names)).get(pl.col("cells").list.len())},
    }
    findings = [finding(frame, rule, sheet, table, **places[rule]) for rule, frame in faulty.items()]
    fates = [frame.select(row_id="_row", fate=pl.lit("quarantined")) for frame in faulty.values()]
    return rows.filter(~extra & ~short), findings, fates


def lines_of_patients(
    centre: Centre, reading: Reading, sheet: Sheet, secret: bytes, patients: Collection[str]
) -> pl.DataFrame:
    """line, key of the rows whose patient number is that of one of the patients, whatever else is wrong with them."""
    if reading.patient not in sheet.names:
        return pl.DataFrame(schema={"line": pl.Int64, "key": pl.String})
    told = sheet.frame.select("line", key=cell(sheet, reading.patient)).drop_nulls()
    keys = told["key"].unique(maintain_order=True)
    theirs = [key for key in keys if pseudonym(secret, centre.code, plain(key)) in patients]
    return told.filter(pl.col("key").is_in(theirs))


PSEUDONYM_DIGITS = 16


def pseudonym(secret: bytes, centre: str, local_key: str) -> str:
    """The registry's name for a centre's patient: 16 hex digits of a keyed hash behind the centre's code."""
    return centre + hmac.digest(secret, f"{centre}\x1f{local_key}".encode(), "sha256").hex()[:PSEUDONYM_DIGITS]


def _keys(
    frame: pl.DataFrame, centre: Centre, reading: Reading, sheet: Sheet, table: str, secret: bytes
) -> tuple[pl.DataFrame, list[pl.DataFrame], list[pl.DataFrame]]:
    """Adds `patient_id` and `_key`; rows without a readable patient number go to quarantine."""
    source = f"c:{reading.patient}"
    missing = {look_up_key(word) for word in centre.missing}
    distinct = frame[source].drop_nulls().unique(maintain_order=True)
    faults: list[str | None] = []
    ids: list[str | None] = []
    for key in map(plain, distinct):
        is_missing = not key or (missing and look_up_key(key) in missing)
        fault = "key_missing" if is_missing else "key_rounded" if is_rounded_key(key) else None
        faults.append(fault)
        ids.append(None if fault else pseudonym(secret, centre.code, key))
    known = pl.DataFrame(
        {source: distinct, "patient_id": ids, "_fault": faults},
        schema={source: pl.String, "patient_id": pl.String, "_fault": pl.String},
    )
    frame = frame.join(known, on=source, how="left", maintain_order="left").with_columns(
        pl.when(pl.col("patient_id").is_null()).then(pl.col("_fault").fill_null("key_missing")).alias("_fault")
    )
    bad = frame.filter(pl.col("_fault").is_not_null())
    findings = [
        finding(
            rows,
            str(rule),
            sheet,
            table,
            field=pl.lit("patient_id"),
            source_column=pl.lit(reading.patient),
            raw_text=pl.col(source),
        )
        for (rule,), rows in bad.group_by("_fault", maintain_order=True)
    ]
    fates = [bad.select("_rows").explode("_rows").select(row_id="_rows", fate=pl.lit("quarantined"))]
    others = [name for name in reading.key if name != reading.patient]
    key_text = (
        pl.concat_str([clean(pl.col(f"c:{name}")).fill_null("") for name in others], separator="/")
        if others
        else pl.lit("" if reading.key else None, dtype=pl.String)
    )
    return frame.filter(pl.col("_fault").is_null()).with_columns(_key=key_text), findings, fates


def _split_empty(frame: pl.DataFrame, reading: Reading) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that say something beyond whose they are, and rows that say nothing for this table."""
    keys = (reading.patient, *reading.key)
    told = [name for column in reading.columns.values() for name in column.sources if name not in keys]
    if not told:
        return frame, frame.clear()
    empty = pl.all_horizontal(clean(pl.col(f"c:{name}")).is_null() for name in dict.fromkeys(told))
    return frame.filter(~empty), frame.filter(empty)


def _codebook_for(
    meanings: Mapping[tuple[str, str], Mapping[str, str]], sheet: Sheet, names: tuple[str, ...]
) -> Mapping[str, str]:
    """The codebook's meanings for a column: filed under the file's stem, its sheet, or no table at all."""
    stem = sheet.file.rsplit(".", 1)[0]
    for name in names:
        for place in (sheet.sheet, stem, sheet.file, ""):
            if (place, name) in meanings:
                return meanings[place, name]
    return {}


def _typed(
    frame: pl.DataFrame,
    centre: Centre,
    table: str,
    reading: Reading,
    sheet: Sheet,
    meanings: Mapping[tuple[str, str], Mapping[str, str]],
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    fields = deliverable(table)
    made: dict[str, pl.Series] = {}
    reasons: list[pl.Series] = []
    findings: list[pl.DataFrame] = []
    missing = {look_up_key(word): reason for word, reason in centre.missing.items()}
    for name, column_reading in reading.columns.items():
        column = fields[name]
        context = Context(
            _codebook_for(meanings, sheet, column_reading.sources), missing, centre.drawn_on, centre.decimal
        )
        if column.dtype == pl.Date and len(column_reading.sources) > 1:
            texts = _day_of_parts(frame, column_reading, missing)
        else:
            texts = _text_of(frame, column_reading)
        decoded = decode_column(texts, column, decoder(column, column_reading, context))
        made[column.name] = decoded["value"].alias(column.name)
        if column.dtype == pl.Date:
            for suffix in ("source", "earliest", "latest", "precision"):
                made[f"{column.name}_{suffix}"] = decoded[suffix].alias(f"{column.name}_{suffix}")
        reasons.append(decoded.select((pl.lit(f"{name}=") + pl.col("reason")).alias(name)).to_series())
        findings += _cell_findings(frame, decoded, name, column_reading, sheet, table)
    columns = [
        made.get(column.name, _same(column.name, None, frame.height, _polars_type(column)))
        for column in staging_columns(CORE[table])
        if column.name not in _ROW_COLUMNS
    ]
    rows = frame.select(
        pl.lit(centre.code).alias("centre"),
        "patient_id",
        pl.col("_rows").alias("source_rows"),
        _missing_list(frame.height, reasons),
        "_key",
        "_row",
        "_line",
        _content(frame, reading).alias("_content"),
    )
    return rows.with_columns(*columns), findings


def _same(name: str, value: Any, height: int, kind: Any) -> pl.Series:
    """One value in every row."""
    return pl.Series(name, [value], dtype=kind).new_from_index(0, height)


def _polars_type(column: Column) -> Any:
    return pl.List(pl.String) if column.dtype == pl.List else column.dtype


def _text_of(frame: pl.DataFrame, reading: ColumnReading) -> pl.Series:
    if reading.value is not None:
        return _same("text", reading.value, frame.height, pl.String)
    parts = [clean(pl.col(f"c:{name}")) for name in reading.sources]
    joined = parts[0] if len(parts) == 1 else pl.concat_str(parts, separator="-", ignore_nulls=True)
    return frame.select(pl.when(joined == "").then(None).otherwise(joined).alias("text")).to_series()


def _day_of_parts(frame: pl.DataFrame, reading: ColumnReading, missing: Mapping[str, str]) -> pl.Series:
    """Year, month and day of several columns as one text, as far as they are told.

    A gap stays visible (2021--05): without it the day would be read as a month.
    """
    words = {*missing, *(look_up_key(word) for word in reading.missing), *shipped_missing()}
    parts = []
    for name in reading.sources:
        distinct = frame[f"c:{name}"].drop_nulls().unique(maintain_order=True)
        told = [text if (text := plain(raw)) and look_up_key(text) not in words else "" for raw in distinct]
        known = pl.DataFrame({"raw": distinct, "told": told}, schema={"raw": pl.String, "told": pl.String})
        raw = frame.select(raw=f"c:{name}")
        known = raw.join(known, on="raw", how="left", maintain_order="left")
        parts.append(known["told"].fill_null("").alias(f"c:{name}"))
    # where no part tells anything, the first word that says why stands
    why = frame.select(why=pl.coalesce(clean(pl.col(f"c:{name}")) for name in reading.sources))
    joined = pl.concat_str([part.name for part in parts], separator="-").str.strip_chars_end("-")
    return why.with_columns(parts).select(text=pl.when(joined == "").then("why").otherwise(joined))["text"]


def _content(frame: pl.DataFrame, reading: Reading) -> pl.Expr:
    """What a row says in every column that is read, to know a repeated row by."""
    names = dict.fromkeys([*reading.key, *(name for column in reading.columns.values() for name in column.sources)])
    present = [clean(pl.col(f"c:{name}")).fill_null("") for name in names]
    return pl.concat_str(present, separator="\x1f") if present else pl.lit("")


def _missing_list(height: int, reasons: list[pl.Series]) -> pl.Series:
    told = [reason for reason in reasons if reason.null_count() < height]
    if not told:
        return _same("missing", [], height, pl.List(pl.String))
    frame = pl.DataFrame(told)
    return frame.select(pl.concat_list(pl.all()).list.drop_nulls().alias("missing")).to_series()


def _cell_findings(
    frame: pl.DataFrame, decoded: pl.DataFrame, name: str, reading: ColumnReading, sheet: Sheet, table: str
) -> list[pl.DataFrame]:
    faults = decoded["fault"]
    if not faults.is_not_null().any() or not reading.sources:
        return []
    first = reading.sources[0]
    faulty = frame.with_columns(_fault=faults).filter(pl.col("_fault").is_not_null())
    if f"r:{first}" in frame.columns:
        faulty = faulty.with_columns(_row=pl.col(f"r:{first}"), _line=pl.col(f"l:{first}"))
    raw = pl.concat_str([pl.col(f"c:{source}") for source in reading.sources], separator=" | ", ignore_nulls=True)
    return [
        finding(
            rows, str(rule), sheet, table, patient_id=pl.col("patient_id"), field=pl.lit(name),
            source_column=pl.lit(" | ".join(reading.sources)), raw_text=raw,
        )
        for (rule,), rows in faulty.group_by("_fault", maintain_order=True)
    ]  # fmt: skip


def _mapping(table: str, reading: Reading, sheet: Sheet) -> pl.DataFrame:
    long = reading.pivot
    rows = []
    for field, column in [
        ("patient_id", ColumnReading.model_validate({"from": reading.patient})),
        *reading.columns.items(),
    ]:
        for source in column.sources:
            in_header = source in sheet.names
            rows.append(
                {
                    "table_name": table,
                    "field": field,
                    "file_hash": sheet.file_hash,
                    "sheet": sheet.sheet,
                    "source_column": source,
                    "position": sheet.names.index(source if in_header else long.value if long else source) + 1,
                    "name_position": None if in_header or not long else sheet.names.index(long.name) + 1,
                }
            )
    schema = {
        "table_name": pl.String, "field": pl.String, "file_hash": pl.String, "sheet": pl.String,
        "source_column": pl.String, "position": pl.Int64, "name_position": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)
