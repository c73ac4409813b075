"""Concordance equals counting every pair, ties, weights and late entry included."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.survival.concordance import concordance
from analytics.survival.durations import durations


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize("n", [1, 2, 3, 17, 64, 65])
def test_it_counts_every_pair(n: int, is_late: bool) -> None:
    draw = np.random.default_rng(n)
    time, event = draw.integers(1, max(3, n // 3), n) + 1.0, draw.integers(0, 2, n)
    risk, weight = draw.integers(0, max(2, n // 4), n).astype(float), draw.uniform(0.5, 2, n)
    entry = np.floor(time * draw.uniform(0, 0.9, n))
    data = durations(time, event, entry_days=entry if is_late else None, weights=weight)
    found = concordance(data, risk)

    later = (time[None, :] > time[:, None]) | ((time[None, :] == time[:, None]) & (event[None, :] == 0))
    comparable = (event[:, None] == 1) & later & ~np.eye(n, dtype=bool)
    if is_late:
        comparable &= entry[None, :] < time[:, None]
    pairs, apart = comparable * np.outer(weight, weight), risk[:, None] - risk[None, :]
    expected = [pairs[apart > 0].sum(), pairs[apart < 0].sum(), pairs[apart == 0].sum()]
    assert [found.concordant, found.discordant, found.tied] == pytest.approx(expected)
