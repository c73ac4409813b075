"""Sheets as bytes of delimited text or of a workbook, the same bytes on every machine and day."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

from demo_delivery import UNDECODABLE, Cell, Sheet
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

_STAMP = datetime(2024, 7, 1, 8, 0, 0)
_EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def _text(cell: Cell) -> str:
    return "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)


def delimited(sheet: Sheet) -> bytes:
    """The sheet as comma-separated text in its own encoding."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator=sheet.newline)
    for number, head in enumerate(sheet.head):
        if number < sheet.banner_rows:
            out.write(_text(head[0]) + sheet.newline)
        else:
            writer.writerow([_text(cell) for cell in head])
    for row in sheet.rows:
        writer.writerow([_text(cell) for cell in row.written()])
    parts = out.getvalue().split(UNDECODABLE)
    codec = "utf-8" if sheet.encoding == "utf-8-sig" else sheet.encoding
    body = b"\xff".join(part.encode(codec) for part in parts)
    return b"\xef\xbb\xbf" + body if sheet.encoding == "utf-8-sig" else body


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one XLSX file."""
    book = Workbook()
    book.remove(book.active)
    book.properties.creator = "SYNTHETIC DATA / 合成数据"
    book.properties.title = "SYNTHETIC DATA / 合成数据, no real patient"
    book.properties.created = _STAMP
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    raw = BytesIO()
    book.save(raw)
    return _repacked(raw.getvalue())


def _fill(page: object, sheet: Sheet) -> None:
    for head in sheet.head:
        page.append(head)  # type: ignore[attr-defined]
    for row in sheet.rows:
        page.append(row.written())  # type: ignore[attr-defined]
    for line in page.iter_rows():  # type: ignore[attr-defined]
        for cell in line:
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
    for line in page.iter_rows(max_row=max(1, len(sheet.head))):  # type: ignore[attr-defined]
        for cell in line:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(horizontal="center", vertical="center")
    for area in sheet.merged_head:
        page.merge_cells(area)  # type: ignore[attr-defined]
    for area in _same_as_above(sheet):
        page.merge_cells(area)  # type: ignore[attr-defined]


def _same_as_above(sheet: Sheet) -> list[str]:
    """Areas in which neighbouring rows of one patient share one merged cell."""
    if not sheet.merge_column:
        return []
    place = sheet.position(sheet.merge_column)
    letter = get_column_letter(place + 1)
    areas, start = [], 0
    for number in range(1, len(sheet.rows) + 1):
        whole = number < len(sheet.rows) and sheet.rows[number].cells[place] == sheet.rows[start].cells[place]
        if not whole:
            if number - start > 1:
                top = len(sheet.head) + 1 + start
                areas.append(f"{letter}{top}:{letter}{top + number - start - 1}")
            start = number
    return areas


def _repacked(raw: bytes) -> bytes:
    """The same archive without the time of its making, stored uncompressed: compressors differ between machines."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            body = source.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2024-07-01T08:00:00Z", body)
            entry = zipfile.ZipInfo(name, _EPOCH_OF_ZIP)
            entry.create_system = 0
            target.writestr(entry, body)
    return out.getvalue()
