"""The texts of the published refresh that no code is certain for, with candidates and how many wait for the answer."""

from __future__ import annotations

import hmac
from pathlib import Path

import polars as pl

from schemas.canonical import CORE
from warehouse.harmonise.normalise import key
from warehouse.home import Home
from warehouse.models import coded_sources
from warehouse.query import opened

_SQL = Path(__file__).with_suffix(".sql")


def term_id(secret: bytes, code_list: str, centre: str, text: str) -> str:
    """A name for a centre's text that tells nothing of it: 16 hex digits, the same for every spelling that folds alike.

    It stands in the workbench's files, where it shows that a row is what was exported, and in the journal.
    """
    folded = "\x1f".join((code_list, centre, key(text)))
    return hmac.digest(secret, folded.encode(), "sha256").hex()[:16]


def cells_sql() -> str:
    """Every coded cell of core: list, centre, patient_id, table_name, source_rows, text, is_asked."""
    return "\nunion all\n".join(
        f"select '{code_list}' as list, centre, patient_id, '{table}' as table_name, source_rows, {source} as text, "
        f"{'histology_source is null' if source == 'morphology_source' else 'true'} as is_asked "
        f"from core.{table} where {source} is not null"
        for table in CORE
        for source, code_list in coded_sources(table)
    )


def open_terms(home: Home, code_list: str | None = None, centre: str | None = None) -> pl.DataFrame:
    """Terms that wait, most patients first: one row per list, centre and text as the look-up folds it.

    list, centre, text (the spelling with most records), state (unmapped, doubtful, asked), reason, code (asked only),
    candidates, patients and records of the centre, centres that send the text, patients_everywhere.
    """
    with opened(home) as connection:
        found = connection.execute(_SQL.read_text(encoding="utf-8").format(cells=cells_sql())).pl()
    folded = found.with_columns(pl.col("text").map_elements(key, return_dtype=pl.String).alias("key"))
    people = pl.col("patient_ids").list.explode(empty_as_null=False, keep_nulls=False)
    everywhere = folded.group_by("list", "key").agg(
        pl.col("centre").n_unique().alias("centres"), people.n_unique().alias("patients_everywhere")
    )
    terms = (
        folded.sort("records", "text", descending=[True, False])
        .group_by("list", "centre", "key", maintain_order=True)
        .agg(
            pl.col("text", "state", "reason", "code", "candidates").first(),
            people.n_unique().alias("patients"),
            pl.col("records").sum(),
        )
        .join(everywhere, on=["list", "key"])
    )
    for column, wanted in (("list", code_list), ("centre", centre)):
        if wanted is not None:
            terms = terms.filter(pl.col(column) == wanted)
    return terms.sort(
        "list", "patients_everywhere", "key", "patients", "centre", descending=[False, True, False, True, False]
    ).drop("key")
