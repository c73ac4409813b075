"""What must change no estimate: order of rows, unit of time, names of groups, weights of two for rows told twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.survival.balance import balance
from analytics.survival.competing_risks import competing_risks, cumulative_incidence
from analytics.survival.concordance import concordance
from analytics.survival.cox import cox
from analytics.survival.cox_prediction import predict_survival
from analytics.survival.durations import DAYS_PER_MONTH, durations
from analytics.survival.estimates import kaplan_meier, quantiles
from analytics.survival.fine_gray import fine_gray
from analytics.survival.firth import firth
from analytics.survival.gray import gray_test
from analytics.survival.model_tests import adjusted_log_rank, interaction
from analytics.survival.ph_test import ph_test
from analytics.survival.rank_tests import log_rank, trend_test
from analytics.survival.restricted_mean import restricted_mean

Numbers = list[float | None]


@dataclass(frozen=True)
class Sample:
    """A cohort: one row per subject, columns time, event, cause, entry, group, stratum, x, y; perhaps weight."""

    rows: pl.DataFrame

    @property
    def data(self) -> Any:
        weights = self.rows["weight"] if "weight" in self.rows.columns else None
        return durations(self.rows["time"], self.rows["event"], entry_days=self.rows["entry"], weights=weights)

    @property
    def at_origin(self) -> Any:
        weights = self.rows["weight"] if "weight" in self.rows.columns else None
        return durations(self.rows["time"], self.rows["event"], weights=weights)

    @property
    def risks(self) -> Any:
        return competing_risks(self.rows["time"], self.rows["cause"])

    @property
    def x(self) -> pl.DataFrame:
        return self.rows.select("x", "y")


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """Drawn from a seed, so that cases shrink to a small n; times tie, as days do."""
    n, seed = draw(st.integers(24, 60)), draw(st.integers(0, 2**32 - 1))
    roll = np.random.default_rng(seed)
    x, group = roll.normal(size=n).round(2), roll.integers(0, 3, n)
    time = np.ceil(roll.exponential(20 * np.exp(-0.3 * x))) + 1
    event = roll.integers(0, 4, n) > 0
    cause = np.where(event, roll.integers(1, 3, n), 0)
    table = {"time": time, "event": event.astype(int), "entry": np.floor(roll.uniform(0, 1, n) * time * 0.7), "x": x}
    table |= {
        "y": roll.integers(0, 2, n).astype(float),
        "group": group.astype(str),
        "stratum": roll.integers(0, 2, n).astype(str),
    }
    return Sample(pl.DataFrame(table).with_columns(cause=pl.Series([str(c) if c else None for c in cause])))


def _cox(sample: Sample) -> Numbers:
    fit = cox(sample.data, sample.x, strata=sample.rows["stratum"])
    return [*fit.terms["coef"], *fit.terms["std_err"], fit.log_likelihood, *fit.tests["statistic"]]


def _ph(sample: Sample, transform: Any = "km") -> Numbers:
    return list(ph_test(cox(sample.data, sample.x), transform=transform)["chi_square"])


def _firth(sample: Sample) -> Numbers:
    fit = firth(sample.data, sample.x)
    return [*fit.terms["coef"], *fit.terms["lower"], *fit.terms["upper"], *fit.terms["p_value"]]


def _concordance(sample: Sample) -> Numbers:
    found = concordance(sample.data, sample.rows["x"].to_numpy(), strata=sample.rows["stratum"])
    return [found.value, found.std_err, found.concordant]


def _log_rank(sample: Sample) -> Numbers:
    data = durations(sample.rows["time"], sample.rows["event"], entry_days=sample.rows["entry"])
    test = log_rank(data, sample.rows["group"], strata=sample.rows["stratum"], rho=1)
    return [test.chi_square, test.p_value, trend_test(test).chi_square]


def _gray(sample: Sample) -> Numbers:
    return [gray_test(sample.risks, sample.rows["group"], one).chi_square for one in sample.risks.names]


def _incidence(sample: Sample) -> Numbers:
    # Between two observed times, where rounding to another unit cannot move it past an event.
    times = np.unique(sample.rows["time"])
    middle = (times[:-1] + times[1:]) / 2
    table = cumulative_incidence(sample.risks, middle[[len(middle) // 3, 2 * len(middle) // 3]].tolist())
    return [*table["estimate"], *table["std_err"], *table["lower"]]


def _fine_gray(sample: Sample) -> Numbers:
    fit = fine_gray(sample.risks, sample.x, "1")
    return [*fit.terms["coef"], *fit.terms["std_err"], fit.log_likelihood]


def _curve(sample: Sample) -> Numbers:
    curve = kaplan_meier(sample.at_origin)
    return [*curve["survival"], *curve["lower"], *curve["hazard_std_err"]]


def _tests(sample: Sample) -> Numbers:
    rows = sample.rows
    adjusted = adjusted_log_rank(sample.at_origin, rows["group"], rows.select("x"), strata=rows["stratum"])
    return [adjusted.statistic, interaction(sample.at_origin, rows.select("x"), rows["group"]).statistic]


ESTIMATES: dict[str, Callable[[Sample], Numbers]] = {
    "cox": _cox,
    "ph_test": _ph,
    "firth": _firth,
    "concordance": _concordance,
    "log_rank": _log_rank,
    "gray": _gray,
    "incidence": _incidence,
    "fine_gray": _fine_gray,
    "curve": _curve,
    "model_tests": _tests,
    "balance": lambda sample: list(balance(sample.rows.select("x", "y", "stratum"), sample.rows["group"])["smd"]),
}


def _same(got: Numbers, want: Numbers) -> None:
    assert [v is None for v in got] == [v is None for v in want]
    assert [v for v in got if v is not None] == pytest.approx([v for v in want if v is not None], rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name", ESTIMATES)
@settings(max_examples=5, deadline=None)
@given(sample=samples(), seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(name: str, sample: Sample, seed: int) -> None:
    shuffled = Sample(sample.rows.sample(fraction=1, shuffle=True, seed=seed))
    _same(ESTIMATES[name](shuffled), ESTIMATES[name](sample))


@pytest.mark.parametrize("name", ESTIMATES)
@settings(max_examples=5, deadline=None)
@given(sample=samples())
def test_months_say_what_days_say(name: str, sample: Sample) -> None:
    in_months = Sample(sample.rows.with_columns(pl.col("time", "entry") / DAYS_PER_MONTH))
    _same(ESTIMATES[name](in_months), ESTIMATES[name](sample))


@settings(max_examples=5, deadline=None)
@given(sample=samples())
def test_quantiles_and_restricted_means_scale_with_the_unit(sample: Sample) -> None:
    rows = sample.rows
    days = kaplan_meier(sample.at_origin)
    months = kaplan_meier(durations(rows["time"] / DAYS_PER_MONTH, rows["event"]))
    tau = float(rows["time"].quantile(0.6) or 0)
    _same([v * DAYS_PER_MONTH for v in restricted_mean(months, tau / DAYS_PER_MONTH)], list(restricted_mean(days, tau)))
    got = quantiles(months).select(pl.exclude("probability") * DAYS_PER_MONTH)
    _same(
        [v for row in got.rows() for v in row], [v for row in quantiles(days).drop("probability").rows() for v in row]
    )


@pytest.mark.parametrize("name", ["log_rank", "gray", "balance", "model_tests"])
@settings(max_examples=5, deadline=None)
@given(sample=samples(), names=st.permutations(["b", "a", "c"]))
def test_the_names_of_groups_change_nothing(name: str, sample: Sample, names: list[str]) -> None:
    renamed = sample.rows.with_columns(pl.col("group").replace(dict(zip("012", names, strict=True))))
    got, want = ESTIMATES[name](Sample(renamed)), ESTIMATES[name](sample)
    # A trend has an order: it is the one number here that follows the names.
    _same(got[:2], want[:2])


@pytest.mark.parametrize("name", ["curve", "concordance"])
@settings(max_examples=5, deadline=None)
@given(sample=samples())
def test_rows_told_twice_are_weights_of_two(name: str, sample: Sample) -> None:
    twice = Sample(pl.concat([sample.rows, sample.rows]))
    weighted = Sample(sample.rows.with_columns(weight=pl.lit(2.0)))
    got, want = ESTIMATES[name](weighted), ESTIMATES[name](twice)
    # The jackknife leaves out rows, and there are half as many.
    _same(got[:1] if name == "concordance" else got, want[:1] if name == "concordance" else want)


@settings(max_examples=5, deadline=None)
@given(sample=samples())
def test_a_model_of_rows_told_twice_is_that_of_weights_of_two(sample: Sample) -> None:
    """With Breslow's ties; Efron's treat the second telling as a second death."""
    twice = pl.concat([sample.rows, sample.rows])
    weights = pl.Series(np.full(sample.rows.height, 2.0))
    weighted = durations(sample.rows["time"], sample.rows["event"], entry_days=sample.rows["entry"], weights=weights)
    one = cox(weighted, sample.x, ties="breslow")
    other = cox(Sample(twice).data, twice.select("x", "y"), ties="breslow")
    _same([*one.terms["coef"], *one.terms["std_err"]], [*other.terms["coef"], *other.terms["std_err"]])
    new, at = pl.DataFrame({"x": [0.5], "y": [1.0]}), [10.0, 20.0]
    got, want = predict_survival(one, new, at), predict_survival(other, new, at)
    _same([*got["survival"], *got["std_err"]], [*want["survival"], *want["std_err"]])


@settings(max_examples=5, deadline=None)
@given(sample=samples())
def test_a_robust_error_of_rows_told_twice_in_clusters_is_that_of_weights_of_two(sample: Sample) -> None:
    numbered = sample.rows.with_row_index("person")
    twice = pl.concat([numbered, numbered])
    weights = pl.Series(np.full(numbered.height, 2.0))
    weighted = durations(numbered["time"], numbered["event"], weights=weights)
    one = cox(weighted, sample.x, ties="breslow", robust=True)
    other = cox(Sample(twice).at_origin, twice.select("x", "y"), ties="breslow", cluster=twice["person"])
    _same(list(one.terms["std_err"]), list(other.terms["std_err"]))


@settings(max_examples=3, deadline=None)
@given(sample=samples(), shift=st.floats(-1e4, 1e4), scale=st.floats(1e-3, 1e3))
def test_a_covariate_in_another_unit_has_the_same_test(sample: Sample, shift: float, scale: float) -> None:
    moved = sample.x.with_columns(pl.col("x") * scale + shift)
    here, there = cox(sample.data, sample.x), cox(sample.data, moved)
    _same(list(there.terms["p_value"]), list(here.terms["p_value"]))
    _same([float(there.terms["coef"][0]) * scale], [float(here.terms["coef"][0])])
    _same([firth(sample.data, moved).penalised_log_likelihood], [firth(sample.data, sample.x).penalised_log_likelihood])


@settings(max_examples=5, deadline=None)
@given(sample=samples(), value=st.floats(-10, 10))
def test_a_constant_covariate_is_refused(sample: Sample, value: float) -> None:
    x = sample.x.with_columns(constant=pl.lit(value))
    for fit in (cox(sample.data, x), firth(sample.data, x), fine_gray(sample.risks, x, "1")):
        assert (fit.reason, fit.terms["coef"].null_count()) == ("constant_covariate", 3)
    double = sample.x.with_columns(again=3 * pl.col("x") - 1)
    assert cox(sample.data, double).reason == "collinear_covariates"
