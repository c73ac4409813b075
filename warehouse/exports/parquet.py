"""Parquet: every published table as it is, with the dictionary beside it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from schemas import dictionary
from schemas.canonical import MODELS, model_metadata, table_name
from warehouse.exports.datasets import Dataset, Written, describe

DICTIONARY = "dictionary.csv"


def export(connection: duckdb.DuckDBPyConnection, folder: Path) -> Written:
    """One file `<schema>.<table>.parquet` a table, sorted by its key; table and column comments in the files' metadata.

    Nothing is left out: the copy holds what the warehouse holds, and wants the same protection.
    """
    datasets = []
    for model in MODELS:
        order = ", ".join(f'"{column}"' for column in model_metadata(model)["key"])
        rows = connection.execute(f"select * from {table_name(model)} order by {order}").pl()
        path = folder / f"{table_name(model)}.parquet"
        rows.write_parquet(path, compression="zstd", metadata=dictionary.comment_texts(model))
        datasets.append(Dataset(table_name(model), rows))
    # the dictionary of what is written: the reading views are made from these tables and stay behind
    written = [dataset.name for dataset in datasets]
    words = connection.execute(
        """
        select t.table_schema, t.table_name, t.description as table_description, t.grain, c.* exclude (
            table_schema, table_name
        )
        from meta.table_dictionary as t join meta.column_dictionary as c using (table_schema, table_name)
        where t.table_schema || '.' || t.table_name in (select unnest($1::varchar[]))
        order by t.table_schema, t.table_name, c.position
        """,
        [written],
    ).pl()
    words.write_csv(folder / DICTIONARY)
    return describe(connection, folder, "parquet", [*datasets, Dataset("dictionary", words)])
