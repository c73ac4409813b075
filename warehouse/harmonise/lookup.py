"""Exact look-up: the terms of a list, and the words that stand for a missing value, by their key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schemas.codelist import IGNORED, load
from warehouse.harmonise.normalise import key
from warehouse.harmonise.reading import Reading, doubtful

MISSING_REASON = "reads as a missing value ({}): declare it under `missing` in centre.yaml"


@dataclass(frozen=True)
class Term:
    """A text of a list and what it means. `kind`, `scope` and `laterality` only where the list has them."""

    text: str
    language: str
    code: str | None
    candidates: tuple[str, ...]
    needs_query: bool
    reason: str
    kind: str = ""
    scope: str = ""
    edition: str | None = None
    laterality: str | None = None

    def reading(self, rule: str = "exact_term") -> Reading:
        """The term as a reading."""
        if self.code == IGNORED:
            return Reading(None, rule, False, f"ignored: {self.reason}")
        return Reading(self.code, rule, self.needs_query, self.reason, self.candidates, self.edition)


@cache
def terms(name: str) -> Mapping[str, Term]:
    """The terms of the list `name` by key; the first file named in list.csv wins."""
    found: dict[str, Term] = {}
    for row in load(name).terms.iter_rows(named=True):
        term = Term(
            text=row["text"],
            language=row["language"],
            code=row["code"],
            candidates=tuple(row["candidates"] or ()),
            needs_query=bool(row["needs_query"]),
            reason=row["reason"],
            kind=row.get("kind") or "",
            scope=row.get("scope") or "",
            edition=row.get("edition"),
            laterality=row.get("laterality"),
        )
        found.setdefault(key(term.text), term)
    return found


def missing_word(text: str) -> Reading | None:
    """A question for a text that stands for a missing value and that the centre has not declared as one."""
    term = terms("missing_reason").get(key(text))
    return None if term is None else doubtful("missing_word", MISSING_REASON.format(term.code))
