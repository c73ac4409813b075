"""From a sheet's rows to a table's records: a row each, or in a long file all rows of a record together.

Columns of the frame: `_rows` (row_ids a record was made from), `_row` and `_line` (of the first), `c:<name>` (raw text
of a source column), in long files also `r:<name>` and `l:<name>` (row_id and line of that variable).
"""

from __future__ import annotations

import polars as pl

from schemas.centre import Pivot, Reading
from warehouse.named_sheet import Sheet, cell, clean, finding, needed_columns


def flat(rows: pl.DataFrame, reading: Reading, sheet: Sheet) -> pl.DataFrame:
    """Each row a record."""
    return rows.select(
        pl.concat_list("_row").alias("_rows"),
        "_row",
        "_line",
        *(cell(sheet, name).alias(f"c:{name}") for name in needed_columns(reading)),
    )


def variables_of(reading: Reading, long: Pivot) -> list[str]:
    """The variables of a long file that a reading names, each once."""
    columns = (*long.by, reading.patient, *reading.where, *reading.drop)
    return [name for name in needed_columns(reading) if name not in columns]


def pivoted(
    rows: pl.DataFrame, reading: Reading, long: Pivot, sheet: Sheet, table: str
) -> tuple[pl.DataFrame, list[pl.DataFrame], list[pl.DataFrame]]:
    """A long file as one row per record; each variable keeps the coordinates of its own row.

    Rows of other variables are out of scope. A variable that a record has twice counts once: the same value again is a
    duplicate, another value a conflict that is asked about; the first stands.
    """
    variables = variables_of(reading, long)
    index = list(dict.fromkeys([reading.patient, *long.by]))
    records = [f"c:{name}" for name in index]
    told = rows.select(
        "_row", "_line",
        cell(sheet, long.name).alias("_name"), clean(cell(sheet, long.value)).alias("_value"),
        *(cell(sheet, name).alias(f"c:{name}") for name in index),
    )  # fmt: skip
    is_read = pl.col("_name").is_in(variables).fill_null(False)
    is_told = pl.col("_value").is_not_null()
    first = pl.col("_value").drop_nulls().first().over([*records, "_name"])
    again = is_told & ~pl.struct([*records, "_name", is_told]).is_first_distinct()
    picked = told.filter(is_read).with_columns(_first=first, _again=again)
    repeated = picked.filter("_again")
    gone = {
        ("record_duplicate", "duplicate"): repeated.filter(pl.col("_value") == pl.col("_first")),
        ("record_key_conflict", "quarantined"): repeated.filter(pl.col("_value") != pl.col("_first")),
    }
    place = {"source_column": pl.col("_name"), "raw_text": pl.col("_value")}
    findings = [finding(frame, rule, sheet, table, **place) for (rule, _), frame in gone.items()]
    fates = [told.filter(~is_read).select(row_id="_row", fate=pl.lit("out_of_scope"))]
    fates += [frame.select(row_id="_row", fate=pl.lit(fate)) for (_, fate), frame in gone.items()]

    def of(column: str, name: str) -> pl.Expr:
        """The variable's own cell or coordinate: that of its value, else of its blank row."""
        here = pl.col("_name") == name
        said = pl.col(column).filter(here & is_told).first()
        return pl.coalesce(said, pl.col(column).filter(here).first())

    kept = picked.filter(~pl.col("_again")).group_by(records, maintain_order=True)
    frame = kept.agg(
        pl.col("_row").alias("_rows"),
        pl.col("_row").first(),
        pl.col("_line").first(),
        *(of("_value", name).alias(f"c:{name}") for name in variables),
        *(of("_row", name).alias(f"r:{name}") for name in variables),
        *(of("_line", name).alias(f"l:{name}") for name in variables),
    )
    return frame, findings, fates
