"""What other patients' rows still say of an erased patient: a machine takes nothing out of them, it says where.

Looked for are the patient's own number inside a longer text of the same centre, and values that nobody else had inside
a longer text of any centre (a name in either order). Words about the patient without either are not found.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import polars as pl

from warehouse.identifiers import scan
from warehouse.named_sheet import clean

SHORTEST_KEY = 4
"""Characters below which a patient's number inside a text cannot be told from any other number."""

PLACE = {"file": pl.String, "sheet": pl.String, "line": pl.Int64, "column": pl.Int64}


def mentions(landing: Path, files: Mapping[str, str], keys: Collection[str], values: Collection[str]) -> pl.DataFrame:
    """PLACE of every cell that mentions the patient, once.

    files: sha256 -> name of the centre's files, in which `keys` count; values count in every landed file.
    """
    parts = [pl.DataFrame(schema=PLACE)]
    own, only_theirs = (pl.Series(sorted(words), dtype=pl.String) for words in (keys, values))
    for path in sorted((landing / "text").glob("*.parquet")):
        sha256 = path.name.partition("-")[0]
        rows = pl.read_parquet(path, columns=["sheet", "line", "cells"])
        cells = (
            rows.with_columns(column=pl.int_ranges(1, pl.col("cells").list.len() + 1))
            .explode("cells", "column", empty_as_null=False)
            .select("sheet", pl.col("line", "column").cast(pl.Int64), text=clean(pl.col("cells")))
            .drop_nulls("text")
        )
        for (sheet,), part in cells.group_by("sheet"):
            hits = [scan.values_inside(part, only_theirs, kind="identifier_in_text", names=True)]
            if sha256 in files:
                hits.append(scan.values_inside(part, own, kind="key_in_text", shortest=SHORTEST_KEY))
            named = {"file": pl.lit(files.get(sha256, sha256[:16])), "sheet": pl.lit(sheet)}
            parts.append(pl.concat(hits).with_columns(**named).select(pl.col(n).cast(t) for n, t in PLACE.items()))
    return pl.concat(parts).unique().sort(list(PLACE))


def place(file: str, sheet: str, line: int) -> str:
    """Where a row lies, for a terminal."""
    return ", ".join([file, *([f'sheet "{sheet}"'] if sheet else []), f"line {line}"])
