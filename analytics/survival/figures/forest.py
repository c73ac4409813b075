"""Forest figures: hazard ratios with their limits beside the counts they rest on; subgroups, centres, sensitivities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from analytics.locale.catalogue import catalogue
from analytics.locale.numbers import count, decimal
from analytics.survival.figures.style import (
    COLOURS,
    FONT_SIZE,
    INK,
    MUTED,
    RULE,
    Picture,
    canvas,
    panel,
    sheet,
    width_of,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS: Mapping[str, Any] = {
    "kind": pl.String,
    "label": pl.String,
    "n": pl.Int64,
    "events": pl.Int64,
    "hazard_ratio": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "p_value": pl.Float64,
    "reason": pl.String,
}
"""What `forest` draws, one row a line from the top.

kind: heading (a label, and the P of what stands below it), estimate, reference, pooled (a diamond) or range (from
the least to the greatest of several estimates, no interval of confidence). reason: said where there is no estimate.
"""

_ROW, _GAP, _PLOT, _INDENT = 0.185, 0.16, 2.3, 0.14  # inches
_LABEL_WIDTH = 2.5
_NARROWEST, _WIDEST = 0.05, 20.0  # an interval beyond is cut and ends in an arrow
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def forest(
    rows: pl.DataFrame,
    title: str,
    lang: str,
    *,
    name: str,
    p_header: str | None = None,
    sides: tuple[str, str] | None = None,
    foot: Sequence[str] = (),
) -> Picture:
    """The rows (see COLUMNS; other columns are kept in the CSV) as a table with their intervals on a log scale.

    p_header: names the column of P values; None leaves it out. sides: what a ratio below and above 1 means,
    written under the axis. foot: lines under the figure.
    """
    words, lines = catalogue(lang), rows.to_dicts()
    with canvas(name):
        labels = [wrapped(row["label"], _LABEL_WIDTH) for row in lines]
        counts = [_counts(row, lang) for row in lines]
        ratios = [_written(row, lang) for row in lines]
        p_values = [_p(row["p_value"], lang) for row in lines] if p_header else []
        heads = [words.text(f"drawing.{key}") for key in ("events_n", "ratio")]
        widths = [
            max(width_of(part) for label in labels for part in label) + _INDENT,
            max(map(width_of, [*counts, heads[0]])),
            max(map(width_of, [*ratios, heads[1]])),
            max(map(width_of, [*p_values, p_header or ""])),
        ]
        starts = np.cumsum([0.08, widths[0] + _GAP, widths[1] + _GAP, _PLOT + _GAP, widths[2] + _GAP])
        whole = max(float(starts[4]) + (widths[3] + 0.08 if p_header else 0), width_of(title, FONT_SIZE + 1.5) + 0.1)
        below = [part for text in foot for part in wrapped(text, whole - 0.2)]
        top = 0.62
        extra = [0.05 if row["kind"] == "heading" else 0.0 for row in lines]
        heights = [_ROW * len(label) + more for label, more in zip(labels, extra, strict=True)]
        bottom = 0.54 + _ROW * len(below) + (0.2 if sides else 0)
        figure, page = sheet(whole, top + sum(heights) + bottom)
        page.text(0.08, 0.17, title, fontsize=FONT_SIZE + 1.5, va="center_baseline")
        axes = panel(figure, float(starts[2]), top - 0.06, _PLOT, sum(heights) + 0.1)
        axes.set_ylim(sum(heights) + 0.04, -0.06)
        limits = _scale(axes, rows)
        columns = [(starts[0], "", "left"), (starts[1], heads[0], "left"), (starts[3], heads[1], "left")]
        columns += [(starts[4], p_header, "left")] if p_header else []
        for x, head, align in columns:
            page.text(x, 0.45, head, va="center_baseline", ha=align, color=MUTED)
        page.plot([0.08, whole - 0.08], [0.55, 0.55], color=RULE, linewidth=0.8)
        at = 0.0
        for i, row in enumerate(lines):
            at += extra[i]
            y = at + _ROW * len(labels[i]) / 2
            indent = 0 if row["kind"] in {"heading", "pooled"} else _INDENT
            shade = MUTED if row["hazard_ratio"] is None else INK
            page.text(starts[0] + indent, top + y, "\n".join(labels[i]), va="center_baseline", linespacing=1.25)
            page.text(starts[1], top + y, counts[i], va="center_baseline", color=INK)
            page.text(starts[3], top + y, ratios[i], va="center_baseline", color=shade)
            if p_header:
                page.text(starts[4], top + y, p_values[i], va="center_baseline")
            _interval(axes, row, y, limits)
            at += _ROW * len(labels[i])
        foot_at = top + sum(heights) + 0.47
        axes.set_xlabel(words.text("drawing.ratio_axis"), labelpad=2)
        if sides:
            middle = starts[2] + _PLOT * _place(1.0, limits)
            page.text(middle - 0.08, foot_at + 0.08, f"← {sides[0]}", ha="right", va="center_baseline", color=MUTED)
            page.text(middle + 0.08, foot_at + 0.08, f"{sides[1]} →", ha="left", va="center_baseline", color=MUTED)
            foot_at += 0.2
        for i, text in enumerate(below):
            page.text(0.08, foot_at + _ROW * (i + 0.5), text, va="center_baseline", color=MUTED)
    return Picture(name, figure, rows)


def _scale(axes: Axes, rows: pl.DataFrame) -> tuple[float, float]:
    """A log scale wide enough for every interval, within reason, with 1 on it; returns its limits."""
    from matplotlib.ticker import FixedLocator, NullLocator

    ends = pl.concat([rows[column].drop_nulls() for column in ("lower", "upper", "hazard_ratio")])
    ends = ends.filter(ends.is_finite() & (ends > 0))
    low = min(0.5, max(_NARROWEST, float(ends.min() or 0.5) * 0.9))  # type: ignore[arg-type]
    high = max(2.0, min(_WIDEST, float(ends.max() or 2.0) * 1.1))  # type: ignore[arg-type]
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    ticks = [t for t in _TICKS if low <= t <= high]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([f"{t:g}" for t in ticks])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(1, color=MUTED, linewidth=0.8)
    return low, high


def _interval(axes: Axes, row: Mapping[str, Any], y: float, limits: tuple[float, float]) -> None:
    ratio, lower, upper = row["hazard_ratio"], row["lower"], row["upper"]
    if row["kind"] == "reference":
        axes.plot([1], [y], "o", markerfacecolor="white", markeredgecolor=MUTED, markersize=4.5)
    if ratio is None or lower is None or upper is None:
        return
    low, high = max(lower, limits[0]), min(upper, limits[1])
    if row["kind"] == "pooled":
        half = 0.055
        axes.fill([low, ratio, high, ratio], [y, y - half, y, y + half], color=COLOURS[1], linewidth=0)
        return
    is_range = row["kind"] == "range"
    colour = MUTED if is_range else COLOURS[0]
    axes.plot([low, high], [y, y], color=colour, linewidth=4 if is_range else 1.3, alpha=0.45 if is_range else 1)
    for end, cut, marker in ((lower, limits[0], "<"), (upper, limits[1], ">")):
        if end < limits[0] or end > limits[1]:
            axes.plot([cut], [y], marker, color=colour, markersize=4.5, clip_on=False)
    if limits[0] <= ratio <= limits[1]:
        axes.plot([ratio], [y], "D" if is_range else "s", color=INK if is_range else colour, markersize=4.2)


def _place(ratio: float, limits: tuple[float, float]) -> float:
    low, high = np.log(limits)
    return float((np.log(ratio) - low) / (high - low))


def _counts(row: Mapping[str, Any], lang: str) -> str:
    return "" if row["n"] is None else f"{count(row['events'], lang)}/{count(row['n'], lang)}"


def _written(row: Mapping[str, Any], lang: str) -> str:
    if row["hazard_ratio"] is None:
        return row["reason"] or ""
    ratio, lower, upper = (decimal(row[column], 2, lang) for column in ("hazard_ratio", "lower", "upper"))
    if row["kind"] == "range":
        return f"{ratio} [{lower}, {upper}]"
    return f"{ratio} ({lower}, {upper})"


def _p(p: float | None, lang: str) -> str:
    if p is None:
        return ""
    return "<0.001" if p < 0.001 else decimal(p, 3, lang)
