"""Input from which nothing follows: an EstimateError that says how many, or a stated reason; never a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from analytics.survival.balance import balance
from analytics.survival.competing_risks import competing_risks, cumulative_incidence
from analytics.survival.concordance import concordance
from analytics.survival.cox import cox
from analytics.survival.cox_prediction import predict_survival
from analytics.survival.durations import Durations, EstimateError, durations
from analytics.survival.fine_gray import fine_gray
from analytics.survival.firth import firth
from analytics.survival.gray import gray_test
from analytics.survival.model_tests import adjusted_log_rank, interaction, likelihood_ratio
from analytics.survival.ph_test import ph_test
from analytics.survival.pooling import pool
from analytics.survival.proportions import difference, proportion
from analytics.survival.rank_tests import log_rank, pairwise_log_rank, permutation_log_rank, trend_test
from analytics.survival.restricted_mean import compare_restricted_means

TIME = pl.Series([1.0, 2, 3, 4, 5, 6])
X = pl.DataFrame({"x": [0.0, 1, 0, 1, 1, 0]})
AB = pl.Series(["a", "b", "a", "b", "a", "b"])
A = pl.Series(["a"] * 6)
NONE = durations(TIME, [0] * 6)
SOME = durations(TIME, [1, 1, 0, 1, 1, 0])
COMPETING = competing_risks(TIME, pl.Series(["p", "q", None, "p", "q", None]))


@pytest.mark.parametrize(
    ("time", "event", "entry", "says"),
    [
        ([1, -2, 3], [1, 0, 1], None, "1 of 3 subjects have a negative time_days"),
        ([1, None, 3], [1, 0, 1], None, "1 of 3 values of time_days are missing"),
        ([1, float("nan"), 3], [1, 0, 1], None, "1 of 3 subjects have a time_days that is no finite number"),
        ([1, float("inf"), 3], [1, 0, 1], None, "1 of 3 subjects have a time_days that is no finite number"),
        ([1, 2, 3], [1, 2, 0], None, "1 of 3 subjects have an event other than 0 or 1"),
        ([1, 2, 3], [1, None, 0], None, "1 of 3 values of event are missing"),
        ([1, 2, 3], ["dead", "alive", "dead"], None, "event is of type String"),
        ([1, 2, 3], [1, 1, 0], [0, 2, 4], "2 of 3 subjects have entry_days >= time_days"),
        ([], [], None, "No subjects"),
    ],
)
def test_durations_that_cannot_be(time: list[Any], event: list[Any], entry: list[Any] | None, says: str) -> None:
    with pytest.raises(EstimateError, match=says):
        durations(
            pl.Series(time, dtype=pl.Float64), pl.Series(event), entry_days=None if entry is None else pl.Series(entry)
        )
    if entry is None and all(e in (0, 1) for e in event):
        with pytest.raises(EstimateError, match=says):
            competing_risks(pl.Series(time, dtype=pl.Float64), pl.Series(["p"] * len(time)))


def test_times_that_differ_by_rounding_alone_are_ties() -> None:
    data = durations([0.1 + 0.2, 0.3, 0.7, 1 - 0.3], [1, 1, 1, 0])
    assert len(set(data.time_days)) == 2
    assert len(set(durations([1.0, 1.0001], [1, 1]).time_days)) == 2
    with pytest.raises(EstimateError, match="1 of 1 subjects have entry_days >= time_days"):
        durations([0.1 + 0.2], [1], entry_days=[0.3])


REASONS: dict[str, tuple[Callable[[], Any], str]] = {
    "log_rank, one group": (lambda: log_rank(SOME, A), "one_group"),
    "log_rank, no events": (lambda: log_rank(NONE, AB), "no_events"),
    "trend, no events": (lambda: trend_test(log_rank(NONE, AB)), "no_events"),
    "permutation, one group": (lambda: permutation_log_rank(SOME, A, seed=1), "one_group"),
    "permutation, no events": (lambda: permutation_log_rank(NONE, AB, seed=1), "no_events"),
    "adjusted, one group": (lambda: adjusted_log_rank(SOME, A, X), "one_group"),
    "adjusted, no events": (lambda: adjusted_log_rank(NONE, AB, X), "no_events"),
    "adjusted by itself": (lambda: adjusted_log_rank(SOME, X["x"].cast(pl.String), X), "collinear_covariates"),
    "interaction, one group": (lambda: interaction(SOME, X, A), "one_group"),
    "interaction, no events": (lambda: interaction(NONE, X, AB), "no_events"),
    "likelihood ratio, no events": (lambda: likelihood_ratio(NONE, X, ["x"]), "no_events"),
    "gray, one group": (lambda: gray_test(COMPETING, A, "p"), "one_group"),
}


@pytest.mark.parametrize("name", REASONS)
def test_a_test_that_cannot_be_made_says_why(name: str) -> None:
    run, reason = REASONS[name]
    found = run()
    assert (found.reason, found.p_value) == (reason, None)


@pytest.mark.parametrize("fit", [cox, firth])
def test_a_model_without_events_says_why(fit: Callable[..., Any]) -> None:
    found = fit(NONE, X)
    assert (found.reason, found.n, found.events) == ("no_events", 6, 0)
    assert found.terms.drop("term", "n", "events").null_count().row(0) == (1,) * 7
    assert found.tests.is_empty()


def test_what_follows_from_a_model_without_estimate() -> None:
    table = ph_test(cox(NONE, X))
    assert table.select("term", "chi_square", "p_value", "reason").rows() == [
        ("x", None, None, "no_events"),
        ("GLOBAL", None, None, "no_events"),
    ]
    with pytest.raises(EstimateError, match="no estimate \\(no_events\\)"):
        predict_survival(cox(NONE, X), X, [1.0])


def test_separation_has_no_hazard_ratio_but_a_penalised_one() -> None:
    data = durations(TIME, [1, 1, 1, 0, 0, 0])
    x = pl.DataFrame({"x": [1, 1, 1, 0, 0, 0]})
    plain, penalised = cox(data, x), firth(data, x)
    assert (plain.reason, plain.terms["hazard_ratio"][0]) == ("monotone_likelihood", None)
    assert plain.tests["test"].to_list() == ["likelihood_ratio", "wald", "score"]
    assert plain.tests["p_value"].is_null().to_list() == [False, True, False]
    row = penalised.terms.row(0, named=True)
    assert penalised.reason is None and penalised.ties == "breslow"
    assert row["lower"] < row["hazard_ratio"] < row["upper"] and 0 < row["p_value"] < 1


def test_no_comparable_pair_no_concordance() -> None:
    found = concordance(NONE, X["x"].to_numpy())
    assert (found.value, found.std_err, found.n, found.events) == (None, None, 6, 0)


def test_competing_risks_without_the_cause() -> None:
    nothing = competing_risks(TIME, pl.Series([None] * 6, dtype=pl.String))
    assert cumulative_incidence(nothing).is_empty()
    with pytest.raises(EstimateError, match="cause 'r' is not among p, q"):
        gray_test(COMPETING, AB, "r")
    with pytest.raises(EstimateError, match="cause 'r' is not among p, q"):
        fine_gray(COMPETING, X, "r")
    monotone = fine_gray(competing_risks(TIME, pl.Series(["p", None, "p", None, "q", "p"])), X, "p")
    assert (monotone.reason, monotone.terms["coef"][0]) == ("monotone_likelihood", None)


def test_restricted_means_need_follow_up_and_give_no_ratio_of_nothing() -> None:
    with pytest.raises(EstimateError, match="choose one within the follow-up"):
        compare_restricted_means(SOME, SOME, 7)
    same = compare_restricted_means(NONE, NONE, 5)
    assert same.groups["mean_days"].to_list() == [5.0, 5.0]
    assert same.contrasts.select("estimate", "p_value").rows() == [(None, None)] * 3


def test_pairs_without_events_are_listed_with_their_reason() -> None:
    data = durations(TIME, [1, 0, 0, 1, 0, 0])
    table = pairwise_log_rank(data, pl.Series(["a", "b", "c", "a", "b", "c"]))
    assert table.select("first", "second", "events", "reason").rows() == [
        ("a", "b", 2, None),
        ("a", "c", 2, None),
        ("b", "c", 0, "no_events"),
    ]
    assert table["holm_p"].is_null().to_list() == [False, False, True]


def test_proportions_of_nobody_and_of_more_than_all() -> None:
    assert proportion(0, 0).estimate is None
    assert difference((0, 0), (1, 2)).lower is None
    with pytest.raises(EstimateError, match="3 events of 2 subjects"):
        proportion(3, 2)


def test_pooling_of_one_centre_and_of_none() -> None:
    def one(values: list[float | None]) -> Any:
        y = pl.Series(values, dtype=pl.Float64)
        return pool(pl.Series(["a", "b"]), y, y.abs())

    assert (one([0.3, None]).reason, one([0.3, None]).estimate) == ("one_centre", None)
    assert one([0.3, None]).centres.height == 2
    assert one([None, None]).reason == "no_centres"
    with pytest.raises(EstimateError, match="not a positive number"):
        one([0.3, 0.0])


def test_balance_without_a_unit() -> None:
    frame = pl.DataFrame(
        {"same": [1, 1, 1, 1], "apart": [1, 1, 2, 2], "empty": [1, 2, None, None], "text": list("uuvv")}
    )
    table = balance(frame, pl.Series(["a", "a", "b", "b"]))
    assert table.select("variable", "smd", "reason", "n_missing").rows() == [
        ("same", 0.0, None, 0),
        ("apart", None, "constant_within_groups", 0),
        ("empty", None, "no_values", 2),
        ("text", None, "constant_within_groups", 0),
    ]
    assert balance(frame, pl.Series(["a"] * 4))["reason"].unique().to_list() == ["one_group"]


def test_labels_must_be_known_and_as_many() -> None:
    gap = pl.Series(["a", None, "a", "b", "a", "b"])
    for run in (log_rank, pairwise_log_rank):
        with pytest.raises(EstimateError, match="6 subjects have 5 known labels"):
            run(SOME, gap)
    with pytest.raises(EstimateError, match="1 of 6 labels are missing"):
        gray_test(COMPETING, gap, "p")
    assert interaction(SOME, X, gap).n == 5


def test_the_exact_method_takes_no_weights() -> None:
    weighted = Durations(SOME.time_days, SOME.is_event, None, SOME.time_days)
    with pytest.raises(EstimateError, match="neither weights nor clusters"):
        cox(weighted, X, ties="exact")
    with pytest.raises(EstimateError, match="needs ties='efron' or 'breslow'"):
        ph_test(cox(SOME, X, ties="exact"))
