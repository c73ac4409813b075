"""Writing files of the home that only their owner may read, each in one piece."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import polars as pl


@contextmanager
def replacing(path: Path, body: bytes) -> Iterator[Path]:
    """The file's new body beside it (0600), put in its place at the end; a fault inside leaves the old file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(body)
        yield aside
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def write(path: Path, body: bytes) -> None:
    """Write or replace a file (0600): a reader sees the old one or the new one, whole."""
    with replacing(path, body):
        pass


def parquet(frame: pl.DataFrame) -> bytes:
    """A frame as the bytes of a Parquet file."""
    whole = BytesIO()
    frame.write_parquet(whole)
    return whole.getvalue()


def keep(folder: Path, frame: pl.DataFrame) -> str:
    """Keep a frame in `folder` as `<sha256>.parquet`, unless it is there; returns the hash."""
    body = parquet(frame)
    digest = hashlib.sha256(body).hexdigest()
    place = folder / f"{digest}.parquet"
    if not place.exists():
        write(place, body)
    return digest
