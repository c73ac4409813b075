"""Seeded draws that come out the same on every machine: all of them are made from `random.Random.random` alone."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")
_NORMAL = NormalDist()


class Draw:
    """A stream of draws named by its purpose, so that one part's draws never shift another's."""

    def __init__(self, *purpose: object) -> None:
        self._random = random.Random(":".join(str(part) for part in purpose))

    def uniform(self) -> float:
        """A number in (0, 1)."""
        return min(max(self._random.random(), 1e-12), 1 - 1e-12)

    def chance(self, probability: float) -> bool:
        """True with the probability given."""
        return self.uniform() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices, each as likely."""
        return choices[int(self.uniform() * len(choices))]

    def weighted(self, *choices: tuple[T, float]) -> T:
        """One of the choices, by its weight."""
        at = self.uniform() * sum(weight for _, weight in choices)
        for choice, weight in choices:
            at -= weight
            if at < 0:
                return choice
        return choices[-1][0]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in a random order (Fisher and Yates)."""
        out = list(items)
        for last in range(len(out) - 1, 0, -1):
            other = int(self.uniform() * (last + 1))
            out[last], out[other] = out[other], out[last]
        return out

    def weibull(self, median: float, shape: float) -> float:
        """A Weibull time with the median and shape given; shape 1 is exponential."""
        return float(median * (math.log(self.uniform()) / math.log(0.5)) ** (1 / shape))

    def lognormal(self, median: float, sigma: float) -> float:
        """A lognormal time with the median given."""
        return float(median * math.exp(sigma * _NORMAL.inv_cdf(self.uniform())))
