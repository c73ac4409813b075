"""Text that goes into a spreadsheet and comes back: what would start a formula there is given an apostrophe."""

from __future__ import annotations

import re

import polars as pl

STARTS = r"(?:[\s\x00]*[=+\-@＝＋－＠]|[\t\r\n])"
"""What spreadsheets read as the start of a formula, leading blanks and full-width forms included."""

_STARTS = re.compile(f"'*{STARTS}")
_NEUTRAL = re.compile(f"'+{STARTS}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def printable(text: str) -> str:
    """The text as XLSX and DOCX can hold it: a blank for each control character."""
    return _CONTROL.sub(" ", text)


def neutral(text: str) -> str:
    """The text as a cell may hold it: one apostrophe more where it would start a formula. `plain` takes it off."""
    return f"'{text}" if _STARTS.match(text) else text


def plain(cell: str) -> str:
    """The text of a cell that `neutral` has written, or that a person has."""
    return cell[1:] if _NEUTRAL.match(cell) else cell


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every text as `neutral` writes it."""
    texts = pl.col(pl.String)
    return frame.with_columns(
        pl.when(texts.str.contains(f"^'*{STARTS}")).then("'" + texts).otherwise(texts).name.keep()
    )
