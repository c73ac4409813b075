"""Names of drugs in other spellings: what can be one agent only is read, what could be another is not.

Two steps. The international names differ between languages by rule (doxorubicine, ciclofosfamide, Gemcitabin,
metotreksat); `inn` folds those rules, and a fold that two agents share is never used. A typing error is read when the
word is long, one edit away from a name, and no name of anything else is nearly as near: cisplatin and carboplatin,
sorafenib and regorafenib, vincristine and vinblastine are never mistaken for each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache

from schemas.codelist import IGNORED
from warehouse.harmonise.lookup import Term, terms
from warehouse.harmonise.normalise import normalise
from warehouse.harmonise.wording import has_han

_LEAST_FOLDED = 6
_LEAST_LATIN, _LEAST_HAN = 8, 6
_CLEAR = 3
_WORD = re.compile(r"[a-z]+|[\u3400-\u9fff]+")
_ENDING = re.compile(r"(?<=[a-z]{4})(?:um|us|[eao])$")
_LETTERS = (("ks", "x"), ("ph", "f"), ("th", "t"), ("k", "c"), ("y", "i"))
_FLUORO = re.compile(r"^5[- ]?(?=fl)")
_DOUBLED = re.compile(r"(.)\1")


def inn(word: str) -> str:
    """A Latin name as all six languages would write it: ending off; ph, th, y, k and doubled letters folded."""
    for written, folded in _LETTERS:
        word = word.replace(written, folded)
    return _ENDING.sub("", _DOUBLED.sub(r"\1", word))


@cache
def _names() -> Mapping[str, Term]:
    """The single words among the drug terms, by their normal form without hyphens."""
    found = {normalise(term.text).replace("-", ""): term for term in terms("drug").values()}
    return {name: term for name, term in found.items() if _WORD.fullmatch(name)}


@cache
def _folded() -> Mapping[str, Term | None]:
    """Terms by folded name; None where two meanings share it."""
    found: dict[str, Term | None] = {}
    for name, term in _names().items():
        folded = inn(name) if not has_han(name) else name
        if folded in found and _meaning(found[folded]) != _meaning(term):
            found[folded] = None
        else:
            found.setdefault(folded, term)
    return found


def _meaning(term: Term | None) -> tuple[str | None, str] | None:
    """What a term stands for; terms without a code stand for themselves."""
    return None if term is None else (term.code, term.code or term.text)


@lru_cache(maxsize=50_000)
def respelt(text: str) -> Term | None:
    """The agent that a word in another spelling can only be, its reason saying so; None when there is doubt."""
    text = _FLUORO.sub("", text).replace("-", "")
    if not _WORD.fullmatch(text):
        return None
    folded = text if has_han(text) else inn(text)
    found = _folded().get(folded) if len(folded) >= _LEAST_FOLDED and not has_han(text) else None
    if found is None and len(folded) >= (_LEAST_HAN if has_han(text) else _LEAST_LATIN):
        found = _one_edit(folded)
    if found is None or found.code is None or found.code == IGNORED or found.scope == "regimen_only":
        return None
    reason = found.reason or f"spelling: read as {found.text}"
    return replace(found, kind="respelt", reason=reason)


def _one_edit(folded: str) -> Term | None:
    """The term one edit away, if every other meaning is at least three away (optimal string alignment)."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    near = extract(folded, list(_folded()), scorer=OSA.distance, score_cutoff=_CLEAR - 1, limit=None)
    meanings = {_meaning(_folded()[name]) for name, _, _ in near}
    if len(meanings) != 1 or None in meanings or near[0][1] != 1:
        return None
    return _folded()[near[0][0]]
