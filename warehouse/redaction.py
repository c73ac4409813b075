"""Rows taken out of the landing for good: their text is blanked, the bytes they came in are not kept.

`retracted/<sha256>.json` says which lines of which sheets a file has lost, by place alone. A file that bears such a
mark is never kept as bytes again, however often it is delivered; its text rows are all there is of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from warehouse import private

Lines = Mapping[str, Iterable[int]]
"""Sheet -> lines."""


def _mark(landing: Path, sha256: str) -> Path:
    return landing / "retracted" / f"{sha256}.json"


def is_marked(landing: Path, sha256: str) -> bool:
    """Whether something was taken out of the file, so that its bytes must not be kept."""
    return _mark(landing, sha256).exists()


def lines_of(landing: Path, sha256: str) -> dict[str, tuple[int, ...]]:
    """The lines taken out of each sheet of a file."""
    if not is_marked(landing, sha256):
        return {}
    told = json.loads(_mark(landing, sha256).read_text(encoding="utf-8"))
    return {sheet: tuple(lines) for sheet, lines in told.items()}


def redact(landing: Path, sha256: str, lines: Lines) -> int:
    """Blank the lines in every text of the file, mark them and remove its bytes; how many lines are new to the mark.

    The mark is written first: a redaction that is cut short is completed by the next call.
    """
    before = lines_of(landing, sha256)
    whole = {sheet: tuple(sorted({*before.get(sheet, ()), *lines.get(sheet, ())})) for sheet in {*before, *lines}}
    place = _mark(landing, sha256)
    private.write(place, json.dumps(whole, ensure_ascii=False).encode())
    gone = pl.DataFrame(
        [(sheet, line) for sheet, told in whole.items() for line in told],
        schema={"sheet": pl.String, "line": pl.Int64}, orient="row",
    ).with_columns(_gone=True)  # fmt: skip
    for path in sorted((landing / "text").glob(f"{sha256}-*.parquet")):
        rows = pl.read_parquet(path)
        cells = pl.when("_gone").then(pl.lit([], dtype=pl.List(pl.String))).otherwise("cells").alias("cells")
        blanked = rows.join(
            gone.with_columns(pl.col("line").cast(rows.schema["line"])), on=["sheet", "line"], how="left",
            maintain_order="left",
        ).with_columns(cells).select(rows.columns)  # fmt: skip
        private.write(path, private.parquet(blanked))
    (landing / sha256[:2] / sha256).unlink(missing_ok=True)
    return sum(map(len, whole.values())) - sum(map(len, before.values()))
