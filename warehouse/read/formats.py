"""Number formats that hide part of a date: Excel keeps 2021年3月 as the first of March."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BUILT_IN = {17: "mmm-yy", **dict.fromkeys((27, 36, 50, 52, 57), "yyyy年m月")}
"""Formats that a file names by number alone; 27 to 58 as simplified Chinese Excel shows them."""


@cache
def shown_length(code: str) -> int | None:
    """How much of an ISO date the format shows: 7 characters (month), 4 (year), None (all, or no date)."""
    parts = set(re.sub(r"[^a-z0#?]", "", _NOT_SHOWN.sub("", code.split(";")[0]).lower()))
    if "general" in code.lower() or parts - set("yem") or not parts & set("ye"):
        return None
    return 7 if "m" in parts else 4


def partial_formats(custom: Mapping[int, str]) -> dict[int, int]:
    """Format number -> shown length, for each partial date format; custom: the workbook's own codes."""
    lengths = {number: shown_length(code) for number, code in (_BUILT_IN | dict(custom)).items()}
    return {number: length for number, length in lengths.items() if length}


def shown_date(iso: str, length: int) -> str:
    """The part of an ISO date that the format shows, if what it hides is the first day of month or year.

    Another hidden day was typed by someone, so it is kept.
    """
    return iso[:length] if iso[length:10] == "-01-01"[-(10 - length) :] else iso
