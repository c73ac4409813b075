"""Whether a built warehouse keeps what its models promise: every table there, every key unique, every reference known.

Constraints in the file itself cost more than they give (docs/decisions/foreign-keys.md); one look before publishing
does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from schemas.canonical import MODELS, Table, foreign_keys, model_metadata, table_name
from schemas.relations import code_columns

PROMISES = ("tables_missing", "keys_repeated", "keys_empty", "references_broken", "codes_unknown")


def aggregates(database: Path) -> pl.DataFrame:
    """One row about the file: subject, and per promise the number of breaches and `<promise>_where`, the places.

    tables_missing in tables; keys_repeated, keys_empty, references_broken and codes_unknown in rows.
    """
    found = breaches(database)
    row: dict[str, object] = {"subject": "warehouse"}
    for promise in PROMISES:
        broken = found.filter(promise=promise)
        row[promise] = float(broken["n"].sum())
        row[f"{promise}_where"] = ", ".join(broken["place"])
    return pl.DataFrame([row])


def breaches(database: Path) -> pl.DataFrame:
    """promise, place (a table, or a table and its columns), n: only what is broken."""
    schema = {"promise": pl.String, "place": pl.String, "n": pl.Int64}
    with duckdb.connect(str(database), read_only=True) as connection:
        listed = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
        there = {name for (name,) in listed}
        rows = [("tables_missing", table_name(model), 1) for model in MODELS if table_name(model) not in there]
        for model in MODELS:
            if table_name(model) in there:
                for promise, place, sql in _counts(model, there):
                    counted = connection.execute(sql).fetchone()
                    rows.append((promise, place, counted[0] if counted else 0))
    return pl.DataFrame(rows, schema=schema, orient="row").filter(pl.col("n") > 0)


def _counts(model: type[Table], there: set[str]) -> Iterator[tuple[str, str, str]]:
    """Every promise of one table: promise, place, SQL that counts the rows that break it."""
    name, key = table_name(model), model_metadata(model)["key"]
    yield "keys_repeated", name, _repeated(name, key)
    yield "keys_empty", name, f"select count(*) from {name} where {_any_empty(key)}"
    for columns in sorted(_referred(name) - {key}):
        yield "keys_repeated", f"{name} ({', '.join(columns)})", _repeated(name, columns)
    for foreign in foreign_keys(model):
        if foreign.target in there:
            place = f"{name} ({', '.join(foreign.columns)})"
            matched = " and ".join(
                f'target."{known}" = source."{column}"'
                for column, known in zip(foreign.columns, foreign.key, strict=True)
            )
            yield (
                "references_broken",
                place,
                f"select count(*) from {name} as source anti join {foreign.target} as target on {matched} "
                f"where not ({_any_empty(foreign.columns)})",
            )
    if "reference.code" in there:
        for column, code_list in code_columns(model):
            yield (
                "codes_unknown",
                f"{name} ({column})",
                f'select count(*) from {name} where "{column}" not in '
                f"(select code from reference.code where list = '{code_list}')",
            )


def _referred(name: str) -> set[tuple[str, ...]]:
    """The columns of a table by which others refer to it."""
    return {foreign.key for model in MODELS for foreign in foreign_keys(model) if foreign.target == name}


def _repeated(name: str, columns: tuple[str, ...]) -> str:
    packed = ", ".join(f'part{place} := "{column}"' for place, column in enumerate(columns))
    return f"select count(*) - count(distinct struct_pack({packed})) from {name}"


def _any_empty(columns: tuple[str, ...]) -> str:
    return " or ".join(f'"{column}" is null' for column in columns)
