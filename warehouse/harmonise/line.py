"""Read a line of therapy as stated: a number, a range, a lower or upper bound, or a count of earlier lines.

The code is one of the list `line`: 'N' is line N, 'N-M' a range, 'N+' line N or later; 'adjuvant', 'neoadjuvant' and
'perioperative' are line 0; line_min, line_max and setting_code stand in the list. A range is coded as far as it goes
and the number is asked. A bare number is never taken: it may count earlier lines or cycles.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from schemas.codelist import load
from warehouse.harmonise.drug import read_drug
from warehouse.harmonise.lookup import terms
from warehouse.harmonise.normalise import key, normalise
from warehouse.harmonise.reading import Reading, doubtful
from warehouse.harmonise.wording import DOUBT, find_doubt

_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_CARDINALS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
_FRENCH = ["premiere", "deuxieme", "troisieme", "quatrieme", "cinquieme", "sixieme"]
_GERMAN = ["erst", "zweit", "dritt", "viert", "fuenft", "sechst"]
_SPANISH = ["primera", "segunda", "tercera", "cuarta", "quinta", "sexta"]
_ITALIAN = ["prima", "seconda", "terza", "quarta", "quinta", "sesta"]
_CHINESE = "一二三四五六七八九十"
_WORDS = {
    word: number
    for words in (_ORDINALS, _CARDINALS, _ROMAN, _FRENCH, _GERMAN, _SPANISH, _ITALIAN, _CHINESE)
    for number, word in enumerate(words, 1)
}
_WORDS |= {f"{word}e{ending}": number for number, word in enumerate(_GERMAN, 1) for ending in ("", "n", "r", "s")}
_WORDS |= {f"十{digit}": 10 + number for number, digit in enumerate(_CHINESE[:5], 1)}
_WORDS |= {"两": 2, "首": 1, "zero": 0, "no": 0, "funft": 5, "fenft": 5, "seconde": 2, "2nde": 2}

# Bounds in six languages become signs before a text is read.
_SIGNS = (
    (">=", r"大于等于|大于或等于|至少|不少于|不低于|at least |minimum |mindestens |ab (?:der )?|au moins |al menos "
           r"|almeno "),
    ("<=", r"小于等于|小于或等于|不超过|不多于|最多|至多|at most |no more than |not more than |up to |maximum |max\.? "
           r"|hoechstens |maximal |au plus |a lo sumo |como maximo |al massimo |al maximo "),
    (">", r"超过|多于|大于|more than |later than |over |mehr als |plus de |mas de |piu di "),
    ("<", r"少于|小于|less than |fewer than |weniger als |moins de |menos de |meno di "),
)  # fmt: skip
_SIGN = re.compile("|".join(f"(?P<s{n}>{words})" for n, (_, words) in enumerate(_SIGNS)))

_NUMERAL = "(" + "|".join(sorted(_ROMAN, key=len, reverse=True)) + ")"
_DIGITS = r"(\d{1,2})"
_N = r"(\d{1,2}|" + "|".join(sorted(_WORDS, key=lambda word: (-len(word), word))) + ")"
_ORD = r"(?:st|nd|rd|th|ere|re|nde|de|eme|e|er|a|\.)?"
_TAIL = r"(?:therapie|chemotherapie|behandlung)?"
_WORD = rf"(?:线|-? ?lines?|-? ?linien?(?:n?{_TAIL})|-? ?lignes?|-? ?linea|-? ?linee|-? ?lineas)"
_ONE_WORD = rf"(?:线|-? ?line|-? ?linie(?:n?{_TAIL})|-? ?ligne|-? ?linea)"
_SOME = rf"(?:第?{_N}{_ORD} ?{_WORD}|{_DIGITS} ?-? ?l)"
_OF_CANCER = (
    r"(?:(?:systemic|palliative?n?|palliativ[ao]|paliativ[ao]|metastati(?:c|que)|metasta(?:s|t)ic[ao]|advanced)[ -]?)"
)
_KIND = (
    r"(?:therapy|therapie|treatment|behandlung|chemotherap(?:y|ie)|chemo|chimiotherapie|quimioterapia|chemioterapia)"
)
_WHAT = (
    rf"(?:[ -]?(?:of |de |di )?{_OF_CANCER}?(?:{_KIND}|setting|palliative|systemic|palliativ[ao]|paliativ[ao]"
    r"|metastatic|metastatique|metastasica|metastatica)"
    r"|(?:系统|全身|姑息|姑息性|联合|靶向|免疫|化学)?(?:治疗|化疗|靶向|免疫|用药|方案))*"
)
_BEFORE = (
    r"(?:当前|目前|现)?(?:晚期|姑息|姑息性|转移后|解救)?(?:palliative? |metastatic |current |line of therapy:? ?"
    r"|(?:chemotherapie|chimiotherapie|chemioterapia|quimioterapia|terapia|therapie|tratamiento|trattamento)"
    r" (?:de |di |in )?)*第?"
)
_AND_LATER = (
    r"(?:\+| (?:and|or) (?:later|beyond|above|more|subsequent|greater)| (?:et|ou) (?:plus|au-dela|ulterieure?s?)"
    r"| (?:o|y|e) (?:posterior(?:es)?|mas|siguientes|successiv[aeio]|oltre)"
    r"| (?:und|oder) (?:spaeter|hoeher|mehr|folgende))"
)
_OR = r"(?:-|~|,|/|至|到|或|to |or |ou |o |oder )"

Rule = tuple[re.Pattern[str], Callable[[int, int], tuple[str, str]]]

ASK_NUMBER = "range: the exact line is asked"
_ASK_BOUND = "以上 normally includes the bound: confirm, and give the line"
_ASK_PRIOR = "first line in the past, or one line before this one? ask"


def _open(low: int) -> str:
    return f"{low}+"


def _range(low: int, high: int) -> str:
    return f"{low}-{high}" if low < high else str(low)


def _rule(pattern: str, code: Callable[[int, int], str], reason: str = "", what: str = _WHAT) -> Rule:
    return re.compile(pattern + what), lambda low, high: (code(low, high), reason)


_PAST = "(?:既往|之前|曾)"

_RULES: tuple[Rule, ...] = (
    _rule(rf"{_PAST}(?:(?:接受|经|行)过?|过)?>={_N} ?线", lambda n, _: _open(n + 1)),
    _rule(rf"{_PAST}(?:(?:接受|经|行)过?|过){_N} ?线", lambda n, _: str(n + 1)),
    _rule(rf"{_PAST}{_N} ?线", lambda n, _: str(n + 1), what=""),
    _rule(rf">={_N} (?:prior|previous) (?:lines?|regimens)(?:\(s\))?", lambda n, _: _open(n + 1)),
    _rule(rf"{_N} (?:prior|previous) (?:lines?|therapies|treatments|regimens)(?:\(s\))?", lambda n, _: str(n + 1)),
    _rule(rf"(?:number of )?(?:prior|previous) lines? ?[:=]? ?{_N}", lambda n, _: str(n + 1)),
    _rule(rf">={_SOME}", lambda n, _: _open(n)),
    _rule(rf">{_SOME}", lambda n, _: _open(n + 1)),
    _rule(rf"第?{_N} ?线(?:治疗)?[及或和](?:第?{_N}线|其|之)?(?:以上|后线|以后|后续)", lambda n, _: _open(n)),
    _rule(rf"第?{_N} ?线以上", lambda n, _: _open(n), _ASK_BOUND),
    _rule(rf"{_BEFORE}{_SOME}{_WHAT}{_AND_LATER}", lambda n, _: _open(n)),
    _rule(rf"{_DIGITS}\+ ?lines?", lambda n, _: _open(n)),
    _rule(rf"l{_DIGITS}\+", lambda n, _: _open(n)),
    _rule(rf"<=(?:{_SOME}|{_DIGITS})", lambda n, _: _range(1, n), ASK_NUMBER),
    _rule(rf"<{_SOME}", lambda n, _: _range(1, n - 1), ASK_NUMBER),
    _rule(rf"第?{_N} ?线(?:及|或)?(?:以内|以下|之内)", lambda n, _: _range(1, n), ASK_NUMBER),
    _rule(
        rf"{_BEFORE}{_N}{_ORD} ?(?:{_WORD}|l)? ?{_OR} ?{_SOME}",
        lambda low, high: _range(low, high) if low < high else "",
        ASK_NUMBER,
    ),
    _rule(
        rf"(?:lines?|linien?|lignes?|linee) ?{_DIGITS}-{_DIGITS}|l{_DIGITS}[-/]l?{_DIGITS}",
        lambda low, high: _range(low, high) if low < high else "",
        ASK_NUMBER,
    ),
    _rule(rf"(?:lot|line(?: of (?:therapy|treatment))?|linie|ligne|linea|l) ?[:-]? ?{_DIGITS}", lambda n, _: str(n)),
    _rule(rf"(?:lot|line|linie|ligne|linea) {_NUMERAL}", lambda n, _: str(n)),
    _rule(rf"{_BEFORE}(?:{_N}{_ORD} ?{_ONE_WORD}|{_DIGITS} ?-? ?l)", lambda n, _: str(n)),
)
_PRIOR = re.compile(rf"{_PAST}{_N} ?线(?:系统|全身|姑息|联合|靶向|免疫)?(?:治疗|化疗|靶向|免疫)")
_BARE = re.compile(r"\d{1,3}(?:\.0)?")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?: 00:00:00)?")
_BRACKETED = re.compile(r"(?P<outer>[^()]+)\((?P<inner>[^()]+)\)")
_BESIDE = re.compile(rf"{_OF_CANCER}|{_KIND}|晚期|姑息(?:性|治疗)?|转移")


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


def _bracketed(normal: str) -> Reading | None:
    """'一线(免疫+靶向)', 'palliative (first line)': a line, and beside it a drug or a word that changes no number."""
    found = _BRACKETED.fullmatch(normal)
    if found is None:
        return None
    for line, beside in ((found["outer"], found["inner"]), (found["inner"], found["outer"])):
        term = terms("line").get(key(line))
        reading = term.reading("structured") if term else _by_rule(line.strip())
        if reading and (_BESIDE.fullmatch(beside.strip()) or ((drug := read_drug(beside)) and drug.target)):
            return reading
    return None


def _signed(normal: str) -> str:
    """The text with its words for bounds as signs: 'at most 2 lines' is '<=2 lines'."""
    return normalise(_SIGN.sub(lambda word: _SIGNS[int((word.lastgroup or "s0")[1:])][0], normal))


def read_line(text: str) -> Reading | None:
    """A line as stated, as a reading; None when the text names no line."""
    normal = normalise(text)
    if found := _by_rule(normal) or _by_rule(_signed(normal)) or _bracketed(normal):
        return found
    if past := _PRIOR.fullmatch(normal):
        return doubtful("structured", _ASK_PRIOR, [str(_number(past[1]) + 1), str(_number(past[1]))])
    if _BARE.fullmatch(normal):
        return doubtful("structured", "a bare number: line, earlier lines or cycles? ask")
    if _DATE.fullmatch(normal):
        return doubtful("structured", "a date, perhaps a range ('1-2') that a spreadsheet has changed: ask")
    doubt = find_doubt(normal)
    if doubt is None:
        return None
    term = terms("line").get(key(doubt[1]))
    inner = term.reading() if term else _by_rule(_signed(doubt[1]))
    if inner is None:
        return None
    return doubtful("structured", DOUBT.format(doubt[0]), (inner.target,) if inner.target else inner.candidates)
