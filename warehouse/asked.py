"""What a query asks about, in the centre's own terms: its patient number, file, line, column and texts as sent."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from schemas.canonical import CORE
from warehouse.home import Home
from warehouse.query import opened

OTHER_CELLS = 6
"""Cells of the patient's other records that are shown with a query, beside those of the record itself."""

_SQL = Path(__file__).with_suffix(".sql")


def asked(home: Home, queries: pl.DataFrame) -> pl.DataFrame:
    """One row per query of `queries` (the columns of quality.query), by the centre's patient number, file and line.

    query_id, centre, patient_id, table_name, local_number (the patient as the centre knows it, from its own file),
    file, sheet, line, source_column, raw_text, sentence_en, sentence_zh, advice_en, advice_zh, cells (list of column,
    text, file, sheet, line, is_own: the texts that the rule looks at). What the published refresh no longer finds has
    no coordinates.
    """
    records = "\nunion all\n".join(
        f"select '{table}' as table_name, centre, patient_id, record_key, unnest(source_rows) as row_id "
        f"from core.{table}"
        for table in CORE
    )
    with opened(home) as connection:
        taken = queries.select("query_id", "centre", "patient_id", "rule", "table_name", "record_key", "field")
        connection.register("queries", taken.to_arrow())
        found = connection.execute("select * from quality.finding limit 0").pl().columns
        identity = "query_id" if "query_id" in found else "finding_id"
        sql = _SQL.read_text(encoding="utf-8").format(records=records, id=identity, most=OTHER_CELLS)
        return connection.execute(sql).pl()
