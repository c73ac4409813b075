"""Excel workbooks -> text rows with Excel's row numbers: values by calamine, the rest by xlsx and biff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from schemas.errors import ExportRefused
from warehouse.read import biff, xlsx
from warehouse.read.formats import shown_date
from warehouse.read.sheet import Notes, TextSheet, damaged_cells, text_frame
from warehouse.read.xlsx import Corrections

_EXACT = 2.0**53
_WRITTEN_OUT = 1e21
_HALF_SECOND = dt.timedelta(microseconds=500_000)


def read_workbook(path: Path, *, old: bool, name: str) -> list[TextSheet]:
    """Every worksheet of an .xlsx/.xlsm, or of an .xls (`old`), hidden ones too; no chart or macro sheets.

    Raises ExportRefused.
    """
    by_place = biff.corrections(path, name) if old else []
    by_name = {} if old else xlsx.corrections(path, name)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            return [
                _sheet(workbook, about, by_place[place] if old else by_name.get(about.name, Corrections({}, {})))
                for place, about in enumerate(workbook.sheets_metadata)
                if about.typ == SheetTypeEnum.WorkSheet
            ]
    except PasswordError as fault:
        raise ExportRefused(
            f"{name}: is protected by a password; take the password off in Excel and deliver it again."
        ) from fault
    except (CalamineError, OSError, IndexError, ValueError) as fault:
        raise ExportRefused(_unreadable(name, fault)) from fault
    except BaseException as fault:
        # a panic inside calamine arrives as a class of its own that pyo3 does not export
        if type(fault).__name__ != "PanicException":
            raise
        raise ExportRefused(_unreadable(name, fault)) from None


def _unreadable(name: str, fault: BaseException) -> str:
    return (
        f"{name}: cannot be read as an Excel workbook ({type(fault).__name__}); open it in Excel, save it as "
        ".xlsx and deliver that file."
    )


def _sheet(workbook: CalamineWorkbook, about: Any, corrected: Corrections) -> TextSheet:
    sheet = workbook.get_sheet_by_name(about.name)
    frame = text_frame(_rows(sheet, corrected))
    merged = tuple((r1 + 1, c1 + 1, r2 + 1, c2 + 1) for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or [])
    notes = Notes(damaged=damaged_cells(frame), hidden=about.visible != SheetVisibleEnum.Visible)
    return TextSheet(about.name, "workbook", frame, merged, notes=notes)


def _rows(sheet: Any, corrected: Corrections) -> Iterator[tuple[int, list[str | None]]]:
    """(row number, cells from column A on) of each row that has a cell."""
    top, left = sheet.start or (0, 0)
    blank: list[str | None] = [None] * left
    touched: dict[int, dict[int, str | int]] = {}
    changes: dict[tuple[int, int], str | int] = {**corrected.shown, **corrected.text}
    for (row, column), value in changes.items():
        touched.setdefault(row, {})[column] = value
    for row, values in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
        cells = blank + [value or None if value.__class__ is str else cell_text(value) for value in values]
        for column, change in touched.get(row, {}).items():
            if not left < column <= len(cells):
                continue  # a formatted cell without a value, outside the used area
            if isinstance(change, str):
                cells[column - 1] = change
            elif isinstance(values[column - 1 - left], dt.date):
                cells[column - 1] = shown_date(cells[column - 1] or "", change)
        if any(cell is not None for cell in cells):
            yield row, cells


def cell_text(value: object) -> str | None:
    """A cell's value as text: ISO dates, whole numbers without decimals and with all digits, TRUE/FALSE.

    A time is HH:MM:SS, a duration H:MM:SS with hours beyond 24; parts of a second are rounded.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dt.datetime):
        rounded = (value + _HALF_SECOND).replace(microsecond=0)
        return rounded.strftime("%Y-%m-%d") if _is_midnight(rounded) else rounded.isoformat(sep=" ")
    if isinstance(value, dt.time):
        if value.microsecond >= 500_000:
            return _duration(dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second + 1))
        return value.isoformat(timespec="seconds")
    if isinstance(value, dt.timedelta):
        return _duration(value)
    return str(value) if value != "" else None


def _is_midnight(value: dt.datetime) -> bool:
    return value.time() == dt.time()


def _number(value: float) -> str:
    if not value.is_integer() or abs(value) >= _WRITTEN_OUT:
        # 0.30000000000000004 is what calamine makes of Excel's 0.3; Excel itself shows 15 digits
        return repr(float(f"{value:.15g}"))
    # beyond 2**53 int() shows digits that Excel never had; the shortest form has zeros there, as Excel does
    return str(int(value)) if abs(value) < _EXACT else format(Decimal(repr(value)), "f").removesuffix(".0")


def _duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    sign = "-" if seconds < 0 else ""
    minutes, second = divmod(abs(seconds), 60)
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"
