"""How a table of the registry is declared: a pandera model whose fields carry role, meaning, unit and code list.

Roles: `delivered` (a centre may send it), `coded` (made from a `*_source` by a code list), `derived` (made by SQL),
`provenance` (where it comes from). The delivered part is the row contract and the staging table; the whole is the
published table. A date field `x_on` stands for five columns, see `DATE_COMPANIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

from schemas.rules import Rule, parse_rule

Texts = list[str]
"""Annotation of a column of texts; a name of its own because a table may have a field called `list`."""

SQL_TYPES: Mapping[Any, str] = {
    pl.String: "VARCHAR",
    pl.Int64: "BIGINT",
    pl.Int32: "INTEGER",
    pl.Float64: "DOUBLE",
    pl.Decimal: "DECIMAL(9,1)",
    pl.Boolean: "BOOLEAN",
    pl.Date: "DATE",
    pl.Datetime: "TIMESTAMP",
    pl.List: "VARCHAR[]",
}

DATE_COMPANIONS: Mapping[str, tuple[Any, str]] = {
    "_source": (pl.String, "as sent"),
    "_earliest": (pl.Date, "first day it can mean"),
    "_latest": (pl.Date, "last day it can mean"),
    "_precision": (pl.String, "day, month, year or none"),
}


@dataclass(frozen=True)
class ForeignKey:
    """Columns of a table that, where none is empty, name a row of the table `target` by its columns `key`."""

    columns: tuple[str, ...]
    target: str
    key: tuple[str, ...]


def refers(target: str, *names: str, to: tuple[str, ...] = ()) -> ForeignKey:
    """The columns `names` are a foreign key to `schema.table`, whose columns bear the same names unless `to` says."""
    return ForeignKey(names, target, to or names)


OF_PATIENT = refers("core.patient", "patient_id")
OF_CENTRE = refers("meta.centre", "centre")
OF_BOTH = (OF_PATIENT, OF_CENTRE)


def declared(
    schema: str, table: str, grain: str, key: tuple[str, ...], *foreign: ForeignKey, is_view: bool = False
) -> dict[str, Any]:
    """What a model's Config.metadata holds: where the table stands, what one row is, its key and its foreign keys."""
    return {
        "schema": schema, "table": table, "grain": grain, "key": key, "foreign": foreign, "is_view": is_view,
    }  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a published table, as documentation and DDL need it."""

    name: str
    dtype: Any
    role: str
    text: str
    unit: str | None = None
    code_list: str | None = None
    importance: str | None = None
    reads: str | None = None
    is_nullable: bool = True

    @property
    def sql_type(self) -> str:
        """The column's type in DuckDB."""
        return SQL_TYPES[self.dtype]


Importance = Literal["mandatory", "recommended", "optional"]


def _field(
    role: str,
    text: str,
    *,
    unit: str | None = None,
    codes: str | None = None,
    importance: str | None = None,
    reads: str | None = None,
    nullable: bool = True,
) -> Any:
    metadata = {"role": role, "unit": unit, "code_list": codes, "importance": importance, "reads": reads}
    return pa.Field(nullable=nullable, description=text, metadata=metadata)


def delivered(
    text: str,
    *,
    importance: Importance,
    unit: str | None = None,
    codes: str | None = None,
    reads: str | None = None,
) -> Any:
    """A field a centre may send; `codes` names its code list.

    importance: mandatory where a record without it is of no use (who, what, when: the cohort, a group or an end point
    hangs on it); recommended where every record could have it and a rule, a stratum or a sensitivity analysis reads
    it; optional where it applies to some records only (a day of death, a margin), for which rules ask by themselves.
    """
    return _field("delivered", text, unit=unit, codes=codes, importance=importance, reads=reads)


def coded(text: str, codes: str | None = None) -> Any:
    """A field made from the `*_source` beside it by the code list `codes`."""
    return _field("coded", text, codes=codes)


def derived(text: str, *, unit: str | None = None, codes: str | None = None) -> Any:
    """A field made by a model from others."""
    return _field("derived", text, unit=unit, codes=codes)


def provenance(text: str, *, nullable: bool = True) -> Any:
    """A field that says where a row comes from or what it is called."""
    return _field("provenance", text, nullable=nullable)


class Table(pa.DataFrameModel):
    """A published table. `Config.metadata` holds what `declared` says of it."""

    class Config:
        """pandera's settings: more columns than declared are fine, so that one frame can pass several contracts."""

        strict = False
        coerce = False


ROW_RULES: dict[str, dict[str, Rule]] = {}
"""table name -> rule name -> rule, of every pandera check declared with `row_rule`."""


def row_rule(table: str, *fields: str) -> Callable[[Callable[[], pl.Expr]], Any]:
    """Declare a pandera check on one row by itself: the function gives an expression that is true for a sound row.

    Its name is the rule's name and its docstring the rule's YAML block. Null counts as sound: what is absent is
    judged by completeness, not here.
    """

    def declare(sound: Callable[[], pl.Expr]) -> Any:
        name = sound.__name__
        rule = parse_rule(name, sound.__doc__ or "", scope="row", tables=(table,), fields=fields)
        ROW_RULES.setdefault(table, {})[name] = rule

        def check(cls: type, data: PolarsData) -> pl.LazyFrame:
            return data.lazyframe.select(sound().fill_null(True).alias(name))

        check.__name__ = name
        check.__doc__ = rule.sentence["en"]
        return pa.dataframe_check(check, name=name)

    return declare


def table_name(model: type[Table]) -> str:
    """`schema.table` of a model."""
    meta = model_metadata(model)
    return f"{meta['schema']}.{meta['table']}"


def model_metadata(model: type[Table]) -> dict[str, Any]:
    """schema, table, grain, key, foreign (keys) and is_view of a model."""
    metadata: dict[str, Any] = model.Config.metadata  # type: ignore[attr-defined]
    return metadata


def foreign_keys(model: type[Table]) -> tuple[ForeignKey, ...]:
    """The foreign keys of a model."""
    found: tuple[ForeignKey, ...] = model_metadata(model)["foreign"]
    return found


def columns(model: type[Table]) -> list[Column]:
    """Every column of the published table in order, the companions of each date included."""
    found: list[Column] = []
    for name, spec in model.to_schema().columns.items():
        meta = spec.metadata or {}
        dtype = spec.dtype.type
        dtype = pl.List if isinstance(dtype, pl.List) else dtype
        dtype = dtype if isinstance(dtype, type) else type(dtype)
        text = spec.description or ""
        found.append(
            Column(
                name=name,
                dtype=dtype,
                role=meta["role"],
                text=text,
                unit=meta.get("unit"),
                code_list=meta.get("code_list"),
                importance=meta.get("importance"),
                reads=meta.get("reads"),
                is_nullable=bool(spec.nullable),
            )
        )
        if name.endswith("_on") and meta["role"] == "delivered":
            found.extend(
                Column(name=name + suffix, dtype=kind, role="provenance", text=f"{text} ({meaning})")
                for suffix, (kind, meaning) in DATE_COMPANIONS.items()
            )
    return found


def staging_columns(model: type[Table]) -> list[Column]:
    """The columns a centre's typed rows have: delivered and provenance."""
    return [column for column in columns(model) if column.role in ("delivered", "provenance")]


class CoreRow(Table):
    """What every core row carries."""

    centre: pl.String = provenance("Centre that sent the row", nullable=False)
    patient_id: pl.String = provenance("Registry's pseudonym of the person at this centre", nullable=False)
    record_key: pl.String = provenance("Name of the record, the same in every refresh", nullable=False)
    source_rows: Texts = provenance("Delivered rows this row was made from, as file:sheet:line", nullable=False)
    missing: Texts = provenance("Why a field is empty, as field=reason (unknown, not_done, not_applicable)")
