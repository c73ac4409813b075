"""A text sheet -> named columns: banner, header of one or more rows, data rows, merged cells filled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

import polars as pl

from schemas.errors import ExportRefused
from warehouse.read.sheet import Merged, TextSheet, filled

_BLANKS = re.compile(r"\s+")
JOINED = " / "


@dataclass(frozen=True, eq=False)
class NamedRows:
    """The data rows of a sheet and the names of their columns.

    names: one for each cell of the header, in a workbook for each column that is filled anywhere. frame:
    line, cells and what else the sheet's frame holds; rows in which every cell is blank are not rows.
    banner: the rows above the header in the same columns, out of scope of the row account. header: the
    header's lines, which are no delivered rows. ragged: lines of delimited text with another number of
    cells than the header has.
    """

    names: tuple[str, ...]
    frame: pl.DataFrame
    banner: pl.DataFrame
    header: tuple[int, ...] = ()
    ragged: tuple[int, ...] = ()


def table(
    sheet: TextSheet, *, header_rows: int = 1, skip_rows: int = 0, merged: Literal["keep", "fill"] = "keep"
) -> NamedRows:
    """The sheet's data rows under its header.

    skip_rows: lines of the file above the header, blank ones included, as an editor or Excel numbers them;
    the header is the first filled row after them. header_rows: rows of the header: Excel rows, or records
    of delimited text. Their names are joined 'upper / lower', an upper one reaching over its merged range
    (where no range touches the header: over the blank cells to its right that have a lower name). Blanks in
    a name become one blank; a nameless column is 'column 3', counted from 1; a name that comes again is
    'name (2)'. merged: 'fill' repeats a merged cell downwards within its range.

    Raises ExportRefused if no header is left below skip_rows.
    """
    rows = sheet.frame.filter(filled())
    below = rows.filter(pl.col("line") > skip_rows)
    if below.is_empty():
        where = f", sheet {sheet.name!r}" if sheet.name else ""
        raise ExportRefused(
            f"{sheet.file}{where}: has no row below its first {skip_rows} line(s), where its header should "
            "be; correct skip_rows in centre.yaml or export it again."
        )
    head = _head(sheet, below, header_rows)
    last = head["line"].max()
    data = below.filter(pl.col("line") > last)
    is_delimited = sheet.kind == "delimited"
    names = _names(sheet, head, 0 if is_delimited else _width(data))
    ragged = data.filter(is_delimited & (pl.col("cells").list.len() != len(names)))["line"]
    if merged == "fill":
        data = _fill_down(data, sheet.merged, len(names))
    return NamedRows(
        names=names,
        frame=data,
        banner=rows.filter(pl.col("line") <= skip_rows),
        header=tuple(head["line"].to_list()),
        ragged=tuple(ragged.to_list()),
    )


def _head(sheet: TextSheet, below: pl.DataFrame, header_rows: int) -> pl.DataFrame:
    if sheet.kind == "delimited":
        return below.head(header_rows)
    return below.filter(pl.col("line") < pl.col("line").first() + header_rows)


def _width(data: pl.DataFrame) -> int:
    """Position of the last filled cell of any row."""
    last = data.select(
        pl.col("cells").list.eval(
            pl.when(pl.element().str.strip_chars() != "").then(pl.int_range(1, pl.len() + 1)).max()
        )
    ).explode("cells")["cells"]
    return int(last.max() or 0)  # type: ignore[arg-type]


def _names(sheet: TextSheet, head: pl.DataFrame, width: int) -> tuple[str, ...]:
    levels = [[_clean(cell) for cell in cells] for cells in head["cells"].to_list()]
    if sheet.kind == "delimited":
        width = max(len(level) for level in levels)
    else:
        named = [place for level in levels for place, name in enumerate(level, 1) if name]
        width = max(width, *named)
    levels = [level[:width] + [""] * (width - len(level)) for level in levels]
    _spread(sheet, head["line"].to_list(), levels)
    joined = [
        JOINED.join(name for name, _ in groupby(level[place] for level in levels if level[place]))
        or f"column {place + 1}"
        for place in range(width)
    ]
    return _distinct(joined)


def _clean(cell: str | None) -> str:
    return _BLANKS.sub(" ", cell or "").strip()


def _spread(sheet: TextSheet, lines: Sequence[int], levels: list[list[str]]) -> None:
    """Give each header cell the name that reaches over it."""
    ranges = [found for found in sheet.merged if found[0] in lines]
    for first_row, first, last_row, last in ranges:
        name = levels[lines.index(first_row)][first - 1] if first <= len(levels[0]) else ""
        for level, line in zip(levels, lines, strict=True):
            if first_row <= line <= last_row:
                stop = min(last, len(level))
                level[first - 1 : stop] = [name] * max(0, stop - first + 1)
    if ranges:
        return
    for upper, lower in pairwise(levels):
        for place in range(1, len(upper)):
            if not upper[place] and lower[place]:
                upper[place] = upper[place - 1]


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        number = 1
        unused = name
        while unused in found:
            number += 1
            unused = f"{name} ({number})"
        found[unused] = None
    return tuple(found)


def _fill_down(data: pl.DataFrame, merged: Sequence[Merged], width: int) -> pl.DataFrame:
    lines = set(data["line"].to_list())
    ranges = [found for found in merged if found[2] > found[0] and found[0] in lines and found[1] <= width]
    if not ranges:
        return data
    places = range(width)
    wide = data.select(
        "line", *(pl.col("cells").list.get(place, null_on_oob=True).alias(f"{place + 1}") for place in places)
    )
    spans = pl.DataFrame(ranges, schema=["first", "column", "last", "last_column"], orient="row")
    for (column,), group in spans.group_by("column"):
        name = str(column)
        covered = (
            group.lazy()
            .with_columns(line=pl.int_ranges(pl.col("first"), pl.col("last") + 1))
            .explode("line")
            .join(wide.lazy().select(first="line", repeated=name), on="first")
            .select("line", "repeated")
            .unique("line", keep="first", maintain_order=True)
        )
        wide = (
            wide.lazy()
            .join(covered, on="line", how="left", maintain_order="left")
            .with_columns(pl.coalesce(name, "repeated").alias(name))
            .drop("repeated")
            .collect()
        )
    cells = wide.select(cells=pl.concat_list(str(place + 1) for place in places))["cells"]
    return data.with_columns(cells)
