"""OMOP CDM 5.4: a CSV file per table, with exactly the columns of the standard (schemas/standards/omop54.csv).

The vocabularies are not free to ship, so a concept id is 0 but for the few that the CDM's own documents name; what the
registry knows stands in the `*_source_value`. An id is the record's rank by centre and record key in the core table.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import polars as pl

from schemas.standards import table
from warehouse.exports.datasets import Dataset, Written, describe, prepare, select

TABLES = (
    "person",
    "condition_occurrence",
    "drug_exposure",
    "procedure_occurrence",
    "measurement",
    "death",
    "observation_period",
    "episode",
    "episode_event",
    "cdm_source",
)
"""Each after those its SQL reads."""

_SQL = Path(__file__).with_name("omop")
_TYPES = {"integer": pl.Int64, "float": pl.Float64, "date": pl.Date, "datetime": pl.Datetime}


def export(connection: duckdb.DuckDBPyConnection, folder: Path) -> Written:
    """Ten CSV files. A text longer than its column is cut and counted in the manifest."""
    prepare(connection)
    datasets: list[Dataset] = []
    cut: dict[str, int] = {}
    for name in TABLES:
        found = select(connection, _SQL / f"{name}.sql")
        connection.register(name, found.rows)
        fields = table("omop54").filter(pl.col("table") == name)
        rows = found.rows.select(
            (pl.col(column) if column in found.rows.columns else pl.lit(None).alias(column)).cast(
                _TYPES.get(kind, pl.String)
            )
            for column, kind in fields.select("column", "type").iter_rows()
        )
        limits = {
            column: limit for column, kind in fields.select("column", "type").iter_rows() if (limit := _limit(kind))
        }
        shortened = rows.with_columns(pl.col(column).str.head(limit) for column, limit in limits.items())
        cut |= {f"{name}.{c}": n for c in limits if (n := int((rows[c] != shortened[c]).sum()))}
        shortened.write_csv(folder / f"{name}.csv")
        datasets.append(Dataset(name, shortened, found.left_out))
    return describe(connection, folder, "omop", datasets, cdm_version="5.4", texts_cut=cut)


def _limit(kind: str) -> int | None:
    found = re.fullmatch(r"varchar\((\d+)\)", kind)
    return int(found[1]) if found else None
