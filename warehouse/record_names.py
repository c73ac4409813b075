"""What a record without key columns is called: an ordinal within its patient, given once and carried forward.

The names are state of the landing: one file per delivery of a centre that changed any, named by its own hash; the
manifest says which one a refresh started from and which one it left. A record is the one it was if it says the same;
else if at least half of what it says was said by a record that is gone, the most alike first. What vanished keeps its
ordinal, so that it is not given to another, and has it again when it comes back.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from warehouse import private

SCHEMA = {"table_name": pl.String, "patient_id": pl.String, "content": pl.String, "ordinal": pl.Int64}
SEPARATOR = "\x1f"
"""Between the cells of a record's content."""

_ALIKE = 0.5


def known(landing: Path, digest: str | None) -> pl.DataFrame:
    """The names a refresh starts from; none where the centre never had any."""
    return pl.read_parquet(_place(landing, digest)) if digest else pl.DataFrame(schema=SCHEMA)


def keep(landing: Path, names: pl.DataFrame) -> str:
    """Keep the names under their hash; returns it."""
    return private.keep(landing / "names", names.sort("table_name", "patient_id", "ordinal"))


def keep_only(landing: Path, digests: Iterable[str | None]) -> None:
    """Remove all names but these."""
    kept = set(digests)
    for path in (landing / "names").glob("*.parquet"):
        if path.stem not in kept:
            path.unlink()


def _place(landing: Path, digest: str | None) -> Path:
    return landing / "names" / f"{digest}.parquet"


def ordinals(table: str, records: pl.DataFrame, names: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """The ordinal of each record (patient_id, content), and the names of the table as they are now.

    New records follow in the order of what they say, not of where they stand, so that a file in another order names
    its records alike.
    """
    before = names.filter(pl.col("table_name") == table).drop("table_name")
    # numbered by content, so that where two pairs are equally alike no place in a file decides
    given = records.select("patient_id", "content").with_row_index("place")
    given = given.sort("patient_id", "content").with_row_index("index")
    same = given.join(before, on=["patient_id", "content"], how="inner").select("index", "patient_id", "ordinal")
    edited = _edited(
        given.join(same, on="index", how="anti"), before.join(same, on=["patient_id", "ordinal"], how="anti")
    )
    carried = pl.concat([same.select("index", "ordinal"), edited])
    most = before.group_by("patient_id").agg(pl.col("ordinal").max().alias("most"))
    fresh = (
        given.join(carried, on="index", how="anti")
        .join(most, on="patient_id", how="left")
        .select(
            "index",
            (pl.int_range(1, pl.len() + 1).over("patient_id", order_by="content") + pl.col("most").fill_null(0))
            .cast(pl.Int64)
            .alias("ordinal"),
        )
    )
    every = given.join(pl.concat([carried, fresh]), on="index", how="left").sort("place")
    told = every.select(pl.lit(table).alias("table_name"), "patient_id", "content", "ordinal")
    gone = before.join(told, on=["patient_id", "ordinal"], how="anti")
    now = pl.concat([told, gone.select(pl.lit(table).alias("table_name"), "patient_id", "content", "ordinal")])
    return every["ordinal"], now


def _edited(new: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """index, ordinal of the new records that are vanished ones edited: pairs by how much they have in common."""
    pairs = _pairs(_cells(new, "index"), _cells(gone, "ordinal"))
    found = [pl.DataFrame(schema={"index": pl.UInt32, "ordinal": pl.Int64})]
    while pairs.height:
        best = pairs.filter(
            pl.struct("index").is_first_distinct() & pl.struct("patient_id", "ordinal").is_first_distinct()
        )
        found.append(best.select("index", "ordinal"))
        pairs = pairs.join(best, on="index", how="anti").join(best, on=["patient_id", "ordinal"], how="anti")
    return pl.concat(found)


def _cells(records: pl.DataFrame, name: str) -> pl.DataFrame:
    """patient_id, name, cell, n: each distinct cell that says something, and how many the record has."""
    return (
        records.select("patient_id", name, pl.col("content").str.split(SEPARATOR).alias("cell"))
        .explode("cell")
        .filter(pl.col("cell") != "")
        .unique(maintain_order=True)
        .with_columns(pl.len().over("patient_id", name).alias("n"))
    )


def _pairs(new: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """patient_id, index, ordinal of the pairs that have enough in common, the most alike first."""
    return (
        new.join(gone, on=["patient_id", "cell"], how="inner", suffix="_gone")
        .group_by("patient_id", "index", "ordinal")
        .agg(pl.len().alias("common"), pl.max_horizontal("n", "n_gone").first().alias("most"))
        .with_columns((pl.col("common") / pl.col("most")).alias("share"))
        .filter(pl.col("share") >= _ALIKE)
        .sort("share", "common", "patient_id", "ordinal", "index", descending=[True, True, False, False, False])
    )
