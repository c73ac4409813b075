"""One table, written the same way to a page, to CSV and to Word.

A cell is text as it is to be read: rounding, brackets and words are those of `analytics.survival.wording`, so the
three files say the same. The unrounded numbers are the results a table was made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from markupsafe import Markup, escape

from analytics.quality.export import write_csv

Cell = str | tuple[str, ...]
"""Text, or several lines of it."""

INDENT = "\u2003"
"""Stands before the first cell of a row that belongs to the row above it."""


@dataclass(frozen=True)
class Column:
    """A column: its head, the unit of its numbers, and whether they stand to the right."""

    head: str
    unit: str = ""
    is_number: bool = False

    def __str__(self) -> str:
        """Head and unit, as every file heads the column."""
        return f"{self.head}, {self.unit}" if self.unit else self.head


@dataclass(frozen=True)
class Table:
    """A table of the report or the paper. id: its name in the page and its file. notes: sentences below it.

    n and events stand in the columns, or in a note where a column would repeat them. Raises ValueError where a
    row has not one cell for each column.
    """

    id: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Every row has as many cells as there are columns."""
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"table {self.id}: a row of {len(row)} cells under {len(self.columns)} columns")


def words(head: str, unit: str = "") -> Column:
    """A column of text."""
    return Column(head, unit)


def numbers(head: str, unit: str = "") -> Column:
    """A column of numbers."""
    return Column(head, unit, is_number=True)


def html(cell: Cell) -> Markup:
    """A cell of a page."""
    if isinstance(cell, str):
        return escape(cell)
    return Markup().join(Markup('<span class="line">{}</span>').format(line) for line in cell)


def plain(cell: Cell, between: str = "; ") -> str:
    """A cell on one line, its spaces plain."""
    text = cell if isinstance(cell, str) else between.join(cell)
    return text.replace("\u00a0", " ").replace(INDENT, "  ")


def to_csv(table: Table, path: Path) -> Path:
    """Write the table as it is read, heads first, no notes; no cell starts a formula. Returns the path."""
    cells = [[plain(cell) for cell in row] for row in table.rows]
    data = {f"{i}": [row[i] for row in cells] for i in range(len(table.columns))}
    frame = pl.DataFrame(data, schema=dict.fromkeys(data, pl.String))
    return write_csv(frame.rename({f"{i}": head for i, head in enumerate(_heads(table))}), path)


def _heads(table: Table) -> list[str]:
    """The heads, each once: polars and statistics programs want names that differ."""
    heads: list[str] = []
    for column in map(str, table.columns):
        repeated = sum(head == column or head.startswith(f"{column} (") for head in heads)
        heads.append(f"{column} ({repeated + 1})" if repeated else column)
    return heads
