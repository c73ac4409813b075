"""Texts and paths as SQL writes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def literal(text: str | Path) -> str:
    """A text between quotes."""
    return "'" + str(text).replace("'", "''") + "'"


def literals(texts: Iterable[str | Path]) -> str:
    """Texts between quotes, a comma between them."""
    return ", ".join(map(literal, texts))


def parquet(paths: Iterable[Path]) -> str:
    """What DuckDB reads from Parquet files."""
    return f"read_parquet([{literals(paths)}])"
