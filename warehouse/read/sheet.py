"""Text rows: what every kind of export becomes, with the coordinates a person sees when opening the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

import polars as pl

Kind = Literal["delimited", "workbook", "html"]
Merged = tuple[int, int, int, int]
"""first_row, first_col, last_row, last_col; all count from 1."""

UNREADABLE = "\ufffd"
"""Stands in a cell for bytes that no encoding of the centre could read."""

SCHEMA = {"line": pl.Int64(), "cells": pl.List(pl.String)}
_CHUNK = 20_000


@dataclass(frozen=True)
class Notes:
    """What reading noticed and did not refuse.

    damaged: (line, column) of each cell that holds U+FFFD, column from 1, so `cells[column - 1]`.
    mended: lines in which a stray quotation mark was read as an ordinary character: their cells may be misplaced.
    hidden: the sheet is hidden in the workbook; it is read all the same.
    """

    damaged: tuple[tuple[int, int], ...] = ()
    mended: tuple[int, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, eq=False)
class TextSheet:
    """One sheet of an export as text.

    name: '' for delimited text, else the sheet's name. frame: line (Int64: the physical line on which the
    record begins, or Excel's row number; from 1) and cells (List(String): text as sent, null = no cell).
    Rows without any cell are left out but counted by `line`. merged: merged ranges. encoding, delimiter:
    what the text was read with, None for a workbook. file: the delivered file's name, for messages.
    """

    name: str
    kind: Kind
    frame: pl.DataFrame
    merged: tuple[Merged, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    notes: Notes = field(default_factory=Notes)
    file: str = ""


def text_frame(records: Iterable[tuple[int, Sequence[str | None]]]) -> pl.DataFrame:
    """The frame of (line, cells) pairs, lines ascending; in chunks, so that few Python strings are held."""
    taken = iter(records)
    parts = []
    while not (part := _chunk_frame(islice(taken, _CHUNK))).is_empty():
        parts.append(part)
    return pl.concat(parts, rechunk=True) if parts else pl.DataFrame(schema=SCHEMA)


def _chunk_frame(records: Iterable[tuple[int, Sequence[str | None]]]) -> pl.DataFrame:
    # polars takes 2 us a cell for a list of lists; one flat column, grouped by its line, takes 0.1. The records'
    # lists are let go one by one: kept, the garbage collector would walk them again and again
    lines: list[int] = []
    counts: list[int] = []
    flat: list[str | None] = []
    for line, cells in records:
        lines.append(line)
        counts.append(len(cells))
        flat.extend(cells)
    return (
        pl.DataFrame({"line": lines, "count": counts}, schema={"line": pl.Int64, "count": pl.Int64})
        .select(pl.col("line").repeat_by("count").explode().set_sorted())
        .with_columns(cells=pl.Series(flat, dtype=pl.String))
        .group_by("line", maintain_order=True)
        .agg("cells")
    )


def damaged_cells(frame: pl.DataFrame) -> tuple[tuple[int, int], ...]:
    """(line, column from 1) of every cell that holds U+FFFD."""
    found = (
        frame.lazy()
        .filter(pl.col("cells").list.join("", ignore_nulls=True).str.contains(UNREADABLE, literal=True))
        .with_columns(column=pl.int_ranges(1, pl.col("cells").list.len() + 1))
        .explode("cells", "column")
        .filter(pl.col("cells").str.contains(UNREADABLE, literal=True))
        .select("line", "column")
        .collect()
    )
    return tuple((line, column) for line, column in found.iter_rows())


def filled(cells: str = "cells") -> pl.Expr:
    """True for a row in which some cell holds more than blanks."""
    return pl.col(cells).list.join("", ignore_nulls=True).str.strip_chars() != ""
