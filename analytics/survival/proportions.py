"""A proportion with its interval, and the difference of two: response and disease control rates.

Clopper and Pearson 1934; Wilson 1927; Newcombe 1998 (method 10, from Wilson's intervals).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from analytics.survival.durations import EstimateError

Method = Literal["clopper_pearson", "wilson"]


@dataclass(frozen=True)
class Proportion:
    """events of n. estimate, lower, upper: between 0 and 1, null where n is 0."""

    events: int
    n: int
    estimate: float | None
    lower: float | None
    upper: float | None
    method: Method


@dataclass(frozen=True)
class Difference:
    """The first proportion less the second, with Newcombe's interval; null where a group is empty."""

    first: Proportion
    second: Proportion
    estimate: float | None
    lower: float | None
    upper: float | None


def proportion(events: int, n: int, *, method: Method = "clopper_pearson", confidence: float = 0.95) -> Proportion:
    """events of n with an exact (Clopper-Pearson) or a score (Wilson) interval.

    Raises EstimateError unless 0 <= events <= n.
    """
    if not 0 <= events <= n:
        raise EstimateError(f"{events} events of {n} subjects cannot be: count each subject once.")
    if method not in get_args(Method):
        raise EstimateError(f"method '{method}' is not known: use one of {', '.join(get_args(Method))}.")
    if n == 0:
        return Proportion(events, n, None, None, None, method)
    lower, upper = (_exact if method == "clopper_pearson" else _wilson)(events, n, confidence)
    return Proportion(events, n, events / n, lower, upper, method)


def difference(first: tuple[int, int], second: tuple[int, int], *, confidence: float = 0.95) -> Difference:
    """Difference of two proportions, each given as (events, n), with Newcombe's interval without correction."""
    one, two = (proportion(*counts, method="wilson", confidence=confidence) for counts in (first, second))
    if one.estimate is None or two.estimate is None:
        return Difference(one, two, None, None, None)
    ends = [(p.estimate or 0.0, p.lower or 0.0, p.upper or 0.0) for p in (one, two)]
    (p1, lower1, upper1), (p2, lower2, upper2) = ends
    estimate = p1 - p2
    lower = estimate - ((p1 - lower1) ** 2 + (upper2 - p2) ** 2) ** 0.5
    upper = estimate + ((upper1 - p1) ** 2 + (p2 - lower2) ** 2) ** 0.5
    return Difference(one, two, estimate, lower, upper)


def _exact(events: int, n: int, confidence: float) -> tuple[float, float]:
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    lower = 0.0 if events == 0 else float(betaincinv(events, n - events + 1, tail))
    upper = 1.0 if events == n else float(betaincinv(events + 1, n - events, 1 - tail))
    return lower, upper


def _wilson(events: int, n: int, confidence: float) -> tuple[float, float]:
    from scipy.special import ndtri

    z = float(ndtri(0.5 + confidence / 2))
    share = events / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * (share * (1 - share) / n + z**2 / (4 * n**2)) ** 0.5
    # At the ends the two terms are equal but for rounding.
    return 0.0 if events == 0 else centre - half, 1.0 if events == n else centre + half
