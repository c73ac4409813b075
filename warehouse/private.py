"""Writing files of the home that only their owner may read, each in one piece."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import polars as pl


def write(path: Path, body: bytes) -> None:
    """Write or replace a file (0600): a reader sees the old one or the new one, whole."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_suffix(".new")
    aside.write_bytes(body)
    aside.chmod(0o600)
    aside.replace(path)


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
