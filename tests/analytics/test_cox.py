"""Cox's model: a reason and no number where the likelihood has no maximum."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from analytics.survival.cox import cox
from analytics.survival.durations import EstimateError, durations


@pytest.mark.parametrize(
    ("event", "x", "reason"),
    [
        ([0, 0, 0, 0, 0, 0], [0, 1, 0, 1, 0, 1], "no_events"),
        ([1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1], "constant_covariate"),
        ([1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0], "monotone_likelihood"),
        ([0, 1, 0, 1, 0, 0], [1, 0, 1, 0, 1, 1], "monotone_likelihood"),  # one group has no events
    ],
)
def test_a_reason_and_no_number(event: list[int], x: list[int], reason: str) -> None:
    fit = cox(durations([1, 2, 3, 4, 5, 6], event), pl.DataFrame({"x": x}))
    assert fit.reason == reason
    assert fit.terms.select("coef", "std_err", "hazard_ratio", "lower", "upper", "p_value").row(0) == (None,) * 6
    assert fit.terms.select("term", "n", "events").row(0) == ("x", 6, sum(event))


def test_separation_whose_variance_is_no_number_has_a_reason_too() -> None:
    """Thirty patients, six events all in one group: lifelines ends at a coefficient of -38 without a variance."""
    time = [0, 140, 142, 154, 170, 171, 172, 192, 194, 242, 248, 265, 298, 337, 395]
    time += [416, 417, 441, 459, 499, 551, 600, 605, 710, 715, 716, 735, 829, 1036, 1275]
    early = [1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1]
    event = [int(t in {170, 192, 265, 600, 605, 715}) for t in time]
    fit = cox(durations(time, event), pl.DataFrame({"early": early}))
    assert (fit.reason, fit.events) == ("monotone_likelihood", 6)
    assert fit.terms.select("hazard_ratio", "lower", "upper").row(0) == (None,) * 3


def test_incomplete_subjects_are_left_out_and_counted() -> None:
    fit = cox(durations([1, 2, 3, 4], [1, 1, 1, 1]), pl.DataFrame({"x": [0.0, 1.0, None, 0.5]}))
    assert (fit.n, fit.events, fit.n_incomplete) == (3, 3, 1)


def test_covariates_must_be_numbers_of_every_subject() -> None:
    with pytest.raises(EstimateError, match="make an indicator column"):
        cox(durations([1, 2], [1, 1]), pl.DataFrame({"x": ["a", "b"]}))
    with pytest.raises(EstimateError, match="2 subjects have covariates of 1"):
        cox(durations([1, 2], [1, 1]), pl.DataFrame({"x": [1]}))


def test_scale_and_order_change_nothing_but_the_unit() -> None:
    draw = np.random.default_rng(4)
    x = draw.normal(50, 10, 120)
    data = durations(np.ceil(draw.exponential(np.exp(3 - x / 40))), draw.integers(0, 2, 120))
    fit = cox(data, pl.DataFrame({"x": x})).terms.row(0, named=True)
    tenth = cox(data, pl.DataFrame({"x": x / 10})).terms.row(0, named=True)
    order = draw.permutation(120)
    shuffled = durations(data.time_days[order], data.is_event[order])
    again = cox(shuffled, pl.DataFrame({"x": x[order]})).terms.row(0, named=True)
    assert tenth["coef"] == pytest.approx(10 * fit["coef"], rel=1e-8)
    assert tenth["p_value"] == pytest.approx(fit["p_value"], rel=1e-8)
    assert again["coef"] == pytest.approx(fit["coef"], rel=1e-8)
