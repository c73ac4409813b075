"""Text that goes into a spreadsheet and comes back: what would start a formula there is given an apostrophe."""

from __future__ import annotations

import re

_STARTS = re.compile(r"'*[=+\-@\t\r]")
_NEUTRAL = re.compile(r"'+[=+\-@\t\r]")


def neutral(text: str) -> str:
    """The text as a cell may hold it: one apostrophe more where it would start a formula. `plain` takes it off."""
    return f"'{text}" if _STARTS.match(text) else text


def plain(cell: str) -> str:
    """The text of a cell that `neutral` has written, or that a person has."""
    return cell[1:] if _NEUTRAL.match(cell) else cell
