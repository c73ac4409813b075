"""The five codes whose terms look most like a text that no rule reads. They are shown to a human, never taken.

Alike are texts that share rare runs of letters: TF-IDF of character n-grams within words, cosine. For diagnoses the
words are stems and concepts, so that order, ending and language matter little. docs/coding.md has what was measured.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from schemas.codelist import IGNORED
from warehouse.harmonise.lookup import Term, terms
from warehouse.harmonise.normalise import normalise, words
from warehouse.harmonise.reading import first
from warehouse.harmonise.stem import bag
from warehouse.harmonise.wording import has_han

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_AT_ONCE = 2_000
_LOOKED_AT = 40
_LATIN_RUNS = range(2, 5)
_HAN_RUNS = range(1, 5)
_PER_DOUBTFUL = 3
_LEAST_NAME = 3
_CONTAINED = 2


@dataclass(frozen=True, eq=False)
class _Index:
    """A list's terms as unit vectors: one row per term, one column per run of letters; what each term proposes."""

    columns: dict[str, int]
    weights: object
    vectors: csr_matrix
    proposed: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=50_000)
def _runs_of(word: str) -> tuple[str, ...]:
    padded, lengths = (word, _HAN_RUNS) if has_han(word) else (f" {word} ", _LATIN_RUNS)
    return tuple(padded[start : start + n] for n in lengths for start in range(len(padded) - n + 1))


def _runs(name: str, text: str) -> Counter[str]:
    normal = normalise(text)
    return Counter(run for word in (bag(normal) if name == "histology" else words(normal)) for run in _runs_of(word))


def _proposed(term: Term) -> tuple[str, ...]:
    if term.code:
        return () if term.code == IGNORED else (term.code,)
    return term.candidates[:_PER_DOUBTFUL]


@cache
def _index(name: str) -> _Index:
    import numpy as np

    listed = [(term, codes) for term in terms(name).values() if (codes := _proposed(term))]
    counts = [_runs(name, term.text) for term, _ in listed]
    seen_in = Counter(run for runs in counts for run in runs)
    columns = {run: column for column, run in enumerate(sorted(seen_in))}
    weights = np.log((1 + len(counts)) / (1 + np.array([seen_in[run] for run in columns]))) + 1
    vectors = _vectors(counts, columns, weights)
    return _Index(columns, weights, vectors, tuple(codes for _, codes in listed))


def _vectors(counts: Iterable[Counter[str]], columns: dict[str, int], weights: object) -> csr_matrix:
    """Unit rows of (1 + log count) * weight; runs that no term has are left out."""
    import numpy as np
    from scipy.sparse import csr_matrix

    at: list[int] = []
    values: list[int] = []
    ends = [0]
    for runs in counts:
        known = [(columns[run], count) for run, count in runs.items() if run in columns]
        at.extend(column for column, _ in known)
        values.extend(count for _, count in known)
        ends.append(len(at))
    data = (1 + np.log(np.array(values, dtype=np.float32))) * np.asarray(weights, dtype=np.float32)[at]
    matrix = csr_matrix((data, at, ends), shape=(len(ends) - 1, len(columns)), dtype=np.float32)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(matrix.indptr)).astype(np.float32)
    return matrix


@cache
def _named_by() -> Mapping[str, tuple[tuple[frozenset[str], tuple[str, ...]], ...]]:
    """Diagnoses in Latin letters by the first of their stems, the longest first."""
    found: dict[str, list[tuple[frozenset[str], tuple[str, ...]]]] = {}
    for term in terms("histology").values():
        stems = bag(normalise(term.text))
        if stems and not has_han(term.text) and len("".join(stems)) >= _LEAST_NAME and (codes := _proposed(term)):
            found.setdefault(stems[0], []).append((frozenset(stems), codes))
    return {stem: tuple(sorted(those, key=lambda one: -len(one[0]))) for stem, those in found.items()}


def _contained(name: str, text: str) -> list[str]:
    """What the longest diagnoses whose words are all in the text may mean."""
    if name != "histology":
        return []
    stems = bag(normalise(text))
    inside = [one for stem in dict.fromkeys(stems) for one in _named_by().get(stem, ()) if one[0].issubset(stems)]
    inside.sort(key=lambda one: -len("".join(one[0])))
    return list(dict.fromkeys(code for _, codes in inside for code in codes))[:_CONTAINED]


def nearest(name: str, texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Up to five codes for each text, the most alike first."""
    import numpy as np

    if not texts:
        return []
    index = _index(name)
    found: list[tuple[str, ...]] = []
    looked_at = min(_LOOKED_AT, len(index.proposed))
    for start in range(0, len(texts), _AT_ONCE):
        block = _vectors((_runs(name, text) for text in texts[start : start + _AT_ONCE]), index.columns, index.weights)
        scores = (block @ index.vectors.T).toarray()
        best = np.argpartition(-scores, looked_at - 1, axis=1)[:, :looked_at]
        best.sort(axis=1)  # equals stand in the list's order
        order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1, kind="stable")
        for row, choices in enumerate(np.take_along_axis(best, order, axis=1)):
            likely = (code for choice in choices if scores[row, choice] > 0 for code in index.proposed[choice])
            found.append(first([*_contained(name, texts[start + row]), *likely]))
    return found
