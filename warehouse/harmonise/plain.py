"""Read the lists without a grammar of their own: labels, brackets and decorations off, doubt and plurals asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache

from warehouse.harmonise.lookup import Term, terms
from warehouse.harmonise.normalise import key, normalise
from warehouse.harmonise.peel import STAGES, peel
from warehouse.harmonise.reading import Reading, doubtful
from warehouse.harmonise.standard_code import read_topography_code
from warehouse.harmonise.wording import DOUBT, find_doubt, has_han

_CUT = re.compile(r"[,;()\n]|(?<![0-9])/|/(?![0-9])|\+| and | & |[及和与]")
_CODE = re.compile(r"(?<![a-z0-9])c\d{2}\.?\d(?![0-9])")
_NUMBER = re.compile(r"-?\d{1,4}(?:\.0)?")
_ANY_BONE = ("C40", "C41")
_SOFT_TISSUE = re.compile(
    "(?<![a-z])(?:soft tissues?|muscles?|weichteile(?: des?r?)?|parties molles(?: d[eu](?: la)?)?"
    "|tissus mous(?: d[eu](?: la)?)?|partes blandas(?: del?(?: la)?)?|tessuti molli(?: dell?a?)?)(?![a-z])"
    "|软组织|肌肉内|肌肉"
)
_SOFT_PART = {"C76.0": "C49.0", "C76.1": "C49.3", "C76.2": "C49.4", "C76.3": "C49.5"}
"""Soft tissue of a region that is not stated further."""
_POSITION = re.compile(
    "(?<![a-z])(?:(?:anterior|posterior|medial|lateral|anteromedial|anterolateral|posteromedial|posterolateral|proximal"
    "|distal|deep|superficial|subfascial|epifascial|intramuscular|plantar|dorsal|volar|ventral)(?: (?:aspect"
    "|compartment|part|side|third|half)(?: of(?: the)?)?)?"
    "|(?:c|th?|l)\\d{1,2}(?= vertebra)|loge (?:anterieure|posterieure|interne|externe)(?: d[eu](?: la)?)?"
    "|(?:left|right) side|(?:anteriore|posteriore|mediale|laterale|prossimale|distale|anterieure?|posterieure?"
    "|interne|externe|proximal[ea]|distal[ea]))(?![a-z])"
    "|前侧|后侧|内侧|外侧|前内侧|前外侧|后内侧|后外侧|上段|中段|下段|上端|下端|近端|远端|深部|浅部|肿物|肿块|包块|肿瘤|占位"
)
_REGIONS: Mapping[str, str] = {
    "lower extremity": r"C49\.[25]|C40\.[23]|C44\.7",
    "upper extremity": r"C49\.[13]|C40\.[01]|C44\.6",
    "superficial trunk": r"C49\.[3456]|C44\.5",
    "chest": r"C49\.3|C3[478]\.\d|C50\.\d",
    "head and neck": r"C49\.0|C76\.0|C0\d\.\d|C1[0-4]\.\d|C3[0-3]\.\d|C41\.[01]|C44\.[0-4]|C69\.\d",
    "gynecological": r"C5[1-8]\.\d",
    "lower abdominal/pelvic": r"C49\.[45]|C76\.3|C48\.\d|C5[1-8]\.\d|C6[1-8]\.\d|C20\.\d|C21\.\d",
    "retroperitoneum/upper abdominal": r"C48\.\d|C49\.4|C1[6-8]\.\d|C2[2-5]\.\d|C64\.\d|C74\.\d",
}
"""The regions of a form's 'region - part', and the codes that a part of each may have."""
_REGION = re.compile(rf"({'|'.join(map(re.escape, _REGIONS))}) ?- ?([^|]+)")

NUMERIC = "numeric code: needs the centre's codebook"
SEVERAL = "several values in one cell: ask"
PART = "part of the text is not understood"

_GRADE = r"(?:[1-5]|i{1,3}|iv|v)"
_CTC = r"(?:ctce ?(?:v? ?\d(?:\.\d+)?)?[ :,]*)"  # 'ctcae', as the normal form has it
_LABELS: Mapping[str, str] = {
    "response": (
        r"^(?:疗效评价|疗效评估|最佳疗效|疗效|评效|评估为|评估|评价|bor|best (?:overall )?response|overall response"
        r"|response|recist(?: ?(?:v ?)?1\.1)?)[ :为=]*|\(?recist ?(?:v ?)?1\.1\)?$"
    ),
    "ecog": (
        r"^(?:ecog|zubrod|who|体力状况|体能状态|体力)?[ -]*(?:ps|performance status)?[ -]*(?:评分|分级|score)?"
        r"[ :=为]*(?=\d)|分$|级$"
    ),
    "adverse_event": (
        rf"[( ,]*{_CTC}?(?<![a-z])(?:grade|grado|grad|gr\.?|g) ?{_GRADE}(?![a-z0-9])\)?"
        rf"|[( ,]*{_CTC}?(?:{_GRADE}|[一二三四五])[级度]\)?|^{_CTC}(?![a-z])"
    ),
    "immune": (r"^immune[- ](?:related|mediated) |^免疫(?:相关性?|介导[的性]?|性)"),
    "margin": r"^(?:surgical |resection )?margins?[ :]*|^切缘[ :]*(?=r)",
    "stage": (
        r"^(?:ajcc|tnm|临床|病理|clinical|pathological|uicc)[ :]*(?:第?\d版|\d(?:th|\.)? ?(?:ed(?:ition|n)?\.?)?)?[ :]*"
    ),
    "status": r"^(?:生存状态|status|vital status)[ :]*",
}
_KARNOFSKY = re.compile(
    r"(?:kps|karnofsky(?: (?:performance )?(?:status|score|index))?|卡氏(?:评分)?|kps评分)[ :=]*(\d{2,3})[ %分]*"
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
    plainer = normalise(re.sub(_LABELS["immune"], " ", bare)).strip(" -:;,.") if name == "adverse_event" else bare
    for candidate in dict.fromkeys((normal, bare, plainer)):
        if term := terms(name).get(key(candidate)) if candidate else None:
            return term.reading("structured")
    parts = [part.strip(" -:.") for part in _CUT.split(plainer)]
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
    whole = (_region(name, text) or _one_site(name, text)) if text else None
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


def _region(name: str, text: str) -> Reading | None:
    """'superficial trunk - back': the part, if the region can have it."""
    found = _REGION.fullmatch(text)
    part = _site(name, found[2]) if found else None
    if found is None or part is None or part.target is None:
        return part
    if re.fullmatch(_REGIONS[found[1]], part.target):
        return part
    return doubtful("structured", "region and part disagree", _codes_of([part]))


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
    bare = normalise(_POSITION.sub(" ", part)).strip(" -:.")
    return not bare or key(bare) in terms("laterality") or not peel(bare, lambda rest: not rest, STAGES[:1]).rest


_SPREAD = re.compile(
    r"(?<![a-z])(?:metastas(?:is|es|e|i|en)|metastati(?:c|que|co|ca)|mets?|filiae?)(?: (?:of|to|in|a|de|di))?"
    r"(?: the)?(?![a-z])|多发转移|转移(?:瘤|灶|性)?"
)


def _one_site(name: str, part: str) -> Reading | None:
    """One site, with what is said of its side, its place in the part, its spread and its tissue taken off in turn."""
    firm = [part]
    for words in (_POSITION, _SIDE, _SPREAD):
        firm += [_without(words, text) for text in firm]
    soft = [_without(_SOFT_TISSUE, text) for text in firm]
    for text in dict.fromkeys((*firm, *soft)):
        reading = _named_site(name, text, is_spread=_SPREAD.search(part) is not None) if text else None
        if reading is None:
            continue
        if text in firm:
            return reading
        if (reading.target or "").startswith((*_ANY_BONE, "C44")):
            return doubtful("structured", "soft tissue beside bone or skin: ask", _codes_of([reading]))
        return Reading(_SOFT_PART[reading.target], "structured") if reading.target in _SOFT_PART else reading
    return None


def _without(words: re.Pattern[str], text: str) -> str:
    return normalise(words.sub(" ", text)).strip(" -:.,")


def _named_site(name: str, text: str, *, is_spread: bool) -> Reading | None:
    """The site that a text names once its other words are taken off; a metastasis is no primary site."""
    lookup = terms(name)
    peeled = peel(text, lambda rest: key(rest) in lookup, STAGES[:1])
    term = lookup.get(key(peeled.rest)) if peeled.rest else None
    if term is None:
        return None
    reading = term.reading("structured")
    if name == "topography" and (is_spread or "metastatic" in peeled.kinds):
        return doubtful("structured", "a metastasis, not the primary site: ask", _codes_of([reading]))
    return reading


_SIDES = {
    "L": "left|gauche|links|linke[rsn]?|izquierd[ao]s?|sinistr[aoi]|左",
    "R": "right|droite?|rechts|rechte[rsn]?|derech[ao]s?|destr[aoi]|右",
    "M": "midline|正中|中线",
}
_SHORT_SIDES = {
    "B": "both|bilateral(?:ly|e|i|es)?|bilateraux|bilat|beidseits|bds|双|两侧|左右",
    "L": "sx|li|lt|l",
    "R": "dx|re|rt|r",
    "M": "median",
}
"""Words for a side that mean other things too: they count beside a site only."""


@cache
def _side(words: str) -> re.Pattern[str]:
    latin = "|".join(word for word in words.split("|") if not has_han(word))
    han = "|".join(word for word in words.split("|") if has_han(word))
    return re.compile("|".join(part for part in (rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9-])", han) if part))


_NAMED_BY_SIDE = re.compile(
    "(?<![a-z])(?:right|left) (?:atrium|ventricle|colon|hemicolon)(?![a-z])|[左右](?:心[房室]|半结肠)"
)
"""Parts of a single organ whose name holds a side."""
_SIDE = re.compile("|".join(rf"(?:{_side(words).pattern})\.?" for words in (*_SIDES.values(), *_SHORT_SIDES.values())))


def read_laterality(text: str) -> Reading | None:
    """The side in a site text ('左大腿'): one side is coded, none is ignored, two are asked."""
    normal = _NAMED_BY_SIDE.sub(" ", normalise(text))
    doubt = find_doubt(normal)
    site = site_reader("site")(text) or site_reader("topography")(text)
    sides = [side for side, words in _SIDES.items() if _side(words).search(normal)]
    if site is not None:
        short = [side for side, words in _SHORT_SIDES.items() if _side(words).search(normal)]
        sides = ["B"] if "B" in short else list(dict.fromkeys(sides + short))
        listed = terms("site").get(key(normal))
        if not sides and listed is not None and listed.laterality:
            sides = [listed.laterality]
    if doubt and sides:
        return doubtful("structured", DOUBT.format(doubt[0]), sides)
    if len(sides) > 1:
        return doubtful("structured", "two sides: ask", sides)
    if sides:
        return Reading(sides[0], "structured")
    return replace(Reading(None, "structured"), reason="ignored: no side stated") if site is not None else None
