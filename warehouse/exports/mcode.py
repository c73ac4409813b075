"""mCODE STU 4 (FHIR R4): a collection bundle per patient, and the same resources as bulk data, one file a type.

Resources are JSON built in SQL (mcode/*.sql); nothing here reads FHIR's own models. A code is the registry's own
(CodeSystem.ndjson has the lists) and, where schemas/standards/mcode_code.csv maps it, the standard's beside it.
SNOMED CT identifiers come from the registry's own file only (schemas/standards/licensed.py): what has none is told in
our codes or words where mCODE's binding allows, else left out, and the manifest counts it as `not_coded`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl

from schemas.codelist import load
from schemas.standards import licensed, table
from warehouse.exports.datasets import Dataset, Written, describe, prepare, select

VERSION = "4.0.0"
OWN_CODES = "urn:sarcreg:codes:"
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
_PATIENTS_AT_ONCE = 5_000


def export(connection: duckdb.DuckDBPyConnection, folder: Path, own: pl.DataFrame | None = None) -> Written:
    """`bundles.ndjson`, `<resource type>.ndjson` (references are relative) and `CodeSystem.ndjson`.

    own: identifiers of the home's own file, as `licensed.licensed` reads them.
    """
    prepare(connection)
    codes = table("mcode_code").select(licensed.COLUMNS)
    connection.register("mcode_code", codes if own is None else pl.concat([codes, own]))
    connection.register("mcode_place", licensed.places())
    connection.register("mcode_drug", _drugs())
    connection.execute((_SQL / "shared.sql").read_text(encoding="utf-8"))
    parts = [_part(connection, name, position) for position, name in enumerate(PARTS)]
    rows = pl.concat(part.rows for part in parts)
    files = [_write([part], folder / f"{name}.ndjson") for (name,), part in rows.group_by("type", maintain_order=True)]
    files.append(_write(_bundles(connection, rows), folder / "bundles.ndjson"))
    files.append(_write([_code_systems(connection, rows)], folder / "CodeSystem.ndjson"))
    left_out = [Dataset(part.name, part.rows.clear(), part.left_out) for part in parts]
    without = connection.execute((_SQL / "not_coded.sql").read_text(encoding="utf-8")).pl()
    written = describe(
        connection, folder, "mcode", [*files, *left_out], fhir_version="4.0.1", mcode_version=VERSION,
        own_codes=0 if own is None else own.height, not_coded=without.to_dicts(),
    )  # fmt: skip
    return replace(written, notes=_notes(without))


def _notes(without: pl.DataFrame) -> tuple[str, ...]:
    """What goes out without the identifier mCODE wants, by use, in a sentence; nothing if all have theirs."""
    if without.is_empty():
        return ()
    uses = without.group_by("use", maintain_order=True).agg(pl.col("rows").sum()).iter_rows()
    counts = ", ".join(f"{use} {rows:,}" for use, rows in uses)
    return (f"without a SNOMED CT identifier, as {licensed.FILE} of the home gives none: {counts} (docs/exports.md)",)


def _part(connection: duckdb.DuckDBPyConnection, name: str, position: int) -> Dataset:
    """patient_id, id, resource (JSON without nulls), type and position of a file's resources."""
    found = select(connection, _SQL / f"{name}.sql")
    rows = found.rows.with_columns(
        _without_nulls("resource"),
        position=pl.lit(position),
        type=pl.col("resource").str.extract(r'"resourceType":"(\w+)"').cast(pl.Categorical),
    )
    return Dataset(name, rows, found.left_out)


def _bundles(connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The bundles, so many patients at once that they fit into memory however many there are."""
    patients = rows["patient_id"].unique().sort()
    for first in range(0, len(patients), _PATIENTS_AT_ONCE):
        some = patients[first : first + _PATIENTS_AT_ONCE]
        connection.register("resource", rows.filter(pl.col("patient_id").is_between(pl.lit(some[0]), pl.lit(some[-1]))))
        yield select(connection, _SQL / "bundles.sql").rows


def _code_systems(connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame) -> pl.DataFrame:
    used = rows.select(list=pl.col("resource").str.extract_all(rf"{OWN_CODES}\w+").list.unique()).explode("list")
    connection.register("used", used.unique().drop_nulls().with_columns(pl.col("list").str.strip_prefix(OWN_CODES)))
    return select(connection, _SQL / "CodeSystem.sql").rows.with_columns(_without_nulls("resource"))


def _write(frames: Iterable[pl.DataFrame], path: Path) -> Dataset:
    """A line per resource: JSON holds no raw line break."""
    rows = 0
    with path.open("wb") as file:
        for frame in frames:
            frame.select("resource").write_csv(file, include_header=False, quote_style="never")
            rows += frame.height
    return Dataset(path.stem, pl.DataFrame({"row": pl.int_range(rows, eager=True)}))


def _drugs() -> pl.DataFrame:
    """Codes of agents in other systems; an ATC code only where it was checked."""
    drugs = load("drug").codes
    return drugs.select("code", "ncit", atc=pl.when(pl.col("verified") == "atc").then("atc"))


def _without_nulls(column: str) -> pl.Expr:
    return pl.col(column).str.replace_all(_NULL_MEMBER + ",", "").str.replace_all(",?" + _NULL_MEMBER, "")
