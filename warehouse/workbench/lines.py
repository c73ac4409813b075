"""Reading back what a human has filled in: a workbook or CSV as lines of text, whatever program saved it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from schemas.errors import ConfigurationError


@dataclass(frozen=True)
class Lines:
    """The lines of a sheet. sheet: its name, empty for CSV; lines: number in the file (from 1) and cells as text."""

    path: Path
    sheet: str
    lines: tuple[tuple[int, tuple[str, ...]], ...]

    def place(self, line: int, column: str = "") -> str:
        """Where a cell stands, for messages."""
        parts = [f'sheet "{self.sheet}"' if self.sheet else "", f"line {line}", f'column "{column}"' if column else ""]
        return f"{self.path}: {', '.join(part for part in parts if part)}"


def read_lines(path: Path, is_wanted: Callable[[str, tuple[str, ...]], bool]) -> Lines:
    """The lines of a CSV, or of the sheet whose name and first line are wanted (else of the first).

    Raises ConfigurationError for a file that cannot be read, and for a formula in the sheet.
    """
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _workbook(path, is_wanted)
    if path.suffix.lower() in (".xls", ".ods"):
        raise ConfigurationError(f"{path}: is no XLSX; save it as XLSX (or CSV UTF-8) in your spreadsheet program.")
    return Lines(path, "", tuple(_csv(path)))


def _workbook(path: Path, is_wanted: Callable[[str, tuple[str, ...]], bool]) -> Lines:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path)
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as fault:
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else type(fault).__name__
        raise ConfigurationError(f"{path}: cannot be read as an XLSX workbook ({reason}).") from None
    sheets = [sheet for sheet in book.worksheets if is_wanted(sheet.title, _first(sheet))] or book.worksheets[:1]
    if not sheets:
        raise ConfigurationError(f"{path}: has no sheet.")
    found = []
    for line, row in enumerate(sheets[0].iter_rows(), 1):
        formula = next((cell for cell in row if cell.data_type == "f"), None)
        if formula is not None:
            raise ConfigurationError(
                f'{path}: sheet "{sheets[0].title}", line {line}, column {formula.column_letter} holds a formula; '
                "write the value itself."
            )
        found.append((line, tuple(shown(cell.value) for cell in row)))
    return Lines(path, sheets[0].title, tuple(found))


def _first(sheet: object) -> tuple[str, ...]:
    rows = sheet.iter_rows(min_row=1, max_row=1, values_only=True)  # type: ignore[attr-defined]
    return tuple(shown(value) for value in next(rows, ()))


def shown(value: object) -> str:
    """A cell's value as text: whole numbers without a point, a day as YYYY-MM-DD."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _csv(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    try:
        content = path.read_bytes().decode("utf-8-sig")
        first = content.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
        return [(reader.line_num, tuple(cells)) for cells in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else fault
        raise ConfigurationError(
            f"{path}: cannot be read as CSV in UTF-8 ({reason}). Save it as CSV UTF-8, or use the XLSX."
        ) from None
