"""The shipped code lists as frames for the reference tables."""

from __future__ import annotations

import polars as pl

from schemas.canonical import MODELS, columns, model_metadata
from schemas.codelist import load


def codes_of(table: str) -> pl.DataFrame:
    """The code list of reference.<table>, with the columns and types that table has."""
    model = next(model for model in MODELS if _names(model) == ("reference", table))
    wanted = {column.name: column.dtype for column in columns(model)}
    frame = load(table).codes
    return frame.select(pl.col(name).cast(kind) for name, kind in wanted.items() if name in frame.columns)


def _names(model: type) -> tuple[str, str]:
    meta = model_metadata(model)
    return meta["schema"], meta["table"]
