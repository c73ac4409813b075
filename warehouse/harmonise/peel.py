"""Take the words off a diagnosis that do not name it: side, site, grade, spread, specimen.

Nothing is searched inside a text. What is left after the known words are taken away must itself be a whole term;
a word that is not known stays and leaves the text to a human.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas.codelist import IGNORED
from warehouse.harmonise.lookup import terms
from warehouse.harmonise.normalise import normalise
from warehouse.harmonise.phrase import Phrases, apart, index, without
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
_SPREAD_WORDS = ("转移", "metasta", "mets", "met ", "spread")


@dataclass(frozen=True, slots=True)
class Peeled:
    """What is left, the kinds of the words taken off, and the topography codes of the sites among them."""

    rest: str
    kinds: frozenset[str] = frozenset()
    sites: tuple[str, ...] = ()


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


Found = tuple[int, str]
"""Where a word begins, and the word."""

Span = tuple[int, int]
"""Where a part of a text begins and ends."""


@cache
def _index() -> Phrases:
    return index(_words())


def _any_of(texts: Iterable[str]) -> str:
    """A pattern of any of the texts, the longest first, as a tree by character: one of hundreds is soon found."""
    tails: dict[str, list[str]] = {}
    for text in texts:
        tails.setdefault(text[:1], []).append(text[1:])
    is_whole = tails.pop("", None) is not None
    branches = [re.escape(first) + _any_of(rest) for first, rest in tails.items()]
    if len(branches) == 1 and not is_whole:
        return branches[0]
    return f"(?:{'|'.join(branches)}){'?' * is_whole}" if branches else ""


@cache
def _spread() -> re.Pattern[str]:
    """A phrase that says where the disease has spread: its sites are not the primary's."""
    han = _any_of(text for text in _sites() if has_han(text))
    latin = _any_of(text for text in _sites() if not has_han(text))
    many = "全身|双侧|双|两|左侧|右侧|左|右|多发|多处|广泛|远处"
    words = r"(?:with |and |multiple |bilateral |extensive |to |in |of |the |left |right |, ?)*"
    return re.compile(
        rf"(?:伴有|合并|并发|伴|并|及|,)?(?:{many})*(?:(?:{han}|骨|,|、|及)(?:部|内)?)*(?:{many})*转移(?:瘤|灶)?(?!性)"
        rf"|{words}{latin}(?: and {latin})? (?:metastas[ie]s|mets?)(?![a-z])"
        rf"|(?:with )?(?:metastatic|metastas[ie]s|mets?|spread) (?:to|in) {words}{latin}"
        rf"(?:(?:,| and ){words}{latin})*"
        r"(?![a-z])"
    )


def without_spread(normal: str) -> tuple[str, bool]:
    """The normal form without phrases of metastatic spread, and whether there was one."""
    if not any(word in normal for word in _SPREAD_WORDS):
        return normal, False
    rest, count = _spread().subn(" ", normal)
    return normalise(rest).strip(_EDGE), count > 0


def peel(segment: str, is_name: Callable[[str], object], stages: tuple[frozenset[str], ...] = _NAME_STAGES) -> Peeled:
    """The segment (a normal form) without the words around its name, as few of them taken off as make a name.

    `is_name` says by the truth of what it returns whether what is left is a whole term. When it never is, everything
    that can be is taken off: an empty rest means that the segment says nothing but such words.
    """
    words = _words_in(segment)
    met = frozenset(_words()[word][0] for _, word in words)
    take = _peel_han if has_han(segment) else _peel_latin
    for kinds in dict.fromkeys(kinds & met for kinds in stages):
        if peeled := take(segment, _of(kinds, words), is_name):
            return peeled
    everything = _of(stages[-1] - _MALIGNANT, words)
    if has_han(segment):
        return _peel_han(segment, everything, lambda rest: not rest) or Peeled(segment)
    return _without(segment, list(apart(everything)))


@lru_cache(maxsize=10_000)
def _words_in(segment: str) -> tuple[Found, ...]:
    return tuple(_index().every(segment))


def _of(kinds: frozenset[str], words: Iterable[Found]) -> list[Found]:
    return [found for found in words if _words()[found[1]][0] in kinds]


def _without(segment: str, words: list[Found]) -> Peeled:
    taken = [_words()[word] for _, word in words]
    rest = " ".join(without(segment, words).split()).strip(_EDGE)
    return Peeled(rest, frozenset(kind for kind, _ in taken), tuple(code for _, codes in taken for code in codes))


def _peel_latin(segment: str, words: list[Found], is_name: Callable[[str], object]) -> Peeled | None:
    """The name that is left without the words, or with one word more if that makes a longer one.

    'deep' stays in 'deep angiomyxoma of skin'.
    """
    words = list(apart(words))
    peeled = _without(segment, words)
    if not is_name(peeled.rest):
        return None
    for kept in words if len(words) > 1 else ():
        if bag(kept[1]):
            longer = _without(segment, [found for found in words if found != kept])
            if is_name(longer.rest):
                return longer
    return peeled


def _peel_han(segment: str, words: list[Found], is_name: Callable[[str], object]) -> Peeled | None:
    """The longest name within the segment: all texts with one word less are tried before those with two less."""
    whole = _trimmed(segment, 0, len(segment))
    level = {whole: Peeled(segment[slice(*whole)])}
    seen: set[Span] = set()
    while level:
        for peeled in level.values():
            if is_name(peeled.rest):
                return peeled
        seen |= level.keys()
        shorter: dict[Span, Peeled] = {}
        for span, peeled in level.items():
            for inner, word in _shorter(segment, span, words):
                if inner not in seen and inner not in shorter:
                    kind, sites = _words()[word]
                    shorter[inner] = Peeled(segment[slice(*inner)], peeled.kinds | {kind}, peeled.sites + sites)
        level = dict(sorted(shorter.items(), key=lambda item: item[0][0] - item[0][1]))
    return None


def _shorter(segment: str, span: Span, words: list[Found]) -> list[tuple[Span, str]]:
    """The span without each of the words at its beginning, and at its end, with the word."""
    start, end = span
    first = [((at + len(word), end), word) for at, word in words if at == start and at + len(word) <= end]
    last = [((start, at), word) for at, word in words if at + len(word) == end and at >= start]
    return [(_trimmed(segment, *inner), word) for inner, word in first + last]


def _trimmed(segment: str, start: int, end: int) -> Span:
    """The span without separators at its ends."""
    while start < end and segment[start] in _EDGE:
        start += 1
    while start < end and segment[end - 1] in _EDGE:
        end -= 1
    return start, end
