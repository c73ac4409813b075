"""IDEA4RC's long format: one line a value, with the names of its synthetic data set (schemas/standards/idea4rc.csv).

Codes there are OMOP concept ids; where the registry does not know one, the value is its own code: `sarcreg:list/code`.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from schemas.standards import table
from warehouse.exports.datasets import Dataset, Written, describe, prepare, select

COLUMNS = (
    "patient_id",
    "original_source",
    "core_variable",
    "date_ref",
    "value",
    "record_id",
    "linked_to",
    "quality",
    "types",
)

_SQL = Path(__file__).with_name("idea4rc") / "idea4rc.sql"


def export(connection: duckdb.DuckDBPyConnection, folder: Path) -> Written:
    """One CSV file of COLUMNS; an ElementReference has no value, its record is `linked_to`."""
    prepare(connection)
    found = select(connection, _SQL)
    kinds = table("idea4rc").select(core_variable="variable", types="type")
    rows = found.rows.join(kinds, on="core_variable", how="left", maintain_order="left").select(COLUMNS)
    rows.write_csv(folder / "idea4rc.csv")
    return describe(connection, folder, "idea4rc", [Dataset("idea4rc", rows, found.left_out)])
