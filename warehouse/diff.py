"""What changed between two refreshes: rows, values and codes of core, the cohort, and what the tables were made by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from schemas.canonical import CORE, Column, columns, model_metadata
from schemas.sql_text import literal

_ORIGIN = ("source_rows", "missing")
"""Columns that say where a row came from; they change with every delivery."""
_DELIVERED = ", ".join(
    f"'{name}.{column.name}'" for name, model in CORE.items() for column in columns(model) if column.role == "delivered"
)


@dataclass(frozen=True)
class Difference:
    """What differs between an earlier and a later warehouse.

    rows: table_name, centre, added, removed, changed, same. values: table_name, centre, patient_id, record_key, field,
    is_code, before, after; one row per value of a changed record. cohort: patient_id, centre, movement (in, out),
    reason_before, reason_after (the first criterion that excluded, null inside the cohort, `unknown` where the patient
    was not delivered). codes: table_name, field, before, after, records; codes that became others, not values.
    patients: patient_id, is_delivered (a record or a delivered value is other than before), is_recoded (a code is),
    is_corrected (an applied correction came, went or is another); only those of whom one holds. versions: what
    (program, rules of lines, each code list), before, after; only what is another.
    """

    rows: pl.DataFrame
    values: pl.DataFrame
    cohort: pl.DataFrame
    codes: pl.DataFrame
    patients: pl.DataFrame
    versions: pl.DataFrame


def difference(before: Path, after: Path) -> Difference:
    """Compare two warehouse files. Records are the same where their keys are (docs/decisions/record-keys.md)."""
    with duckdb.connect() as connection:
        for name, path in (("before", before), ("after", after)):
            connection.execute(f"attach {literal(path)} as {name} (read_only)")
        tables = {name: _paired(connection, name) for name in CORE}
        rows = pl.concat(_rows(connection, name) for name in tables)
        values = pl.concat(_values(connection, name, compared) for name, compared in tables.items())
        records = " union all ".join(
            f"select patient_id from paired_{name} where not (is_before and is_after)" for name in tables
        )
        connection.register("moved_value", values.to_arrow())
        return Difference(
            rows=rows,
            values=values,
            cohort=connection.execute(_COHORT).pl(),
            codes=connection.execute(_CODES).pl(),
            patients=connection.execute(_PATIENTS.format(records=records)).pl(),
            versions=connection.execute(_VERSIONS).pl(),
        )


def _paired(connection: duckdb.DuckDBPyConnection, name: str) -> list[Column]:
    """Lay the records of a table side by side as `paired`; the columns that both files have and that are compared."""
    key = model_metadata(CORE[name])["key"]
    common = set.intersection(*(_names(connection, f"{file}.core.{name}") for file in ("before", "after")))
    apart = {*_ORIGIN, *key, "record_key", "patient_id"}
    compared = [column for column in columns(CORE[name]) if column.name in common - apart]
    sides = ", ".join(f"struct_pack({_fields(compared, side)}) as {side}_values" for side in ("old", "new"))
    connection.execute(
        f"""
        create or replace temp table paired_{name} as
        select
            coalesce(old.centre, new.centre) as centre,
            coalesce(old.patient_id, new.patient_id) as patient_id,
            coalesce(old.record_key, new.record_key) as record_key,
            old.record_key is not null as is_before,
            new.record_key is not null as is_after,
            {sides}
        from before.core.{name} as old
        full join after.core.{name} as new on {" and ".join(f"old.{part} = new.{part}" for part in key)}
        """
    )
    return compared


def _names(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    return {row[0] for row in connection.execute(f"describe {table}").fetchall()}


def _fields(compared: list[Column], side: str) -> str:
    return ", ".join(f'"{column.name}" := {side}."{column.name}"' for column in compared)


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    return connection.execute(
        f"""
        select
            '{name}' as table_name,
            centre,
            count(*) filter (not is_before) as added,
            count(*) filter (not is_after) as removed,
            count(*) filter (is_before and is_after and old_values is distinct from new_values) as changed,
            count(*) filter (is_before and is_after and old_values is not distinct from new_values) as same
        from paired_{name}
        group by centre
        order by centre
        """
    ).pl()


def _values(connection: duckdb.DuckDBPyConnection, name: str, compared: list[Column]) -> pl.DataFrame:
    cells = "\nunion all\n".join(
        f"""
        select {place} as place, '{column.name}' as field, {column.role == "coded"} as is_code, centre, patient_id,
            record_key, old_values."{column.name}"::varchar as before, new_values."{column.name}"::varchar as after
        from changed
        where old_values."{column.name}" is distinct from new_values."{column.name}"
        """
        for place, column in enumerate(compared)
    )
    return connection.execute(
        f"""
        with changed as (
            select * from paired_{name} where is_before and is_after and old_values is distinct from new_values
        )
        select '{name}' as table_name, centre, patient_id, record_key, field, is_code, before, after
        from ({cells})
        order by centre, record_key, place
        """
    ).pl()


_COHORT = """
with
    old as (
        select patient_id, centre, null as reason from before.mart.cohort
        union all
        select patient_id, centre, first_reason_code from before.mart.exclusion
    ),

    new as (
        select patient_id, centre, null as reason from after.mart.cohort
        union all
        select patient_id, centre, first_reason_code from after.mart.exclusion
    ),

    told as (
        select
            coalesce(old.patient_id, new.patient_id) as patient_id,
            coalesce(old.centre, new.centre) as centre,
            case when old.patient_id is null then 'unknown' else old.reason end as reason_before,
            case when new.patient_id is null then 'unknown' else new.reason end as reason_after
        from old
        full join new on new.patient_id = old.patient_id
    )

select
    patient_id,
    centre,
    case when reason_after is null then 'in' else 'out' end as movement,
    reason_before,
    reason_after
from told
where (reason_before is null) <> (reason_after is null)
order by all
"""

_CODES = """
select table_name, field, before, after, count(*) as records
from moved_value
where is_code
group by all
order by table_name, field, records desc, before, after
"""

_PATIENTS = f"""
with
    applied as (
        select 'before' as side, patient_id, record_key, field, action_code, corrected_text
        from before.quality.correction where state = 'applied'
        union all
        select 'after', patient_id, record_key, field, action_code, corrected_text
        from after.quality.correction where state = 'applied'
    ),

    other_correction as (
        select patient_id
        from applied
        group by patient_id, record_key, field, action_code, corrected_text
        having count(distinct side) = 1
    ),

    touched as (
        select patient_id, 'delivered' as how from ({{records}})
        union all
        select patient_id, case when is_code then 'recoded' else 'delivered' end
        from moved_value
        where is_code or table_name || '.' || field in ({_DELIVERED})
        union all
        select patient_id, 'corrected' from other_correction
    )

select
    patient_id,
    bool_or(how = 'delivered') as is_delivered,
    bool_or(how = 'recoded') as is_recoded,
    bool_or(how = 'corrected') as is_corrected
from touched
where patient_id is not null
group by patient_id
order by patient_id
"""

_VERSIONS = """
with
    told as (
        select 'before' as side, 'program' as what, code_version as version from before.meta.refresh
        union all
        select 'after', 'program', code_version from after.meta.refresh
        union all
        select distinct 'before', 'rules of lines', ruleset_version from before.mart.derived_line
        union all
        select distinct 'after', 'rules of lines', ruleset_version from after.mart.derived_line
        union all
        select distinct 'before', 'code list ' || list, list_version from before.reference.term_map
        union all
        select distinct 'after', 'code list ' || list, list_version from after.reference.term_map
    ),

    joined as (
        select
            what,
            string_agg(version, ', ' order by version) filter (side = 'before') as before,
            string_agg(version, ', ' order by version) filter (side = 'after') as after
        from told
        group by what
    )

select * from joined where before is distinct from after order by what
"""
