"""Delimited text -> records with the physical line each begins on; delimiter found, quotation mended."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

import polars as pl

from schemas.errors import ConfigurationError, ExportRefused
from warehouse.read.sheet import UNREADABLE, Notes, TextSheet, damaged_cells, text_frame

DELIMITERS = (",", ";", "\t", "|", "^")
SAMPLE_RECORDS = 200
MENDED_LINES = 0.01
"""Share of a file's lines whose quotation may be mended before the file is refused."""

_SEP_LINE = re.compile(r"sep=(.)[\r\n]*")
_CONTROL = re.compile("[\x01-\x08\x0e-\x19\x1b\x1c-\x1e]")


@dataclass(frozen=True)
class Dialect:
    """How cells are told apart. width: the usual number of cells of a record, 0 where unknown."""

    delimiter: str
    skip_space: bool = False
    width: int = 0


def read_delimited(text: str, *, encoding: str, delimiter: str | None, name: str) -> TextSheet:
    """The records of `text` (csv, tsv, semicolon and so on) as one sheet.

    delimiter: one character, or None to find it from the first records. Quotation follows RFC 4180. Where a
    line breaks it (an opening mark that never closes, text after a closing one), that line alone is read
    with its stray mark as an ordinary character, if it then has the file's usual number of cells; else the
    file is refused. Raises ExportRefused.
    """
    # split as csv.reader counts: at LF, CR and CRLF only, not at U+2028 or form feed
    lines = list(io.StringIO(text.rstrip("\x1a"), newline=""))
    if len(_CONTROL.findall(text[:65536])) > max(8, len(text[:65536]) / 50):
        raise ExportRefused(f"{name}: is no text and no workbook; export it as .xlsx or .csv.")
    first = 0
    if lines and (said := _SEP_LINE.fullmatch(lines[0])):
        first, delimiter = 1, delimiter or said[1]
    dialect = _dialect(lines, first, delimiter)
    mended: list[int] = []
    frame = text_frame(_sound_records(lines, first, dialect, mended, name))
    if "\0" in text:
        frame = frame.with_columns(pl.col("cells").list.eval(_without_nul(pl.element())))
    if '"' in text:
        mended += _stray_marks(frame, lines, dialect.delimiter)
    return TextSheet(
        name="",
        kind="delimited",
        frame=frame,
        encoding=encoding,
        delimiter=dialect.delimiter,
        notes=Notes(
            damaged=damaged_cells(frame) if UNREADABLE in text or "\0" in text else (), mended=tuple(sorted({*mended}))
        ),
    )


def _stray_marks(frame: pl.DataFrame, lines: Sequence[str], delimiter: str) -> list[int]:
    """Lines with a quotation mark inside a cell that is not quoted: no fault of form, so the rules let it pass."""
    mark = re.escape(delimiter)
    stray = re.compile(rf'[^{mark}="\r\n]"[^{mark}"\r\n]')  # ="00123" is how Excel keeps leading zeros
    holds_mark = pl.col("cells").list.join("", ignore_nulls=True).str.contains('"', literal=True)
    return [line for line in frame.filter(holds_mark)["line"] if stray.search(lines[line - 1])]


def _without_nul(cell: pl.Expr) -> pl.Expr:
    # at the end of a cell NUL is the padding of a fixed-width field; inside it stands for something lost
    return cell.str.strip_chars_end("\0").str.replace_all("\0", UNREADABLE, literal=True)


def _sound_records(
    lines: Sequence[str], first: int, dialect: Dialect, mended: list[int], name: str
) -> Iterator[tuple[int, list[str]]]:
    limit = max(20, MENDED_LINES * len(lines))
    for line, cells, is_sound in _records(lines, first, dialect):
        if not is_sound:
            if dialect.width and len(cells) != dialect.width:
                raise ExportRefused(
                    f"{name}: the quotation marks of line {line} do not pair; as ordinary characters "
                    f"they leave {len(cells)} cells where other lines have {dialect.width}; mend the line or "
                    "export again with every quotation mark inside a cell doubled."
                )
            mended.append(line)
            if len(mended) > limit:
                raise ExportRefused(
                    f"{name}: quotation marks do not pair on more than {int(limit)} lines, the first of them "
                    f"line {mended[0]}; export again with every quotation mark inside a cell doubled."
                )
        yield line, cells


def _records(lines: Sequence[str], first: int, dialect: Dialect) -> Iterator[tuple[int, list[str], bool]]:
    """(line, cells, sound) per record; one that breaks the rules of quotation gives its first line alone."""
    at = first
    while at < len(lines):
        reader = csv.reader(
            islice(lines, at, None),
            delimiter=dialect.delimiter,
            skipinitialspace=dialect.skip_space,
            strict=True,
        )
        before = 0
        try:
            for cells in reader:
                after = reader.line_num
                if after - before > 1 and _swallows(cells, lines[at + before], dialect):
                    break
                if cells:
                    yield at + before + 1, cells, True
                before = after
            else:
                return
        except csv.Error:
            pass  # the record that begins at `before` breaks the rules, as one that swallows others does
        yield at + before + 1, _one_line(lines[at + before], dialect), False
        at += before + 1


def _swallows(cells: Sequence[str], line: str, dialect: Dialect) -> bool:
    """A record over several lines with too few or too many cells whose first line alone has just enough."""
    return 0 < dialect.width != len(cells) and len(_one_line(line, dialect)) == dialect.width


def _one_line(line: str, dialect: Dialect) -> list[str]:
    """The cells of one line; a quotation mark counts if its partner stands before a delimiter or the end."""
    line = line.rstrip("\r\n")
    pattern = _cell_pattern(dialect.delimiter)
    cells = []
    at = 0
    while True:
        found = pattern.match(line, at)
        assert found is not None, "the pattern matches the empty cell"  # noqa: S101
        quoted, plain = found[1], found[2]
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        if found.end() == len(line) and not found[3]:
            return cells
        at = found.end()


@cache
def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    blanks = "" if delimiter == " " else " *"
    return re.compile(rf'(?:{blanks}"((?:[^"]|"")*)"{blanks}(?={mark}|$)|([^{mark}]*))({mark}|$)', re.DOTALL)


def _dialect(lines: Sequence[str], first: int, delimiter: str | None) -> Dialect:
    """The dialect in which most of the first records have the same number of cells, at least two."""
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n"'):
        raise ConfigurationError(f"delimiter {delimiter!r} is not one character; write for example ';'.")
    scored = []
    for candidate in (delimiter,) if delimiter else DELIMITERS:
        sample = "".join(lines[first : first + SAMPLE_RECORDS])
        spaced = re.search(rf'{re.escape(candidate)} +"', sample) is not None
        for skip_space in (False, True) if spaced else (False,):
            share, width = _agreement(lines, first, Dialect(candidate, skip_space))
            scored.append((share, width, Dialect(candidate, skip_space, width)))
    best = max(scored, key=lambda item: item[:2])
    return best[2] if best[1] else Dialect(delimiter or ",")


def _agreement(lines: Sequence[str], first: int, dialect: Dialect) -> tuple[float, int]:
    """Share of the first records with the commonest number of cells, and that number (0: never two)."""
    taken = list(islice(_records(lines, first, dialect), SAMPLE_RECORDS))
    widths = Counter(len(cells) for _, cells, is_sound in taken if is_sound and len(cells) > 1)
    if not widths:
        return 0.0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count / len(taken), width
