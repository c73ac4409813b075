"""SNOMED CT identifiers that a registry may send out under a licence of its own: `mcode_code.csv` in its home.

None is committed here. mcode_place.csv names the codes of ours that mCODE wants as one, and the value set that has it.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import polars as pl

from schemas.configuration import nearest
from schemas.errors import ConfigurationError
from schemas.standards import table

FILE = "mcode_code.csv"
COLUMNS = ("use", "code", "system", "value")
"""Of the home's file; a further column `source` is welcome and not read."""

SYSTEM = "http://snomed.info/sct"
_ID = re.compile(r"[0-9]{6,18}")


def places() -> pl.DataFrame:
    """use, code, binding, value_set: where mCODE wants a SNOMED CT identifier for a code of ours."""
    return table("mcode_place")


def licensed(root: Path) -> pl.DataFrame:
    """COLUMNS of the home's file, no row without one. Raises ConfigurationError naming the first line at fault."""
    path = root / FILE
    codes: dict[str, set[str]] = {}
    for use, code in places().select("use", "code").iter_rows():
        codes.setdefault(use, set()).add(code)
    found: dict[tuple[str, str], tuple[int, tuple[str, ...]]] = {}
    for line, row in _lines(path):
        use, code, system, value = (row[name] for name in COLUMNS)
        where = f"{FILE}: line {line}"
        if use not in codes:
            raise ConfigurationError(f'{where}: no use "{use}".{nearest(use, codes) or " They are: " + _all(codes)}')
        if code not in codes[use]:
            known = nearest(code, codes[use]) or f" Its codes are: {_all(codes[use])}."
            raise ConfigurationError(f'{where}: the use {use} has no code "{code}".{known}')
        if system != SYSTEM:
            raise ConfigurationError(f'{where}: the system is "{system}"; only {SYSTEM} stands in this file.')
        if not _ID.fullmatch(value):
            raise ConfigurationError(f'{where}: "{value}" is no SNOMED CT identifier; it has 6 to 18 digits.')
        if (use, code) in found:
            first, _ = found[use, code]
            raise ConfigurationError(f"{where}: {use} {code} stands in line {first} already; keep one of the two.")
        found[use, code] = (line, (use, code, system, value))
    return pl.DataFrame([cells for _, cells in found.values()], dict.fromkeys(COLUMNS, pl.String), orient="row")


def _lines(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The filled lines with their number in the file; a cell is stripped, one that is missing is empty."""
    if not path.exists():
        return []
    try:
        reader = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise ConfigurationError(f"{FILE}: not readable as UTF-8 CSV ({fault}). Save it as CSV UTF-8.") from None
    header = rows[0][1] if rows else []
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise ConfigurationError(
            f'{FILE}: line 1: the column "{missing[0]}" is missing. The first line must read: {",".join(COLUMNS)}'
        )
    blank = dict.fromkeys(COLUMNS, "")
    return [(line, blank | dict(zip(header, cells, strict=False))) for line, cells in rows[1:] if any(cells)]


def _all(words: set[str] | dict[str, set[str]]) -> str:
    return ", ".join(sorted(words))
