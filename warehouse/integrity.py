"""Whether a built warehouse keeps what its models promise: every table there, every key unique, every person known.

Constraints in the file itself would cost an index per table in every copy of it; one look before publishing does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl

from schemas.canonical import MODELS, Table, columns, model_metadata, table_name

PERSONS = "core.patient"


def aggregates(database: Path) -> pl.DataFrame:
    """One row about the file: subject, tables_missing (tables), keys_repeated, keys_empty, persons_unknown (rows)."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
        there = {name for (name,) in found}
        models = [model for model in MODELS if table_name(model) in there]
        return connection.execute(
            f"""
            select
                'warehouse' as subject,
                {len(MODELS) - len(models)}::double as tables_missing,
                {_sum(_repeated(model) for model in models)}::double as keys_repeated,
                {_sum(_empty(model) for model in models)}::double as keys_empty,
                {_sum(_strangers(model) for model in models if _is_about_persons(model))}::double as persons_unknown
            """
        ).pl()


def _sum(counts: Iterable[str]) -> str:
    return "(0 + " + " + ".join(f"({count})" for count in counts) + ")"


def _key(model: type[Table]) -> list[str]:
    return [f'"{column}"' for column in model_metadata(model)["key"]]


def _repeated(model: type[Table]) -> str:
    packed = ", ".join(f"part{place} := {column}" for place, column in enumerate(_key(model)))
    return f"select count(*) - count(distinct struct_pack({packed})) from {table_name(model)}"


def _empty(model: type[Table]) -> str:
    return f"select count(*) from {table_name(model)} where {' or '.join(f'{part} is null' for part in _key(model))}"


def _is_about_persons(model: type[Table]) -> bool:
    is_published = model_metadata(model)["schema"] in ("core", "mart")
    return is_published and table_name(model) != PERSONS and "patient_id" in [column.name for column in columns(model)]


def _strangers(model: type[Table]) -> str:
    return f"select count(*) from {table_name(model)} where patient_id not in (select patient_id from {PERSONS})"
