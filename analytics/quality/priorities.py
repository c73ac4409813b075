"""The open queries by what they could move, for the registry's data manager alone: bands that order work.

No centre's page, list or pack reads them: a band next to a value would tell a centre which answers matter.
"""

from __future__ import annotations

import polars as pl

from analytics.survival.impact import BANDS, SHAPE

UNSETTLED = ("candidate", "open", "answered")
FIRST = 50
"""Queries listed on the overview, the most influential first."""
_LISTED = ("high", "medium")


def shown(query: pl.DataFrame, bands: pl.DataFrame | None) -> dict[str, pl.DataFrame]:
    """priorities: centre and the number of unsettled queries in each of BANDS and `outside` (no patient of the cohort).

    first_queries: position, query_id, centre, rule, state, band of those in the upper bands, FIRST at most. Both are
    empty where no bands were made.
    """
    given = pl.DataFrame(schema=SHAPE) if bands is None else bands
    waiting = query.filter(pl.col("state").is_in(UNSETTLED))
    told = waiting.join(given, on="query_id", how="left")
    counts = {band: (pl.col("band") == band).sum().cast(pl.Int64) for band in BANDS}
    by_centre = told.group_by("centre").agg(**counts, outside=pl.col("band").is_null().sum().cast(pl.Int64))
    listed = told.filter(pl.col("band").is_in(_LISTED)).sort("position", "query_id").head(FIRST)
    return {
        "priorities": by_centre.sort("centre") if bands is not None else by_centre.clear(),
        "first_queries": listed.select("position", "query_id", "centre", "rule", "state", "band"),
    }
