"""Recognise a standard code in any of its spellings: ICD-O morphology and topography, OncoTree, NCIt, ATC.

A code that belongs to several entities is resolved when one of them holds the others (8890/3 is leiomyosarcoma, and
its subtypes share the code); else it is a question. So is a code whose meaning moved between editions of ICD-O.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

import polars as pl

from schemas.codelist import load, wording
from warehouse.harmonise.lookup import terms
from warehouse.harmonise.normalise import key, normalise
from warehouse.harmonise.reading import Reading, doubtful

_PREFIX = r"(?:icd-?o(?:-?[34](?:\.\d)?)?[ :,-]*)?(?:morphology|topography|code|编码)?[ :,-]*"
_MORPHOLOGY = re.compile(_PREFIX + r"m?[ -]?([89]\d{3})[/.\- ]?([0-369])([1-9])?(?:\.0)?")
_STEM = re.compile(_PREFIX + r"m?[ -]?([89]\d{3})(?:/|\.0)?")
_DATE = re.compile(r"([89]\d{3})-0([0-369])-01(?: 00:00:00)?")
_NCIT = re.compile(r"c\d{4,6}")
_TOPOGRAPHY = re.compile(_PREFIX + r"c?(\d{2})\.?([0-9])(?:\.0)?")
_TOPOGRAPHY_STEM = re.compile(_PREFIX + r"c(\d{2})")

_SHORT = 3

SHARED = "the code belongs to several entities: name the entity"


@cache
def parents() -> Mapping[str, str]:
    """Entity -> the entity it is a subtype of."""
    rows = load("histology").codes.filter(pl.col("parent_code").is_not_null()).select("entity_code", "parent_code")
    return dict(rows.iter_rows())


def is_within(entity: str, ancestor: str) -> bool:
    """Whether `entity` is `ancestor` or one of its subtypes."""
    held: str | None = entity
    while held is not None and held != ancestor:
        held = parents().get(held)
    return held == ancestor


def common(entities: Iterable[str]) -> str | None:
    """The one among the entities that holds all the others, or None."""
    every = list(dict.fromkeys(entities))
    return next((one for one in every if all(is_within(other, one) for other in every)), None)


@cache
def _by(column: str) -> Mapping[str, tuple[str, ...]]:
    rows = load("histology").codes.filter(pl.col(column).is_not_null()).select(column, "entity_code").iter_rows()
    found: dict[str, tuple[str, ...]] = {}
    for code, entity in rows:
        found[code.casefold()] = (*found.get(code.casefold(), ()), entity)
    return found


@cache
def _questioned() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    rows = wording("histology_morphology_query").select("morphology_code", "reason", "candidates").iter_rows()
    return {code: (reason, tuple(candidates.split("|"))) for code, reason, candidates in rows}


def morphology_in(text: str) -> str | None:
    """The morphology code ('9581/3') that a text consists of, or None. The grade digit of 9581/33 is left out."""
    found = _MORPHOLOGY.fullmatch(normalise(text))
    return f"{found[1]}/{found[2]}" if found else None


def morphology_entities(code: str) -> tuple[str, ...]:
    """The entities a morphology code may mean, current ones and those it once meant."""
    if code in _questioned():
        return _questioned()[code][1]
    return _by("morphology_code").get(code, ())


def read_morphology(code: str) -> Reading:
    """A morphology code as a reading."""
    if code in _questioned():
        reason, candidates = _questioned()[code]
        return doubtful("code", reason, candidates)
    entities = _by("morphology_code").get(code, ())
    if one := common(entities):
        return Reading(one, "code")
    if entities:
        return doubtful("code", SHARED, entities)
    stem, behaviour = code.split("/")
    others = [entity for other, found in _by("morphology_code").items() if other.startswith(stem) for entity in found]
    if behaviour in "69":
        return doubtful("code", f"behaviour /{behaviour} says where, not what: code the primary tumour", others)
    return doubtful("code", "no such code in the list: check number and behaviour", others)


def read_histology_code(text: str) -> Reading | None:
    """A text that is an ICD-O morphology, OncoTree or NCIt code; None for any other text."""
    normal = normalise(text)
    if code := morphology_in(normal):
        return read_morphology(code)
    if damaged := _DATE.fullmatch(normal):
        code = f"{damaged[1]}/{damaged[2]}"
        return doubtful("code", f"a spreadsheet turned a code, perhaps {code}, into a date", morphology_entities(code))
    if stem := _STEM.fullmatch(normal):
        found = [e for code, entities in _by("morphology_code").items() if code.startswith(stem[1]) for e in entities]
        return doubtful("code", "the behaviour digit is missing", found)
    if key(normal) in terms("histology"):
        return None
    if _NCIT.fullmatch(normal) and normal in _by("ncit"):
        return _one_of(_by("ncit")[normal])
    if normal in _by("oncotree"):
        entities = _by("oncotree")[normal]
        return _one_of(entities) if len(normal) > _SHORT else doubtful("code", "short code: name the entity", entities)
    return None


def _one_of(entities: tuple[str, ...]) -> Reading:
    one = common(entities)
    return Reading(one, "code") if one else doubtful("code", SHARED, entities)


def read_topography_code(text: str) -> Reading | None:
    """A text that is an ICD-O topography code: C49.2, C492, 49.2, C49 (a question)."""
    normal = normalise(text)
    valid = load("topography").valid
    if found := _TOPOGRAPHY.fullmatch(normal):
        code = f"C{found[1]}.{found[2]}"
        if code not in valid:
            near = sorted(other for other in valid if other.startswith(code[:3]))
            return doubtful("code", "no such topography code", near)
        if "c" not in normal:
            return doubtful("code", "a number without its letter C: a topography code?", (code,))
        return Reading(code, "code")
    if stem := _TOPOGRAPHY_STEM.fullmatch(normal):
        group = sorted(other for other in valid if other.startswith(f"C{stem[1]}"))
        if len(group) == 1:
            return Reading(group[0], "code")
        return doubtful("code", "the subsite is missing", group[-1:] + group[:-1]) if group else None
    return None


@cache
def _drug_codes() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for agent, atc, ncit in load("drug").codes.select("code", "atc", "ncit").iter_rows():
        for code in (atc, ncit):
            if code:
                found[code.casefold()] = (*found.get(code.casefold(), ()), agent)
    return found


def read_drug_code(text: str) -> Reading | None:
    """A text that is an ATC or NCIt code of a drug; one shared by several forms of an agent is a question."""
    agents = _drug_codes().get(normalise(text))
    if not agents:
        return None
    if len(agents) == 1:
        return Reading(agents[0], "code")
    return doubtful("code", "the code does not tell the formulations apart: ask", agents)
