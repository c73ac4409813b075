"""What a coder makes of one text: a code, a question, or both, and the rule that decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

CONFIDENCE = {
    "centre_map": 1.0,
    "registry_map": 1.0,
    "code": 1.0,
    "exact_term": 1.0,
    "regimen": 0.95,
    "structured": 0.9,
    "missing_word": 0.0,
    "none": 0.0,
}
"""By rule; an order, no probability. A text left without a code has 0."""

CANDIDATES = 5

PART = "part of the text is not understood"
GRADE = "the grade does not fit, or decides, the entity: ask"
MALIGNANT = "'malignant' beside an entity that is not: ask"
SPREAD = "spread of a tumour that is benign or borderline: ask"
SITE = "the site speaks for another entity: ask"
STAIN = "a stain speaks against the entity: ask"
OPEN = frozenset({PART, GRADE, MALIGNANT, SPREAD, SITE, STAIN})
"""Reasons that leave room for an entity which the text does not name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One text read. `target` is a code of the list, never a guess; guesses stand in `candidates`, best first.

    Coded: target, no query. Asked: target and query (certain as far as it goes). Doubtful: no target, query.
    Ignored: neither. edition: the classification a term names ('Choi'), where it differs from the list's.
    """

    target: str | None
    rule: str
    needs_query: bool = False
    reason: str = ""
    candidates: tuple[str, ...] = ()
    edition: str | None = None

    @property
    def confidence(self) -> float:
        """How much the rule is worth, 0 to 1."""
        return CONFIDENCE[self.rule] if self.target else 0.0


def doubtful(rule: str, reason: str, candidates: Iterable[str] = ()) -> Reading:
    """No code, a question, and the codes it may be."""
    return Reading(None, rule, True, reason, first(candidates))


def first(codes: Iterable[str]) -> tuple[str, ...]:
    """The first few distinct codes, in order."""
    return tuple(dict.fromkeys(codes))[:CANDIDATES]
