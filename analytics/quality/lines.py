"""Lines as stated and as derived, and what other settings of the rules would change: counts with denominators."""

from __future__ import annotations

from typing import Any

import polars as pl

from analytics.quality.summaries import BANDS


def bases(cohort: pl.DataFrame) -> pl.DataFrame:
    """Per centre: `cohort`, of these `derived` (the number in use), `both` known, and of these two what differs.

    `line_differs` counts derived lines outside of the stated range, `split_differs` those on the other side of two
    lines, of `sides`: patients of whom both sides are known.
    """
    below = pl.col("line_derived") < pl.col("line_stated_min")
    above = (pl.col("line_derived") > pl.col("line_stated_max")).fill_null(value=False)
    both = pl.col("line_derived").is_not_null() & pl.col("line_stated_min").is_not_null()
    stated, derived = pl.col("line_group_stated"), pl.col("line_group_derived")
    return (
        cohort.group_by("centre")
        .agg(
            cohort=pl.len(),
            derived=(pl.col("line_basis_code") == "derived").sum(),
            both=both.sum(),
            line_differs=(both & (below | above)).sum(),
            sides=(stated.is_not_null() & derived.is_not_null()).sum(),
            split_differs=(stated != derived).sum(),
        )
        .sort("centre")
    )


def grid(sensitivity: pl.DataFrame) -> dict[str, Any]:
    """The grid as rows of cells: `windows`, and `gaps` as (days, cells); a cell has its counts and their bands."""
    windows = sensitivity["window_days"].unique().sort().to_list()
    gaps: dict[int, list[dict[str, Any]]] = {}
    for row in sensitivity.sort("gap_days", "window_days").iter_rows(named=True):
        cell = {
            **row,
            "line_band": _band(row["n_line_changed"], row["n"]),
            "split_band": _band(row["n_split_changed"], row["n"]),
        }
        gaps.setdefault(row["gap_days"], []).append(cell)
    return {"windows": windows, "gaps": list(gaps.items())}


def _band(part: int, whole: int) -> int | None:
    """Which of BANDS the share falls in; None of nothing."""
    return next((band for band, limit in enumerate(BANDS) if part <= limit * whole), len(BANDS)) if whole else None
