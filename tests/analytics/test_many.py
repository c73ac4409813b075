"""Many sets at once: the same numbers as set by set."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.survival.cox import cox
from analytics.survival.durations import EstimateError, durations
from analytics.survival.estimates import kaplan_meier, quantiles
from analytics.survival.many import Sets, log_hazard_ratios, medians, restricted_means
from analytics.survival.restricted_mean import restricted_mean

TAUS = (4.0, 9.0)


def drawn(seed: int, n_sets: int, n: int, longest: int, terms: int = 2) -> Sets:
    """Few distinct times, so that ties abound; some places are empty; the last set is no neighbour of the first."""
    draw = np.random.default_rng(seed)
    base = draw.integers(0, longest, n).astype(float), draw.random(n) < 0.6, draw.random(n) < 0.8
    time, event, is_in = (np.repeat(one[None, :], n_sets, axis=0) for one in base)
    x = np.repeat((draw.random((n, terms)) < 0.5).astype(float)[None], n_sets, axis=0)
    for row in range(1, n_sets):
        place = draw.integers(n)
        time[row, place], event[row, place] = draw.integers(0, longest), draw.random() < 0.5
        is_in[row, place], x[row, place] = draw.random() < 0.7, draw.random(terms) < 0.5
    time[-1], event[-1] = draw.integers(0, longest, n), draw.random(n) < 0.5
    return Sets(time, event, is_in, x)


def one_by_one(sets: Sets, row: int) -> tuple[list[float], list[float], float]:
    """Coefficients, restricted means and median of one set, by the modules that reports use."""
    chosen = sets.is_in[row]
    if not chosen.any():
        return [np.nan] * sets.x.shape[2], [np.nan] * len(TAUS), np.nan
    data = durations(pl.Series(sets.time_days[row][chosen]), pl.Series(sets.is_event[row][chosen]))
    fit = cox(data, pl.DataFrame(sets.x[row][chosen], schema=[f"x{i}" for i in range(sets.x.shape[2])]))
    coef = [np.nan if value is None else value for value in fit.terms["coef"]]
    curve = kaplan_meier(data)
    means = []
    for tau in TAUS:
        try:
            means.append(restricted_mean(curve, tau)[0])
        except EstimateError:
            means.append(np.nan)
    median = quantiles(curve, [0.5])["time_days"].item()
    return coef, means, np.nan if median is None else median


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 40), st.sampled_from([4, 12, 400]))
def test_every_set_gives_what_it_gives_alone(seed: int, n: int, longest: int) -> None:
    sets = drawn(seed, 6, n, longest)
    coefs, means, middles = log_hazard_ratios(sets), restricted_means(sets, TAUS), medians(sets)
    for row in range(6):
        coef, mean, median = one_by_one(sets, row)
        np.testing.assert_allclose(coefs[row], coef, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(means[row], mean, rtol=1e-10)
        np.testing.assert_allclose(middles[row], median, rtol=1e-10)


def test_sets_taken_in_turn_are_the_same_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = drawn(3, 30, 25, 12)
    whole = log_hazard_ratios(sets)
    monkeypatch.setattr("analytics.survival.many._MOST_NUMBERS", 700)
    np.testing.assert_allclose(log_hazard_ratios(sets), whole, rtol=1e-12)
