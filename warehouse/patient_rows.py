"""Which rows of a delivery are a patient's, and taking them out of the landing for good."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from schemas.centre import Centre
from warehouse import redaction, search
from warehouse.delivered import Sheets
from warehouse.landing import Delivery, LandedFile
from warehouse.redaction import text_paths
from warehouse.text_door import lines_of_patients


@dataclass(frozen=True)
class PatientRows:
    """What of a delivery goes with its patients; empty where it has none of them.

    unread: files that no table reads, which might tell of them unseen: file -> sheet -> all lines that are kept of it.
    lines: file -> sheet -> lines, with those of the sheets that no table reads. shared: file -> sheet -> merged cells
    over lines that go and lines that stay. keys: the patients' own numbers. texts: what stands in the lines, as far as
    it can be told from others.
    """

    unread: dict[LandedFile, dict[str, set[int]]] = field(default_factory=dict)
    lines: dict[LandedFile, dict[str, set[int]]] = field(default_factory=dict)
    shared: dict[LandedFile, dict[str, list[redaction.Shared]]] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()


Readers = Mapping[str, Sequence[tuple[Centre, str]]]
"""sha256 of a landed file -> the configurations of refreshes, and the name it has there; what one of them reads is not
unread."""


def find(
    centre: Centre,
    delivery: Delivery,
    landing: Path,
    secret: bytes,
    patients: Collection[str],
    readers: Readers | None = None,
) -> PatientRows:
    """Every row of the patients in a delivery, read as the centre is configured. Raises ExportRefused as reading does.

    A merged cell that a reading repeats downwards is the other row's value too: it stays there. Without readers nobody
    knows what else reads the files, so that nothing counts as unread.
    """
    for file in delivery.files:
        redaction.complete(landing, file.sha256)
    if not patients:
        return PatientRows()
    sheets = Sheets(centre, delivery, landing)
    lines: dict[str, dict[str, set[int]]] = {}
    keys: set[str] = set()
    is_filled: set[tuple[str, str]] = set()
    for name, readings in centre.tables.items():
        for reading in readings:
            for sheet in sheets.of(reading, name):
                hit = lines_of_patients(centre, reading, sheet, secret, patients)
                if hit.height:
                    lines.setdefault(sheet.file, {}).setdefault(sheet.sheet, set()).update(hit["line"])
                    keys.update(hit["key"])
                if reading.merged == "fill":
                    is_filled.add((sheet.file, sheet.sheet))
    if not lines:
        return PatientRows()
    unread: dict[LandedFile, dict[str, set[int]]] = {}
    theirs: dict[LandedFile, dict[str, set[int]]] = {}
    for file in delivery.files:
        by = [(centre, file.name), *readers.get(file.sha256, ())] if readers is not None else None
        if file.name in lines:
            outside = {name: some for name, some in sheets.lines(file).items() if by and not _reads(by, name)}
            theirs[file] = lines[file.name] | outside
        elif by and not _reads(by):
            unread[file] = redaction.every_line(landing, file.sha256)
    shared = {
        file: {
            sheet: sheets.shared_cells(file, sheet, some)
            for sheet, some in lines[file.name].items()
            if (file.name, sheet) in is_filled
        }
        for file in theirs
    }
    cells = [sheets.cells(file, sheet, some) for file, parts in theirs.items() for sheet, some in parts.items()]
    cells += [pl.read_parquet(path, columns=["cells"]) for file in unread for path in text_paths(landing, file.sha256)]
    return PatientRows(unread, theirs, shared, frozenset(keys), frozenset(search.distinct(pl.concat(cells).lazy())))


def _reads(by: Iterable[tuple[Centre, str]], sheet: str | None = None) -> bool:
    """Whether one of the configurations reads the file by its name there, or its sheet, as a table or as codes."""
    return any(
        fnmatch.fnmatchcase(file, reading.file) and (sheet is None or reading.sheet in (None, sheet))
        for centre, file in by
        for reading in (one for readings in centre.tables.values() for one in readings)
    ) or any(centre.codebook is not None and fnmatch.fnmatchcase(file, centre.codebook.file) for centre, file in by)


def take_out(
    centre: Centre,
    delivery: Delivery,
    landing: Path,
    secret: bytes,
    patients: Collection[str],
    readers: Readers | None = None,
) -> dict[str, int]:
    """Take every row of the patients out of the landed files of a delivery: file -> rows, 0 for one that goes unread.

    The bytes of a file with such rows go, and so do the sheets of it and the other files of the delivery that no table
    reads. These go first: as long as a row is left that tells of the patients, the next call finds all that is to do.
    """
    found = find(centre, delivery, landing, secret, patients, readers)
    told = {file.name: redaction.redact(landing, file.sha256, lines) for file, lines in found.unread.items()}
    for file, lines in found.lines.items():
        told[file.name] = redaction.redact(landing, file.sha256, lines, found.shared[file])
    return told
