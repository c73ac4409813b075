"""What a finding is about: the query that asks, and a keyed hash of every value its rule looks at.

A text rule looks at one cell, or at a row it cannot read; a row rule at the fields it names; a check at the columns
its SQL mentions: of the record itself, of the patient's rows in the other tables it names, and, where it compares rows
of one table, of all the patient's rows there. Dates and numbers count by what they mean, all else as sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from schemas.canonical import CORE, Column, staging_columns
from schemas.canonical.base import ROW_RULES
from schemas.rules import Rule
from schemas.sql_text import literals
from warehouse import check
from warehouse.keyed import keyed

_SEPARATOR = "chr(31)"
_ENDINGS = ("_earliest", "_latest", "_precision", "_source", "_code")


def fill(connection: duckdb.DuckDBPyConnection, secret: bytes, text_files: Iterable[Path]) -> None:
    """Give the findings that are asked about (channel query) their query_id and value_hash."""
    parts = list(_parts(connection, text_files))
    if not parts:
        return
    told = connection.execute(
        f"""
        with part as ({" union all ".join(parts)})
        select
            f.finding_id, f.record_key is null as is_keyless, f.centre, f.rule, f.table_name, f.field,
            coalesce(string_agg(part.text, chr(30) order by part.place, part.text), '') as text
        from quality.finding as f
        left join part using (finding_id)
        where f.channel = 'query'
        group by all
        order by f.finding_id
        """
    ).pl()
    none = pl.lit("")
    shared = pl.concat_str(
        ["centre", "rule", "table_name", none, pl.col("field").fill_null("")], separator="\x1f", ignore_nulls=True
    )
    told = told.with_columns(shared=keyed(secret, told.select(shared.alias("text"))["text"]))
    told = told.with_columns(query_id=pl.when("is_keyless").then("shared").otherwise("finding_id"))
    texts = told.select(pl.concat_str(["query_id", "text"], separator="\x1f"))["query_id"]
    hashed = told.select("finding_id", "query_id").with_columns(value_hash=keyed(secret, texts))
    connection.register("_hashed", hashed.to_arrow())
    connection.execute(
        "update quality.finding set query_id = hashed.query_id, value_hash = hashed.value_hash "
        "from _hashed as hashed where hashed.finding_id = finding.finding_id"
    )
    connection.unregister("_hashed")


def _parts(connection: duckdb.DuckDBPyConnection, text_files: Iterable[Path]) -> Iterator[str]:
    """Queries that give finding_id, place and text: what the findings of the file are about, table by table."""
    pairs = connection.execute(
        "select distinct rule, coalesce(table_name, '') from quality.finding where channel = 'query' order by all"
    ).fetchall()
    checks = check.rules()
    row_rules = {name for rules in ROW_RULES.values() for name in rules}
    reading = [rule for rule, _ in pairs if rule not in checks and rule not in row_rules]
    if reading:
        yield from _read(reading, [str(path) for path in text_files])
    for place, table in enumerate(CORE):
        own = {rule for rule, named in pairs if named == table and rule not in reading}
        if own:
            yield _own(table, own, place)
        others = {
            rule
            for rule, named in pairs
            if rule in checks and (_compares(rule, table) if named == table else table in checks[rule].tables)
        }
        if others:
            yield _others(table, others, place)


def _read(rules: Iterable[str], paths: Iterable[str]) -> Iterator[str]:
    """The cell as sent; of a finding without a cell the whole row."""
    wanted = f"f.channel = 'query' and f.rule in ({_listed(rules)})"
    yield f"select f.finding_id, -1 as place, f.raw_text as text from quality.finding as f where {wanted}"
    if files := _listed(paths):
        yield (
            f"select f.finding_id, -1 as place, array_to_string(t.cells, {_SEPARATOR}) as text "
            f"from quality.finding as f join read_parquet([{files}]) as t on t.row_id = f.row_id "
            f"where {wanted} and f.raw_text is null"
        )


def _own(table: str, rules: Iterable[str], place: int) -> str:
    """Of the record itself: the finding's field, and the columns its rule looks at."""
    values = {column.name.removesuffix("_source"): _value(column) for column in _deliverable(table)}
    fields = " ".join(f"when '{field}' then {value}" for field, value in values.items())
    return (
        f"select f.finding_id, {place} as place, "
        f"concat_ws({_SEPARATOR}, case f.field {fields} else '' end, {_case(table, rules)}) as text "
        f"from quality.finding as f join staging.{table} as s on s.centre = f.centre and s.record_key = f.record_key "
        f"where f.channel = 'query' and f.table_name = '{table}'"
    )


def _others(table: str, rules: set[str], place: int) -> str:
    """Of the patient's rows in a table that the rule compares with."""
    return (
        f"select f.finding_id, {place} as place, {_case(table, rules)} as text "
        f"from quality.finding as f join staging.{table} as s on s.centre = f.centre and s.patient_id = f.patient_id "
        f"where f.channel = 'query' and f.rule in ({_listed(rules)})"
    )


def _case(table: str, rules: Iterable[str]) -> str:
    branches = [
        f"when '{rule}' then concat_ws({_SEPARATOR}, {', '.join(map(_value, columns))})"
        for rule in sorted(rules)
        if (columns := _involved(rule, table))
    ]
    return f"case f.rule {' '.join(branches)} else '' end" if branches else "''"


def _deliverable(table: str) -> list[Column]:
    return [column for column in staging_columns(CORE[table]) if column.role == "delivered"]


def _value(column: Column) -> str:
    name = f's."{column.name}"'
    if column.sql_type == "DATE":
        bounds = f"s.{column.name}_earliest::varchar || '~' || s.{column.name}_latest::varchar"
        return f"coalesce({bounds}, s.{column.name}_source, '')"
    return f"coalesce({name}::varchar, '')"


def _involved(rule: str, table: str) -> list[Column]:
    """The columns of a table that a rule looks at; all of them where it names the table and none can be told."""
    declared = _rule(rule)
    stems = {_stem(name) for name in declared.fields} | _look(rule).names
    found = [column for column in _deliverable(table) if _stem(column.name) in stems]
    return found or (_deliverable(table) if table in declared.tables else [])


def _rule(name: str) -> Rule:
    return {**{rule: of for rules in ROW_RULES.values() for rule, of in rules.items()}, **check.rules()}[name]


def _compares(rule: str, table: str) -> bool:
    return table in _look(rule).compared


@dataclass(frozen=True)
class _Look:
    """What a check's SQL reads. names: columns without endings. compared: tables of which it sees rows together."""

    names: frozenset[str] = frozenset()
    compared: frozenset[str] = frozenset()


@cache
def _look(rule: str) -> _Look:
    """A check's SQL as DuckDB's parser sees it."""
    if rule not in check.rules():
        return _Look()
    with duckdb.connect() as connection:
        row = connection.execute("select json_serialize_sql(?::varchar)", [check.sql_of(rule)]).fetchone()
    nodes = list(_nodes(json.loads(row[0]) if row else {}))
    names = {_stem(node["column_names"][-1]) for node in nodes if node.get("class") == "COLUMN_REF"}
    tables = [node["table_name"] for node in nodes if node.get("type") == "BASE_TABLE"]
    is_windowed = any(node.get("class") == "WINDOW" for node in nodes)
    return _Look(frozenset(names), frozenset(name for name in tables if is_windowed or tables.count(name) > 1))


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _nodes(value)
    elif isinstance(node, list):
        for item in node:
            yield from _nodes(item)


def _stem(name: str) -> str:
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return name


def _listed(texts: Iterable[str]) -> str:
    return literals(sorted(texts))
