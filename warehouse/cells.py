"""The text door: every distinct text of a column becomes a typed value, a reason why it is missing, or a fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from schemas.canonical import Column
from schemas.centre import UNITS, ColumnReading
from warehouse.harmonise.lookup import terms
from warehouse.harmonise.normalise import key
from warehouse.parse import is_excel_error, largest_size, plain, read_date, read_grade, read_number, unit_in

Decode = Callable[[str], "Cell"]


@dataclass(frozen=True)
class Cell:
    """What one text became. `source` is the text as the centre means it (a codebook's meaning for its code)."""

    source: str | None = None
    value: Any = None
    earliest: date | None = None
    latest: date | None = None
    precision: str | None = None
    reason: str | None = None
    fault: str | None = None


@dataclass(frozen=True)
class Context:
    """What a centre says about all its cells: codebook (raw code -> meaning), missing words, day of the data.

    decimal: the mark between a number's whole and its fraction.
    """

    meanings: Mapping[str, str]
    missing: Mapping[str, str]
    drawn_on: date
    decimal: str = "."


@cache
def shipped_missing() -> dict[str, str]:
    """Words for 'missing' in every language of the registry, by look-up key, with their reason."""
    return {word: term.code for word, term in terms("missing_reason").items() if term.code and not term.needs_query}


def decoder(column: Column, reading: ColumnReading, context: Context) -> Decode:
    """The function that reads one field's texts at one centre."""
    own_missing = {key(word): reason for word, reason in reading.missing.items()}
    mapped = {key(word) for word in reading.map}
    listed = terms(column.code_list) if column.code_list else {}
    read = _reader(column, reading, context)

    def decode(raw: str) -> Cell:
        text = plain(context.meanings.get(plain(raw), raw))
        if "\ufffd" in text:
            return Cell(source=text, fault="bytes_undecodable")
        if is_excel_error(text):
            return Cell(source=text, fault="excel_error_value")
        word = key(text)
        if word in own_missing:
            return Cell(source=text, reason=own_missing[word])
        found = None if word in mapped else _truth(column, word)
        if found is not None:
            return Cell(source=text, value=found)
        reason = context.missing.get(word) or (None if word in listed else shipped_missing().get(word))
        if reason and word not in mapped:
            return Cell(source=text, reason=reason)
        return read(text)

    return decode


def _truth(column: Column, word: str) -> bool | None:
    """Yes or no; read before the words for 'missing', because 无 answers a question of yes or no."""
    term = terms("boolean").get(word) if column.dtype == pl.Boolean else None
    return None if term is None or term.code is None else term.code == "yes"


def _reader(column: Column, reading: ColumnReading, context: Context) -> Decode:
    if column.dtype == pl.Boolean:
        return lambda text: Cell(source=text, fault="boolean_unreadable")
    if column.dtype == pl.Date:
        return lambda text: _date(text, reading, context)
    if column.dtype in (pl.Int64, pl.Float64):
        return lambda text: _number(text, column, reading, context.decimal)
    return lambda text: Cell(source=text, value=text)


def _date(text: str, reading: ColumnReading, context: Context) -> Cell:
    day = read_date(text, reading.dates)
    if day.fault:
        return Cell(source=text, fault=day.fault)
    if day.placeholder or day.ongoing:
        return Cell(source=text, reason="not_applicable" if day.ongoing else "unknown")
    if day.earliest and day.earliest > context.drawn_on:
        return Cell(source=text, fault="date_in_future")
    exact = day.earliest if day.precision == "day" else None
    return Cell(text, exact, day.earliest, day.latest, day.precision)


def _number(text: str, column: Column, reading: ColumnReading, decimal: str) -> Cell:
    if column.reads == "grade":
        number = read_grade(text)
    elif column.unit == "mm":
        number = largest_size(text, decimal)
        unit = unit_in(text) or reading.unit or "mm"
        number = None if number is None else round(number * UNITS[unit], 6)
    else:
        number = read_number(text, decimal)
    if number is None or (column.dtype == pl.Int64 and number != int(number)):
        return Cell(source=text, fault="number_unreadable")
    return Cell(source=text, value=int(number) if column.dtype == pl.Int64 else number)


def decode_column(texts: pl.Series, column: Column, decode: Decode) -> pl.DataFrame:
    """One row per text of the series: source, value, earliest, latest, precision, reason, fault.

    Only distinct texts are decoded; the rest is a join.
    """
    distinct = texts.drop_nulls().unique(maintain_order=True)
    cells = [decode(text) for text in distinct]
    schema = {
        "source": pl.String,
        "value": column.dtype,
        "earliest": pl.Date,
        "latest": pl.Date,
        "precision": pl.String,
        "reason": pl.String,
        "fault": pl.String,
    }
    decoded = pl.DataFrame({name: [getattr(cell, name) for cell in cells] for name in schema}, schema=schema)
    decoded = decoded.with_columns(distinct.alias("_text"))
    joined = pl.DataFrame({"_text": texts}, schema={"_text": pl.String}).join(
        decoded, on="_text", how="left", maintain_order="left"
    )
    return joined.drop("_text")
