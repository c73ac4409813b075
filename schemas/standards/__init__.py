"""What other standards ask for, as data: the variables of ADaM and where each comes from."""

from __future__ import annotations

from pathlib import Path

import polars as pl


def table(name: str) -> pl.DataFrame:
    """A standard's list of columns: every cell a text, empty is null."""
    return pl.read_csv(Path(__file__).with_name(f"{name}.csv"), infer_schema=False)
