"""What a centre declares of its patients' identifiers and of the law it is under, and when a use is covered by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_FROZEN = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

Purpose = Literal["research", "publication", "quality", "commercial"]
Basis = Literal[
    "adequacy", "standard_contract", "security_assessment", "certification", "binding_rules", "consent", "derogation"
]
TokenKind = Literal["identity", "name_birth", "telephone"]
TOKEN_PREFIX: dict[TokenKind, str] = {"identity": "id", "name_birth": "nb", "telephone": "ph"}
"""Kinds of link token, strongest first, and what stands before the colon of each."""
_ONE_AREA = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK EEA EU".split()  # noqa: SIM905
)


class Link(BaseModel):
    """One kind of link token: an identity number, a telephone number, or a name with the birth date."""

    model_config = _FROZEN

    kind: TokenKind
    source: tuple[str, ...] = Field(alias="from")

    @field_validator("source", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _enough(self) -> Link:
        if (self.kind == "name_birth") != (len(self.source) > 1):
            raise ValueError("`from` is one column; of name_birth the name's columns, then the birth date's.")
        return self


class Allowed(BaseModel):
    """A column in which findings of some kinds are no identifiers, and why; `pack` writes it into its manifest."""

    model_config = _FROZEN

    column: str
    kinds: tuple[str, ...]
    why: str = Field(min_length=8)


class Scan(BaseModel):
    """patterns: name -> regular expression of the centre's own hospital numbers. allow: what is no identifier."""

    model_config = _FROZEN

    patterns: dict[str, str] = {}
    allow: tuple[Allowed, ...] = ()


class Transfer(BaseModel):
    """The basis on which rows of a centre may cross a border."""

    model_config = _FROZEN

    to: str
    basis: Basis
    agreed_on: date
    until: date | None = None
    note: str = ""

    @property
    def sentence(self) -> str:
        """For a table: where to, on what basis, from when to when."""
        return f"{self.to}: {self.basis}, from {self.agreed_on}" + (f" to {self.until}" if self.until else "")


def area(jurisdiction: str) -> str:
    """The area within which rows cross no border: the EEA is one, any other country is its own."""
    name = jurisdiction.strip().upper()
    return "EEA" if name in _ONE_AREA else name


def transfer_fault(jurisdiction: str, to: str | None, transfers: Iterable[Transfer], on: date) -> str | None:
    """Why rows under `jurisdiction` may not be pooled in the jurisdiction `to` on that day; None where they may."""
    if to is None or area(jurisdiction) == area(to):
        return None
    declared = [transfer for transfer in transfers if area(transfer.to) == area(to)]
    if not declared:
        return (
            f"its data are under {jurisdiction} and the registry under {to}, and it declares no basis for that "
            f"transfer. Write `transfer` into its centre.yaml once the basis is agreed."
        )
    if any(each.agreed_on <= on and (each.until is None or on <= each.until) for each in declared):
        return None
    last = max(declared, key=lambda each: each.until or date.max)
    said = f"begins on {last.agreed_on}" if last.agreed_on > on else f"ended on {last.until}"
    return (
        f"its basis for the transfer from {jurisdiction} to {to} ({last.basis}) {said}. Agree a new one and write it."
    )


def purpose_fault(permitted: Iterable[str] | None, purposes: Iterable[str], *, synthetic: bool) -> str | None:
    """Why a centre's data may not serve these purposes; None where they may. Nothing declared permits nothing."""
    if permitted is None:
        return None if synthetic else "it declares no permitted_use. Write into its centre.yaml what it agreed to."
    lacking = sorted({*purposes} - {*permitted})
    if not lacking:
        return None
    return f"it permits {', '.join(permitted) or 'no use'}, and not {', '.join(lacking)}."
