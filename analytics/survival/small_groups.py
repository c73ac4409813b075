"""How much may be said of few patients: thresholds of the plan, decided before any result is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from analytics.plan import SmallGroups

Rule = Literal["full", "descriptive", "counts_only"]


def rule(sizes: Sequence[int], events: int, thresholds: SmallGroups) -> Rule:
    """What is shown of groups of these sizes with so many events in all.

    counts_only: curves and counts, no P. descriptive: a permutation P, labelled so. full: the log-rank P.
    """
    smallest = min(sizes, default=0)
    if smallest < thresholds.no_p.group or events < thresholds.no_p.events:
        return "counts_only"
    if smallest < thresholds.descriptive.group or events < thresholds.descriptive.events:
        return "descriptive"
    return "full"
