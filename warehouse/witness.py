"""Which other records of a person are heard about it: what the mart's rows of a linked patient are made of."""

from __future__ import annotations

from pathlib import Path

import duckdb

_SQL = Path(__file__).with_suffix(".sql")


def show(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the view `witness` over the published file in use, for this connection alone.

    Columns: patient_id, centre; evidence_id, evidence_centre: another record of that person. None where it is alone.
    """
    connection.execute(f"create temp view witness as {_SQL.read_text(encoding='utf-8')}")
