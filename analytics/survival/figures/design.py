"""The study design on one time axis: time zero, what was looked at before it, the grace window, the follow-up.

After Schneeweiss et al., Ann Intern Med 2019, 170:398: each window a bar with its days in brackets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from analytics.locale.catalogue import catalogue
from analytics.survival.figures.style import (
    COLOURS,
    FONT_SIZE,
    HATCHES,
    INK,
    MUTED,
    Picture,
    canvas,
    panel,
    sheet,
    width_of,
    wrapped,
)

COLUMNS: Mapping[str, Any] = {
    "kind": pl.String,
    "label": pl.String,
    "start_day": pl.Int64,
    "stop_day": pl.Int64,
}
"""What `design` draws, one row a window from the top; a null start or stop is open.

kind: before (eligibility and covariates), index (time zero), grace (exposure), follow (up).
"""

_LOOK = {"before": (COLOURS[5], HATCHES[0]), "grace": (COLOURS[4], HATCHES[1]), "follow": (COLOURS[2], HATCHES[0])}
_ROW, _AXES = 0.42, 3.3  # inches


def design(rows: pl.DataFrame, title: str, lang: str, *, name: str) -> Picture:
    """The windows (see COLUMNS) beside their labels; days are spread unevenly, so that short windows can be seen."""
    words = catalogue(lang)
    days = pl.concat([rows["start_day"], rows["stop_day"], pl.Series([0])]).drop_nulls().unique().sort().to_list()
    place = {day: float(i) for i, day in enumerate(days)}
    first, last = -1.3, len(days) - 1 + 1.6
    with canvas(name):
        labels = [wrapped(row["label"], 2.5) for row in rows.to_dicts()]
        left = max(width_of(line) for label in labels for line in label) + 0.25
        note = wrapped(words.text("drawing.not_to_scale"), left + _AXES - 0.1)
        top, deep = 0.72, _ROW * rows.height
        figure, page = sheet(left + _AXES + 0.15, top + deep + 0.42 + 0.17 * len(note))
        page.text(0.08, 0.17, title, fontsize=FONT_SIZE + 1.5, va="center")
        axes = panel(figure, left, top, _AXES, deep)
        axes.set_xlim(first, last)
        axes.set_ylim(rows.height, 0)
        axes.axvline(place[0], color=INK, linewidth=1.6, zorder=3)
        axes.text(place[0], -0.3, words.text("drawing.time_zero"), ha="center", va="center", clip_on=False)
        for i, row in enumerate(rows.to_dicts()):
            page.text(0.08, top + _ROW * (i + 0.5), "\n".join(labels[i]), va="center", linespacing=1.2)
            start = first if row["start_day"] is None else place[row["start_day"]]
            stop = last if row["stop_day"] is None else place[row["stop_day"]]
            written = _days(row["start_day"], row["stop_day"])
            if row["kind"] == "index":
                axes.plot([place[0]], [i + 0.5], "D", color=INK, markersize=7, zorder=4)
                axes.text(place[0] + 0.25, i + 0.5, written, va="center", ha="left")
                continue
            colour, hatch = _LOOK[row["kind"]]
            look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white"}
            axes.barh([i + 0.36], [stop - start], left=[start], height=0.3, **look)
            plain = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
            axes.text((start + stop) / 2, i + 0.76, written, ha="center", va="center", zorder=5, bbox=plain)
        axes.set_xticks([place[day] for day in days], [_day(day) for day in days])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(words.text("drawing.days"), labelpad=2)
        for i, line in enumerate(note):
            page.text(0.08, top + deep + 0.46 + 0.17 * i, line, va="center", color=MUTED)
    return Picture(name, figure, rows)


def _days(start: int | None, stop: int | None) -> str:
    return f"[{_day(start)}, {_day(stop)}]"


def _day(day: int | None) -> str:
    return "…" if day is None else f"{day}".replace("-", "−")
