"""The five codes whose terms look most like a text that no rule reads. They are shown to a human, never taken."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from schemas.codelist import IGNORED
from warehouse.harmonise.lookup import Term, terms
from warehouse.harmonise.normalise import key
from warehouse.harmonise.reading import CANDIDATES

_AT_ONCE = 2_000
_LOOKED_AT = 40
_LEAST = 40
_PER_DOUBTFUL = 2


@cache
def _choices(name: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The keys of a list's terms and the codes each proposes."""
    found = {folded: _proposed(term) for folded, term in terms(name).items()}
    kept = {folded: codes for folded, codes in found.items() if codes}
    return tuple(kept), tuple(kept.values())


def _proposed(term: Term) -> tuple[str, ...]:
    if term.code:
        return () if term.code == IGNORED else (term.code,)
    return term.candidates[:_PER_DOUBTFUL]


def nearest(name: str, texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Up to five codes for each text, the most alike first: Levenshtein ratio of the keys (rapidfuzz)."""
    import numpy as np
    from rapidfuzz import fuzz, process

    keys, codes = _choices(name)
    found: list[tuple[str, ...]] = []
    looked_at = min(_LOOKED_AT, len(keys))
    for start in range(0, len(texts), _AT_ONCE):
        block = [key(text) for text in texts[start : start + _AT_ONCE]]
        scores = process.cdist(block, keys, scorer=fuzz.ratio, score_cutoff=_LEAST, dtype=np.uint8, workers=2)
        best = np.argsort(-scores.astype(np.int16), axis=1, kind="stable")[:, :looked_at]
        for row, order in enumerate(best):
            likely = (code for choice in order if scores[row, choice] > 0 for code in codes[choice])
            found.append(tuple(dict.fromkeys(likely))[:CANDIDATES])
    return found
