"""What the registry's own models make of patients if one value were another: copies of them, derived in memory.

Each supposition is a copy of a whole person in which one value is set. The models of `models/` run once over all
copies and nothing else, so that cohort row and end points are derived as any refresh derives them. Nobody is excluded
here: a copy of a patient of the cohort stays in it unless the value leaves it without a time zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import polars as pl

from schemas.canonical import CORE, columns, staging_columns
from schemas.links import Decision
from schemas.registry import Registry
from warehouse import models

CHANGE = {
    "supposition": pl.Int64, "query_id": pl.String, "patient_id": pl.String, "table_name": pl.String,
    "record_key": pl.String, "field": pl.String, "value": pl.String,
}  # fmt: skip
"""One row per field that a supposition sets; patient_id is of the record. value is a code, an ISO date, a number or
'true'; null empties the field. field is named as in centre.yaml (without `_source` or `_code`)."""

DERIVED = ("mart.cohort", "mart.adtte")
_AGENT = ("agent_code", "class_code", "component_code", "is_checkpoint_inhibitor")
_SUPPOSED_TEXT = "supposed: "


def supposed(
    database: Path, registry: Registry, links: tuple[Decision, ...], changes: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of mart.cohort and mart.adtte of every copy, each with its `supposition`; patient_id is the patient's.

    database: a warehouse file, never written to. changes: CHANGE. A copy without a time zero has no row.
    """
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{str(database).replace(chr(39), chr(39) * 2)}' as registry (read_only)")
        for name in ("combination_window_days", "metastatic_tolerance_days"):
            connection.execute(f"set variable {name} = {getattr(registry, name)}")
        connection.register(
            "_change", changes.select(pl.col(name).cast(kind) for name, kind in CHANGE.items()).to_arrow()
        )
        connection.execute("create table change as from _change")
        _copy(connection, models.same_person_model(links))
        for table, field in connection.execute("select distinct table_name, field from change order by all").fetchall():
            _set(connection, table, field)
        _as_sent(connection)
        _derive(connection, _models(registry))
        cohort, adtte = (_rows(connection, table) for table in DERIVED)
    cohort = cohort.filter(pl.col("index_on").is_not_null())
    return cohort, adtte.join(cohort, on=["supposition", "patient_id"], how="semi", maintain_order="left")


def _copy(connection: duckdb.DuckDBPyConnection, same_person: str) -> None:
    """A copy of every person concerned for each supposition, with the findings that do not ask about its value."""
    for schema in ("core", "mart", "meta", "quality", "reference", "staging"):
        connection.execute(f"create schema {schema}")
    for schema, name in connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'registry' "
        "and schema_name in ('meta', 'reference')"
    ).fetchall():
        connection.execute(f"create view {schema}.{name} as from registry.{schema}.{name}")
    connection.execute(
        f"""
        create table copy as
        with same_person as ({same_person})
        select distinct change.supposition, coalesce(other.patient_id, change.patient_id) as original_id,
            original_id || '~' || change.supposition as patient_id
        from change
        left join same_person as own on own.patient_id = change.patient_id
        left join same_person as other on other.person_id = own.person_id
        """
    )
    connection.execute(
        f"""
        create table staging.same_person as
        with same_person as ({same_person})
        select copy.patient_id, same_person.person_id || '~' || copy.supposition as person_id
        from copy
        join same_person on same_person.patient_id = copy.original_id
        """
    )
    for table in CORE:
        connection.execute(
            f"create table core.{table} as select told.* replace (copy.patient_id as patient_id) "
            f"from registry.core.{table} as told join copy on copy.original_id = told.patient_id"
        )
    connection.execute(
        """
        create table quality.finding as
        select finding.* replace (copy.patient_id as patient_id)
        from registry.quality.finding as finding
        join copy on copy.original_id = finding.patient_id
        where not exists (
            select 1
            from change
            where change.supposition = copy.supposition and change.patient_id = copy.original_id
                and (change.query_id = finding.query_id
                    or (change.table_name = finding.table_name and change.record_key = finding.record_key
                        and change.field = finding.field))
        )
        """
    )
    connection.execute("create table mart.exclusion as from registry.mart.exclusion limit 0")


def _set(connection: duckdb.DuckDBPyConnection, table: str, field: str) -> None:
    """Set a field of a core table where a supposition says so. A regimen's record stands for all its agents."""
    types = {column.name: column.sql_type for column in columns(CORE[table])}
    if field == "agent":
        values = {name: f"(select {name} from reference.drug where code = change.value)" for name in _AGENT}
    elif field == "histology":
        values = {"entity_code": "change.value"}
    elif field == "line_stated":
        values = {"line_stated_source": f"'{_SUPPOSED_TEXT}' || change.value"}
    elif field.endswith("_on"):
        day = dict.fromkeys((field, f"{field}_earliest", f"{field}_latest"), "change.value::date")
        known_to = "case when change.value is null then 'none' else 'day' end"
        values = {**day, f"{field}_source": "change.value", f"{field}_precision": known_to}
    else:
        name = models.code_column(table, f"{field}_source") if f"{field}_source" in types else field
        source = {f"{field}_source": "change.value"} if f"{field}_source" in types else {}
        values = source | ({name: f"change.value::{types[name]}"} if name else {})
    assignments = ", ".join(f"{name} = {value}" for name, value in values.items())
    connection.execute(
        f"update core.{table} as told set {assignments} from change, copy "
        "where copy.patient_id = told.patient_id and change.supposition = copy.supposition "
        "and change.patient_id = copy.original_id and change.table_name = ? and change.field = ? "
        "and (change.record_key = told.record_key or starts_with(told.record_key, change.record_key || '/'))",
        [table, field],
    )


def _models(registry: Registry) -> dict[str, str]:
    """The registry's models by name, with lines derived by its own settings alone; core rows are copied, not made."""
    given = {f"core.{table}" for table in CORE if table != "treatment_line"} | {"mart.exclusion"}
    return {
        **{name: sql for name, sql in models.written_models().items() if name not in given},
        "staging.end_point_setting": models.setting_model(registry.endpoints),
        "staging.line_setting": f"from ({models.line_setting_model(registry)}) where is_registry",
        "staging.line_swap": models.line_swap_model(registry),
    }


def _as_sent(connection: duckdb.DuckDBPyConnection) -> None:
    """Lines of treatment as typed rows, from which their model counts anew; a supposed line is a term of its own."""
    coded = [models.code_column("treatment_line", source) for source, _ in models.coded_sources("treatment_line")]
    taken = [column.name for column in staging_columns(CORE["treatment_line"])] + [name for name in coded if name]
    connection.execute(f"create table staging.treatment_line as select {', '.join(taken)} from core.treatment_line")
    connection.execute("drop table core.treatment_line")
    connection.execute("drop view reference.term_map")
    connection.execute(
        """
        create table reference.term_map as
        from registry.reference.term_map
        union all by name
        select distinct 'line' as list, centre, line_stated_source as text, substr(line_stated_source, ?) as code
        from staging.treatment_line
        where starts_with(line_stated_source, ?)
        """,
        [len(_SUPPOSED_TEXT) + 1, _SUPPOSED_TEXT],
    )


def _derive(connection: duckdb.DuckDBPyConnection, all_models: Mapping[str, str]) -> None:
    wanted = _needed(connection, all_models, DERIVED)
    for name in models.in_order(connection, {name: all_models[name] for name in wanted}):
        connection.execute(f"create table {name} as {all_models[name]}")


def _needed(connection: duckdb.DuckDBPyConnection, all_models: Mapping[str, str], targets: Iterable[str]) -> set[str]:
    """The models that the targets are made of."""
    found: set[str] = set()
    waiting = list(targets)
    while waiting:
        name = waiting.pop()
        if name in all_models and name not in found:
            found.add(name)
            waiting += models.references(connection, all_models[name])
    return found


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> pl.DataFrame:
    """Rows of a mart table with its published columns and types, for the patients themselves."""
    published = connection.execute(f"describe registry.{table}").fetchall()
    names = ", ".join(
        f'copy.original_id as "{name}"' if name in ("patient_id", "USUBJID") else f'made."{name}"::{kind} as "{name}"'
        for name, kind, *_ in published
    )
    return connection.execute(
        f"select copy.supposition, {names} from {table} as made "
        "join copy on copy.patient_id = made.patient_id order by all"
    ).pl()
