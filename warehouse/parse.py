"""From the text of one cell to a typed value. Pure functions, called once per distinct text.

A date keeps what it can mean: `2021年3月` is a month with its first and last day, not a day made up.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"),
        1,
    )
    for name in names.split()
}  # fmt: skip
_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "初": (1, 10), "中": (11, 20), "底": (21, 31)}
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ t](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_ONLY = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月份?(上旬|中旬|下旬|初|中|底)?)")
_YEAR_ONLY = re.compile(r"(\d{4})年?")
_NAMED = re.compile(r"(?:(\d{1,2})[ -])?([a-z]{3,9})[ -,]*(\d{4})")
_PLACEHOLDERS = {date(1900, 1, 1), date(9999, 12, 31)}
_EXCEL_ERROR = re.compile(r"#(?:DIV/0!|REF!|VALUE!|NAME\?|NUM!|N/A|NULL!|GETTING_DATA)")
_GRADE = re.compile(r"(?:ctcae)?(?:grade|grad|g|级)?([0-9])级?(?:度)?")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}


@dataclass(frozen=True)
class Day:
    """What a text says about a day: the bounds, and how precise it is; or the rule it breaks."""

    earliest: date | None = None
    latest: date | None = None
    precision: str = "none"
    fault: str | None = None
    placeholder: bool = False


def plain(text: str) -> str:
    """The text without full-width forms, control characters, a spreadsheet's `="…"` guard and surrounding space."""
    text = unicodedata.normalize("NFKC", text).strip("\t\r\n \ufeff\u200b")
    guarded = re.fullmatch(r'="(.*)"', text)
    return guarded.group(1).strip() if guarded else text


def is_excel_error(text: str) -> bool:
    """Whether the text is a spreadsheet's error value."""
    return _EXCEL_ERROR.fullmatch(text) is not None


def is_rounded_key(text: str) -> bool:
    """Whether a number of many digits has been through a spreadsheet: 4.1E+17, or 18 digits that end in 000."""
    return bool(re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", text) or re.fullmatch(r"\d{15}0{2,}", text))


def _span(year: int, month: int | None = None, third: str | None = None) -> Day:
    if month is None:
        return Day(date(year, 1, 1), date(year, 12, 31), "year")
    if not 1 <= month <= 12:
        return Day(fault="date_impossible")
    last = monthrange(year, month)[1]
    first, end = _THIRDS[third] if third else (1, last)
    return Day(date(year, month, first), date(year, month, min(end, last)), "month")


def _exact(year: int, month: int, day: int) -> Day:
    try:
        value = date(year, month, day)
    except ValueError:
        return Day(fault="date_impossible")
    return Day(placeholder=True) if value in _PLACEHOLDERS else Day(value, value, "day")


@cache
def _declared(pattern: str) -> re.Pattern[str]:
    """A pattern such as DD/MM/YYYY, D.M.YY or MM/YYYY as a regular expression."""
    parts = {"YYYY": r"(?P<year>\d{4})", "YY": r"(?P<short>\d{2})", "MM": r"(?P<month>\d{1,2})",
             "M": r"(?P<month>\d{1,2})", "DD": r"(?P<day>\d{1,2})", "D": r"(?P<day>\d{1,2})"}  # fmt: skip
    pieces = re.split(r"(YYYY|YY|MM|M|DD|D)", pattern)
    return re.compile("".join(parts.get(piece, re.escape(piece)) for piece in pieces))


def read_date(text: str, declared: tuple[str, ...] = ()) -> Day:
    """A date text as bounds and precision.

    declared: the centre's own patterns where the usual year-first forms do not decide, such as DD/MM/YYYY.
    """
    folded = plain(text).casefold()
    for pattern in declared:
        match = _declared(pattern).fullmatch(folded)
        if match:
            found = match.groupdict()
            year = int(found.get("year") or 2000 + int(found["short"]))
            month = int(found["month"]) if found.get("month") else None
            return _exact(year, month, int(found["day"])) if month and found.get("day") else _span(year, month)
    if match := _YEAR_FIRST.fullmatch(folded) or _COMPACT.fullmatch(folded):
        return _exact(*(int(part) for part in match.groups()[:3]))
    if match := _MONTH_ONLY.fullmatch(folded):
        in_year, plain_month, in_month, third = match.groups()
        return _span(int(in_year), int(plain_month or in_month), third)
    if (match := _YEAR_ONLY.fullmatch(folded)) and 1800 <= int(match.group(1)) <= 2200:
        return _span(int(match.group(1)))
    if (match := _NAMED.fullmatch(folded)) and match.group(2) in _MONTHS:
        on_day, name, in_year = match.groups()
        return _exact(int(in_year), _MONTHS[name], int(on_day)) if on_day else _span(int(in_year), _MONTHS[name])
    return Day(fault="date_unreadable")


def read_number(text: str, decimal: str = ".") -> float | None:
    """One number, with a point or a single decimal comma; null where the text is anything else.

    decimal: the centre's mark. It decides what else could be either: 1,125 is 1125 under '.' and 1.125 under ','; a
    point before three digits (1.125) is then a fraction to a workbook and thousands to a person, so it is not read.
    """
    found = plain(text).replace(" ", "")
    if decimal == "," and re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+", found):
        return None
    if decimal == "," and re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+", found):
        found = found.replace(".", "")
    if decimal == "." and re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", found):
        found = found.replace(",", "")
    elif re.fullmatch(r"[+-]?\d+,\d+", found):
        found = found.replace(",", ".")
    return float(found) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", found) else None


def read_grade(text: str) -> float | None:
    """A grade as digit or Roman numeral, with or without its word: 3, G3, Grade 3, 3级, III."""
    folded = plain(text).casefold().replace(" ", "")
    bare = re.sub(r"^(?:grade|grad|g)|[级度]$", "", folded)
    if bare in _ROMAN:
        return float(_ROMAN[bare])
    match = _GRADE.fullmatch(folded)
    return float(match.group(1)) if match else read_number(text)


def largest_size(text: str, decimal: str = ".") -> float | None:
    """The largest of the diameters of `5×4×3cm`, as a bare number; null where one of them is no number."""
    folded = plain(text).casefold().replace(" ", "")
    match = re.fullmatch(r"(\d[\d.,]*(?:[x×*]\d[\d.,]*)*)(mm|cm)?", folded)
    if not match:
        return None
    numbers = [read_number(part, decimal) for part in re.split(r"[x×*]", match.group(1))]
    told = [number for number in numbers if number is not None]
    return max(told) if len(told) == len(numbers) else None


def unit_in(text: str) -> str | None:
    """The unit of length written behind a size, mm or cm."""
    match = re.search(r"(mm|cm)\s*$", plain(text).casefold())
    return match.group(1) if match else None
