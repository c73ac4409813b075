"""Stratified, adjusted and multivariable results are those of the estimators they name, on columns made by hand."""

from __future__ import annotations

import polars as pl
import pytest
import survival_mart
from paper_material import PLAN

from analytics.plan import Plan
from analytics.survival.analyses import adjusted, regression
from analytics.survival.contracts import Results
from analytics.survival.cox import cox
from analytics.survival.durations import DAYS_PER_MONTH, durations
from analytics.survival.outcome import Frames, outcome
from analytics.survival.rank_tests import log_rank

FRAMES = survival_mart.frames(120)


def run(plan: Plan = PLAN, frames: Frames = FRAMES) -> Results:
    return adjusted.run(frames.cohort, frames.adtte, plan) | regression.run(frames.cohort, frames.adtte, plan)


@pytest.fixture(scope="module")
def results() -> Results:
    return run()


def test_stratified_is_the_stratified_test_and_model(results: Results) -> None:
    found = outcome(FRAMES.cohort.filter(pl.col("line_group").is_not_null()), FRAMES.adtte, "OS").data
    data = durations(found["time_days"], found["is_event"])
    group, centre = found["line_group"] == "<=2", found["centre"]
    row = results["adjusted"].filter(analysis="line", endpoint="OS", model="stratified").row(0, named=True)
    assert row["log_rank_p"] == pytest.approx(log_rank(data, group.cast(pl.String), strata=centre).p_value)
    fit = cox(data, pl.DataFrame({"early": group.cast(pl.Float64)}), strata=centre)
    assert row["hazard_ratio"] == pytest.approx(fit.terms["hazard_ratio"][0])
    assert (row["n"], row["events"], row["n_incomplete"]) == (fit.n, fit.events, 0)


def test_adjusted_leaves_out_the_grouping_and_what_is_shared(results: Results) -> None:
    beside = {row["analysis"]: row["beside"] for row in results["adjusted"].filter(model="adjusted").to_dicts()}
    assert beside["line"] == ["age", "histology", "regimen"]
    assert beside["asps_line"] == ["age", "regimen"]
    assert beside["asps_combination"] == ["age", "line"]


def test_multivariable_is_coxs_model_of_the_columns(results: Results) -> None:
    found = outcome(FRAMES.cohort, FRAMES.adtte, "PFSEMA").data
    histology = found["histology_group"]
    design = pl.DataFrame(
        {
            "age": found["age_years"] / 10,
            "asps": (histology == "ASPS").cast(pl.Float64),
            "sensitive": (histology == "potentially sensitive").cast(pl.Float64),
            "early": (found["line_group"] == "<=2").cast(pl.Float64),
            "combination": found["is_combination"].cast(pl.Float64),
        }
    )
    fit = cox(durations(found["time_days"], found["is_event"]), design)
    rows = results["regression"].filter(endpoint="PFSEMA", model="multivariable")
    assert rows["coef"].to_list() == pytest.approx(fit.terms["coef"].to_list())
    # one patient of the mart has no line, one no end point
    assert rows["n"].unique().to_list() == [118]
    assert rows["n_incomplete"].unique().to_list() == [1]


def test_separation_gives_firths_estimate_and_says_so() -> None:
    early = FRAMES.cohort.filter(pl.col("line_group") == "<=2")["patient_id"]
    spared = pl.col("patient_id").is_in(early.to_list()) & (pl.col("PARAMCD") == "OS")
    never = FRAMES.adtte.with_columns(pl.when(spared).then(1).otherwise("CNSR").alias("CNSR"))
    frames = Frames(**{**FRAMES.__dict__, "adtte": never})
    row = (
        run(frames=frames)["regression"].filter(endpoint="OS", model="univariable", variable="line").row(0, named=True)
    )
    assert (row["estimator"], row["reason"]) == ("firth", "monotone_likelihood")
    assert 0 < row["lower"] < row["hazard_ratio"] < row["upper"] < 0.5


def test_few_events_have_no_estimate() -> None:
    alive = Frames(**{**FRAMES.__dict__, "adtte": FRAMES.adtte.with_columns(CNSR=pl.lit(1))})
    none = run(frames=alive)
    assert none["regression"]["hazard_ratio"].null_count() == none["regression"].height > 0
    assert set(none["adjusted"]["reason"]) == {"too_few"}
    assert none["mean_differences"].is_empty()


def test_a_horizon_beyond_the_follow_up_is_not_evaluable() -> None:
    far = run(PLAN.model_copy(update={"rmst_months": [12, 600]}))
    assert set(far["restricted_means"].filter(tau_months=600)["reason"]) <= {"beyond_follow_up", None}
    assert "beyond_follow_up" in set(far["restricted_means"].filter(tau_months=600)["reason"])
    one = far["mean_differences"].filter(tau_months=12).row(0, named=True)
    levels = far["restricted_means"].filter(analysis=one["analysis"], endpoint=one["endpoint"], tau_months=12)
    by_level = dict(levels.select("level", "mean_days").iter_rows())
    assert one["difference_days"] == pytest.approx(by_level[one["level"]] - by_level[one["reference"]])
    assert all(days <= 12 * DAYS_PER_MONTH for days in by_level.values())
