"""A sheet under its header: rows with a place, columns with a name, and findings that point at both."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.centre import Reading

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


@dataclass(frozen=True)
class Sheet:
    """A sheet of a landed file under its header.

    names: the header's names; frame: `line`, `cells`; banner: lines above the header; ragged: whether a row's number
    of cells means something (delimited text) or not (a workbook); retracted: lines taken out of the landing for good.
    """

    file: str
    file_hash: str
    sheet: str
    names: tuple[str, ...]
    frame: pl.DataFrame
    banner: tuple[int, ...]
    ragged: bool
    retracted: tuple[int, ...] = ()

    @property
    def shown_as(self) -> str:
        """The place as a person finds it."""
        return f'{self.file} (sheet "{self.sheet}")' if self.sheet else self.file

    def row_id(self, line: pl.Expr) -> pl.Expr:
        """The coordinate of a row."""
        return pl.format("{}:{}:{}", pl.lit(self.file_hash), pl.lit(self.sheet), line)


def needed_columns(reading: Reading) -> list[str]:
    """Every source column a reading names, in order, each once."""
    names = [reading.patient, *reading.key, *reading.where, *reading.drop]
    for column in reading.columns.values():
        names.extend(column.sources)
    return list(dict.fromkeys(names))


def cell(sheet: Sheet, name: str) -> pl.Expr:
    """The text of a column as sent; null where the row is shorter."""
    return pl.col("cells").list.get(sheet.names.index(name), null_on_oob=True)


def clean(text: pl.Expr) -> pl.Expr:
    """The text without surrounding blanks; a blank text is null."""
    stripped = text.str.strip_chars(" \t\r\n\u3000\u00a0\ufeff\u200b")
    return pl.when(stripped == "").then(None).otherwise(stripped)


def finding(rows: pl.DataFrame, rule: str, sheet: Sheet, table: str, **more: pl.Expr) -> pl.DataFrame:
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
