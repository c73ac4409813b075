"""Kaplan-Meier figures: curve, limits, censoring marks and, under it, who was at risk, censored and had the event.

Drawn for a column of 400 pixels, so that one drawing serves a telephone and, two beside each other, a screen.
Groups differ by colour, by line style and by a label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from analytics.survival.durations import DAYS_PER_MONTH
from analytics.survival.figures.style import COLOURS, FONT_SIZE, INK, MUTED, STYLES, Picture, canvas, panel, sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _LEFT, _RIGHT = 4.2, 0.98, 0.14  # inches
_AXES_HEIGHT, _ROW = 2.3, 0.162


@dataclass(frozen=True)
class Words:
    """What is written on a figure, in the reader's language. time, share: axes with their units.

    title: the end point; qualifier: what must be said with it, or nothing.
    """

    title: str
    qualifier: str
    time: str
    share: str
    at_risk: str
    censored: str
    events: str


@dataclass(frozen=True)
class Group:
    """One curve. label: name with its n and events. curve, at_risk: its rows of the results."""

    label: str
    curve: pl.DataFrame
    at_risk: pl.DataFrame


def kaplan_meier_figure(groups: Sequence[Group], words: Words, *, longest_days: float, name: str) -> Picture:
    """The curves of at most six groups, all with the same ticks in at_risk (time_months).

    longest_days: the axis reaches so far, so that the figures of one comparison share it.
    """
    rows = sum(1 + 3 for _ in groups)
    top = _ROW * (len(groups) + (2.7 if words.qualifier else 1.7))
    bottom = 0.5 + _ROW * (rows + 0.4 * len(groups))
    height = top + _AXES_HEIGHT + bottom
    with canvas(name):
        figure, _ = sheet(_WIDTH, height)
        axes = panel(figure, _LEFT, top, _WIDTH - _LEFT - _RIGHT, _AXES_HEIGHT)
        _curves(axes, groups)
        _frame(axes, groups, words, longest_days / DAYS_PER_MONTH)
        _legend(figure, groups, words, height)
        _counts(axes, groups, words)
    return Picture(name, figure, _drawn(groups))


def _drawn(groups: Sequence[Group]) -> pl.DataFrame:
    """Columns: group, row (curve or at_risk), time_days, survival, lower, upper, n_at_risk, n_censored, n_events."""
    parts = []
    for group in groups:
        curve = group.curve.select("time_days", "survival", "lower", "upper", row=pl.lit("curve"))
        counts = group.at_risk.select("time_days", "n_at_risk", "n_censored", "n_events", row=pl.lit("at_risk"))
        parts += [part.with_columns(group=pl.lit(group.label)) for part in (curve, counts)]
    return pl.concat(parts, how="diagonal_relaxed").select("group", "row", pl.exclude("group", "row"))


def _curves(axes: Axes, groups: Sequence[Group]) -> None:
    for group, colour, style in zip(groups, COLOURS, STYLES, strict=False):
        months = np.concatenate([[0.0], group.curve["time_days"].to_numpy() / DAYS_PER_MONTH])
        survival, lower, upper = (
            100 * np.concatenate([[1.0], group.curve[c].to_numpy()]) for c in ("survival", "lower", "upper")
        )
        # No event yet: the log-log limits are undefined and the curve is at 100.
        lower[survival == 100], upper[survival == 100] = 100, 100
        axes.fill_between(months, lower, upper, step="post", color=colour, alpha=0.13, linewidth=0)
        axes.step(months, survival, where="post", color=colour, linestyle=style, linewidth=1.6)
        censored = group.curve["n_censor"].to_numpy() > 0
        axes.plot(months[1:][censored], survival[1:][censored], "|", color=colour, markersize=5, markeredgewidth=0.9)


def _frame(axes: Axes, groups: Sequence[Group], words: Words, longest_months: float) -> None:
    ticks = groups[0].at_risk["time_months"].to_list()
    axes.set_xlim(0, max(longest_months * 1.02, ticks[-1], 1))
    axes.set_ylim(0, 102)
    axes.set_xticks(ticks)
    axes.set_yticks([0, 25, 50, 75, 100])
    axes.grid(axis="y", color="#e3e6ea", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel(words.time, labelpad=2)
    axes.set_ylabel(words.share, labelpad=3)


def _legend(figure: Any, groups: Sequence[Group], words: Words, height: float) -> None:
    from matplotlib.lines import Line2D

    y = height - 0.17
    figure.text(0.06 / _WIDTH, y / height, words.title, fontsize=FONT_SIZE + 1.5, va="center")
    if words.qualifier:
        y -= _ROW
        figure.text(0.06 / _WIDTH, y / height, words.qualifier, va="center", color=MUTED)
    for group, colour, style in zip(groups, COLOURS, STYLES, strict=False):
        y -= _ROW
        at = y / height
        ends = [0.08 / _WIDTH, 0.45 / _WIDTH]
        figure.add_artist(Line2D(ends, [at, at], color=colour, linestyle=style, linewidth=1.6))
        figure.text(0.53 / _WIDTH, at, group.label, va="center")


def _counts(axes: Axes, groups: Sequence[Group], words: Words) -> None:
    """Counts under the ticks, one block per group, headed by the group's own line."""
    from matplotlib.transforms import offset_copy

    figure: Any = axes.figure
    names: Mapping[str, str] = {"n_at_risk": words.at_risk, "n_censored": words.censored, "n_events": words.events}
    depth = 0.5

    def below(inches: float) -> tuple[Any, Any]:
        return (
            offset_copy(axes.get_xaxis_transform(), fig=figure, y=-inches),
            offset_copy(axes.transAxes, fig=figure, x=-(_LEFT - 0.08), y=-inches),
        )

    for group, colour, style in zip(groups, COLOURS, STYLES, strict=False):
        depth += _ROW * 0.5
        _, margin = below(depth)
        axes.plot([0, 0.16], [0, 0], transform=margin, color=colour, linestyle=style, linewidth=1.6, clip_on=False)
        axes.text(0.19, 0, group.label, transform=margin, va="center", color=INK)
        for column, name in names.items():
            depth += _ROW
            numbers, margin = below(depth)
            axes.text(0, 0, name, transform=margin, va="center", color=MUTED)
            for month, count in group.at_risk.select("time_months", column).iter_rows():
                axes.text(
                    month,
                    0,
                    "–" if count is None else f"{count:.0f}",
                    transform=numbers,
                    ha="center",
                    va="center",
                    color=INK,
                )
        depth += _ROW * 0.9
