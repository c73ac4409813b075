"""From the text of one cell to a typed value. Pure functions, called once per distinct text.

A date keeps what it can mean: `2021年3月` is a month with its first and last day, not a day made up.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january januar janvier enero gennaio ene gen", "feb february februar fevrier febrero febbraio fev",
         "mar march marz maerz mars marzo mrz", "apr april avril abril aprile avr abr", "may mai mayo maggio mag",
         "jun june juni juin junio giugno giu", "jul july juli juillet julio luglio juil lug",
         "aug august aout agosto ago", "sep sept september septembre septiembre settembre set",
         "oct october oktober octobre octubre ottobre okt ott", "nov november novembre noviembre",
         "dec december dezember decembre diciembre dicembre dez dic"),
        1,
    )
    for name in names.split()
}  # fmt: skip
_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "初": (1, 10), "中": (11, 20), "底": (21, 31)}
_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?"
    r"(?:[ t](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?:z|[+-]\d{2}:?\d{2})?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_ONLY = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月份?(上旬|中旬|下旬|初|中|底)?)")
_YEAR_ONLY = re.compile(r"(\d{4})年?[初中末底]?")
_PART_OF_YEAR = re.compile(r"(\d{4})(?:年(上|下)半年|年?(?:第([一二三四1-4])季度|q([1-4])))")
_NAMED = re.compile(r"(?:(\d{1,2}|un|uk|unk|nk|xx)(?:\.? ?|-|er )(?:de )?)?([a-z]{3,10})(?:\.?[ ,]*|-)(?:de )?(\d{4})")
_PLACEHOLDERS = {date(1900, 1, 1), date(1899, 12, 30), date(9999, 12, 31)}
_NO_DAY = re.compile(r"0000[-/.]0?0[-/.]0?0(?: .*)?|1900[-/.]0?1[-/.]0?0(?: .*)?")
_EXCEL = {"EXCEL": date(1899, 12, 30), "EXCEL1904": date(1904, 1, 1)}
"""What a centre declares for a column of bare serial numbers, and its day 0 (past the false 29 February 1900)."""
_SERIAL = re.compile(r"(\d{1,6})(?:\.\d+)?")
_ONGOING = re.compile(
    "至今|仍在用|仍在使用|持续|持续至今|治疗中|用药中|使用中|ongoing|continuing|continues|present|now|today|current"
    "|to date|till now|until now|still on|still given|en cours|laufend|andauernd|en curso|in corso"
)
_EXCEL_ERROR = re.compile(r"#(?:DIV/0!|REF!|VALUE!|NAME\?|NUM!|N/A|NULL!|GETTING_DATA)")
_GRADE = re.compile(r"(?:ctcae)?(?:grade|grad|g|级)?([0-9])级?(?:度)?")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5} | {digit: n for n, digit in enumerate("一二三四五", 1)}
_SAID_GRADE = re.compile(
    r"(?<![a-z])(?:grade|grado|grad|gr\.?|g) ?([1-5]|iv|v|i{1,3})(?![a-z0-9])"
    r"|(?<![a-z0-9])([1-5]|iv|v|i{1,3}|[一二三四五])[级度]"
)
_BETWEEN_GRADES = re.compile(r"[<>≥≤+~?？]|[1-5v一二三四五][ 级度]*(?:-|/|至|到|或|to |or )[ g]*[1-5iv一二三四五]")


@dataclass(frozen=True)
class Day:
    """What a text says about a day: the bounds, and how precise it is; or the rule it breaks."""

    earliest: date | None = None
    latest: date | None = None
    precision: str = "none"
    fault: str | None = None
    placeholder: bool = False
    ongoing: bool = False


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


def _serial(number: int, pattern: str) -> Day:
    """A spreadsheet's serial number; the 1900 system counts a 29 February 1900 that never was as day 60."""
    if pattern == "EXCEL" and number == 60:
        return Day(fault="date_impossible")
    days = number + (1 if pattern == "EXCEL" and number < 60 else 0)
    found = _EXCEL[pattern] + timedelta(days=days)
    return _exact(found.year, found.month, found.day)


def _part_of_year(year: int, half: str | None, quarter: str | None) -> Day:
    """A half or a quarter of a year: its precision is the year's, its bounds are closer."""
    if half:
        first, last = (1, 6) if half == "上" else (7, 12)
    else:
        number = "一二三四".find(quarter or "") + 1 or int(quarter or 0)
        first, last = 3 * number - 2, 3 * number
    return Day(date(year, first, 1), date(year, last, monthrange(year, last)[1]), "year")


@cache
def _declared(pattern: str) -> re.Pattern[str]:
    """A pattern such as DD/MM/YYYY, D.M.YY or MM/YYYY as a regular expression."""
    parts = {"YYYY": r"(?P<year>\d{4})", "YY": r"(?P<short>\d{2})", "MM": r"(?P<month>\d{1,2})",
             "M": r"(?P<month>\d{1,2})", "DD": r"(?P<day>\d{1,2})", "D": r"(?P<day>\d{1,2})"}  # fmt: skip
    pieces = re.split(r"(YYYY|YY|MM|M|DD|D)", pattern)
    return re.compile("".join(parts.get(piece, re.escape(piece)) for piece in pieces))


def read_date(text: str, declared: tuple[str, ...] = ()) -> Day:
    """A date text as bounds and precision.

    declared: the centre's own patterns where the usual year-first forms do not decide, such as DD/MM/YYYY; EXCEL or
    EXCEL1904 for a column of bare serial numbers.
    """
    folded = plain(text).casefold()
    for pattern in declared:
        if pattern in _EXCEL:
            if (match := _SERIAL.fullmatch(folded)) and (serial := int(match.group(1))):
                return _serial(serial, pattern)
            continue
        match = _declared(pattern).fullmatch(folded)
        if match:
            found = match.groupdict()
            year = int(found.get("year") or 2000 + int(found["short"]))
            month = int(found["month"]) if found.get("month") else None
            return _exact(year, month, int(found["day"])) if month and found.get("day") else _span(year, month)
    if _ONGOING.fullmatch(folded):
        return Day(ongoing=True)
    if _NO_DAY.fullmatch(folded):
        return Day(placeholder=True)
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.]00", folded):
        return _span(int(match.group(1)), int(match.group(2)) or None)
    if match := _YEAR_FIRST.fullmatch(folded) or _COMPACT.fullmatch(folded):
        return _exact(*(int(part) for part in match.groups()[:3]))
    if match := _MONTH_ONLY.fullmatch(folded):
        in_year, plain_month, in_month, third = match.groups()
        return _span(int(in_year), int(plain_month or in_month), third)
    if (match := _YEAR_ONLY.fullmatch(folded)) and 1800 <= int(match.group(1)) <= 2200:
        return _span(int(match.group(1)))
    if match := _PART_OF_YEAR.fullmatch(folded):
        return _part_of_year(int(match.group(1)), match.group(2), match.group(3) or match.group(4))
    bare = "".join(letter for letter in unicodedata.normalize("NFD", folded) if not unicodedata.combining(letter))
    if (match := _NAMED.fullmatch(bare)) and match.group(2) in _MONTHS:
        on_day, name, in_year = match.groups()
        known = on_day is not None and on_day.isdecimal()
        return _exact(int(in_year), _MONTHS[name], int(on_day)) if known else _span(int(in_year), _MONTHS[name])
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
    """A grade as digit or numeral, with or without its word, alone or beside its term: 3, G3, 3级, III, '三级皮疹'.

    Several grades, and a range or bound, are null: they are asked.
    """
    folded = plain(text).casefold().replace(" ", "")
    bare = re.sub(r"^(?:grade|grad|g)|[级度]$", "", folded)
    if bare in _ROMAN:
        return float(_ROMAN[bare])
    if match := _GRADE.fullmatch(folded):
        return float(match.group(1))
    spaced = plain(text).casefold()
    said = {group for match in _SAID_GRADE.finditer(spaced) for group in match.groups() if group}
    if len(said) == 1 and not _BETWEEN_GRADES.search(spaced):
        grade = said.pop()
        return float(_ROMAN.get(grade) or int(grade))
    return read_number(text)


_UNIT = re.compile(r"mm|cm|毫米|厘米|公分")
_UNITS = {"毫米": "mm", "厘米": "cm", "公分": "cm"}
_SIZE_WORDS = re.compile(r"^(?:大小|最大径|最大直径|直径|长径|max\.?)+:?")


def largest_size(text: str, decimal: str = ".") -> float | None:
    """The largest of the diameters of `5×4×3cm`, as a bare number; null where one of them is no number."""
    folded = _SIZE_WORDS.sub("", plain(text).casefold().replace(" ", ""))
    units = set(_UNIT.findall(folded))
    match = re.fullmatch(r"(\d[\d.,]*(?:[x×*]\d[\d.,]*)*)", _UNIT.sub("", folded))
    if not match or len(units) > 1:
        return None
    numbers = [read_number(part, decimal) for part in re.split(r"[x×*]", match.group(1))]
    told = [number for number in numbers if number is not None]
    return max(told) if len(told) == len(numbers) else None


def unit_in(text: str) -> str | None:
    """The unit of length written behind a size, mm or cm."""
    match = re.search(r"(mm|cm|毫米|厘米|公分)\s*$", plain(text).casefold())
    return _UNITS.get(match.group(1), match.group(1)) if match else None
