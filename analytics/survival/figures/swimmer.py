"""Swimmer figures: one lane a patient, what was given and when, first response, progression, death, still followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from analytics.locale.catalogue import catalogue
from analytics.survival.durations import DAYS_PER_MONTH
from analytics.survival.figures.style import COLOURS, FONT_SIZE, MUTED, RULE, Picture, canvas, panel, sheet, width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS: Mapping[str, Any] = {
    "lane": pl.Int64,
    "group": pl.String,
    "kind": pl.String,
    "start_day": pl.Float64,
    "stop_day": pl.Float64,
}
"""What `swimmer` draws: lane (0 on top; a number, never a patient's id), the label of its group, days since time zero.

kind: followed (0 to the end of observation), a component given (immunotherapy, antiangiogenic, cytotoxic, other; from
start to stop), or a moment at start_day (response, progression, death, ongoing: alive at the end).
"""

_GIVEN: Mapping[str, tuple[str, str, float, float]] = {
    # colour, hatch, upper and lower edge within the lane: told apart also by place.
    "immunotherapy": (COLOURS[0], "", -0.36, 0.02),
    "antiangiogenic": (COLOURS[4], "", 0.02, 0.2),
    "cytotoxic": ("#000000", "", 0.2, 0.38),
    "other": (COLOURS[5], "////", 0.02, 0.38),
}
_MOMENTS: Mapping[str, tuple[str, str, float]] = {
    "response": ("^", COLOURS[2], 5.0),
    "progression": ("D", COLOURS[1], 4.0),
    "death": ("X", "#000000", 5.2),
    "ongoing": (">", "white", 4.6),
}
_WIDTH, _LANE, _RIGHT = 6.6, 0.125, 0.2  # inches


def swimmer(rows: pl.DataFrame, title: str, lang: str, *, name: str) -> Picture:
    """The lanes (see COLUMNS) from the top, a gap and a label where the group changes, months below."""
    words = catalogue(lang)
    lanes = rows.unique("lane", keep="first", maintain_order=True).sort("lane").select("lane", "group")
    changes = (lanes["group"] != lanes["group"].shift(1)).fill_null(True)
    places = lanes.with_columns(y=pl.col("lane").rank("dense") - 1 + 1.4 * changes.cast(pl.Int64).cum_sum())
    drawn = rows.join(places.select("lane", "y"), on="lane", how="left")
    months = pl.col("start_day") / DAYS_PER_MONTH
    drawn = drawn.with_columns(start=months, stop=pl.col("stop_day") / DAYS_PER_MONTH)
    depth = float(places["y"].max() or 0) + 1  # type: ignore[arg-type]
    with canvas(name):
        kinds = [kind for kind in (*_GIVEN, *_MOMENTS) if kind in set(rows["kind"])]
        legend = _legend_places([words.text(f"drawing.{kind}") for kind in kinds])
        top = 0.42 + 0.19 * (1 + max((row for row, _ in legend), default=0))
        figure, page = sheet(_WIDTH, top + depth * _LANE + 0.5)
        page.text(0.08, 0.17, title, fontsize=FONT_SIZE + 1.5, va="center")
        axes = panel(figure, 0.12, top, _WIDTH - 0.12 - _RIGHT, depth * _LANE)
        _bars(axes, drawn)
        _moments(axes, drawn)
        for group, y in places.filter(changes).select("group", "y").iter_rows():
            axes.text(0, y - 1, group, va="center", ha="left", fontsize=FONT_SIZE)
        axes.set_ylim(depth - 0.4, -0.2)
        axes.set_xlim(0, max(float(drawn.select(pl.max_horizontal("start", "stop").max()).item() or 1) * 1.03, 1))
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(words.text("drawing.months"), labelpad=2)
        axes.grid(axis="x", color="#e3e6ea", linewidth=0.6)
        axes.set_axisbelow(True)
        for kind, (row, x) in zip(kinds, legend, strict=True):
            _sample(page, kind, x, 0.42 + 0.19 * row)
            page.text(x + 0.27, 0.42 + 0.19 * row, words.text(f"drawing.{kind}"), va="center")
    return Picture(name, figure, rows)


def _bars(axes: Axes, drawn: pl.DataFrame) -> None:
    followed = drawn.filter(pl.col("kind") == "followed")
    axes.barh(followed["y"], followed["stop"], height=0.12, left=0, color=RULE, linewidth=0)
    for kind, (colour, hatch, upper, lower) in _GIVEN.items():
        given = drawn.filter(pl.col("kind") == kind)
        axes.barh(
            given["y"] + (upper + lower) / 2,
            given["stop"] - given["start"],
            height=lower - upper,
            left=given["start"],
            color=colour,
            hatch=hatch,
            edgecolor="white" if hatch else colour,
            linewidth=0 if hatch else 0.7,  # a single dose is a tick
        )


def _moments(axes: Axes, drawn: pl.DataFrame) -> None:
    for kind, (marker, colour, size) in _MOMENTS.items():
        at = drawn.filter(pl.col("kind") == kind)
        axes.plot(
            at["start"],
            at["y"],
            marker,
            color=colour,
            markersize=size,
            markeredgecolor=MUTED if colour == "white" else "white",
            markeredgewidth=0.5 if colour != "white" else 0.8,
            clip_on=False,
            zorder=4,
        )


def _legend_places(labels: list[str]) -> list[tuple[int, float]]:
    """Row and left edge in inches of each entry, filled line by line."""
    places, row, x = [], 0, 0.1
    for label in labels:
        wide = 0.27 + width_of(label) + 0.2
        if x + wide > _WIDTH and x > 0.1:
            row, x = row + 1, 0.1
        places.append((row, x))
        x += wide
    return places


def _sample(page: Axes, kind: str, x: float, y: float) -> None:
    if kind in _GIVEN:
        colour, hatch, upper, lower = _GIVEN[kind]
        page.barh([y], [0.2], height=0.16 * (lower - upper), left=[x], color=colour, hatch=hatch, edgecolor="white")
        return
    marker, colour, size = _MOMENTS[kind]
    edge = MUTED if colour == "white" else "white"
    page.plot([x + 0.1], [y], marker, color=colour, markersize=size + 0.6, markeredgecolor=edge, markeredgewidth=0.7)
