"""Rows taken out of the landing for good: their text is blanked, the bytes they came in are not kept.

`retracted/<sha256>.json` says which lines of which sheets a file has lost, by place alone. A file that bears such a
mark is never kept as bytes again, however often it is delivered; its text rows are all there is of it. While a file is
being redacted, `retracting/<sha256>.json` says what is to be done.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import TypeAdapter

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


def text_paths(landing: Path, sha256: str) -> list[Path]:
    """The texts kept of a file."""
    return sorted((landing / "text").glob(f"{sha256}-*.parquet"))


def every_line(landing: Path, sha256: str) -> dict[str, set[int]]:
    """Sheet -> lines of all that is kept of a file as text, read by a table or for the scan alone."""
    parts = [pl.read_parquet(path, columns=["sheet", "line"]) for path in text_paths(landing, sha256)]
    found: dict[str, set[int]] = {}
    for part in parts:
        for (sheet,), lines in part.group_by("sheet"):
            found.setdefault(str(sheet), set()).update(lines["line"])
    return found


@dataclass(frozen=True)
class Shared:
    """A merged cell over lines that go and lines that stay: its first line and column, the first line that stays."""

    line: int
    column: int
    stays: int


@dataclass(frozen=True)
class _Plan:
    """All that a redaction of a file has to do, by place alone; it says the same however often it is carried out."""

    lines: dict[str, tuple[int, ...]]
    shared: dict[str, tuple[Shared, ...]]


_PLAN = TypeAdapter(_Plan)


def _under_way(landing: Path, sha256: str) -> Path:
    return landing / "retracting" / f"{sha256}.json"


def redact(landing: Path, sha256: str, lines: Lines, shared: Mapping[str, Sequence[Shared]] | None = None) -> int:
    """Blank the lines in every text of the file, mark them and remove its bytes; how many lines are new to the mark.

    shared: by sheet, the merged cells whose value the lines that stay have too; it is moved to the first of these. The
    plan is written first: a redaction that is cut short is completed by `complete`.
    """
    complete(landing, sha256)
    before = lines_of(landing, sha256)
    whole = {sheet: tuple(sorted({*before.get(sheet, ()), *lines.get(sheet, ())})) for sheet in {*before, *lines}}
    plan = _Plan(whole, {sheet: tuple(cells) for sheet, cells in (shared or {}).items()})
    private.write(_under_way(landing, sha256), _PLAN.dump_json(plan))
    complete(landing, sha256)
    return sum(map(len, whole.values())) - sum(map(len, before.values()))


def complete(landing: Path, sha256: str) -> None:
    """Carry out what is planned for a file: nothing, unless a redaction was begun and did not come to its end."""
    place = _under_way(landing, sha256)
    if not place.exists():
        return
    plan = _PLAN.validate_json(place.read_bytes())
    private.write(_mark(landing, sha256), json.dumps(plan.lines, ensure_ascii=False).encode())
    gone = pl.DataFrame(
        [(sheet, line) for sheet, told in plan.lines.items() for line in told],
        schema={"sheet": pl.String, "line": pl.Int64}, orient="row",
    ).with_columns(_gone=True)  # fmt: skip
    for path in text_paths(landing, sha256):
        rows = _moved(pl.read_parquet(path), plan.shared)
        cells = pl.when("_gone").then(pl.lit([], dtype=pl.List(pl.String))).otherwise("cells").alias("cells")
        blanked = rows.join(
            gone.with_columns(pl.col("line").cast(rows.schema["line"])), on=["sheet", "line"], how="left",
            maintain_order="left",
        ).with_columns(cells).select(rows.columns)  # fmt: skip
        private.write(path, private.parquet(blanked))
        about = path.with_suffix(".json")
        if plan.shared and about.exists():
            reaching = _reaching(json.loads(about.read_bytes()), plan.shared)
            private.write(about, json.dumps(reaching, ensure_ascii=False).encode())
    (landing / sha256[:2] / sha256).unlink(missing_ok=True)
    place.unlink()


def _moved(rows: pl.DataFrame, shared: Mapping[str, Sequence[Shared]]) -> pl.DataFrame:
    """The rows with the value of each shared cell in the first line that stays, where that has none of its own."""
    moves = pl.DataFrame(
        [(sheet, cell.line, cell.column, cell.stays) for sheet, cells in shared.items() for cell in cells],
        schema={"sheet": pl.String, "line": rows.schema["line"], "column": pl.Int64, "_to": rows.schema["line"]},
        orient="row",
    )  # fmt: skip
    if moves.is_empty():
        return rows
    value = pl.col("cells").list.get(pl.col("column") - 1, null_on_oob=True)
    told = rows.join(moves, on=["sheet", "line"]).select("sheet", line="_to", column="column", text=value).drop_nulls()
    widths = told.group_by("sheet", "line").agg(_width=pl.col("column").max())
    cells = (
        rows.join(widths, on=["sheet", "line"])
        .select(
            "sheet",
            "line",
            "cells",
            column=pl.int_ranges(1, pl.max_horizontal("_width", pl.col("cells").list.len()) + 1),
        )
        .explode("column")
        .with_columns(pl.col("cells").list.get(pl.col("column") - 1, null_on_oob=True), pl.col("column").cast(pl.Int64))
        .join(told, on=["sheet", "line", "column"], how="left", maintain_order="left")
        .group_by("sheet", "line", maintain_order=True)
        .agg(_cells=pl.coalesce("cells", "text"))
    )
    both = rows.join(cells, on=["sheet", "line"], how="left", maintain_order="left")
    return both.with_columns(cells=pl.coalesce("_cells", "cells")).select(rows.columns)


def _reaching(about: dict[str, Any], shared: Mapping[str, Sequence[Shared]]) -> dict[str, Any]:
    """What is kept of the sheets, with the shared cells beginning at the first line that stays."""
    for sheet in about["sheets"]:
        to = {(cell.line, cell.column): cell.stays for cell in shared.get(sheet["name"], ())}
        sheet["merged"] = [
            [max(first, to.get((first, column), first)), column, last, right]
            for first, column, last, right in sheet["merged"]
        ]
    return about
