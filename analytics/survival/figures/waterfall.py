"""Waterfall figures: each patient's best change of the sum of target lesions, largest growth first."""

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

COLUMNS: Mapping[str, Any] = {"group": pl.String, "change_percent": pl.Float64, "has_new_lesion": pl.Boolean}
"""What `waterfall` draws, one row a patient: best change from baseline in percent, null where it was never measured.

has_new_lesion: progression by a new lesion, whatever the sum did.
"""

GROWTH, SHRINKAGE, CAP = 20.0, -30.0, 100.0
"""RECIST's limits, drawn as lines, and the height at which a bar is cut and gets an arrow."""

_WIDTH, _LEFT, _HEIGHT = 6.6, 0.62, 2.7  # inches


def waterfall(rows: pl.DataFrame, title: str, lang: str, *, name: str) -> Picture:
    """The bars (see COLUMNS) from the largest growth to the largest shrinkage; the unmeasured are counted below."""
    words = catalogue(lang)
    groups = rows["group"].unique(maintain_order=True).to_list()
    measured = rows.filter(pl.col("change_percent").is_not_null())
    bars = measured.sort("change_percent", descending=True, maintain_order=True).with_row_index("place")
    notes = [words.text("drawing.waterfall", n=bars.height, unmeasured=rows.height - bars.height)]
    if bars["has_new_lesion"].any():
        notes.append(words.text("drawing.new_lesion"))
    capped = bars.filter(pl.col("change_percent") > CAP)["change_percent"]
    if capped.len():
        values = ", ".join(f"{change:.0f}" for change in capped)
        notes.append(words.text("drawing.capped", cap=f"{CAP:g}", values=values))
    with canvas(name):
        below = [line for note in notes for line in wrapped(note, _WIDTH - 0.2)]
        top = 0.36 + 0.19 * len(groups) + 0.2
        figure, page = sheet(_WIDTH, top + _HEIGHT + 0.25 + 0.17 * len(below))
        page.text(0.08, 0.17, title, fontsize=FONT_SIZE + 1.5, va="center")
        right = 0.1 + max(width_of("+20%"), width_of("−30%"))
        axes = panel(figure, _LEFT, top, _WIDTH - _LEFT - right, _HEIGHT)
        for i, (group, colour, hatch) in enumerate(zip(groups, COLOURS, HATCHES, strict=False)):
            chosen = bars.filter(pl.col("group") == group)
            height = chosen["change_percent"].clip(None, CAP)
            look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0.3}
            axes.bar(chosen["place"], height, width=0.86, **look)
            page.barh([0.42 + 0.19 * i], [0.3], height=0.12, left=[0.1], **look)
            page.text(0.48, 0.42 + 0.19 * i, f"{group} ({chosen.height})", va="center")
        for limit, text in ((GROWTH, "+20%"), (SHRINKAGE, "−30%")):
            axes.axhline(limit, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
            axes.text(1.01, limit, text, transform=axes.get_yaxis_transform(), va="center", color=INK)
        axes.axhline(0, color=MUTED, linewidth=0.8)
        for place, change, is_new in bars.select("place", "change_percent", "has_new_lesion").iter_rows():
            tip = min(change, CAP)
            if change > CAP:
                axes.plot([place], [CAP + 4], "^", color=INK, markersize=4)
            if is_new:
                at = -6 if change > CAP else max(tip, 0) + 5
                axes.plot([place], [at], "P", color=INK, markersize=4.6, markeredgewidth=0.4, markeredgecolor="white")
        least = min(-60.0, float(bars["change_percent"].min() or 0) - 8)  # type: ignore[arg-type]
        most = max(60.0, min(float(bars["change_percent"].max() or 0) + 14, CAP + 10))  # type: ignore[arg-type]
        axes.set_ylim(least, most)
        axes.set_xlim(-0.8, max(bars.height, 1) - 0.2)
        axes.set_yticks([tick for tick in (-100, -75, -50, -25, 0, 25, 50, 75, 100) if least <= tick <= most])
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set_ylabel(words.text("drawing.change"), labelpad=3)
        for i, line in enumerate(below):
            page.text(0.08, top + _HEIGHT + 0.16 + 0.17 * i, line, va="center", color=MUTED)
    return Picture(name, figure, bars.drop("place"))
