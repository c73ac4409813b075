"""How a workbook that a human fills in is made: cells that stay text, colours that say where to write, room to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from schemas.spreadsheet import printable

POINTS_PER_LINE = 15
LOCKED_COLOUR, OPEN_COLOUR = "EDEDED", "FFF8DC"


def text(sheet: Any, row: int, column: int, value: str) -> Any:
    """A cell of text: never a formula, never a number."""
    cell = sheet.cell(row=row, column=column)
    cell.value = printable(value)
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def height(sheet: Any, row: int, cells: Iterable[tuple[str, float]]) -> None:
    """Room for the longest cell: no program does it by itself for a row it has not made. cells: text, column width."""
    lines = [sum(ceil(max(places(part), 1) / (width * 0.9)) for part in told.split("\n")) for told, width in cells]
    sheet.row_dimensions[row].height = POINTS_PER_LINE * max(lines)


def places(told: str) -> int:
    """How many Latin letters wide a text is."""
    if told.isascii():
        return len(told)
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in told)


def instructions(sheet: Any, rows: Sequence[Sequence[str]], width: int, titles: Iterable[int] = ()) -> None:
    """Sentences to read, a column per language or matter; titles: the rows that stand in bold, from 1."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    bold = set(titles)
    for row, sentence in enumerate(rows, 1):
        for column, words in enumerate(sentence, 1):
            cell = text(sheet, row, column, words)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=row in bold)
        height(sheet, row, [(words, width) for words in sentence])
    for column in range(1, max(map(len, rows), default=1) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def set_up_pages(book: Any) -> None:
    """Every sheet prints landscape, as wide as the page or as the pages it asks for."""
    from openpyxl.worksheet.page import PageMargins

    for sheet in book.worksheets:
        sheet.page_margins = PageMargins(left=0.3, right=0.3, top=0.4, bottom=0.4)
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True


def protect(sheet: Any, last_cell: str) -> None:
    """Lock the sheet but for its open cells; filtering, sorting and widening stay allowed."""
    sheet.auto_filter.ref = f"A1:{last_cell}"
    sheet.protection.sheet = True
    sheet.protection.autoFilter = sheet.protection.formatColumns = sheet.protection.sort = False
    sheet.protection.formatRows = False
