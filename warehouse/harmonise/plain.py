"""Read the lists without a grammar of their own: labels, brackets and decorations off, doubt and plurals asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from warehouse.harmonise.lookup import Term, terms
from warehouse.harmonise.normalise import key, normalise
from warehouse.harmonise.peel import STAGES, peel
from warehouse.harmonise.reading import Reading, doubtful
from warehouse.harmonise.standard_code import read_topography_code
from warehouse.harmonise.wording import DOUBT, find_doubt

_CUT = re.compile(r"[,;()\n]|(?<![0-9])/|/(?![0-9])|\+| and | & |[及和与]")
_CODE = re.compile(r"(?<![a-z0-9])c\d{2}\.?\d(?![0-9])")
_NUMBER = re.compile(r"-?\d{1,4}(?:\.0)?")
_ANY_BONE = ("C40", "C41")
_SOFT_TISSUE = re.compile("(?<![a-z])(?:soft tissues?|muscles?)(?![a-z])|软组织|肌肉内|肌肉")

NUMERIC = "numeric code: needs the centre's codebook"
SEVERAL = "several values in one cell: ask"
PART = "part of the text is not understood"

_GRADE = r"(?:[1-5]|i{1,3}|iv|v)"
_LABELS: Mapping[str, str] = {
    "response": (
        r"^(?:疗效评价|疗效评估|最佳疗效|疗效|评效|评估为|评估|评价|bor|best (?:overall )?response|overall response"
        r"|response|recist(?: ?(?:v ?)?1\.1)?)[ :为=]*"
    ),
    "ecog": (
        r"^(?:ecog|zubrod|who|体力状况|体能状态|体力)?[ -]*(?:ps|performance status)?[ -]*(?:评分|分级|score)?"
        r"[ :=为]*(?=\d)|分$|级$"
    ),
    "adverse_event": (
        rf"[( ,]*(?:ctcae ?(?:v?\d(?:\.\d+)?)? ?)?(?<![a-z])(?:grade|gr\.?|g) ?{_GRADE}(?![a-z0-9])\)?"
        rf"|[( ,]*(?:{_GRADE}|[一二三四五])[级度]\)?"
        r"|^immune[- ](?:related|mediated) |^免疫(?:相关性?|介导[的性]?|性)"
    ),
    "margin": r"^(?:surgical |resection )?margins?[ :]*|^切缘[ :]*(?=r)",
    "stage": (
        r"^(?:ajcc|tnm|临床|病理|clinical|pathological|uicc)[ :]*(?:第?\d版|\d(?:th|\.)? ?(?:ed(?:ition|n)?\.?)?)?[ :]*"
    ),
    "status": r"^(?:生存状态|status|vital status)[ :]*",
}
_KARNOFSKY = re.compile(
    r"(?:kps|karnofsky(?: (?:performance )?(?:status|score|index))?|卡氏评分?|kps评分?)[ :=]*(\d{2,3})[ %分]*"
)


def read_plain(name: str, text: str) -> Reading | None:
    """A text of the list `name`; None when nothing in it is known."""
    normal = normalise(text)
    if _NUMBER.fullmatch(normal):
        return doubtful("structured", NUMERIC)
    doubt = find_doubt(normal)
    found = _whole(name, doubt[1] if doubt else normal)
    if found is None or doubt is None:
        return found
    return doubtful("structured", DOUBT.format(doubt[0]), [found.target] if found.target else found.candidates)


def _whole(name: str, normal: str) -> Reading | None:
    bare = normalise(re.sub(_LABELS[name], " ", normal)).strip(" -:;,.") if name in _LABELS else normal
    for candidate in (normal, bare):
        if term := terms(name).get(key(candidate)) if candidate else None:
            return term.reading("structured")
    parts = [part.strip(" -:.") for part in _CUT.split(bare)]
    return agree([terms(name).get(key(part)) for part in parts if part])


def agree(found: Iterable[Term | None]) -> Reading | None:
    """One reading of several parts: the code they share, else a question; None when no part is known."""
    parts = list(found)
    known = [term.reading("structured") for term in parts if term is not None]
    if not known:
        return None
    codes = _codes_of(known)
    if len(known) < len(parts):
        return doubtful("structured", PART, codes)
    if len({(reading.target, reading.needs_query) for reading in known}) == 1:
        return known[0]
    sure = {reading.target for reading in known if reading.target and not reading.needs_query}
    open_ones = [reading for reading in known if not reading.target]
    if len(sure) == 1 and all(next(iter(sure)) in reading.candidates for reading in open_ones):
        return next(reading for reading in known if reading.target in sure)
    return doubtful("structured", SEVERAL, codes)


def read_ecog(text: str) -> Reading | None:
    """A performance status: ECOG with its labels, Karnofsky by the exact terms of its tens."""
    if karnofsky := _KARNOFSKY.fullmatch(normalise(text)):
        term = terms("ecog").get(key(f"KPS {karnofsky[1]}"))
        return term.reading("structured") if term else doubtful("structured", "no such Karnofsky index: ask")
    bare = normalise(re.sub(_LABELS["ecog"], "", normalise(text)))
    term = terms("ecog").get(key(bare))
    return term.reading("structured") if term and bare != normalise(text) else read_plain("ecog", text)


def site_reader(name: str) -> Callable[[str], Reading | None]:
    """The reader of the list `topography` (a primary site) or `site` (any site)."""

    def read(text: str) -> Reading | None:
        normal = normalise(text)
        doubt = find_doubt(normal)
        found = _site(name, doubt[1] if doubt else normal)
        if found is None or doubt is None:
            return found
        return doubtful("structured", DOUBT.format(doubt[0]), [found.target] if found.target else found.candidates)

    return read


def _site(name: str, normal: str) -> Reading | None:
    codes = _CODE.findall(normal)
    text = normalise(_CODE.sub(" ", normal)).strip(" -:.,;()") if codes else normal
    whole = _one_site(name, text) if text else None
    if whole is None:
        parts = [part.strip(" -:.") for part in _CUT.split(text)]
        readings = {part: _one_site(name, part) for part in parts if part}
        known = [reading for reading in readings.values() if reading is not None]
        strange = [part for part, reading in readings.items() if reading is None and not _says_nothing(part)]
        whole = _one(known, strange)
    named = [reading for reading in map(read_topography_code, codes) if reading is not None]
    if not named:
        return whole
    every = ([whole] if whole is not None else []) + named
    if whole is None and text:
        return doubtful("structured", PART, _codes_of(named))
    if len({reading.target for reading in every}) == 1:
        return Reading(every[0].target, "structured", every[0].needs_query, every[0].reason, every[0].candidates)
    return doubtful("structured", "text and code disagree", _codes_of(every))


def _one(known: list[Reading], strange: list[str]) -> Reading | None:
    if not known:
        return None
    if strange:
        return doubtful("structured", PART, _codes_of(known))
    if len({reading.target for reading in known}) == 1:
        return known[0]
    return doubtful("structured", SEVERAL, _codes_of(known))


def _codes_of(readings: Iterable[Reading]) -> list[str]:
    return [code for reading in readings for code in ([reading.target] if reading.target else reading.candidates)]


def _says_nothing(part: str) -> bool:
    return not peel(part, lambda rest: not rest, STAGES[:1]).rest


def _one_site(name: str, part: str) -> Reading | None:
    lookup = terms(name)
    soft = normalise(_SOFT_TISSUE.sub(" ", part)).strip(" -:.,")
    for text, is_soft in ((part, False), (soft, True)):
        peeled = peel(text, lambda rest: key(rest) in lookup, STAGES[:1]) if text else None
        term = lookup.get(key(peeled.rest)) if peeled is not None and peeled.rest else None
        if peeled is None or term is None:
            continue
        reading = term.reading("structured")
        if name == "topography" and "metastatic" in peeled.kinds:
            return doubtful("structured", "a metastasis, not the primary site: ask", _codes_of([reading]))
        if is_soft and soft != part and (reading.target or "").startswith((*_ANY_BONE, "C44")):
            return doubtful("structured", "soft tissue beside bone or skin: ask", _codes_of([reading]))
        return reading
    return None


_SIDES = (
    ("B", re.compile("(?<![a-z])(?:both|bilateral(?:ly)?|beidseits|bilaterale?)(?![a-z])|双|两侧|左右")),
    ("L", re.compile("(?<![a-z])(?:left|gauche|links|linke[rsn]?|izquierd[ao]|sinistr[ao]|lt)(?![a-z])|左")),
    ("R", re.compile("(?<![a-z])(?:right|droite?|rechts|rechte[rsn]?|derech[ao]|destr[ao]|rt)(?![a-z])|右")),
    ("M", re.compile("(?<![a-z])(?:midline|median)(?![a-z])|正中|中线")),
)


def read_laterality(text: str) -> Reading | None:
    """The side in a site text ('左大腿'): one side is coded, none is ignored, two are asked."""
    normal = normalise(text)
    doubt = find_doubt(normal)
    listed = terms("site").get(key(normal))
    sides = [side for side, pattern in _SIDES if pattern.search(normal)]
    if not sides and listed is not None and listed.laterality:
        sides = [listed.laterality]
    sides = ["B"] if sides[:1] == ["B"] else sides
    if doubt and sides:
        return doubtful("structured", DOUBT.format(doubt[0]), sides)
    if len(sides) > 1:
        return doubtful("structured", "two sides: ask", sides)
    if sides:
        return Reading(sides[0], "structured")
    site = site_reader("site")(text) or site_reader("topography")(text)
    return replace(Reading(None, "structured"), reason="ignored: no side stated") if site is not None else None
