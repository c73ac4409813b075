"""Looking for values in every file under a folder, whatever they are packed in: the proof that something is gone."""

from __future__ import annotations

import gzip
import html
import json
import os
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

import duckdb
import polars as pl

SHORTEST = 6
"""Characters below which a value cannot be told from others."""

HISTORY = ".git"
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le")


def search(root: Path, values: Collection[str]) -> tuple[int, list[tuple[str, int]]]:
    """How many files were looked through, and in which (relative to root) how many of the values were found.

    Zip archives, workbooks, gzip, Parquet and DuckDB files are unpacked; all else is searched byte by byte. Not looked
    through: a Python environment, which is software, and `.git`, whose packed history hides what it holds.
    """
    needles = {value: set(_forms(value)) for value in values}
    files, found = 0, []
    for path in sorted(path for path in _files(root) if path.is_file() and not path.is_symlink()):
        files += 1
        left = dict(needles)
        for body in _bodies(path):
            for value in [value for value, forms in left.items() if any(form in body for form in forms)]:
                del left[value]
        if hits := len(needles) - len(left):
            found.append((str(path.relative_to(root)), hits))
    return files, found


def distinct(rows: pl.LazyFrame) -> set[str]:
    """Every distinct text in the lists of a frame's `cells` that is long enough to be told from others."""
    cells = rows.select(pl.col("cells").explode().str.strip_chars()).unique()
    return set(cells.filter(pl.col("cells").str.len_chars() >= SHORTEST).collect()["cells"])


def _forms(value: str) -> Iterator[bytes]:
    """A value as it can stand in a file: as it is, or as JSON, HTML and CSV write what they have to escape."""
    written = {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], html.escape(value)}
    for text in (*written, html.escape(value, quote=False), value.replace('"', '""')):
        yield from (text.encode(encoding, "replace") for encoding in _ENCODINGS)


def _files(root: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(root):
        if "pyvenv.cfg" in names:
            below.clear()
            continue
        below[:] = [name for name in below if name != HISTORY]
        yield from (Path(folder) / name for name in names)


def _bodies(path: Path) -> Iterator[bytes]:
    raw = path.read_bytes()
    yield raw
    if raw.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name)
    elif raw.startswith(b"\x1f\x8b"):
        yield gzip.decompress(raw)
    elif raw.startswith(b"PAR1"):
        yield from _columns(pl.read_parquet(path))
    elif path.suffix == ".duckdb":
        yield from _tables(path)


def _columns(frame: pl.DataFrame) -> Iterator[bytes]:
    for column in frame:
        if column.dtype == pl.List(pl.String):
            column = column.explode()
        if column.dtype == pl.String:
            yield "\n".join(column.drop_nulls().unique().to_list()).encode()


def _tables(path: Path) -> Iterator[bytes]:
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
        ).fetchall()
        for schema, table in tables:
            yield from _columns(connection.execute(f'select * from "{schema}"."{table}"').pl())
