"""Kaplan-Meier and what is read off it: bad input, invariances, and the definition of who is at risk."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import ArrayLike
from polars.testing import assert_frame_equal

from analytics.survival.durations import Durations, EstimateError, durations
from analytics.survival.estimates import (
    at_risk,
    kaplan_meier,
    quantiles,
    reverse,
    risk_table,
    survival_at,
)
from analytics.survival.restricted_mean import restricted_mean


def drawn(n: int = 200, seed: int = 3) -> Durations:
    draw = np.random.default_rng(seed)
    return durations(draw.integers(1, 60, n), draw.integers(0, 2, n))


@pytest.mark.parametrize(
    ("time", "event", "more", "said"),
    [
        ([], [], {}, "No subjects"),
        ([1, -2, -3], [1, 0, 1], {}, "2 of 3 subjects have a negative time_days"),
        ([1, None], [1, 0], {}, "1 of 2 values of time_days are missing"),
        ([1, math.nan], [1, 0], {}, "1 of 2 subjects have a time_days that is no finite number"),
        ([1, math.inf], [1, 0], {}, "no finite number"),
        ([1, 2], [1, 2], {}, "1 of 2 subjects have an event other than 0 or 1"),
        ([1, 2], [1, None], {}, "1 of 2 values of event are missing"),
        ([1, 2], ["yes", "no"], {}, "event is of type String, not a number"),
        ([1, 2], [1], {}, "event has 1 values and time_days 2"),
        ([1, 2], [1, 0], {"entry_days": [0, 2]}, "1 of 2 subjects have entry_days >= time_days"),
        ([1, 2], [1, 0], {"entry_days": [0, None]}, "1 of 2 values of entry_days are missing"),
        ([1, 2], [1, 0], {"weights": [1, 0]}, "1 of 2 subjects have a weight that is not positive"),
    ],
)
def test_bad_input_is_refused_with_a_count(time: list[Any], event: list[Any], more: dict[str, Any], said: str) -> None:
    with pytest.raises(EstimateError, match=said):
        durations(time, event, **more)


@pytest.mark.parametrize("event", [[True, False, True], [1, 0, 1], [1.0, 0.0, 1.0], pl.Series([1, 0, 1])])
def test_events_may_be_booleans_or_zeros_and_ones(event: ArrayLike) -> None:
    assert durations([1, 2, 3], event).events == 2


def test_equals_lifelines_where_lifelines_is_right() -> None:
    from lifelines import KaplanMeierFitter

    data = drawn()
    ours = kaplan_meier(data)
    theirs = KaplanMeierFitter().fit(data.time_days, data.is_event)
    at = ours["time_days"].to_numpy()
    np.testing.assert_allclose(ours["survival"], theirs.survival_function_at_times(at), rtol=1e-9)
    limits = theirs.confidence_interval_.loc[at].to_numpy()
    known = ours["lower"].is_not_null().to_numpy()
    np.testing.assert_allclose(ours["lower"].to_numpy()[known], limits[known, 0], rtol=1e-9)
    np.testing.assert_allclose(ours["upper"].to_numpy()[known], limits[known, 1], rtol=1e-9)


def test_order_of_rows_does_not_matter() -> None:
    data = drawn()
    order = np.random.default_rng(1).permutation(data.n)
    shuffled = Durations(data.time_days[order], data.is_event[order], None, None)
    assert_frame_equal(kaplan_meier(data), kaplan_meier(shuffled))


def test_another_unit_changes_the_times_and_nothing_else() -> None:
    data = drawn()
    weeks = Durations(data.time_days / 7, data.is_event, None, None)
    assert_frame_equal(kaplan_meier(data).drop("time_days"), kaplan_meier(weeks).drop("time_days"))
    days, in_weeks = quantiles(kaplan_meier(data)), quantiles(kaplan_meier(weeks))
    assert_frame_equal(days.select(pl.exclude("probability") / 7), in_weeks.drop("probability"))


def test_a_weight_of_two_is_the_same_person_twice() -> None:
    data = drawn(50)
    weighted = Durations(data.time_days, data.is_event, None, np.full(data.n, 2.0))
    twice = durations(np.repeat(data.time_days, 2), np.repeat(data.is_event, 2))
    assert_frame_equal(kaplan_meier(weighted), kaplan_meier(twice))


def test_entry_at_the_origin_changes_nothing() -> None:
    data = drawn()
    entered = Durations(data.time_days, data.is_event, np.full(data.n, -1.0), None)
    assert_frame_equal(risk_table(data), risk_table(entered))


def test_at_risk_are_those_who_entered_before_and_last_at_least_to_the_day() -> None:
    entry, time, event = [0, 0, 5, 10], [5, 10, 10, 20], [1, 0, 1, 1]
    data = durations(time, event, entry_days=entry)
    counted = at_risk(data, [0, 5, 6, 10, 10.5, 20, 21])
    by_hand = [sum(e < t <= s for e, s in zip(entry, time, strict=True)) for t in counted["time_days"]]
    assert counted["n_at_risk"].to_list() == by_hand == [0, 2, 2, 2, 1, 1, 0]


def test_counts_under_the_plot_add_up_to_everybody_also_where_an_event_falls_on_a_tick() -> None:
    data = durations([6, 6, 12, 12, 18, 20], [1, 0, 1, 0, 1, 0])
    counted = at_risk(data, [0, 6, 12, 18, 24])
    assert counted["n_at_risk"].to_list() == [6, 6, 4, 2, 0]
    assert counted["n_events"].to_list() == [0, 0, 1, 2, 3]
    assert counted["n_censored"].to_list() == [0, 0, 1, 2, 3]
    assert counted.select(pl.sum_horizontal(pl.exclude("time_days")))["n_at_risk"].unique().to_list() == [6]


@pytest.mark.parametrize(
    ("time", "event", "median"),
    [
        ([1, 2, 3, 4], [1, 1, 0, 1], 3.0),  # flat at one half from 2 to 4: the midpoint
        ([1, 2, 3], [1, 1, 1], 2.0),
        ([1, 2, 3], [0, 0, 0], None),  # no events: not reached
        ([5], [1], 5.0),
        ([0, 0, 3], [1, 1, 0], 0.0),  # an event on day 0 counts
        ([3, 3, 3, 3], [1, 1, 0, 0], 3.0),  # rests at one half to the end
        ([2, 2, 4, 6], [1, 1, 0, 0], 4.0),  # midpoint of 2 and the last observation
    ],
)
def test_median(time: list[int], event: list[int], median: float | None) -> None:
    assert quantiles(kaplan_meier(durations(time, event)), [0.5])["time_days"][0] == median


def test_survival_beyond_follow_up_is_marked() -> None:
    data = durations([10, 20, 30], [1, 0, 0])
    table = survival_at(kaplan_meier(data), [5, 20, 31], data)
    assert table["is_beyond_follow_up"].to_list() == [False, False, True]
    assert table["survival"].to_list() == pytest.approx([1, 2 / 3, 2 / 3])
    ended = durations([10, 20], [1, 1])
    assert survival_at(kaplan_meier(ended), [31], ended)["is_beyond_follow_up"].to_list() == [False]


def test_reversed_follow_up_takes_censoring_as_the_event() -> None:
    data = durations([10, 20, 30, 40], [1, 0, 1, 0])
    assert reverse(data).events == 2
    assert quantiles(kaplan_meier(reverse(data)), [0.5])["time_days"][0] == 40


@pytest.mark.parametrize("tau", [0, -5, 41])
def test_a_mean_is_restricted_to_the_follow_up(tau: float) -> None:
    with pytest.raises(EstimateError, match="choose one within the follow-up of 40 days"):
        restricted_mean(kaplan_meier(durations([10, 40], [1, 0])), tau)


def test_an_unknown_kind_of_limits_is_refused() -> None:
    with pytest.raises(EstimateError, match="use one of log-log, log, plain, logit, arcsin"):
        kaplan_meier(drawn(), conf_type="greenwood")  # type: ignore[arg-type]
