"""The words of a diagnosis as concepts, so that six languages, inflection and word order meet in one bag of stems.

Most names of tumours are Greek and Latin: once spelling is folded ('rhabdomyosarkoms', 'rabdomiosarcoma') and the
ending is off, the languages agree. histology_word.csv translates the rest (cellules, Zelle, celulas: cell) and takes
compounds apart (Synovialsarkom: synovial sarcoma). Two texts mean the same only if their whole bags are equal.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache, lru_cache

from schemas.codelist import wording
from warehouse.harmonise.normalise import normalise, words

Bag = tuple[str, ...]

_SPELLING = (("ph", "f"), ("qu", "c"), ("h", ""), ("k", "c"), ("y", "i"), ("z", "c"))
_DOUBLE = re.compile(r"([a-z])\1")
_ENDING = re.compile(r"(?<=[a-z]{4})(?:isc|ic)?(?:es|er|en|em|as|os|us|is|s|e|a|o|i)?$")
_HYPHENED = re.compile(
    r"(?<![a-z])(de|un|ent|extra|intra|gastro|hemangio|lymphangio|leiomyo|rhabdomyo|lipo|myxo|fibro|osteo|chondro|angio|neuro)"
    r"-(?=[a-z]{4})"
)
_IDLE = (
    "of the a an type subtype cell nos de du des la le les l d un une del della dello dei di da il lo al el los las"
    " der die das dem den des ein eine eines einer einem vom von zum zur with avec con mit"
)
_LEAST_FOLDED = 6
_LEAST_TYPO = 9
_FIXED_START = 3


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A word of a normal form in folded spelling without its ending; short words and abbreviations stay as written."""
    if len(word) < _LEAST_FOLDED:
        return word
    folded = word
    for written, sounded in _SPELLING:
        folded = folded.replace(written, sounded)
    return _ENDING.sub("", _DOUBLE.sub(r"\1", folded))


@cache
def _translations() -> Mapping[str, Bag]:
    pairs = wording("histology_word").select("text", "english").iter_rows()
    return {stem(normalise(text)): tuple(map(stem, words(normalise(english)))) for text, english in pairs}


@cache
def _idle() -> frozenset[str]:
    return frozenset(map(stem, _IDLE.split()))


@lru_cache(maxsize=200_000)
def bag(normal: str) -> Bag:
    """The concepts of a normal form in alphabetical order, without articles and words that tell nothing ('cell')."""
    joined = _HYPHENED.sub(r"\1", normal) if "-" in normal else normal
    return tuple(sorted(part for word in words(joined) for part in _concepts(word)))


@lru_cache(maxsize=100_000)
def _concepts(word: str) -> Bag:
    stems = _translations().get(stem(word), (stem(word),))
    return tuple(part for part in stems if part not in _idle())


@cache
def _vocabulary(stems: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted({*stems, *_translations()}))


def corrected(found: Bag, known: Collection[str]) -> Bag | None:
    """The bag with one misspelt concept put right, or None.

    Only a long word is put right, one letter off (or two swapped) from a known one and at least three from any word
    that means something else, with its beginning unharmed: prefixes are where meanings differ.
    """
    strange = [part for part in found if part not in known]
    if len(strange) != 1 or len(strange[0]) < _LEAST_TYPO:
        return None
    meant = _nearest(strange[0], frozenset(known))
    return None if meant is None else tuple(sorted([*(part for part in found if part != strange[0]), *meant]))


@lru_cache(maxsize=20_000)
def _nearest(word: str, known: frozenset[str]) -> Bag | None:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    near = extract(word, _vocabulary(known), scorer=OSA.distance, score_cutoff=2, limit=None)
    meanings = {_translations().get(other, (other,)) for other, _, _ in near}
    if len(meanings) != 1 or near[0][1] > 1 or near[0][0][:_FIXED_START] != word[:_FIXED_START]:
        return None
    return meanings.pop()
