"""The registry's tables, one pandera model each. `MODELS` is all of them; everything else is generated from it.

`VIEWS` are the views for reading, declared in the same way.
"""

from __future__ import annotations

from schemas.canonical import core, lines, mart, meta, quality, reading, reference
from schemas.canonical.base import (
    Column,
    ForeignKey,
    Table,
    columns,
    foreign_keys,
    model_metadata,
    staging_columns,
    table_name,
)

MODELS: tuple[type[Table], ...] = (
    *core.MODELS,
    *mart.MODELS,
    *lines.MODELS,
    *quality.MODELS,
    *reference.MODELS,
    *meta.MODELS,
)
VIEWS = reading.VIEWS
CORE: dict[str, type[Table]] = {model_metadata(model)["table"]: model for model in core.MODELS}

__all__ = [
    "CORE",
    "MODELS",
    "VIEWS",
    "Column",
    "ForeignKey",
    "Table",
    "columns",
    "foreign_keys",
    "model_metadata",
    "staging_columns",
    "table_name",
]
