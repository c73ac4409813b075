"""A centre's configuration: where its export lies and which of its columns is which field of the registry."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.canonical import CORE, Column, staging_columns
from schemas.configuration import load_yaml, nearest
from schemas.corrections import Correction, load_corrections
from schemas.errors import ConfigurationError
from schemas.privacy import Link, Purpose, Scan, Transfer

MissingReason = Literal["unknown", "not_done", "not_applicable", "not_delivered", "refused"]
UNITS = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "inch": 25.4}
"""Units of length a column may be sent in, in mm."""
PRINTS = "Its codes are printed by `sarcreg code"

_FROZEN = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


@cache
def deliverable(table: str) -> dict[str, Column]:
    """The fields of a core table a centre may send, by the name centre.yaml uses (without `_source`)."""
    return {
        column.name.removesuffix("_source"): column
        for column in staging_columns(CORE[table])
        if column.role == "delivered"
    }


def _said_as_text(value: Any) -> Any:
    """Numbers people write bare in YAML, as codes are: {1: M} is {'1': 'M'}."""
    if isinstance(value, dict):
        return {_said_as_text(key): _said_as_text(item) for key, item in value.items()}
    return str(value) if isinstance(value, bool | int | float) else value


class ColumnReading(BaseModel):
    """How one field is read: from which column (several are joined with '-'), or a constant."""

    model_config = _FROZEN

    source: str | tuple[str, ...] | None = Field(default=None, alias="from")
    value: str | None = None
    dates: tuple[str, ...] = ()
    unit: str | None = None
    missing: dict[str, MissingReason] = {}
    map: dict[str, str] = {}

    _texts = field_validator("value", "missing", "map", mode="before")(_said_as_text)

    @model_validator(mode="after")
    def _one_origin(self) -> ColumnReading:
        if (self.source is None) == (self.value is None):
            raise ValueError("give either `from` (the centre's column) or `value` (a constant).")
        if self.unit is not None and self.unit not in UNITS:
            raise ValueError(f"unit {self.unit!r} is not known; use one of {', '.join(UNITS)}.")
        return self

    @property
    def sources(self) -> tuple[str, ...]:
        """The centre's columns, in order."""
        if self.source is None:
            return ()
        return (self.source,) if isinstance(self.source, str) else self.source


class Pivot(BaseModel):
    """A long file: one row per value, `name` holds the variable, `by` the columns that make one record."""

    model_config = _FROZEN

    name: str
    value: str
    by: tuple[str, ...]


def _as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: tuple(map(str, item)) if isinstance(item, list) else (str(item),) for key, item in value.items()}
    return value


class Reading(BaseModel):
    """One way rows of a core table are read from one sheet or file of the export."""

    model_config = _FROZEN

    file: str
    sheet: str | None = None
    delimiter: str | None = None
    skip_rows: int = Field(default=0, ge=0)
    header_rows: int = Field(default=1, ge=1, le=3)
    merged: Literal["keep", "fill"] = "keep"
    where: dict[str, tuple[str, ...]] = {}
    drop: dict[str, tuple[str, ...]] = {}
    pivot: Pivot | None = None
    patient: str
    key: tuple[str, ...] = ()
    columns: dict[str, ColumnReading]

    _texts = field_validator("where", "drop", mode="before")(_as_texts)

    @field_validator("key", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("columns", mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: {"from": item} if isinstance(item, str | list) else item for key, item in value.items()}
        return value


class Codebook(BaseModel):
    """The centre's own list of codes: a table of (table, column, code, meaning), or a REDCap data dictionary."""

    model_config = _FROZEN

    file: str
    kind: Literal["table", "redcap"] = "table"
    table: str | None = None
    column: str = ""
    code: str = ""
    meaning: str = ""
    skip_rows: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _named(self) -> Codebook:
        if self.kind == "table" and not (self.column and self.code and self.meaning):
            raise ValueError("name the codebook's columns: `column`, `code` and `meaning`.")
        return self


class Source(BaseModel):
    """Where the export is pulled from."""

    model_config = _FROZEN

    kind: Literal["file"]
    path: str


def _one_or_many(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: item if isinstance(item, list) else [item] for key, item in value.items()}
    return value


class Centre(BaseModel):
    """centres/<code>/centre.yaml, and what corrections.yaml beside it says."""

    model_config = _FROZEN

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,15}$")]
    title: dict[Literal["en", "zh"], str]
    language: Literal["en", "zh"]
    timezone: str
    jurisdiction: str
    legal_basis: str
    cut_off_on: date
    extracted_on: date | None = None
    assessment_interval_days: Annotated[int, Field(ge=1)] | None = None
    delivery: dict[str, Literal["full", "incremental"]] = {}
    source: Source
    encoding: tuple[str, ...] = ("utf-8",)
    decimal: Literal[".", ","] = "."
    codebook: Codebook | None = None
    missing: dict[str, MissingReason] = {}
    identifiers: tuple[str, ...] = ()
    linkage: tuple[Link, ...] = ()
    scan: Scan | None = None
    permitted_use: tuple[Purpose, ...] | None = None
    transfer: tuple[Transfer, ...] = ()
    corrections: tuple[Correction, ...] = ()
    tables: dict[str, tuple[Reading, ...]]

    _texts = field_validator("missing", mode="before")(_said_as_text)
    _readings = field_validator("tables", mode="before")(_one_or_many)

    @field_validator("transfer", mode="before")
    @classmethod
    def _one_transfer(cls, value: Any) -> Any:
        return (value,) if isinstance(value, dict) else value

    @property
    def drawn_on(self) -> date:
        """The day the data were drawn: no event can lie behind it, though some lie behind the cut-off."""
        return self.extracted_on or self.cut_off_on

    @field_validator("title", mode="before")
    @classmethod
    def _same_title(cls, value: Any) -> Any:
        return {"en": value, "zh": value} if isinstance(value, str) else value

    @field_validator("encoding", mode="before")
    @classmethod
    def _known_encodings(cls, value: Any) -> Any:
        import codecs

        names = (value,) if isinstance(value, str) else tuple(value or ())
        for name in names:
            try:
                codecs.lookup(name)
            except LookupError:
                raise ValueError(f"{name!r} is no encoding; use utf-8, gb18030, cp1252, utf-16, …") from None
        return names

    @field_validator("delivery", mode="before")
    @classmethod
    def _whole_only(cls, value: Any) -> Any:
        """A word for all tables, or a word per table. What is absent from a full delivery has vanished."""
        kinds = dict.fromkeys(CORE, value) if isinstance(value, str) else dict(value or {})
        for table, kind in kinds.items():
            if table not in CORE:
                raise ValueError(f"{table}: no such table of the registry.{nearest(table, CORE)}")
            if kind != "full":
                raise ValueError(
                    f"{table} is {kind!r}, but only full deliveries are read: a delivery of changes alone would make "
                    "every other record vanish. Have the centre export the whole table each time."
                )
        return kinds

    @field_validator("tables")
    @classmethod
    def _known_fields(cls, tables: dict[str, tuple[Reading, ...]]) -> dict[str, tuple[Reading, ...]]:
        faults = []
        for table, readings in tables.items():
            if table not in CORE:
                faults.append(f"tables.{table}: no such table of the registry.{nearest(table, CORE)}")
                continue
            known = deliverable(table)
            for reading in readings:
                faults += [
                    f"tables.{table}.columns.{field}: no such field of core.{table}.{nearest(field, known)}"
                    for field in reading.columns
                    if field not in known
                ]
        if "patient" not in tables:
            faults.append("tables.patient: this table is missing; without it no row belongs to a person.")
        if faults:
            raise ValueError("; ".join(faults))
        return tables

    @model_validator(mode="after")
    def _identifiers_are_not_read(self) -> Centre:
        for table, readings in self.tables.items():
            for reading in readings:
                for field, column in reading.columns.items():
                    named = [name for name in column.sources if name in self.identifiers]
                    if named:
                        raise ValueError(
                            f'tables.{table}.columns.{field} reads the column "{named[0]}", which `identifiers` keeps '
                            "out of the registry; remove it from one of the two."
                        )
        return self

    @model_validator(mode="after")
    def _tokens_have_a_place(self) -> Centre:
        if not self.linkage:
            return self
        first = self.tables["patient"][0]
        place = first.columns.get("link_token")
        if place is None or len(place.sources) != 1 or first.pivot:
            raise ValueError(
                "linkage makes tokens in the column that tables.patient.columns.link_token names: name one column, "
                "in the first reading of patient, which must not be a long file."
            )
        open_ones = [
            name
            for link in self.linkage
            for name in (link.source[:-1] if link.kind == "name_birth" else link.source)
            if name not in self.identifiers
        ]
        if open_ones:
            raise ValueError(f'linkage reads the column "{open_ones[0]}"; add it to `identifiers`, so that it stays.')
        return self


def load_centre(folder: Path) -> Centre:
    """The configuration in a centre's folder; its `code` must be the folder's name."""
    shown_as = f"centres/{folder.name}/centre.yaml"
    centre = load_yaml(folder / "centre.yaml", Centre, shown_as)
    _check_column_maps(centre, shown_as)
    return centre.model_copy(update={"corrections": load_corrections(folder)})


def _check_column_maps(centre: Centre, shown_as: str) -> None:
    """Every target of a column's own `map` must be a code of the field's list."""
    from schemas.codelist import load

    faults = []
    for table, readings in centre.tables.items():
        for reading in readings:
            for field, column in reading.columns.items():
                code_list = deliverable(table)[field].code_list
                if not column.map:
                    continue
                place = f"{shown_as}: tables.{table}.columns.{field}.map"
                if code_list is None:
                    faults.append(f"{place}: {field} has no code list, so it cannot be mapped; remove the map.")
                    continue
                codes = load(code_list)
                faults += [
                    f"{place}: {target!r} is not a code of the list {code_list}. "
                    + (f'Did you mean "{near}"?' if (near := codes.nearest(target)) else f"{PRINTS} {code_list}`.")
                    for target in column.map.values()
                    if codes.unknown(target) and target not in ("ignored", "needs_query")
                ]
    if faults:
        raise ConfigurationError("\n".join(faults))
