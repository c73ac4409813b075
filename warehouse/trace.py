"""Every value of a patient, back to the cell it came from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from schemas.canonical import CORE, Column
from schemas.centre import deliverable
from schemas.errors import ConfigurationError
from warehouse.home import Home
from warehouse.models import code_column, delivered_key
from warehouse.query import opened

_SQL = Path(__file__).with_suffix(".sql")
_CODED_BY_A_MODEL = {
    "histology_source": "entity_code",
    "morphology_source": "morphology_code",
    "agent_source": "coalesce(agent_code, class_code)",
    "line_stated_source": "nullif(concat_ws('-', line_min, coalesce(line_max::varchar, '')), '')",
}
"""Fields whose code is no plain look-up (schemas/canonical/core.py has the columns)."""


def trace(home: Home, patient: str, refresh: str | None = None) -> pl.DataFrame:
    """One row per value of the patient and cell it came from, in the order of the core tables.

    Columns: table_name, record_key, field, value, raw_text, file, sheet, line, source_column, coded_by (the coder's
    rule), list_version, corrected (why and by which query),
    findings (rules that ask about the field). `patient` is a patient_id or its beginning.
    """
    with opened(home, refresh) as connection:
        known = connection.execute(
            "select centre, patient_id from core.patient where starts_with(patient_id, ?) order by all", [patient]
        ).fetchall()
        if len(known) != 1:
            fault = f"{len(known)} patients begin with" if known else "no patient in the warehouse is"
            raise ConfigurationError(
                f'{fault} {patient!r}; `sarcreg sql "select patient_id, centre from core.patient"` lists them.'
            )
        connection.execute("set variable centre = ?", [known[0][0]])
        connection.execute("set variable patient = ?", [known[0][1]])
        return connection.execute(_SQL.read_text(encoding="utf-8").format(cells="\nunion all\n".join(_cells()))).pl()


def _cells() -> Iterator[str]:
    for order, table in enumerate(CORE):
        for place, (field, column) in enumerate(deliverable(table).items()):
            said = f"{column.name}_source" if column.sql_type == "DATE" else column.name
            code_list = f"'{column.code_list}'" if column.code_list else "null::varchar"
            yield (
                f"select {order} as table_order, '{table}' as table_name, record_key, "
                f"{delivered_key(table)} as delivered_key, {place} as place, "
                f"'{field}' as field, ({_value(table, column)})::varchar as value, {said}::varchar as said, "
                f"{code_list} as list, source_rows from core.{table} where patient_id = getvariable('patient')"
            )


def _value(table: str, column: Column) -> str:
    if column.name in _CODED_BY_A_MODEL:
        return _CODED_BY_A_MODEL[column.name]
    if column.code_list:
        return code_column(table, column.name) or column.name
    if column.sql_type == "DATE":
        name = column.name
        bounds = f"nullif(concat_ws(' to ', {name}_earliest::varchar, {name}_latest::varchar), '')"
        return f"coalesce({name}::varchar, {bounds})"
    return column.name
