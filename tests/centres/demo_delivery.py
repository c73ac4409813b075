"""What a hospital has written: sheets of rows of cells, each cell still knowing which field of the registry it fills.

Faults are planted here, in the written cells; a row's line in the file is counted last, when nothing moves any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

Cell = str | int | float | date | None
UNDECODABLE = "\ue000"
"""Stands for a byte that is no text in the file's encoding; put in when the file becomes bytes."""


@dataclass(frozen=True)
class Column:
    """A column of the file: its name there, and the table and field of the registry it fills ('' for none)."""

    name: str
    table: str = ""
    field: str = ""


@dataclass(eq=False)
class Row:
    """A row below the header. `tables` are the tables it feeds, none for a subtotal; `extra` cells make it too long."""

    tables: tuple[str, ...]
    patient: str
    cells: list[Cell]
    extra: list[Cell] = field(default_factory=list)
    cut: int = 0

    def written(self) -> list[Cell]:
        """The cells as they go into the file."""
        whole = [*self.cells, *self.extra]
        return whole[: len(whole) - self.cut] if self.cut else whole


@dataclass
class Sheet:
    """A delimited file, or a sheet of a workbook. `head` holds banner and header lines."""

    file: str
    name: str
    columns: tuple[Column, ...]
    head: list[list[Cell]]
    rows: list[Row] = field(default_factory=list)
    banner_rows: int = 0
    encoding: str = "utf-8"
    newline: str = "\n"
    merged_head: tuple[str, ...] = ()
    merge_column: str = ""

    def position(self, name: str) -> int:
        """Place of a column by its name in the file."""
        return next(place for place, column in enumerate(self.columns) if column.name == name)

    def position_of(self, table: str, field_name: str) -> int | None:
        """Place of the column that fills a field, None where the sheet has none."""
        for place, column in enumerate(self.columns):
            if column.table == table and column.field == field_name:
                return place
        return None

    def lines(self) -> list[int]:
        """The physical line each row begins on (1-based); in a workbook the row's number."""
        line, found = len(self.head) + 1, []
        for row in self.rows:
            found.append(line)
            line += 1 + sum(cell.count("\n") for cell in row.written() if isinstance(cell, str))
        return found

    def line_of(self, row: Row) -> int:
        """The physical line one row begins on."""
        return next(line for other, line in zip(self.rows, self.lines(), strict=True) if other is row)


@dataclass
class Delivery:
    """All sheets of one centre's export."""

    centre: str
    sheets: list[Sheet]

    def sheet_of(self, row: Row) -> Sheet:
        """The sheet a row stands in."""
        return next(sheet for sheet in self.sheets if any(other is row for other in sheet.rows))

    def rows(self, table: str, patient: str | None = None) -> list[Row]:
        """The rows that feed a table, of one patient or of all, in the order of the file."""
        return [
            row
            for sheet in self.sheets
            for row in sheet.rows
            if table in row.tables and (patient is None or row.patient == patient)
        ]

    def get(self, row: Row, table: str, field_name: str) -> Cell:
        """The cell of a row that fills a field."""
        place = self.sheet_of(row).position_of(table, field_name)
        return None if place is None else row.cells[place]


def counts(deliveries: Iterable[Delivery]) -> list[dict[str, str | int]]:
    """Rows per file and sheet: banner and header lines, subtotals, and records."""
    return [
        {
            "centre": delivery.centre,
            "file": sheet.file,
            "sheet": sheet.name,
            "banner_rows": sheet.banner_rows,
            "header_rows": len(sheet.head) - sheet.banner_rows,
            "subtotal_rows": sum(1 for row in sheet.rows if not row.tables),
            "records": sum(1 for row in sheet.rows if row.tables),
        }
        for delivery in deliveries
        for sheet in delivery.sheets
    ]
