"""Landing: the delivered bytes, kept once under their own hash, and the text rows read from them.

`<sha256[:2]>/<sha256>` are the bytes, never written again; `text/<sha256>-<key>.parquet` and `.json` are what a way of
reading made of them: they are made again where they are missing. Files are readable by their owner alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from schemas.errors import ExportRefused, SarcregError
from warehouse import redaction
from warehouse.read import READER_VERSION, Notes, TextSheet, read

__all__ = [
    "READER_VERSION",
    "Delivery",
    "LandedFile",
    "delivery_of",
    "land",
    "landed_path",
    "row_id",
    "text_files",
    "text_key",
    "text_rows",
]

_BLOCK = 1 << 20


class LandedFile(NamedTuple):
    """One delivered file: its name, the sha256 of its bytes, their number."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Delivery:
    """What one export consists of: its files by name, and one hash over their names and contents."""

    files: tuple[LandedFile, ...]
    export_hash: str


def delivery_of(entry: Mapping[str, Any]) -> Delivery | None:
    """The export that a manifest's entry of a centre names."""
    if not entry.get("files"):
        return None
    return Delivery(tuple(LandedFile(**file) for file in entry["files"]), entry["export_hash"])


def land(files: Iterable[Path], landing: Path) -> Delivery:
    """Copy each file into `landing` under its hash; bytes that are there already are not written again.

    Raises ExportRefused for a file that cannot be read or a name delivered twice, SarcregError where landed
    bytes no longer have their hash.
    """
    landed: dict[str, LandedFile] = {}
    for path in files:
        if path.name in landed:
            raise ExportRefused(f"{path.name}: is delivered twice (again as {path}); keep one file of that name.")
        landed[path.name] = _land(path, landing)
    ordered = tuple(landed[name] for name in sorted(landed))
    contents = "".join(f"{file.name}\0{file.sha256}\n" for file in ordered)
    return Delivery(ordered, hashlib.sha256(contents.encode("utf-8", "surrogateescape")).hexdigest())


def landed_path(landing: Path, sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    return landing / sha256[:2] / sha256


def row_id(sha256: str, sheet: str, line: pl.Expr) -> pl.Expr:
    """`<first 16 hex of the file's hash>:<sheet>:<line>`, the coordinate of a delivered row."""
    return pl.concat_str(pl.lit(f"{sha256[:16]}:{sheet}:"), line.cast(pl.String))


def text_key(landing: Path, sha256: str, *, encodings: Sequence[str], delimiter: str | None = None) -> str:
    """Which text rows of a file are meant: the reader's version, and a hash of encodings and delimiter.

    The bytes of a file that something was taken out of are gone: where it was not read so before, it stays as it was.
    """
    hashed = hashlib.sha256(json.dumps([list(encodings), delimiter]).encode()).hexdigest()[:12]
    key = f"{READER_VERSION}-{hashed}"
    if redaction.is_marked(landing, sha256) and not _text_file(landing, sha256, key).exists():
        there = redaction.text_paths(landing, sha256)
        return there[0].stem.removeprefix(f"{sha256}-") if there else key
    return key


def text_rows(
    landing: Path, file: LandedFile, *, encodings: Sequence[str], delimiter: str | None = None
) -> list[TextSheet]:
    """The sheets of a landed file; frames have line, cells and row_id.

    Read once per `text_key`, afterwards from Parquet (columns sheet, line, cells, row_id) with a JSON file of
    the sheets beside it. Other pairs of the file are those of refreshes that read it otherwise, and stay. Raises as
    `warehouse.read.read` does; a refused file leaves nothing behind. SarcregError where the landed bytes are missing or
    no longer have their hash.
    """
    place = landing / "text"
    stem = _text_file(
        landing, file.sha256, text_key(landing, file.sha256, encodings=encodings, delimiter=delimiter)
    ).stem
    kept = _kept(place, stem, file.name)
    if kept is not None:
        return kept
    path = landed_path(landing, file.sha256)
    _check(path, file.sha256)
    found = read(path, encodings=encodings, delimiter=delimiter, name=file.name)
    sheets = [_with_row_id(sheet, file.sha256) for sheet in found]
    _keep(sheets, place, stem)
    return sheets


def text_files(landing: Path, read: Iterable[tuple[str, str]]) -> list[Path]:
    """The Parquet files of text rows that are there, one for each file: so that no row_id stands in two.

    read: sha256 and text_key of the files, as meta.delivery_file has them.
    """
    paths = [_text_file(landing, sha256, key) for sha256, key in dict(sorted(read)).items()]
    return [path for path in paths if path.exists()]


def _text_file(landing: Path, sha256: str, key: str) -> Path:
    return landing / "text" / f"{sha256}-{key}.parquet"


def _land(path: Path, landing: Path) -> LandedFile:
    _folder(landing)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as source, _aside(landing) as (aside, target):
            while block := source.read(_BLOCK):
                digest.update(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
            size = target.tell()
            final = landed_path(landing, digest.hexdigest())
            if redaction.is_marked(landing, digest.hexdigest()):
                return LandedFile(path.name, digest.hexdigest(), size)
            if final.exists():
                _check(final, digest.hexdigest())
            else:
                _folder(final.parent)
                aside.replace(final)
    except (FileNotFoundError, PermissionError, IsADirectoryError) as fault:
        raise ExportRefused(
            f"{path}: cannot be read ({fault.strerror}); check that it is there and readable by this account."
        ) from fault
    return LandedFile(path.name, digest.hexdigest(), size)


def _folder(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def _aside(folder: Path) -> Iterator[tuple[Path, Any]]:
    """A new file (0600) in `folder` open for writing; gone afterwards unless moved to its place."""
    handle, named = tempfile.mkstemp(prefix=".incoming-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as target:
            yield Path(named), target
    finally:
        Path(named).unlink(missing_ok=True)


def _check(path: Path, sha256: str) -> None:
    if not path.is_file():
        raise SarcregError(f"{path}: the landed bytes are missing; restore them from a backup or deliver again.")
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != sha256:
        raise SarcregError(
            f"{path}: no longer has the bytes it is named for; restore it from a backup, or move it away "
            "and deliver the export again."
        )


def _with_row_id(sheet: TextSheet, sha256: str) -> TextSheet:
    return replace(sheet, frame=sheet.frame.with_columns(row_id=row_id(sha256, sheet.name, pl.col("line"))))


def _keep(sheets: Sequence[TextSheet], place: Path, stem: str) -> None:
    _folder(place)
    rows = pl.concat([sheet.frame.select(pl.lit(sheet.name).alias("sheet"), pl.all()) for sheet in sheets])
    about = [
        {
            "name": sheet.name,
            "kind": sheet.kind,
            "rows": sheet.frame.height,
            "merged": sheet.merged,
            "encoding": sheet.encoding,
            "delimiter": sheet.delimiter,
            "notes": asdict(sheet.notes),
        }
        for sheet in sheets
    ]
    with _aside(place) as (aside, target):
        rows.write_parquet(target)
        target.flush()
        aside.replace(place / f"{stem}.parquet")
    # last, for its presence says that both are whole
    with _aside(place) as (aside, target):
        target.write(json.dumps({"reader_version": READER_VERSION, "sheets": about}, ensure_ascii=False).encode())
        target.flush()
        aside.replace(place / f"{stem}.json")


def _kept(place: Path, stem: str, name: str) -> list[TextSheet] | None:
    """The sheets kept under `stem`, None where they are absent or not whole."""
    try:
        about = json.loads((place / f"{stem}.json").read_bytes())["sheets"]
        rows = pl.read_parquet(place / f"{stem}.parquet")
    except (OSError, ValueError, pl.exceptions.PolarsError):
        return None
    sheets = []
    at = 0
    for sheet in about:
        frame = rows.slice(at, sheet["rows"]).drop("sheet")
        at += sheet["rows"]
        sheets.append(
            TextSheet(
                name=sheet["name"],
                kind=sheet["kind"],
                frame=frame,
                merged=_tuples(sheet["merged"]),
                encoding=sheet["encoding"],
                delimiter=sheet["delimiter"],
                notes=Notes(
                    damaged=_tuples(sheet["notes"]["damaged"]),
                    mended=tuple(sheet["notes"]["mended"]),
                    hidden=sheet["notes"]["hidden"],
                ),
                file=name,
            )
        )
    return sheets


def _tuples(values: Sequence[Sequence[int]]) -> tuple[Any, ...]:
    return tuple(tuple(value) for value in values)
