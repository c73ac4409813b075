"""The sheets of a delivery as a centre's readings ask for them, and what its codebook says."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import polars as pl

from schemas.centre import Centre, Codebook, Reading
from schemas.configuration import nearest
from schemas.errors import ExportRefused
from warehouse import redaction
from warehouse.landing import Delivery, LandedFile, text_key, text_rows
from warehouse.named_sheet import Sheet
from warehouse.parse import plain
from warehouse.read import NamedRows, TextSheet, table

Meanings = Mapping[tuple[str, str], Mapping[str, str]]
"""(table of the codebook, source column) -> raw code -> meaning."""


class Sheets:
    """The sheets of a delivery as the readings ask for them, each file and header read once."""

    def __init__(self, centre: Centre, delivery: Delivery, landing: Path) -> None:
        self._centre, self._delivery, self._landing = centre, delivery, landing
        self._text: dict[str, list[TextSheet]] = {}
        self._keys: dict[str, str] = {}
        self._named: dict[tuple[str, str, int, int, str], Sheet] = {}

    def _sheets(self, file: LandedFile, delimiter: str | None) -> list[TextSheet]:
        if file.name not in self._text:
            encodings = self._centre.encoding
            self._text[file.name] = text_rows(self._landing, file, encodings=encodings, delimiter=delimiter)
            self._keys[file.name] = text_key(self._landing, file.sha256, encodings=encodings, delimiter=delimiter)
        return self._text[file.name]

    def _matching(self, pattern: str, place: str) -> list[LandedFile]:
        found = [file for file in self._delivery.files if fnmatch.fnmatchcase(file.name, pattern)]
        if not found:
            names = [file.name for file in self._delivery.files]
            raise ExportRefused(
                f'centres/{self._centre.code}/centre.yaml: {place} names "{pattern}", which the delivery lacks; '
                f"it has {', '.join(names) or 'no file'}. Deliver the file, or correct the name."
            )
        return found

    def of(self, reading: Reading, name: str) -> Iterator[Sheet]:
        """The sheets that a reading of a table reads, under its header. Raises ExportRefused where one is lacking."""
        for file in self._matching(reading.file, f"tables.{name}.file"):
            sheets = self._sheets(file, reading.delimiter)
            for sheet in _pick(sheets, reading, file, f"centres/{self._centre.code}/centre.yaml: tables.{name}"):
                yield self._under_header(file, sheet, reading)

    def _under_header(self, file: LandedFile, sheet: TextSheet, reading: Reading) -> Sheet:
        key = (file.name, sheet.name, reading.header_rows, reading.skip_rows, reading.merged)
        if key not in self._named:
            named: NamedRows = table(
                sheet, header_rows=reading.header_rows, skip_rows=reading.skip_rows, merged=reading.merged
            )
            self._named[key] = Sheet(
                file=file.name,
                file_hash=file.sha256[:16],
                sheet=sheet.name,
                names=tuple(named.names),
                frame=named.frame,
                banner=tuple(named.banner["line"]),
                ragged=sheet.kind == "delimited",
                retracted=redaction.lines_of(self._landing, file.sha256).get(sheet.name, ()),
            )
        return self._named[key]

    def codebook(self, book: Codebook) -> pl.DataFrame:
        """The codebook's rows under its own header, as text columns."""
        frames = []
        for file in self._matching(book.file, "codebook.file"):
            sheet = self._sheets(file, None)[0]
            named = table(sheet, header_rows=1, skip_rows=book.skip_rows, merged="keep")
            cells = [pl.col("cells").list.get(i, null_on_oob=True).alias(name) for i, name in enumerate(named.names)]
            frames.append(named.frame.select(cells))
        return pl.concat(frames, how="diagonal")

    def lines(self, file: LandedFile) -> dict[str, set[int]]:
        """Sheet -> its lines, of a file that was read."""
        return {sheet.name: set(sheet.frame["line"]) for sheet in self._text[file.name]}

    def cells(self, file: LandedFile, name: str, lines: Collection[int]) -> pl.DataFrame:
        """The texts of some lines of a sheet as they were delivered: a column of lists, `cells`."""
        frame = next(sheet.frame for sheet in self._text[file.name] if sheet.name == name)
        return frame.filter(pl.col("line").is_in(list(lines))).select("cells")

    def shared_cells(self, file: LandedFile, name: str, lines: Collection[int]) -> list[redaction.Shared]:
        """Merged cells of a sheet that reach over some of the lines and over others, each with the first of those that
        is still there."""
        merged = next(sheet.merged for sheet in self._text[file.name] if sheet.name == name)
        gone = {*lines, *redaction.lines_of(self._landing, file.sha256).get(name, ())}
        spans = [(first, column, {*range(first, last + 1)}) for first, column, last, _ in merged]
        return [
            redaction.Shared(first, column, min(span - gone))
            for first, column, span in spans
            if span & {*lines} and span - gone
        ]

    def files(self) -> pl.DataFrame:
        """The rows of meta.delivery_file, without the centre."""
        rows = [
            {
                "file": file.name,
                "file_hash": file.sha256[:16],
                "sha256": file.sha256,
                "bytes": file.bytes,
                "encoding": next((sheet.encoding for sheet in self._text.get(file.name, [])), None),
                "text_key": self._keys.get(file.name),
            }
            for file in self._delivery.files
        ]
        return pl.DataFrame(rows, schema_overrides={"encoding": pl.String, "text_key": pl.String})

    def rows_read(self) -> int:
        """Text rows of every file that was read."""
        return sum(sheet.frame.height for sheets in self._text.values() for sheet in sheets)


def _pick(sheets: list[TextSheet], reading: Reading, file: LandedFile, place: str) -> list[TextSheet]:
    if reading.sheet is None:
        if len(sheets) > 1:
            listed = ", ".join(f'"{sheet.name}"' for sheet in sheets)
            raise ExportRefused(f"{place}: {file.name} has {len(sheets)} sheets ({listed}); name one with `sheet`.")
        return sheets
    found = [sheet for sheet in sheets if sheet.name == reading.sheet]
    if not found:
        names = [sheet.name for sheet in sheets]
        raise ExportRefused(
            f'{place}.sheet names "{reading.sheet}", which {file.name} lacks; it has '
            f"{', '.join(names)}.{nearest(reading.sheet, names)}"
        )
    return found


def meanings_of(centre: Centre, sheets: Sheets) -> Meanings:
    """(table of the codebook, source column) -> raw code -> meaning."""
    book = centre.codebook
    if book is None:
        return {}
    rows = sheets.codebook(book)
    if book.kind == "redcap":
        return _redcap_choices(centre, book, rows)
    wanted = [name for name in (book.table, book.column, book.code, book.meaning) if name]
    lacking = [name for name in wanted if name not in rows.columns]
    if lacking:
        raise ExportRefused(
            f'centres/{centre.code}/centre.yaml: codebook names the column "{lacking[0]}", which {book.file} '
            f"lacks.{nearest(lacking[0], rows.columns)}"
        )
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows.select(wanted).drop_nulls().iter_rows(named=True):
        place = (plain(row[book.table]) if book.table else "", plain(row[book.column]))
        found.setdefault(place, {})[plain(row[book.code])] = plain(row[book.meaning])
    return found


def _redcap_choices(centre: Centre, book: Codebook, rows: pl.DataFrame) -> Meanings:
    field, kind, choices = (
        rows.columns[0],
        "Field Type",
        next((name for name in rows.columns if name.startswith("Choices")), None),
    )
    if choices is None or kind not in rows.columns:
        raise ExportRefused(
            f"centres/{centre.code}/centre.yaml: codebook {book.file} is no REDCap data dictionary: it lacks the "
            'columns "Field Type" and "Choices, …"; download the dictionary from REDCap again.'
        )
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name, field_type, text in rows.select(field, kind, choices).iter_rows():
        if field_type in ("radio", "dropdown") and text:
            pairs = [part.split(",", 1) for part in text.split("|") if "," in part]
            found["", plain(name)] = {plain(code): plain(label) for code, label in pairs}
    return found
