"""What a page shows as files: CSV that opens in Excel and never becomes a formula, and JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from schemas.spreadsheet import harmless


def write_csv(frame: pl.DataFrame, path: Path) -> Path:
    """Write the frame as UTF-8 with byte order mark and CRLF, lists joined by '; ', and return the path."""
    lists = [name for name, dtype in frame.schema.items() if dtype == pl.List(pl.String)]
    flat = frame.with_columns(pl.col(name).list.join("; ") for name in lists)
    path.parent.mkdir(parents=True, exist_ok=True)
    harmless(flat).write_csv(path, include_bom=True, line_terminator="\r\n")
    return path


def write_json(facts: Mapping[str, object], frames: Mapping[str, pl.DataFrame], path: Path) -> Path:
    """Write `{"facts": {...}, "tables": {name: [row, ...]}}` as UTF-8 and return the path; texts stand as sent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tables = ",\n".join(f"{json.dumps(name)}: {frame.write_json()}" for name, frame in frames.items())
    told = json.dumps(facts, ensure_ascii=False, default=str)
    path.write_text(f'{{"facts": {told},\n"tables": {{\n{tables}\n}}}}\n', encoding="utf-8")
    return path
