"""thresholds.yaml: how much of a rule's faults the registry tolerates. Read when a report is made, never by a refresh.

The file is its own history: an entry is never changed, a later one for the same rule and centre takes its place.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.configuration import load_yaml, nearest
from schemas.errors import ConfigurationError

FILE = "thresholds.yaml"
THRESHOLD: dict[str, Any] = {
    "rule": pl.String, "centre": pl.String, "tolerated_share": pl.Float64, "tolerated_from": pl.Float64,
    "tolerated_to": pl.Float64, "set_on": pl.Date, "set_by": pl.String, "why": pl.String, "is_in_force": pl.Boolean,
}  # fmt: skip
"""A threshold as a frame has it; centre is null where it holds for every centre without its own."""


class Threshold(BaseModel):
    """What is tolerated of one rule, at one centre or at all.

    tolerated_share: of what the rule could judge, so much may be at fault, 0 to 1. tolerated_range: a fault whose
    measure (quality.finding.measure, in the rule's unit) lies in it does not count; both ends included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    centre: str | None = None
    tolerated_share: float = Field(default=0, ge=0, le=1)
    tolerated_range: tuple[float, float] | None = None
    set_on: date
    set_by: str
    why: str

    @field_validator("set_by", "why")
    @classmethod
    def _said(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("is empty; say it in a few words.")
        return text

    @model_validator(mode="after")
    def _in_order(self) -> Threshold:
        if self.tolerated_range and self.tolerated_range[0] > self.tolerated_range[1]:
            raise ValueError("tolerated_range ends before it begins; write [lowest, highest].")
        return self


class Thresholds(BaseModel):
    """thresholds.yaml, whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    thresholds: tuple[Threshold, ...] = ()


def load_thresholds(home: Path, rules: Collection[str], centres: Collection[str]) -> pl.DataFrame:
    """Every threshold of a home (THRESHOLD) in the file's order; none without the file.

    In force is, of those of a rule and centre, the one set last; of one day, the one that stands last. An unknown rule
    or centre raises ConfigurationError.
    """
    told = load_yaml(home / FILE, Thresholds, FILE).thresholds if (home / FILE).exists() else ()
    faults = [
        f"{FILE}: thresholds.{place}.{what}: no {what} {word!r}.{nearest(word, known)}"
        for place, one in enumerate(told, 1)
        for what, word, known in (("rule", one.rule, rules), ("centre", one.centre, centres))
        if word is not None and word not in known
    ]
    if faults:
        raise ConfigurationError("\n".join(faults))
    last = {(one.rule, one.centre): one for one in sorted(told, key=lambda one: one.set_on)}
    rows = [
        {
            **one.model_dump(exclude={"tolerated_range"}),
            "tolerated_from": one.tolerated_range[0] if one.tolerated_range else None,
            "tolerated_to": one.tolerated_range[1] if one.tolerated_range else None,
            "is_in_force": last[one.rule, one.centre] is one,
        }
        for one in told
    ]
    return pl.DataFrame(rows, schema=THRESHOLD)
