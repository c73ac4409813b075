"""corrections.yaml of a centre: what a person changes in delivered data, with the centre's agreement, as data."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.configuration import load_yaml, nearest

_FROZEN = ConfigDict(frozen=True, extra="forbid")
FILE = "corrections.yaml"


class Match(BaseModel):
    """The cell it is about: a record by its record_key, as every finding and query names it, and a field."""

    model_config = _FROZEN

    record: str
    field: str | None = None

    @property
    def table(self) -> str:
        """The core table, which stands in the record key: patient/table/key."""
        return self.record.split("/")[1] if "/" in self.record else ""


class Agreement(BaseModel):
    """Who at the centre agreed, and when."""

    model_config = _FROZEN

    by: Annotated[str, Field(min_length=1)]
    on: date


class Correction(BaseModel):
    """One correction. Without the centre's agreement, a query and a reason it is refused.

    action: `set` gives the field `value`, `empty` takes its value away, `set_aside` keeps the whole record out.
    expect: what the source says now; once it says anything else the correction is not applied and says so.
    """

    model_config = _FROZEN

    match: Match
    action: Literal["set", "empty", "set_aside"]
    value: str | None = None
    expect: str | None = None
    reason: Annotated[str, Field(min_length=1)]
    query: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    agreement: Agreement

    @model_validator(mode="before")
    @classmethod
    def _agreed(cls, body: Any) -> Any:
        for key, what in (
            ("agreement", "the centre's agreement (`agreement: {by: …, on: …}`)"),
            ("query", "the id of its query (`query: …`)"),
        ):
            if isinstance(body, dict) and not body.get(key):
                raise ValueError(f"a correction without {what} is refused; ask the centre first.")
        return body

    @field_validator("value", "expect", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, bool | int | float | date) else value

    @field_validator("query", mode="before")
    @classmethod
    def _quoted(cls, value: Any) -> Any:
        if not isinstance(value, str):
            raise ValueError("is read as a number; write the query's id in quotes.")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Correction:
        from schemas.canonical import CORE
        from schemas.centre import deliverable

        table, field = self.match.table, self.match.field
        if table not in CORE:
            raise ValueError("match.record is no record key; copy it from the finding or query (patient/table/key).")
        if self.action == "set_aside":
            if field or self.value is not None or self.expect is not None:
                raise ValueError("`set_aside` is about the whole record: leave out field, value and expect.")
            return self
        if field not in deliverable(table):
            raise ValueError(f"match.field: no such field of core.{table}.{nearest(field or '', deliverable(table))}")
        if self.expect is None:
            raise ValueError("expect is missing: write what the source says now ('' for an empty cell).")
        if (self.action == "set") != (self.value is not None):
            raise ValueError("give `value` with the action `set`, and only with it.")
        return self


class Corrections(BaseModel):
    """The file: `corrections: [...]`."""

    model_config = _FROZEN

    corrections: tuple[Correction, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Corrections:
        places = [(item.match.record, item.match.field) for item in self.corrections]
        if twice := [place for place in places if places.count(place) > 1]:
            raise ValueError(f"{'/'.join(filter(None, twice[0]))} is corrected twice; keep one of the two.")
        return self


def load_corrections(folder: Path) -> tuple[Correction, ...]:
    """The corrections in a centre's folder; none where there is no file."""
    path = folder / FILE
    if not path.exists():
        return ()
    return load_yaml(path, Corrections, f"centres/{folder.name}/{FILE}").corrections
