"""Take the words off a diagnosis that do not name it: side, site, grade, spread, specimen.

Nothing is searched inside a text. What is left after the known words are taken away must itself be a whole term;
a word that is not known stays and leaves the text to a human.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas.codelist import IGNORED
from warehouse.harmonise.lookup import terms
from warehouse.harmonise.normalise import normalise
from warehouse.harmonise.phrase import Phrases, index, is_bound, without
from warehouse.harmonise.stem import bag
from warehouse.harmonise.wording import has_han, modifiers

_ALWAYS = frozenset(
    {
        "unspecified",
        "laterality_left",
        "laterality_right",
        "laterality_both",
        "metastatic",
        "recurrent",
        "primary",
        "extent",
        "specimen",
        "filler",
    }
)
_GRADES = frozenset({"grade_low", "grade_high", "grade_1", "grade_2", "grade_3"})
_SITE = frozenset({"site"})
_MALIGNANT = frozenset({"malignant"})

STAGES = (
    _ALWAYS,
    _ALWAYS | _SITE,
    _ALWAYS | _GRADES,
    _ALWAYS | _GRADES | _SITE,
    _ALWAYS | _GRADES | _SITE | _MALIGNANT,
)
"""Taken off in this order, so that a grade, a site or 'malignant' that belongs to a name is found with it."""

_NAME_STAGES = (frozenset[str](), _ALWAYS - {"filler"}, *STAGES)
"""A name may hold such words itself ('deep angiomyxoma'): first nothing is taken off, and the fillers late."""

_EDGE = " -.,;:()/"
_FIRST = re.compile(r"^(?:[a-z0-9]+|.)", re.DOTALL)
_LAST = re.compile(r"(?:[a-z0-9]+|.)$", re.DOTALL)
_SPREAD_WORDS = ("转移", "metasta", "mets", "met ", "spread")


@dataclass(frozen=True)
class Peeled:
    """What is left, the kinds of the words taken off, and the topography codes of the sites among them."""

    rest: str
    kinds: frozenset[str] = frozenset()
    sites: tuple[str, ...] = ()

    def plus(self, kind: str, sites: tuple[str, ...]) -> Peeled:
        """With one more word taken off."""
        return Peeled(self.rest, self.kinds | {kind}, self.sites + sites)


@cache
def _sites() -> Mapping[str, tuple[str, ...]]:
    """Normal form of a site word -> the topography codes it may mean. 骨 alone is too often part of a name."""
    found: dict[str, tuple[str, ...]] = {}
    for modifier in modifiers():
        if modifier.topography:
            found[modifier.text] = (modifier.topography,)
    for name in ("topography", "site"):
        for term in terms(name).values():
            text = normalise(term.text)
            codes = (term.code,) if term.code else term.candidates
            if (
                codes
                and codes not in (("C80.9",), (IGNORED,))
                and text not in ("骨", "骨骼")
                and not re.search("转移|met|malig|恶性", text)
            ):
                found.setdefault(text, codes)
    return found


@cache
def _words() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Normal form -> (kind, sites) of every word that may be taken off."""
    words: dict[str, tuple[str, tuple[str, ...]]] = {text: ("site", codes) for text, codes in _sites().items()}
    words |= {modifier.text: (modifier.kind, ()) for modifier in modifiers() if not modifier.topography}
    return words


Found = tuple[str, str, tuple[str, ...]]


@cache
def _at_edges() -> tuple[Mapping[str, list[Found]], Mapping[str, list[Found]]]:
    """The words by the Latin word or character they begin with, and end with, the longest first."""
    starting: dict[str, list[Found]] = {}
    ending: dict[str, list[Found]] = {}
    for word, (kind, sites) in sorted(_words().items(), key=lambda item: (-len(item[0]), item[0])):
        starting.setdefault(_edge(_FIRST, word), []).append((word, kind, sites))
        ending.setdefault(_edge(_LAST, word), []).append((word, kind, sites))
    return starting, ending


def _edge(place: re.Pattern[str], text: str) -> str:
    found = place.search(text)
    return found[0] if found else ""


@cache
def _latin(kinds: frozenset[str]) -> Phrases:
    return index(text for text, (kind, _) in _words().items() if kind in kinds and not has_han(text))


@cache
def _spread() -> re.Pattern[str]:
    """A phrase that says where the disease has spread: its sites are not the primary's."""
    han = "|".join(sorted((re.escape(text) for text in _sites() if has_han(text)), key=len, reverse=True))
    latin = "|".join(sorted((re.escape(text) for text in _sites() if not has_han(text)), key=len, reverse=True))
    many = "全身|双侧|双|两|左侧|右侧|左|右|多发|多处|广泛|远处"
    words = r"(?:with |and |multiple |bilateral |extensive |to |in |of |the |left |right |, ?)*"
    return re.compile(
        rf"(?:伴有|合并|并发|伴|并|及|,)?(?:{many})*(?:(?:{han}|骨|,|、|及)(?:部|内)?)*(?:{many})*转移(?:瘤|灶)?(?!性)"
        rf"|{words}(?:{latin})(?: and (?:{latin}))? (?:metastas[ie]s|mets?)(?![a-z])"
        rf"|(?:with )?(?:metastatic|metastas[ie]s|mets?|spread) (?:to|in) {words}(?:{latin})"
        rf"(?:(?:,| and ){words}(?:{latin}))*"
        r"(?![a-z])"
    )


def without_spread(normal: str) -> tuple[str, bool]:
    """The normal form without phrases of metastatic spread, and whether there was one."""
    if not any(word in normal for word in _SPREAD_WORDS):
        return normal, False
    rest, count = _spread().subn(" ", normal)
    return normalise(rest).strip(_EDGE), count > 0


def peel(segment: str, is_name: Callable[[str], bool], stages: tuple[frozenset[str], ...] = _NAME_STAGES) -> Peeled:
    """The segment (a normal form) without the words around its name, as few of them taken off as make a name.

    `is_name` says whether what is left is a whole term. When it never is, everything that can be is taken off: an
    empty rest means that the segment says nothing but such words.
    """
    seen: list[Peeled] = []
    for kinds in stages:
        peeled = _peel_han(segment, kinds, is_name) if has_han(segment) else _peel_latin(segment, kinds)
        if peeled is None or peeled in seen:
            continue
        if is_name(peeled.rest):
            return peeled if has_han(segment) else _keeping_one(segment, kinds, is_name) or peeled
        seen.append(peeled)
    kinds = stages[-1] - _MALIGNANT
    if has_han(segment):
        return _peel_han(segment, kinds, lambda rest: not rest) or Peeled(segment)
    return _peel_latin(segment, kinds)


@lru_cache(maxsize=10_000)
def _peel_latin(segment: str, kinds: frozenset[str]) -> Peeled:
    return _peel_matches(segment, list(_latin(kinds).find(segment)))


def _peel_matches(segment: str, matches: list[tuple[int, str]]) -> Peeled:
    taken = [_words()[phrase] for _, phrase in matches]
    rest = " ".join(without(segment, matches).split()).strip(_EDGE)
    return Peeled(rest, frozenset(kind for kind, _ in taken), tuple(code for _, codes in taken for code in codes))


def _keeping_one(segment: str, kinds: frozenset[str], is_name: Callable[[str], bool]) -> Peeled | None:
    """The segment with one word more left in it, if that makes a longer name: 'deep' in 'deep angiomyxoma of skin'."""
    matches = list(_latin(kinds).find(segment))
    for kept in matches if len(matches) > 1 else ():
        if bag(kept[1]):
            peeled = _peel_matches(segment, [match for match in matches if match != kept])
            if is_name(peeled.rest):
                return peeled
    return None


def _peel_han(segment: str, kinds: frozenset[str], is_name: Callable[[str], bool]) -> Peeled | None:
    """The longest name within the segment: all texts with one word less are tried before those with two less."""
    level = {segment.strip(_EDGE): Peeled(segment.strip(_EDGE))}
    seen: set[str] = set()
    while level:
        for peeled in level.values():
            if is_name(peeled.rest):
                return peeled
        seen |= level.keys()
        shorter: dict[str, Peeled] = {}
        for peeled in level.values():
            for text, kind, sites in _shorter(peeled.rest, kinds) if peeled.rest else ():
                rest = text.strip(_EDGE)
                if rest not in seen:
                    shorter.setdefault(rest, Peeled(rest, peeled.kinds, peeled.sites).plus(kind, sites))
        level = dict(sorted(shorter.items(), key=lambda item: -len(item[0])))
    return None


def _shorter(rest: str, kinds: frozenset[str]) -> Iterator[Found]:
    """The text without a word at its beginning, or at its end, with the word's kind and sites."""
    starting, ending = _at_edges()
    for word, kind, sites in starting.get(_edge(_FIRST, rest), ()):
        if kind in kinds and rest.startswith(word) and is_bound(rest, len(word)):
            yield rest[len(word) :], kind, sites
    for word, kind, sites in ending.get(_edge(_LAST, rest), ()):
        if kind in kinds and rest.endswith(word) and is_bound(rest, len(rest) - len(word)):
            yield rest[: -len(word)], kind, sites
