"""Words around a term: doubt and negation, which always lead to a question, and those that change nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from schemas.codelist import wording
from warehouse.harmonise.normalise import normalise
from warehouse.harmonise.phrase import Phrases, index, without

_HAN = re.compile("[\u3400-\u9fff]")

# Words that hold a character of negation or doubt and mean neither.
_SAFE = re.compile(
    "未分化|未分类|未分型|未特指|未特定|非特指|非特殊|非特异|非典型|未成熟|未定类|无色素|非ets|非cr|非pd|非霍奇金|阴性显像"
    "|恶性潜能(?:未定|不确定)|不确定恶性潜能|uncertain malignant potential"
    "|(?:unresectable|recurrent|advanced) or metastatic|metastatic or (?:unresectable|recurrent|locally advanced)"
)
_DOUBT_SIGN = re.compile(r"\?|^~")
REASONS = {"uncertain": "uncertain wording", "negated": "negation or history"}

DOUBT = "{} in the text: ask what is meant"


@dataclass(frozen=True)
class Modifier:
    """A word or phrase that stands beside a term: its normal form and, as in modifier.csv, its kind and its site."""

    text: str
    kind: str
    topography: str


@cache
def modifiers() -> tuple[Modifier, ...]:
    """Every modifier, longest first."""
    rows = wording("modifier").select("text", "kind", pl.col("topography_code").fill_null("")).iter_rows()
    found = {(text := normalise(row[0])): Modifier(text, row[1], row[2]) for row in rows}
    return tuple(sorted(found.values(), key=lambda m: (-len(m.text), m.text)))


def has_han(text: str) -> bool:
    """Whether the text has Chinese characters."""
    return _HAN.search(text) is not None


def phrases(texts: Iterable[str]) -> re.Pattern[str]:
    """A pattern of whole words or Chinese substrings, the longest first."""
    ordered = sorted(set(texts), key=lambda text: (-len(text), text))
    han = "|".join(re.escape(text) for text in ordered if has_han(text))
    latin = "|".join(re.escape(text) for text in ordered if not has_han(text))
    parts = [rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])"] if latin else []
    return re.compile("|".join([*([han] if han else []), *parts]))


@cache
def _doubts() -> tuple[Phrases, Mapping[str, str]]:
    kinds = {normalise(text): kind for text, kind in wording("doubt_word").select("text", "kind").iter_rows()}
    return index(kinds), kinds


@cache
def _unspecified() -> Phrases:
    return index(modifier.text for modifier in modifiers() if modifier.kind == "unspecified")


def find_doubt(normal: str) -> tuple[str, str] | None:
    """The kind of doubt in a normal form and the text cut where the doubting words were; None when there is none."""
    plain = without(normal, _unspecified().find(normal))
    doubts, kinds = _doubts()
    safe = _SAFE.sub(lambda word: "\u0000" * len(word[0]), plain)
    found = list(doubts.find(safe))
    if not found and not _DOUBT_SIGN.search(plain):
        return None
    rest = normalise(_DOUBT_SIGN.sub(",", without(plain, found, ",")))
    if any(kinds[phrase] == "negated" for _, phrase in found):
        return REASONS["negated"], rest
    return REASONS["uncertain"], rest
