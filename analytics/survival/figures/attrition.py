"""The attrition figure: from everybody delivered to the cohort, each exclusion with its number beside the way down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from analytics.locale.catalogue import catalogue
from analytics.locale.numbers import count
from analytics.survival.figures.style import FONT_SIZE, MUTED, RULE, Picture, canvas, sheet, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS: Mapping[str, Any] = {"kind": pl.String, "label": pl.String, "n": pl.Int64}
"""What `attrition` draws from the top. kind: reached (a box on the way), excluded (beside it), group (at the end)."""

_WIDTH, _BOX, _SIDE, _LINE = 6.2, 2.3, 2.9, 0.16  # inches


def attrition(rows: pl.DataFrame, title: str, lang: str, *, name: str) -> Picture:
    """The rows (see COLUMNS) as boxes; the groups share the last line, each below an arrow of its own."""
    words = catalogue(lang)
    with canvas(name):
        way = rows.filter(pl.col("kind") != "group").to_dicts()
        groups = rows.filter(pl.col("kind") == "group").to_dicts()
        wide = {"reached": _BOX, "excluded": _SIDE, "group": (_WIDTH - 0.2) / max(len(groups), 1) - 0.16}
        texts = [wrapped(row["label"], wide[row["kind"]] - 0.2) for row in way]
        said = [[*text, words.text("drawing.n", n=count(row["n"], lang))] for text, row in zip(texts, way, strict=True)]
        heights = [_LINE * len(text) + 0.14 for text in said]
        below = [
            [*wrapped(row["label"], wide["group"] - 0.2), words.text("drawing.n", n=count(row["n"], lang))]
            for row in groups
        ]
        deepest = max((_LINE * len(text) + 0.14 for text in below), default=-0.4)
        top = 0.4
        figure, page = sheet(_WIDTH, top + sum(heights) + 0.14 * len(way) + 0.4 + deepest)
        page.text(0.08, 0.17, title, fontsize=FONT_SIZE + 1.5, va="center")
        middle, y, last = 0.1 + _BOX / 2, top, None
        for row, text, height in zip(way, said, heights, strict=True):
            if row["kind"] == "reached":
                if last is not None:
                    _arrow(page, (middle, last), (middle, y))
                _box(page, 0.1, y, _BOX, height, text, bold_edge=True)
                last = y + height
            else:
                _arrow(page, (middle, y + height / 2), (_WIDTH - _SIDE - 0.1, y + height / 2))
                _box(page, _WIDTH - _SIDE - 0.1, y, _SIDE, height, text, bold_edge=False)
            y += height + 0.14
        if groups and last is not None:
            y = last + 0.4
            page.plot([middle, middle], [last, last + 0.2], color=MUTED, linewidth=0.9)
            centres = [0.1 + (wide["group"] + 0.16) * (i + 0.5) for i in range(len(groups))]
            page.plot([min(middle, *centres), max(middle, *centres)], [last + 0.2] * 2, color=MUTED, linewidth=0.9)
            for x, text in zip(centres, below, strict=True):
                _arrow(page, (x, last + 0.2), (x, y))
                _box(page, x - wide["group"] / 2, y, wide["group"], _LINE * len(text) + 0.14, text, bold_edge=True)
    return Picture(name, figure, rows)


def _box(page: Axes, x: float, y: float, width: float, height: float, lines: list[str], *, bold_edge: bool) -> None:
    from matplotlib.patches import Rectangle

    edge, thick = (MUTED, 1.0) if bold_edge else (RULE, 0.9)
    page.add_patch(Rectangle((x, y), width, height, facecolor="white", edgecolor=edge, linewidth=thick, zorder=2))
    for i, line in enumerate(lines):
        page.text(x + 0.1, y + 0.07 + _LINE * (i + 0.5), line, va="center", zorder=3)


def _arrow(page: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    look = {"arrowstyle": "-|>", "color": MUTED, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 8}
    page.annotate("", xy=end, xytext=start, arrowprops=look, zorder=1)
