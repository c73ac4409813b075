"""One reading of one sheet: named text rows in, typed rows out, with a fate for every row and a finding for every fault.

Columns of the working frame: `_rows` (row_ids a record was made from), `_line` (line of the first), `c:<name>` (raw
text of a source column), in long files also `r:<name>` (row_id and line of that variable).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from schemas.canonical import CORE, Column, staging_columns
from schemas.centre import Centre, ColumnReading, Reading, deliverable
from schemas.configuration import nearest
from schemas.errors import ExportRefused
from warehouse.cells import Context, decode_column, decoder
from warehouse.harmonise.normalise import key as look_up_key
from warehouse.parse import is_rounded_key, plain

FINDING = {
    "rule": pl.String,
    "table_name": pl.String,
    "patient_id": pl.String,
    "record_key": pl.String,
    "field": pl.String,
    "row_id": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "line": pl.Int64,
    "source_column": pl.String,
    "raw_text": pl.String,
}
FATE = {"row_id": pl.String, "fate": pl.String}
_ROW_COLUMNS = ("centre", "patient_id", "record_key", "source_rows", "missing")


@dataclass(frozen=True)
class Sheet:
    """A sheet of a landed file under its header.

    names: the header's names; frame: `line`, `cells`; banner: lines above the header; ragged: whether a row's number
    of cells means something (delimited text) or not (a workbook).
    """

    file: str
    file_hash: str
    sheet: str
    names: tuple[str, ...]
    frame: pl.DataFrame
    banner: tuple[int, ...]
    ragged: bool

    @property
    def shown_as(self) -> str:
        """The place as a person finds it."""
        return f'{self.file} (sheet "{self.sheet}")' if self.sheet else self.file

    def row_id(self, line: pl.Expr) -> pl.Expr:
        """The coordinate of a row."""
        return pl.format("{}:{}:{}", pl.lit(self.file_hash), pl.lit(self.sheet), line)


@dataclass(frozen=True)
class TextDoorResult:
    """rows: staging columns plus `_row`; findings: FINDING; fates: FATE; mapping: field, source column, position."""

    rows: pl.DataFrame
    findings: pl.DataFrame
    fates: pl.DataFrame
    mapping: pl.DataFrame


def needed_columns(reading: Reading) -> list[str]:
    """Every source column a reading names, in order, each once."""
    names = [reading.patient, *reading.key, *reading.where, *reading.drop]
    for column in reading.columns.values():
        names.extend(column.sources)
    return list(dict.fromkeys(names))


def check_columns(centre: Centre, table: str, reading: Reading, sheet: Sheet) -> None:
    """Every column the configuration names must be there; else the export is refused, with the nearest name."""
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
    faults = [
        f'centres/{centre.code}/centre.yaml: tables.{table}.{key} names the source column "{name}", which '
        f"{sheet.shown_as} lacks.{nearest(name, sheet.names)}"
        for key, name in dict.fromkeys(named)
        if name not in sheet.names and (not long or name in real)
    ]
    if faults:
        raise ExportRefused("\n".join(faults))


def _cell(sheet: Sheet, name: str) -> pl.Expr:
    return pl.col("cells").list.get(sheet.names.index(name), null_on_oob=True)


def _clean(text: pl.Expr) -> pl.Expr:
    stripped = text.str.strip_chars(" \t\r\n\u3000\u00a0\ufeff\u200b")
    return pl.when(stripped == "").then(None).otherwise(stripped)


def _is_one_of(text: pl.Expr, words: tuple[str, ...]) -> pl.Expr:
    return _clean(text).is_in(list(words)).fill_null("" in words)


def _finding(rows: pl.DataFrame, rule: str, sheet: Sheet, table: str, **more: pl.Expr) -> pl.DataFrame:
    """Findings for rows with `_row` and `_line`; `more` gives further FINDING columns."""
    given = {
        "rule": pl.lit(rule),
        "table_name": pl.lit(table),
        "row_id": pl.col("_row"),
        "file": pl.lit(sheet.file),
        "sheet": pl.lit(sheet.sheet),
        "line": pl.col("_line"),
        **more,
    }
    return rows.select(given.get(name, pl.lit(None)).cast(kind).alias(name) for name, kind in FINDING.items())


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
        pl.DataFrame({"line": list(sheet.banner)}, schema={"line": pl.Int64}).select(
            row_id=sheet.row_id(pl.col("line")), fate=pl.lit("out_of_scope")
        )
    ]
    findings: list[pl.DataFrame] = []

    dropped = pl.any_horizontal(
        pl.lit(False),
        *(_is_one_of(_cell(sheet, name), words) for name, words in reading.drop.items()),
        *(~_is_one_of(_cell(sheet, name), words) for name, words in reading.where.items()),
    )
    fates.append(rows.filter(dropped).select(row_id="_row", fate=pl.lit("out_of_scope")))
    rows = rows.filter(~dropped)

    if sheet.ragged:
        rows, shape_findings, shape_fates = _check_shape(rows, sheet, table)
        findings += shape_findings
        fates += shape_fates

    frame = _pivoted(rows, reading, sheet) if reading.pivot else _flat(rows, reading, sheet)
    frame, key_findings, key_fates = _keys(frame, centre, reading, sheet, table, secret)
    findings += key_findings
    fates += key_fates

    if table != "patient":
        frame, nothing = _split_empty(frame, reading)
        fates.append(
            nothing.select("_rows").explode("_rows").select(row_id="_rows", fate=pl.lit("out_of_scope"))
        )

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
    rows: pl.DataFrame, sheet: Sheet, table: str
) -> tuple[pl.DataFrame, list[pl.DataFrame], list[pl.DataFrame]]:
    width = len(sheet.names)
    extra = pl.col("cells").list.slice(width).list.eval(_clean(pl.element())).list.drop_nulls().list.len() > 0
    short = pl.col("cells").list.len() < width
    faulty = {"row_too_long": rows.filter(extra), "row_too_short": rows.filter(short)}
    findings = [_finding(frame, rule, sheet, table) for rule, frame in faulty.items()]
    fates = [frame.select(row_id="_row", fate=pl.lit("quarantined")) for frame in faulty.values()]
    return rows.filter(~extra & ~short), findings, fates


def _flat(rows: pl.DataFrame, reading: Reading, sheet: Sheet) -> pl.DataFrame:
    return rows.select(
        pl.concat_list("_row").alias("_rows"),
        "_row",
        "_line",
        *(_cell(sheet, name).alias(f"c:{name}") for name in needed_columns(reading)),
    )


def _pivoted(rows: pl.DataFrame, reading: Reading, sheet: Sheet) -> pl.DataFrame:
    """A long file as one row per record; each variable keeps the coordinates of its own row."""
    long = reading.pivot
    assert long is not None
    variables = [
        name
        for name in needed_columns(reading)
        if name not in (*long.by, reading.patient, *reading.where, *reading.drop)
    ]
    index = list(dict.fromkeys([reading.patient, *long.by]))
    picked = rows.select(
        "_row", "_line",
        _cell(sheet, long.name).alias("_name"), _cell(sheet, long.value).alias("_value"),
        *(_cell(sheet, name).alias(f"c:{name}") for name in index),
    ).filter(pl.col("_name").is_in(variables))  # fmt: skip
    records = [f"c:{name}" for name in index]
    return picked.group_by(records, maintain_order=True).agg(
        pl.col("_row").alias("_rows"),
        pl.col("_row").first(),
        pl.col("_line").first(),
        *(pl.col("_value").filter(pl.col("_name") == name).first().alias(f"c:{name}") for name in variables),
        *(pl.col("_row").filter(pl.col("_name") == name).first().alias(f"r:{name}") for name in variables),
        *(pl.col("_line").filter(pl.col("_name") == name).first().alias(f"l:{name}") for name in variables),
    )


def pseudonym(secret: bytes, centre: str, local_key: str) -> str:
    """The registry's name for a centre's patient: 16 hex digits of a keyed hash behind the centre's code."""
    return centre + hmac.new(secret, f"{centre}\x1f{local_key}".encode(), hashlib.sha256).hexdigest()[:16]


def _keys(
    frame: pl.DataFrame, centre: Centre, reading: Reading, sheet: Sheet, table: str, secret: bytes
) -> tuple[pl.DataFrame, list[pl.DataFrame], list[pl.DataFrame]]:
    """Adds `patient_id` and `_key`; rows without a readable patient number go to quarantine."""
    source = f"c:{reading.patient}"
    missing = {look_up_key(word) for word in centre.missing}
    distinct = frame[source].drop_nulls().unique(maintain_order=True)
    keys: list[dict[str, Any]] = []
    for raw in distinct:
        key = plain(raw)
        fault = (
            "key_missing"
            if not key or look_up_key(key) in missing
            else "key_rounded"
            if is_rounded_key(key)
            else None
        )
        keys.append(
            {
                source: raw,
                "patient_id": None if fault else pseudonym(secret, centre.code, key),
                "_fault": fault,
            }
        )
    known = pl.DataFrame(keys, schema={source: pl.String, "patient_id": pl.String, "_fault": pl.String})
    frame = frame.join(known, on=source, how="left", maintain_order="left").with_columns(
        pl.when(pl.col("patient_id").is_null())
        .then(pl.col("_fault").fill_null("key_missing"))
        .alias("_fault")
    )
    bad = frame.filter(pl.col("_fault").is_not_null())
    findings = [
        _finding(
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
        pl.concat_str([_clean(pl.col(f"c:{name}")).fill_null("") for name in others], separator="/")
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
    empty = pl.all_horizontal(_clean(pl.col(f"c:{name}")).is_null() for name in dict.fromkeys(told))
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
        texts = _text_of(frame, column_reading)
        context = Context(_codebook_for(meanings, sheet, column_reading.sources), missing, centre.cut_off_on)
        decoded = decode_column(texts, column, decoder(column, column_reading, context))
        made[column.name] = decoded["value"].alias(column.name)
        if column.dtype == pl.Date:
            for suffix in ("source", "earliest", "latest", "precision"):
                made[f"{column.name}_{suffix}"] = decoded[suffix].alias(f"{column.name}_{suffix}")
        reasons.append(decoded.select((pl.lit(f"{name}=") + pl.col("reason")).alias(name)).to_series())
        findings += _cell_findings(frame, decoded, name, column_reading, sheet, table)
    columns = [
        made.get(column.name, pl.Series(column.name, [None] * frame.height, dtype=_polars_type(column)))
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


def _polars_type(column: Column) -> Any:
    return pl.List(pl.String) if column.dtype == pl.List else column.dtype


def _text_of(frame: pl.DataFrame, reading: ColumnReading) -> pl.Series:
    if reading.value is not None:
        return pl.Series("text", [reading.value] * frame.height, dtype=pl.String)
    parts = [_clean(pl.col(f"c:{name}")) for name in reading.sources]
    joined = parts[0] if len(parts) == 1 else pl.concat_str(parts, separator="-", ignore_nulls=True)
    return frame.select(pl.when(joined == "").then(None).otherwise(joined).alias("text")).to_series()


def _content(frame: pl.DataFrame, reading: Reading) -> pl.Expr:
    """What a row says in every column that is read, to know a repeated row by."""
    names = dict.fromkeys(
        [*reading.key, *(name for column in reading.columns.values() for name in column.sources)]
    )
    present = [_clean(pl.col(f"c:{name}")).fill_null("") for name in names]
    return pl.concat_str(present, separator="\x1f") if present else pl.lit("")


def _missing_list(height: int, reasons: list[pl.Series]) -> pl.Series:
    if not reasons:
        return pl.Series("missing", [[]] * height, dtype=pl.List(pl.String))
    frame = pl.DataFrame(reasons)
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
    raw = pl.concat_str(
        [pl.col(f"c:{source}") for source in reading.sources], separator=" | ", ignore_nulls=True
    )
    return [
        _finding(
            rows, str(rule), sheet, table, patient_id=pl.col("patient_id"), field=pl.lit(name),
            source_column=pl.lit(" | ".join(reading.sources)), raw_text=raw,
        )
        for (rule,), rows in faulty.group_by("_fault", maintain_order=True)
    ]  # fmt: skip


def _mapping(table: str, reading: Reading, sheet: Sheet) -> pl.DataFrame:
    long = reading.pivot
    rows = []
    for field, column in [("patient_id", ColumnReading(source=reading.patient)), *reading.columns.items()]:
        for source in column.sources:
            in_header = source in sheet.names
            rows.append(
                {
                    "table_name": table,
                    "field": field,
                    "file_hash": sheet.file_hash,
                    "sheet": sheet.sheet,
                    "source_column": source,
                    "position": sheet.names.index(source if in_header else long.value if long else source)
                    + 1,
                    "name_position": None if in_header or not long else sheet.names.index(long.name) + 1,
                }
            )
    schema = {
        "table_name": pl.String, "field": pl.String, "file_hash": pl.String, "sheet": pl.String,
        "source_column": pl.String, "position": pl.Int64, "name_position": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)
