"""A delivery as the scan sees it: every cell of every sheet, with what centre.yaml says of its column."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from schemas.centre import Centre, Reading
from schemas.errors import ExportRefused
from warehouse.identifiers import scan
from warehouse.identifiers.kinds import SAID
from warehouse.identifiers.names import COLUMN_NAMES, VALUES
from warehouse.identifiers.tokens import is_token_cell
from warehouse.landing import Delivery, landed_path, text_rows
from warehouse.named_sheet import clean
from warehouse.read import TextSheet, table

FOUND = {"file": pl.String, "sheet": pl.String, "name": pl.String, **scan.HIT}
"""Hits of a delivery; `name` is the column's name where the configuration knows the header, else 'column C'."""


@dataclass(frozen=True, eq=False)
class Laid:
    """A sheet and what is known of its columns, by position from 1."""

    file: str
    sheet: TextSheet
    readings: tuple[Reading, ...] = ()
    names: tuple[str, ...] = ()
    first_line: int = 0
    header: tuple[int, ...] = ()
    keys: frozenset[int] = frozenset()
    token: int | None = None
    identifiers: frozenset[int] = frozenset()
    variables: tuple[tuple[int, int], ...] = field(default=())
    """(position of the variable's name, of its value) of each long reading."""

    def cells(self) -> pl.DataFrame:
        """column, line, text of every filled cell."""
        long = self.sheet.frame.select("line", "cells", column=pl.int_ranges(1, pl.col("cells").list.len() + 1))
        return (
            long.explode("cells", "column", empty_as_null=False)
            .select(pl.col("column").cast(pl.Int64), "line", text=clean(pl.col("cells")))
            .drop_nulls("text")
        )

    def named(self, position: int) -> str:
        """How a message calls a column: by its header only where a reading needs it, for else it may be a value."""
        if 0 < position <= len(self.names):
            return self.names[position - 1]
        from openpyxl.utils import get_column_letter

        return f"column {get_column_letter(position)}" if position else "the file's name"


def lay_out(centre: Centre, file: str, sheets: Iterable[TextSheet]) -> Iterator[Laid]:
    """Each sheet of a file with its readings. Raises ExportRefused where there is no header below skip_rows."""
    for sheet in sheets:
        readings = tuple(
            reading
            for group in centre.tables.values()
            for reading in group
            if fnmatch.fnmatchcase(file, reading.file) and reading.sheet in (None, sheet.name)
        )
        if not readings:
            yield Laid(file, sheet)
            continue
        first = readings[0]
        under = table(sheet, header_rows=first.header_rows, skip_rows=first.skip_rows, merged="keep")
        if first.patient not in under.names:  # the header lies elsewhere: its words may be a patient's
            yield Laid(file, sheet)
            continue
        at = {name: place for place, name in enumerate(under.names, 1)}
        own = {name for reading in readings for name in (reading.patient, *reading.key)}
        token = centre.tables["patient"][0].columns.get("link_token")
        pivots = {(at[r.pivot.name], at[r.pivot.value]) for r in readings if r.pivot and r.pivot.name in at}
        yield Laid(
            file=file, sheet=sheet, readings=readings, names=under.names, header=under.header,
            first_line=max(under.header, default=0) + 1,
            keys=frozenset(at[name] for name in own if name in at),
            token=at.get(token.sources[0]) if token and token.sources else None,
            identifiers=frozenset(at[name] for name in centre.identifiers if name in at),
            variables=tuple(sorted(pivots)),
        )  # fmt: skip


def identifier_cells(laid: Laid, centre: Centre, cells: pl.DataFrame) -> pl.DataFrame:
    """Those of the cells that `identifiers` names: a column's below its header, and a long file's values of one."""
    from warehouse.cells import shipped_missing

    body = cells.filter(pl.col("line") >= laid.first_line)
    parts = [body.filter(pl.col("column").is_in(sorted(laid.identifiers)))]
    for name, value in laid.variables:
        lines = body.filter((pl.col("column") == name) & pl.col("text").is_in(centre.identifiers))["line"]
        parts.append(body.filter((pl.col("column") == value) & pl.col("line").is_in(lines.implode())))
    missing = [*centre.missing, *shipped_missing()]
    told = pl.col("text").str.contains(r"[\p{L}\p{N}]") & ~pl.col("text").str.to_lowercase().is_in(missing)
    return pl.concat(parts).unique(maintain_order=True).filter(told)


def search(centre: Centre, sheets: Sequence[Laid], *, known: pl.Series | None = None) -> pl.DataFrame:
    """Every identifier in the sheets (FOUND), without what `scan.allow` excepts.

    known: values of identifier columns that are no longer in the sheets.
    """
    keys = _keys(sheets)
    parts = [pl.DataFrame(schema=FOUND)]
    for laid in sheets:
        cells = laid.cells()
        declared = identifier_cells(laid, centre, cells)
        is_token = (pl.col("column") == (laid.token or 0)) & is_token_cell(pl.col("text"))
        rest = cells.join(declared, on=["column", "line"], how="anti").filter(~is_token)
        file = pl.DataFrame({"column": [0], "line": [0], "text": [Path(laid.file).stem]}, schema=cells.schema)
        values = [values for values in (known, declared["text"]) if values is not None and len(values)]
        hits = [
            declared.select("column", "line", kind=pl.lit("identifier_column"), secret=pl.col("text")),
            scan.found(pl.concat([rest, file]), centre.scan.patterns if centre.scan else None),
            scan.values_inside(
                rest.filter(~pl.col("column").is_in(sorted(laid.keys))), keys, kind="key_in_text"
            ),
            *(scan.values_inside(rest, found, kind="identifier_in_text", names=True) for found in values),
            _named_for_it(laid, rest),
        ]  # fmt: skip
        found = pl.concat(hit.select(pl.col(name).cast(kind) for name, kind in scan.HIT.items()) for hit in hits)
        titles = {position: laid.named(position) for position in found["column"].unique()}
        named = found.with_columns(
            file=pl.lit(laid.file), sheet=pl.lit(laid.sheet.name),
            name=pl.col("column").replace_strict(titles, default=None, return_dtype=pl.String),
        )  # fmt: skip
        parts.append(named.select(list(FOUND)))
    return _not_allowed(centre, pl.concat(parts).unique(maintain_order=True))


def _keys(sheets: Sequence[Laid]) -> pl.Series:
    """The patient numbers of the delivery."""
    parts = [pl.Series("text", dtype=pl.String)]
    for laid in sheets:
        places = [laid.names.index(reading.patient) for reading in laid.readings if reading.patient in laid.names]
        body = laid.sheet.frame.filter(pl.col("line") >= laid.first_line)
        parts += [
            body.select(text=clean(pl.col("cells").list.get(place, null_on_oob=True)))["text"] for place in {*places}
        ]
    return pl.concat(parts).drop_nulls().unique()


def _named_for_it(laid: Laid, cells: pl.DataFrame) -> pl.DataFrame:
    """Cells of a column named for an identifier, where half and more of them look like one."""
    parts = [pl.DataFrame(schema=scan.HIT)]
    for position, title in enumerate(laid.names, 1):
        name = pl.Series([title.rpartition(" / ")[2].strip()])
        kind = next((kind for kind, pattern in COLUMN_NAMES.items() if name.str.contains(pattern).item()), None)
        if kind is None or position in laid.keys:
            continue
        body = cells.filter((pl.col("column") == position) & (pl.col("line") >= laid.first_line))
        told = body.filter(scan.fold(pl.col("text")).str.contains(VALUES[kind]))
        if told.height * 2 >= max(body.height, 1):
            parts.append(told.select("column", "line", kind=pl.lit("column_named_for_it"), secret=pl.col("text")))
    return pl.concat(parts)


def _not_allowed(centre: Centre, found: pl.DataFrame) -> pl.DataFrame:
    for each in centre.scan.allow if centre.scan else ():
        in_it = pl.col("name") == each.column
        found = found.filter(~(in_it & (pl.col("kind").is_in(list(each.kinds)) | ("all" in each.kinds))))
    return found


def per_column(found: pl.DataFrame) -> pl.DataFrame:
    """file, sheet, name, kind, cells, lines (the first ten): what may be said of hits. No values."""
    cells = found.unique(["file", "sheet", "column", "name", "line", "kind"])
    return (
        cells.group_by("file", "sheet", "column", "name", "kind")
        .agg(cells=pl.len(), lines=pl.col("line").sort().head(10))
        .sort("file", "sheet", "column", "kind")
    )


def sentences_of(summary: pl.DataFrame) -> list[str]:
    """One sentence per column and kind of `per_column`: where, how many, what, the first lines."""
    said = []
    for row in summary.iter_rows(named=True):
        place = f'{row["file"]}, sheet "{row["sheet"]}"' if row["sheet"] else row["file"]
        if row["column"] == 0:
            place = "a file's name"
        lines = ", ".join(map(str, row["lines"])) + (", …" if row["cells"] > len(row["lines"]) else "")
        said.append(
            f'{place}, column "{row["name"]}": {row["cells"]} cell(s) with {SAID[row["kind"]]} ({row["kind"]}), '
            f"line {lines}"
        )
    return said


def identifiers_in(centre: Centre, delivery: Delivery, landing: Path) -> list[str]:
    """What the scan finds in a landed delivery, a sentence per column and kind: place and count, no value."""
    delimiters = [(r.file, r.delimiter) for group in centre.tables.values() for r in group]
    sheets: list[Laid] = []
    for file in delivery.files:
        delimiter = next((mark for pattern, mark in delimiters if fnmatch.fnmatchcase(file.name, pattern)), None)
        try:
            sheets += lay_out(
                centre, file.name, text_rows(landing, file, encodings=centre.encoding, delimiter=delimiter)
            )
        except ExportRefused:
            continue  # what is no table cannot be scanned; one that a reading needs is refused by the reading
    return sentences_of(per_column(search(centre, sheets)))


def refuse_identifiers(centre: Centre, delivery: Delivery, landing: Path, kept: frozenset[str]) -> None:
    """Raise ExportRefused where the scan finds an identifier, and take the files out of the landing again.

    kept: hashes of files that a published refresh stands on; they stay.
    """
    told = identifiers_in(centre, delivery, landing)
    if not told:
        return
    for file in delivery.files:
        if file.sha256 not in kept:
            landed_path(landing, file.sha256).unlink(missing_ok=True)
            for path in (landing / "text").glob(f"{file.sha256}-*"):
                path.unlink()
    more = f" … and {len(told) - 5} more column(s)." if len(told) > 5 else ""
    raise ExportRefused(
        f"the export holds direct identifiers, and was not kept: {'; '.join(told[:5])}.{more} At the centre run "
        f"`sarcreg pack {centre.code} EXPORT` and deliver what it writes; where a column is none, say so under "
        f"scan.allow in centres/{centre.code}/centre.yaml."
    )
