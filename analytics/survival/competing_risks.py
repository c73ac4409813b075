"""Which event comes first, when several exclude one another: cumulative incidence and Gray's test.

Aalen and Johansen 1978; Gray 1988 (R's cmprsk). lifelines breaks ties at random, so that two runs differ;
one minus Kaplan-Meier counts a competing event as censored and comes out too high.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from analytics.survival.durations import Durations, EstimateError, durations, labels
from analytics.survival.partial_likelihood import Ints

Variance = Literal["jackknife", "aalen"]


@dataclass(frozen=True)
class CompetingRisks:
    """Checked input. data: is_event where any event ended the observation. cause: n, 0 censored, 1..k.

    names: the label of each cause, in order.
    """

    data: Durations
    cause: Ints
    names: tuple[str, ...]


def competing_risks(
    time_days: pl.Series,
    cause: pl.Series,
    *,
    entry_days: pl.Series | None = None,
    weights: pl.Series | None = None,
) -> CompetingRisks:
    """Check times and causes; a null cause is censored. Raises EstimateError as `durations` does."""
    if len(cause) != len(time_days):
        raise EstimateError(f"cause has {len(cause)} values and time_days {len(time_days)}: give one each.")
    known = cause.is_not_null()
    data = durations(time_days, known, entry_days=entry_days, weights=weights)
    names, position = labels(cause.filter(known))
    code = np.zeros(data.n, dtype=np.int64)
    code[known.to_numpy()] = position + 1
    return CompetingRisks(data, code, names)
