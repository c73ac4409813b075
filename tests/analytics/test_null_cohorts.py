"""Where nothing has an effect, P falls below 0.05 in about one of twenty cohorts, small groups included."""

from __future__ import annotations

from pathlib import Path

import null_cohorts
import polars as pl
import pytest

DOCS = Path(__file__).parents[2] / "docs" / "survival.md"
SEED = 20250101

HONEST = ("log-rank", "stratified by centre", "permutation", "Cox LR", "Firth LR")
"""Tests of which none is proven to raise too many false alarms in groups of ten and more."""


def test_group_sizes_are_as_named() -> None:
    slots, _ = null_cohorts.cohort(SEED)
    for name, pick in null_cohorts.COMPARISONS.items():
        sides = [pick(slot) for slot in slots]
        numbers = [int(word) for word in name.replace(",", "").split() if word.isdigit()]
        assert numbers == [sides.count(True), sides.count(False)]


def test_a_sample_raises_few_false_alarms() -> None:
    rows = pl.DataFrame(list(null_cohorts.trials(15, SEED)))
    assert rows.height == 15 * len(null_cohorts.COMPARISONS) * 2 * len(null_cohorts.TESTS)
    found = null_cohorts.shares(rows, "test")
    assert set(found["test"]) == set(null_cohorts.TESTS)
    assert found["share"].max() < 0.15  # type: ignore[operator]
    assert found["share"].max() > 0  # type: ignore[operator]


def test_the_measure_sees_an_effect() -> None:
    slots, ends = null_cohorts.cohort(SEED)
    first = pl.Series([slot.line <= 2 for slot in slots])
    data = ends["OS"]
    shorter = null_cohorts.Durations(data.time_days * (1 - 0.8 * first.to_numpy()), data.is_event, None, None)
    found = null_cohorts.p_values(shorter, first, pl.Series([slot.centre for slot in slots]), SEED)
    assert max(p for p in found.values() if p is not None) < 0.05


def test_the_interval_is_clopper_and_pearsons() -> None:
    from scipy.stats import binomtest

    rows = pl.DataFrame({"test": ["a"] * 40 + ["b"] * 10, "p_value": [0.01] * 3 + [0.5] * 37 + [0.9] * 10})
    for row, (below, n) in zip(
        null_cohorts.shares(rows, "test").iter_rows(named=True), [(3, 40), (0, 10)], strict=True
    ):
        wanted = binomtest(below, n).proportion_ci(method="exact")
        assert (row["lower"], row["upper"]) == pytest.approx((wanted.low, wanted.high))


@pytest.mark.slow
def test_a_thousand_null_cohorts() -> None:
    rows = pl.DataFrame(list(null_cohorts.trials(1000, SEED)))
    assert null_cohorts.table(rows) in DOCS.read_text(encoding="utf-8")
    found = null_cohorts.shares(rows, "comparison", "endpoint", "test", confidence=0.999)
    honest = found.filter(pl.col("test").is_in(HONEST) & (pl.col("comparison") != "AS 6 v MFS 4"))
    assert honest.filter(pl.col("lower") > 0.05).is_empty()
    exact = found.filter(pl.col("test") == "permutation")
    assert exact.filter(pl.col("lower") > 0.05).is_empty()
    # Known, and said in the docs: normal limits of restricted means are too narrow in small groups.
    restricted = found.filter((pl.col("test") == "RMST 12 months") & (pl.col("lower") > 0.05))
    assert "AS 6 v MFS 4" in restricted["comparison"]
