"""How a registry moves: a few figures of each refresh, kept beside its report, and drawn as small curves.

A refresh's report writes its own figures as `data/measures.csv`; the next one reads those of the refreshes before it.
They outlive the warehouses that retention removes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from analytics.quality import summaries
from analytics.quality.inputs import Facts

FILE = Path("data") / "measures.csv"
SCHEMA: Mapping[str, Any] = {
    **dict.fromkeys(("refresh", "as_of", "centre", "measure"), pl.String),
    **dict.fromkeys(("part", "whole"), pl.Int64),
}
COUNTS = ("rows_loaded", *(f"findings_{kahn}" for kahn in summaries.KAHN), "queries_open")
SHARES = ("patients_at_fault", "mandatory_present", "recommended_present")
SHOWN = 12
"""Refreshes on one curve, the last ones."""

Frames = Mapping[str, pl.DataFrame]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 320, 150, 34, 44, 10, 22


def measures(tables: Frames, facts: Facts) -> pl.DataFrame:
    """This refresh as rows of SCHEMA: per centre and measure the count, and for a share what it is of."""
    finding, centre = tables["quality.finding"], tables["meta.centre"].select("centre")
    people = tables["core.patient"].group_by("centre").agg(whole=pl.col("patient_id").n_unique())
    at_fault = finding.filter(severity="error").group_by("centre").agg(part=pl.col("patient_id").n_unique())
    filled = summaries.completeness(tables["quality.completeness"])
    found = {
        "rows_loaded": tables["quality.row_account"].group_by("centre").agg(part=pl.col("loaded").sum()),
        **{f"findings_{kahn}": _number(finding.filter(kahn_category=kahn)) for kahn in summaries.KAHN},
        "queries_open": _number(tables["quality.query"].filter(state="open")),
        "patients_at_fault": people.join(at_fault, on="centre", how="left"),
        **{
            f"{level}_present": filled.filter(importance=level)
            .group_by("centre")
            .agg(part=pl.col("present").sum(), whole=pl.col("applicable").sum())
            for level in ("mandatory", "recommended")
        },
    }
    told = [
        centre.join(frame, on="centre", how="left").select(
            "centre", pl.lit(name).alias("measure"), pl.col("part").fill_null(0).cast(pl.Int64),
            (pl.col("whole").fill_null(0) if "whole" in frame.columns else pl.lit(None)).cast(pl.Int64).alias("whole"),
        )
        for name, frame in found.items()
    ]  # fmt: skip
    named = pl.concat(told).with_columns(
        refresh=pl.lit(facts.refresh_id), as_of=pl.lit(f"{facts.as_of:%Y-%m-%d %H:%M}")
    )
    return named.select(list(SCHEMA)).sort("measure", "centre")


def _number(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.group_by("centre").agg(part=pl.len())


def read_measures(folders: Sequence[Path]) -> pl.DataFrame:
    """The measures of earlier reports, each folder's own, in the order given; a report without them is left out."""
    there = [folder / FILE for folder in folders if (folder / FILE).is_file()]
    empty = pl.DataFrame(schema=dict(SCHEMA))
    return pl.concat([empty, *(pl.read_csv(path, schema=dict(SCHEMA)) for path in there)])


@dataclass(frozen=True)
class Curve:
    """One centre on a panel. points: (x, y) in the panel's units, `path` joins those that follow each other."""

    centre: str
    points: tuple[tuple[float, float], ...]
    path: str
    label_y: float


@dataclass(frozen=True)
class Panel:
    """One measure over the refreshes. top: the value at the upper edge, in percent for a share."""

    measure: str
    is_share: bool
    top: int
    curves: tuple[Curve, ...]


def panels(told: pl.DataFrame) -> list[Panel]:
    """The curves of the last refreshes, a panel for each measure; none where there is one refresh alone."""
    order = told["refresh"].unique(maintain_order=True).to_list()[-SHOWN:]
    if len(order) < 2:
        return []
    step = (WIDTH - LEFT - RIGHT) / (len(order) - 1)
    place = pl.col("refresh").replace_strict(order, list(range(len(order))), return_dtype=pl.Int64)
    shown = told.filter(pl.col("refresh").is_in(order)).with_columns(x=LEFT + place * step)
    return [_panel(shown.filter(measure=name), name, is_share=name in SHARES) for name in (*COUNTS, *SHARES)]


def _panel(rows: pl.DataFrame, name: str, *, is_share: bool) -> Panel:
    value = 100 * pl.col("part") / pl.col("whole") if is_share else pl.col("part").cast(pl.Float64)
    valued = rows.with_columns(value=value).filter(pl.col("value").is_finite())
    highest: Any = valued["value"].max()
    top = 100 if is_share else max(int(highest or 0), 1)
    scaled = valued.with_columns(y=TOP + (HEIGHT - TOP - BOTTOM) * (1 - pl.col("value") / top))
    curves = []
    for (centre,), part in scaled.group_by("centre", maintain_order=True):
        points = tuple((round(x, 1), round(y, 1)) for x, y in part.select("x", "y").iter_rows())
        curves.append((str(centre), points))
    heights = _apart([points[-1][1] for _, points in curves])
    return Panel(
        name, is_share, top,
        tuple(
            Curve(centre, points, " ".join(f"{x},{y}" for x, y in points), height)
            for (centre, points), height in zip(curves, heights, strict=True)
        ),
    )  # fmt: skip


def _apart(heights: Sequence[float], least: float = 11) -> list[float]:
    """Heights of labels moved down, and at the foot up again, until none lies on another."""
    placed = list(heights)
    order = sorted(range(len(placed)), key=lambda n: placed[n])
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + least)
    over = max([0.0, *(placed[n] - (HEIGHT - BOTTOM + 4) for n in order[-1:])])
    return [height - over for height in placed]
