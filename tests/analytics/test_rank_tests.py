"""Log-rank tests: what cannot be tested is said, permutations are counted, labels and order do not matter."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest

from analytics.survival.durations import EstimateError, durations
from analytics.survival.rank_tests import holm, log_rank, permutation_log_rank


def two_groups(n: int = 60, seed: int = 5) -> tuple[np.ndarray, np.ndarray, pl.Series]:
    draw = np.random.default_rng(seed)
    group = pl.Series(draw.choice(["a", "b"], n))
    time = np.ceil(draw.exponential(np.where(group == "a", 30, 15)))
    return time, draw.random(n) < 0.8, group


@pytest.mark.parametrize(
    ("time", "event", "group", "reason"),
    [
        ([1, 2, 3], [1, 1, 1], ["a", "a", "a"], "one_group"),
        ([1, 2, 3], [0, 0, 0], ["a", "b", "b"], "no_events"),
        ([1, 2, 3], [0, 0, 1], ["a", "a", "b"], "no_information"),  # only b is left when its event comes
        ([5, 5], [1, 1], ["a", "b"], "no_information"),  # everybody has it at once
    ],
)
def test_no_number_where_there_is_no_test(time: list[int], event: list[int], group: list[str], reason: str) -> None:
    test = log_rank(durations(time, event), pl.Series(group))
    assert (test.p_value, test.chi_square, test.reason) == (None, None, reason)
    assert (test.n, test.events) == (len(time), sum(event))


def test_a_missing_label_or_a_weight_is_refused() -> None:
    with pytest.raises(EstimateError, match="2 subjects have 1 known labels"):
        log_rank(durations([1, 2], [1, 1]), pl.Series(["a", None]))
    with pytest.raises(EstimateError, match="leave the weights out"):
        log_rank(durations([1, 2], [1, 1], weights=[1, 2]), pl.Series(["a", "b"]))


def test_order_labels_and_calendar_do_not_matter() -> None:
    time, event, group = two_groups()
    test = log_rank(durations(time, event), group)
    order = np.random.default_rng(0).permutation(len(time))
    shuffled = log_rank(durations(time[order], event[order]), group[order.tolist()])
    renamed = log_rank(durations(time, event), group.replace_strict({"a": "zeta", "b": "alpha"}))
    later = log_rank(durations(time + 1000, event), group)
    assert test.p_value is not None
    assert shuffled.p_value == pytest.approx(test.p_value, rel=1e-12)
    assert renamed.p_value == pytest.approx(test.p_value, rel=1e-12)
    assert later.p_value == pytest.approx(test.p_value, rel=1e-12)


def test_equals_lifelines_for_the_plain_test() -> None:
    from lifelines.statistics import multivariate_logrank_test

    time, event, group = two_groups()
    theirs = multivariate_logrank_test(time, group.to_numpy(), event)
    assert log_rank(durations(time, event), group).p_value == pytest.approx(theirs.p_value, rel=1e-9)


def test_one_stratum_is_no_stratum() -> None:
    time, event, group = two_groups()
    data = durations(time, event)
    assert log_rank(data, group, strata=pl.Series(["x"] * data.n)).p_value == log_rank(data, group).p_value


def test_the_exact_permutation_counts_every_arrangement() -> None:
    time, event, group = [3, 1, 7, 9, 4, 8], [1, 1, 1, 0, 1, 1], ["a", "a", "b", "b", "a", "b"]
    data = durations(time, event)
    numerators = []
    for chosen in combinations(range(6), 3):
        labels = pl.Series(["a" if i in chosen else "b" for i in range(6)])
        first = log_rank(data, labels).groups.row(0, named=True)
        numerators.append(abs(first["observed"] - first["expected"]))
    observed = log_rank(data, pl.Series(group)).groups.row(0, named=True)
    as_large = sum(x >= abs(observed["observed"] - observed["expected"]) - 1e-9 for x in numerators)
    test = permutation_log_rank(data, pl.Series(group), seed=1)
    assert (test.is_exact, test.arrangements) == (True, 20)
    assert test.p_value == as_large / 20
    assert test.smallest_p_value == sum(x >= max(numerators) - 1e-9 for x in numerators) / 20


def test_drawn_permutations_are_seeded_and_near_the_log_rank_p_of_a_large_group() -> None:
    time, event, group = two_groups(300, seed=8)
    group = pl.Series(np.random.default_rng(2).permutation(group.to_numpy()))
    data = durations(time, event)
    first, again = (permutation_log_rank(data, group, seed=11, draws=4999) for _ in range(2))
    assert first == again
    assert not first.is_exact
    assert first.smallest_p_value == 1 / 5000
    assert first.p_value == pytest.approx(log_rank(data, group).p_value, abs=0.03)


@pytest.mark.parametrize(
    ("event", "group", "reason"), [([0, 0], ["a", "b"], "no_events"), ([1, 1], ["a", "a"], "one_group")]
)
def test_no_permutation_where_there_is_no_test(event: list[int], group: list[str], reason: str) -> None:
    test = permutation_log_rank(durations([1, 2], event), pl.Series(group), seed=1)
    assert (test.p_value, test.smallest_p_value, test.reason) == (None, None, reason)


def test_three_groups_are_not_permuted() -> None:
    with pytest.raises(EstimateError, match="compares two groups; here are 3"):
        permutation_log_rank(durations([1, 2, 3], [1, 1, 1]), pl.Series(["a", "b", "c"]), seed=1)


def test_holm_equals_r() -> None:
    # R: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.9), "holm")
    assert holm([0.01, 0.04, 0.03, 0.005, 0.9]) == pytest.approx([0.04, 0.09, 0.09, 0.025, 0.9])
    assert holm([]) == []
