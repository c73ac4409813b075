"""What every estimate demands of its input: durations in days and 0/1 events that can be believed.

lifelines accepts negative durations without a word and R drops intervals of no length with a warning;
here both stop with a sentence, because a number from them would be wrong and look right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from schemas.errors import SarcregError

DAYS_PER_MONTH = 30.4375
LARGEST_STANDARD_ERROR = 25.0
"""In standard deviations of the covariate: beyond it the likelihood of a model has no maximum worth the name."""

_ROUNDING = float(np.sqrt(np.finfo(np.float64).eps))

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class EstimateError(SarcregError):
    """The input of an estimate cannot be used; says how many of its values are at fault, never which."""


@dataclass(frozen=True)
class Durations:
    """Checked input of an estimate; arrays of equal length, one entry per subject.

    time_days: end of observation, >= 0 and > entry_days.
    is_event: True where the observation ended with the event.
    entry_days: start of observation (delayed entry), -inf where observed from the origin.
    weights: case weights > 0, or None for one each.
    """

    time_days: Floats
    is_event: NDArray[np.bool_]
    entry_days: Floats | None
    weights: Floats | None

    @property
    def n(self) -> int:
        """Number of subjects (rows)."""
        return len(self.time_days)

    @property
    def events(self) -> int:
        """Number of subjects (rows) with the event."""
        return int(self.is_event.sum())

    def take(self, chosen: NDArray[np.bool_]) -> Durations:
        """The chosen subjects alone."""
        entries = None if self.entry_days is None else self.entry_days[chosen]
        weights = None if self.weights is None else self.weights[chosen]
        return Durations(self.time_days[chosen], self.is_event[chosen], entries, weights)


def durations(
    time_days: ArrayLike | pl.Series,
    event: ArrayLike | pl.Series,
    *,
    entry_days: ArrayLike | pl.Series | None = None,
    weights: ArrayLike | pl.Series | None = None,
) -> Durations:
    """Check and return times, events, entries and weights of n subjects.

    Raises EstimateError for no subjects, unequal lengths, missing or infinite values, negative durations,
    an event that is neither 0 nor 1, an entry not before its end, or a weight that is not positive.
    """
    if len(time_days) == 0:  # type: ignore[arg-type]
        raise EstimateError("No subjects: an estimate needs at least one duration.")
    times = _floats("time_days", time_days)
    events = _floats("event", event)
    entries = None if entry_days is None else _floats("entry_days", entry_days)
    cases = None if weights is None else _floats("weights", weights)
    for name, values in (("event", events), ("entry_days", entries), ("weights", cases)):
        if values is not None and len(values) != len(times):
            raise EstimateError(f"{name} has {len(values)} values and time_days {len(times)}: give one each.")
    _refuse("a negative time_days", times < 0, "Correct the dates: the end lies before time zero.")
    _refuse("an event other than 0 or 1", ~np.isin(events, (0.0, 1.0)), "Code events 1 and censored 0.")
    times, entries = _told_apart(times, entries)
    if entries is not None:
        _refuse("entry_days >= time_days", entries >= times, "A subject must enter before it leaves.")
    if cases is not None:
        _refuse("a weight that is not positive", cases <= 0, "Leave such subjects out, and say so.")
    return Durations(times, events == 1.0, entries, cases)


def _told_apart(times: Floats, entries: Floats | None) -> tuple[Floats, Floats | None]:
    """Times that differ by rounding alone (0.1 + 0.2 and 0.3) become one, as R's aeqSurv does: they are ties."""
    every = times if entries is None else np.concatenate([times, entries])
    if np.array_equal(every, np.rint(every)):
        return times, entries
    distinct = np.unique(every)
    apart = np.diff(distinct) > _ROUNDING * max(1.0, float(np.abs(distinct).mean()))
    if apart.all():
        return times, entries
    kept = distinct[np.concatenate([[True], apart])]
    merged = [None if v is None else kept[np.searchsorted(kept, v, side="right") - 1] for v in (times, entries)]
    return np.asarray(merged[0]), merged[1]


def labels(values: pl.Series) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The distinct labels in order, and each subject's position among them. None may be missing."""
    if values.null_count():
        raise EstimateError(f"{values.null_count()} of {len(values)} labels are missing: leave such subjects out.")
    distinct = values.unique().sort()
    position = values.to_frame("value").join(
        distinct.to_frame("value").with_row_index("position"), on="value", how="left", maintain_order="left"
    )
    return tuple(str(v) for v in distinct), position["position"].cast(pl.Int64).to_numpy()


def _floats(name: str, values: Any) -> Floats:
    series = values if isinstance(values, pl.Series) else pl.Series(np.asarray(values).tolist(), strict=False)
    if series.dtype == pl.Null or series.null_count():
        raise EstimateError(f"{series.null_count()} of {len(series)} values of {name} are missing: leave them out.")
    if not (series.dtype.is_numeric() or series.dtype == pl.Boolean):
        raise EstimateError(f"{name} is of type {series.dtype}, not a number.")
    array = series.cast(pl.Float64).to_numpy()
    _refuse(f"a {name} that is no finite number", ~np.isfinite(array), "Correct them or leave them out.")
    return array


def _refuse(what: str, faults: NDArray[np.bool_], remedy: str) -> None:
    if faults.any():
        raise EstimateError(f"{int(faults.sum())} of {len(faults)} subjects have {what}. {remedy}")
