"""HTML tables -> rows. Many hospital systems write an HTML table into a file called .xls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from schemas.errors import ExportRefused
from warehouse.read.sheet import UNREADABLE, Merged, Notes, TextSheet, damaged_cells, text_frame

_START = re.compile(
    r"\s*(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|meta|body|table|style|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_LARGEST_SPAN = 10_000


def is_html(text: str) -> bool:
    """Whether the text begins as a web page or a bare table does."""
    return _START.match(text[:65536]) is not None


@dataclass
class _Cell:
    rows: int
    columns: int
    text: list[str] = field(default_factory=list)


@dataclass
class _Table:
    rows: list[list[_Cell]] = field(default_factory=list)
    cell: _Cell | None = None


class _Tables(HTMLParser):
    """Collects every table of a page; a table inside a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._mute = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append(_Table())
            self.tables.append(self._open[-1])
        elif tag in ("script", "style"):
            self._mute += 1
        elif self._open:
            self._in_table(tag, dict(attrs))

    def _in_table(self, tag: str, attrs: dict[str, str | None]) -> None:
        table = self._open[-1]
        if tag == "tr":
            table.rows.append([])
            table.cell = None
        elif tag in ("td", "th"):
            if not table.rows:
                table.rows.append([])
            table.cell = _Cell(_span(attrs.get("rowspan")), _span(attrs.get("colspan")))
            table.rows[-1].append(table.cell)
        elif tag in ("br", "p", "div") and table.cell is not None:
            table.cell.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._mute = max(0, self._mute - 1)
        elif self._open and tag == "table":
            self._open.pop()
        elif self._open and tag in ("td", "th", "tr"):
            self._open[-1].cell = None

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].cell is not None and not self._mute:
            # in HTML a line break of the source is a blank; only <br> and its like break the line
            self._open[-1].cell.text.append(re.sub(r"\s+", " ", data))


def read_html(text: str, *, encoding: str, name: str) -> list[TextSheet]:
    """Each table that has a cell, in order of appearance; `line` is the row within the table, from 1.

    One table is called '', several 'table 1', 'table 2' and so on. Raises ExportRefused for a page without
    table.
    """
    page = _Tables()
    page.feed(text)
    page.close()
    tables = [table for table in page.tables if any(table.rows)]
    if not tables:
        raise ExportRefused(
            f"{name}: is a web page without a table, perhaps a log-in or error page saved by mistake; export it again."
        )
    return [
        _sheet(table, "" if len(tables) == 1 else f"table {number}", encoding) for number, table in enumerate(tables, 1)
    ]


def _sheet(table: _Table, name: str, encoding: str) -> TextSheet:
    taken: dict[tuple[int, int], str | None] = {}
    merged: list[Merged] = []
    for row, cells in enumerate(table.rows, 1):
        column = 1
        for cell in cells:
            while (row, column) in taken:
                column += 1
            last_row = min(row + cell.rows - 1, len(table.rows))
            last_column = column + cell.columns - 1
            covered = ((r, c) for r in range(row, last_row + 1) for c in range(column, last_column + 1))
            taken.update(dict.fromkeys(covered))
            taken[row, column] = _cell_text(cell)
            if (last_row, last_column) != (row, column):
                merged.append((row, column, last_row, last_column))
            column = last_column + 1
    width = max(column for _, column in taken)
    columns, rows = range(1, width + 1), range(1, len(table.rows) + 1)
    grid = ((row, [taken.get((row, column)) for column in columns]) for row in rows)
    frame = text_frame((row, cells) for row, cells in grid if any(cells))
    damaged = damaged_cells(frame) if any(UNREADABLE in (text or "") for text in taken.values()) else ()
    return TextSheet(name, "html", frame, tuple(merged), encoding, notes=Notes(damaged=damaged))


def _cell_text(cell: _Cell) -> str | None:
    lines = "".join(cell.text).replace("\xa0", " ").split("\n")
    return "\n".join(line.strip() for line in lines).strip() or None


def _span(value: str | None) -> int:
    digits = (value or "").strip()
    return min(max(int(digits), 1), _LARGEST_SPAN) if digits.isdecimal() else 1
