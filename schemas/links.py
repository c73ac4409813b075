"""links.yaml: what people decided about pairs of patient records at two centres. Nothing else joins records."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from schemas.configuration import load_yaml
from schemas.errors import ConfigurationError

FILE = "links.yaml"


class Decision(BaseModel):
    """Whether two records are of one person, as agreed by people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pair: tuple[str, str]
    decision: Literal["same", "different"]
    agreed_by: str
    agreed_on: date
    reason: str

    @field_validator("pair")
    @classmethod
    def _in_order(cls, pair: tuple[str, str]) -> tuple[str, str]:
        if pair[0] == pair[1]:
            raise ValueError("names one record twice; name the record of each centre.")
        return min(pair), max(pair)

    @field_validator("agreed_by", "reason")
    @classmethod
    def _said(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("is empty; say it in a few words.")
        return text


class Links(BaseModel):
    """links.yaml, whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pairs: tuple[Decision, ...] = ()


def load_links(home: Path) -> tuple[Decision, ...]:
    """The decisions of a home; none without the file. A pair decided twice, or against itself, is refused."""
    if not (home / FILE).exists():
        return ()
    decisions = load_yaml(home / FILE, Links, FILE).pairs
    pairs = [one.pair for one in decisions]
    if twice := sorted({pair for pair in pairs if pairs.count(pair) > 1}):
        raise ConfigurationError(f"{FILE}: the pair {' and '.join(twice[0])} is decided twice; keep one decision.")
    persons = persons_of(decisions)
    for one in decisions:
        if one.decision == "different" and persons.get(one.pair[0], "") == persons.get(one.pair[1]):
            raise ConfigurationError(
                f"{FILE}: {' and '.join(one.pair)} are 'different', and other decisions make them the same person; "
                "ask the centres and mend one of them."
            )
    return decisions


def persons_of(decisions: tuple[Decision, ...]) -> dict[str, str]:
    """patient_id -> the smallest id of that person, of every record decided to be the same as another."""
    person: dict[str, str] = {}

    def root(one: str) -> str:
        while person.setdefault(one, one) != one:
            one = person[one]
        return one

    for decided in decisions:
        if decided.decision == "same":
            low, high = sorted(map(root, decided.pair))
            person[high] = low
    return {one: root(one) for one in person}
