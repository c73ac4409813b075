"""Which other records of a person are heard about it: what the mart's rows of a linked patient are made of."""

from __future__ import annotations

from pathlib import Path

import duckdb

from schemas.errors import SarcregError

_SQL = Path(__file__).with_suffix(".sql")


def show(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the view `witness` over the published file in use, for this connection alone.

    Columns: patient_id, centre; evidence_id, evidence_centre: another record of that person. None where it is alone.
    Raises SarcregError for a file that does not keep its links: whose values it joined cannot be told.
    """
    try:
        connection.execute(f"create temp view witness as {_SQL.read_text(encoding='utf-8')}")
    except duckdb.CatalogException:
        raise SarcregError(
            "this refresh was made before 0.3.0 and does not keep which records it joined as one person, so nothing "
            "of it can be given out; run `sarcreg refresh` and use the new one."
        ) from None
