"""Read a line of therapy as stated: a number, a range, a lower or upper bound, or a count of earlier lines.

The code is one of the list `line`: 'N' is line N, 'N-M' a range, 'N+' line N or later; 'adjuvant', 'neoadjuvant' and
'perioperative' are line 0; line_min, line_max and setting_code stand in the list. A range is coded as far as it goes
and the number is asked. A bare number is never taken: it may count earlier lines or cycles.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from schemas.codelist import load
from warehouse.harmonise.lookup import terms
from warehouse.harmonise.normalise import key, normalise
from warehouse.harmonise.reading import Reading, doubtful
from warehouse.harmonise.wording import DOUBT, find_doubt

_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_CARDINALS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
_FRENCH = ["premiere", "deuxieme", "troisieme", "quatrieme", "cinquieme"]
_GERMAN = ["erst", "zweit", "dritt", "viert", "fuenft", "funft"]
_SPANISH = ["primera", "segunda", "tercera", "cuarta", "quinta"]
_ITALIAN = ["prima", "seconda", "terza", "quarta"]
_CHINESE = "一二三四五六七八九十"
_WORDS = {
    word: number
    for words in (_ORDINALS, _CARDINALS, _ROMAN, _FRENCH, _GERMAN, _SPANISH, _ITALIAN, _CHINESE)
    for number, word in enumerate(words, 1)
}
_WORDS |= {f"十{digit}": 10 + number for number, digit in enumerate(_CHINESE[:5], 1)}
_WORDS |= {"两": 2, "首": 1, "zero": 0, "no": 0, "fuenft": 5, "funft": 5, "fenft": 5}

_DIGITS = r"(\d{1,2})"
_N = r"(\d{1,2}|" + "|".join(sorted(_WORDS, key=lambda word: (-len(word), word))) + ")"
_ORD = r"(?:st|nd|rd|th|ere|re|eme|e|a|\.)?"
_WORD = r"(?:线|-? ?lines?|linien?|linientherapie|-? ?lignes?|-? ?linea|-? ?linee|-? ?lineas)"
_ONE_WORD = r"(?:线|-? ?line|linie|linientherapie|-? ?ligne|-? ?linea)"
_SOME = rf"(?:第?{_N}{_ORD} ?{_WORD}|{_DIGITS} ?-? ?l)"
_WHAT = (
    r"(?: ?(?:of )?(?:systemic |palliative |metastatic )?(?:therapy|treatment|chemotherapy|setting|palliative|systemic)"
    r"|(?:系统|全身|姑息|姑息性|联合|靶向|免疫|化学)?(?:治疗|化疗|靶向|免疫|用药|方案))*"
)
_BEFORE = r"(?:晚期|姑息|姑息性|转移后|解救|palliative |metastatic )?第?"

Rule = tuple[re.Pattern[str], Callable[[int, int], tuple[str, str]]]

ASK_NUMBER = "range: the exact line is asked"
_ASK_BOUND = "以上 normally includes the bound: confirm, and give the line"


def _open(low: int) -> str:
    return f"{low}+"


def _range(low: int, high: int) -> str:
    return f"{low}-{high}" if low < high else str(low)


def _rule(pattern: str, code: Callable[[int, int], str], reason: str = "") -> Rule:
    return re.compile(pattern + _WHAT), lambda low, high: (code(low, high), reason)


_RULES: tuple[Rule, ...] = (
    _rule(rf"(?:既往|之前|曾)(?:接受|经|行)?过?{_N} ?线", lambda n, _: str(n + 1)),
    _rule(rf"{_N} (?:prior|previous) (?:lines?|therapies|treatments|regimens)(?:\(s\))?", lambda n, _: str(n + 1)),
    _rule(rf"(?:number of )?(?:prior|previous) lines? ?[:=]? ?{_N}", lambda n, _: str(n + 1)),
    _rule(rf"(?:>=|at least |minimum ){_SOME}", lambda n, _: _open(n)),
    _rule(rf">{_SOME}", lambda n, _: _open(n + 1)),
    _rule(rf"第?{_N} ?线(?:治疗)?[及或和](?:其|之)?(?:以上|后线|以后|后续)", lambda n, _: _open(n)),
    _rule(rf"第?{_N} ?线以上", lambda n, _: _open(n), _ASK_BOUND),
    _rule(rf"{_SOME}(?:\+| (?:and|or) (?:later|beyond|above|more|subsequent|greater))", lambda n, _: _open(n)),
    _rule(rf"l{_DIGITS}\+", lambda n, _: _open(n)),
    _rule(rf"(?:<=|at most |up to ){_SOME}", lambda n, _: _range(1, n), ASK_NUMBER),
    _rule(rf"<{_SOME}", lambda n, _: _range(1, n - 1), ASK_NUMBER),
    _rule(rf"第?{_N} ?线(?:及|或)?(?:以内|以下|之内)", lambda n, _: _range(1, n), ASK_NUMBER),
    _rule(
        rf"第?{_N}{_ORD} ?(?:{_WORD}|l)? ?(?:-|~|至|到|或|to |or ) ?{_SOME}",
        lambda low, high: _range(low, high) if low < high else "",
        ASK_NUMBER,
    ),
    _rule(rf"(?:lot|line|linie|ligne|linea|l) ?{_DIGITS}", lambda n, _: str(n)),
    _rule(rf"{_BEFORE}(?:{_N}{_ORD} ?{_ONE_WORD}|{_DIGITS} ?-? ?l)", lambda n, _: str(n)),
)
_BARE = re.compile(r"\d{1,3}(?:\.0)?")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?: 00:00:00)?")


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else _WORDS[word]


def _by_rule(normal: str) -> Reading | None:
    for pattern, rule in _RULES:
        found = pattern.fullmatch(normal)
        if not found:
            continue
        numbers = [_number(group) for group in found.groups() if group is not None]
        code, reason = rule(numbers[0], numbers[-1])
        if code not in load("line").valid:
            return doubtful("structured", "no such line: ask")
        return Reading(code, "structured", bool(reason), reason)
    return None


def read_line(text: str) -> Reading | None:
    """A line as stated, as a reading; None when the text names no line."""
    normal = normalise(text)
    if found := _by_rule(normal):
        return found
    if _BARE.fullmatch(normal):
        return doubtful("structured", "a bare number: line, earlier lines or cycles? ask")
    if _DATE.fullmatch(normal):
        return doubtful("structured", "a date, perhaps a range ('1-2') that a spreadsheet has changed: ask")
    doubt = find_doubt(normal)
    if doubt is None:
        return None
    term = terms("line").get(key(doubt[1]))
    inner = term.reading() if term else _by_rule(doubt[1])
    if inner is None:
        return None
    return doubtful("structured", DOUBT.format(doubt[0]), (inner.target,) if inner.target else inner.candidates)
