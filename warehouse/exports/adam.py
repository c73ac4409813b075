"""ADaM: ADSL, ADTTE, ADRS and ADAE as SAS transport files (XPT version 5), with labels and a list of variables.

Names have at most 8 characters, labels 40, texts 200 bytes: what version 5 can hold. A longer text is cut at a whole
character and counted in the manifest.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from schemas.codelist import load
from schemas.standards import table
from warehouse.exports.datasets import Dataset, Written, describe, prepare, select

LABELS = {
    "adsl": "Subject-Level Analysis Dataset",
    "adtte": "Time-to-Event Analysis Dataset",
    "adrs": "Tumor Response Analysis Dataset",
    "adae": "Adverse Event Analysis Dataset",
}
LONGEST_TEXT = 200
_SQL = Path(__file__).with_name("adam")


def export(connection: duckdb.DuckDBPyConnection, folder: Path) -> Written:
    """Four XPT files, and `variables.csv`: name, label, type, length in bytes, origin and source of each variable."""
    prepare(connection)
    connection.register("ctcae", load("adverse_event").codes)
    datasets: list[Dataset] = []
    words: list[pl.DataFrame] = []
    cut: dict[str, int] = {}
    for name in LABELS:
        found = select(connection, _SQL / f"{name}.sql")
        if name == "adsl":
            connection.register("adsl", found.rows)
        variables = table("adam").filter(pl.col("dataset") == name.upper())
        rows = found.rows.select(variables["variable"].to_list())
        texts = [column for column, kind in rows.schema.items() if kind == pl.String]
        shortened = rows.with_columns(pl.col(column).map_batches(_shortened, pl.String) for column in texts)
        cut |= {f"{name.upper()}.{c}": n for c in texts if (n := int((rows[c] != shortened[c]).sum()))}
        _save(shortened, name, variables, folder / f"{name}.xpt")
        datasets.append(Dataset(name, shortened, found.left_out))
        words.append(variables.with_columns(length=pl.Series([_length(shortened[c]) for c in variables["variable"]])))
    pl.concat(words).write_csv(folder / "variables.csv")
    return describe(connection, folder, "adam", datasets, texts_cut=cut)


def _longest(texts: pl.Series) -> int:
    return max((len(text.encode()) for text in texts.unique() if text), default=0)


def _shortened(texts: pl.Series) -> pl.Series:
    if _longest(texts) <= LONGEST_TEXT:
        return texts
    cut = [text and text.encode()[:LONGEST_TEXT].decode(errors="ignore") for text in texts]
    return pl.Series(texts.name, cut, dtype=pl.String)


def _length(values: pl.Series) -> int:
    return max(1, _longest(values)) if values.dtype == pl.String else 8


def _save(rows: pl.DataFrame, name: str, variables: pl.DataFrame, path: Path) -> None:
    import pyreadstat

    dates = variables.filter(pl.col("type") == "date")["variable"].to_list()
    pyreadstat.write_xport(
        rows.to_pandas(date_as_object=True),
        path,
        file_label=LABELS[name],
        column_labels=variables["label"].to_list(),
        table_name=name.upper(),
        file_format_version=5,
        variable_format=dict.fromkeys(dates, "DATE9"),
    )
