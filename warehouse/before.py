"""The last delivery: each centre's export before the one in use, as the rules of scope last_delivery read it.

It is read with today's configuration, so that what differs is what the centre changed and not what we map otherwise.
The manifest names it, so that a rebuild compares with the same. Offered while the warehouse is built:
staging.before_<core table>, before_centre, before_coded_cell, before_completeness and change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from schemas.canonical import CORE, staging_columns
from schemas.canonical.base import Column
from warehouse import models

TERMS = "staging.before_term"


@dataclass(frozen=True)
class Before:
    """Where the typed rows of a centre's last delivery lie, and the cut-off it had."""

    folder: Path
    cut_off_on: date | None


def entry_before(last: Mapping[str, Any] | None, export_hash: str | None) -> dict[str, Any] | None:
    """What a manifest says of a centre's last different delivery. last: the centre's entry as published."""
    if last is None:
        return None
    if last["export_hash"] in (None, export_hash):
        return last.get("before")
    return {name: last.get(name) for name in ("export_hash", "files", "names_before", "cut_off_on")}


def offer(connection: duckdb.DuckDBPyConnection, earlier: Mapping[str, Before]) -> None:
    """Make the tables and views of the last delivery. earlier: centre -> its last delivery; none is fine."""
    connection.execute("create table staging.before_centre (centre varchar, cut_off_on date)")
    for centre, item in earlier.items():
        connection.execute("insert into staging.before_centre values (?, ?)", [centre, item.cut_off_on])
    for table in CORE:
        files = [item.folder / f"{table}.parquet" for item in earlier.values()]
        rows = models.staging_model(table, files, TERMS) if files else f"from staging.{table} limit 0"
        connection.execute(f"create table staging.before_{table} as {rows}")
    connection.execute(f"create view staging.before_coded_cell as {models.coded_cell_model('before_', TERMS)}")
    connection.execute(f"create table staging.before_completeness as {models.completeness_model('before_')}")
    connection.execute(f"create view staging.change as {change_model()}")


def change_model() -> str:
    """Every delivered field of every record that both deliveries have: filled before, filled now, another value.

    is_changed is null where either side is empty or says no code, and false where a partial date allows both.
    """
    parts = [_change(table, column) for table in CORE for column in staging_columns(CORE[table])
             if column.role == "delivered"]  # fmt: skip
    return "\nunion all\n".join(parts)


def _change(table: str, column: Column) -> str:
    joins, filled = "", column.name
    if column.sql_type == "DATE":
        filled = f"{column.name}_earliest"
        changed = (
            f"n.{column.name}_latest < b.{column.name}_earliest or n.{column.name}_earliest > b.{column.name}_latest"
        )
    elif column.code_list and column.name.endswith("_source"):
        changed = "coalesce(n_term.entity_code, n_term.code) <> coalesce(b_term.entity_code, b_term.code)"
        joins = "".join(
            f" left join {TERMS} as {side}_term on {side}_term.list = '{column.code_list}' "
            f"and {side}_term.centre = {side}.centre and {side}_term.text = {side}.{column.name}"
            for side in "nb"
        )
    else:
        changed = f"n.{column.name} <> b.{column.name}"
    return (
        f"select n.centre, '{table}' as table_name, n.patient_id, n.record_key, "
        f"'{column.name.removesuffix('_source')}' as field, b.{filled} is not null as was_filled, "
        f"n.{filled} is not null as is_filled, {changed} as is_changed "
        f"from staging.{table} as n join staging.before_{table} as b using (centre, record_key){joins}"
    )
