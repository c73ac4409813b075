"""mCODE STU 4 (FHIR R4): a collection bundle per patient, and the same resources as bulk data, one file a type.

Resources are JSON built in SQL (mcode/*.sql); nothing here reads FHIR's own models. A code is the registry's own
(CodeSystem.ndjson has the lists) and, where schemas/standards/mcode_code.csv maps it, the standard's beside it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from schemas.codelist import load
from schemas.standards import table
from warehouse.exports.datasets import Dataset, Written, describe, prepare, select

VERSION = "4.0.0"
PARTS = (
    "patient",
    "tumour",
    "metastasis",
    "staging",
    "tumour_size",
    "biomarker",
    "performance",
    "response",
    "drug",
    "procedure",
    "adverse_event",
)
"""The files of SQL, in the order of a bundle's entries."""

_SQL = Path(__file__).with_name("mcode")
_NULL_MEMBER = r'"\w+":null'
"""Cannot occur within a JSON string, whose quotes are escaped."""


def export(connection: duckdb.DuckDBPyConnection, folder: Path) -> Written:
    """`bundles.ndjson`, `<resource type>.ndjson` (references are relative) and `CodeSystem.ndjson`."""
    prepare(connection)
    connection.register("mcode_code", table("mcode_code"))
    connection.register("mcode_drug", _drugs())
    connection.execute((_SQL / "shared.sql").read_text(encoding="utf-8"))
    parts = [select(connection, _SQL / f"{name}.sql") for name in PARTS]
    rows = pl.concat(
        part.rows.with_columns(position=pl.lit(n), resource=_without_nulls("resource")) for n, part in enumerate(parts)
    ).with_columns(type=pl.col("resource").str.extract(r'"resourceType":"(\w+)"'))
    connection.register("resource", rows)
    files = {f"{name}": part for (name,), part in rows.group_by("type", maintain_order=True)}
    files |= {
        name: select(connection, _SQL / f"{name}.sql").rows.with_columns(_without_nulls("resource"))
        for name in ("bundles", "CodeSystem")
    }
    for name, lines in files.items():
        # JSON holds no raw line break, so a line is a resource
        lines.select("resource").write_csv(folder / f"{name}.ndjson", include_header=False, quote_style="never")
    datasets = [Dataset(name, lines) for name, lines in files.items()]
    return describe(connection, folder, "mcode", [*datasets, *parts], fhir_version="4.0.1", mcode_version=VERSION)


def _drugs() -> pl.DataFrame:
    """Codes of agents in other systems; an ATC code only where it was checked."""
    drugs = load("drug").codes
    return drugs.select("code", "ncit", atc=pl.when(pl.col("verified") == "atc").then("atc"))


def _without_nulls(column: str) -> pl.Expr:
    return pl.col(column).str.replace_all(_NULL_MEMBER + ",", "").str.replace_all(",?" + _NULL_MEMBER, "")
