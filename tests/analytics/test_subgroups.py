"""Subgroups and centres: their parts add up, their tests are those of R's models, and small ones say so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import survival_mart

from analytics.plan import Plan, load_plan
from analytics.survival.analyses import centres, comparisons, subgroups
from analytics.survival.cox import cox
from analytics.survival.durations import durations

ROOT = Path(__file__).parents[2]
PLAN = load_plan(ROOT / "examples" / "three-centres" / "plans" / "founding_study.yaml")
FRAMES = survival_mart.frames(240)
KEY = {"analysis": "asps_against_rest", "endpoint": "OS"}


@pytest.fixture(scope="module")
def forest() -> pl.DataFrame:
    return subgroups.run(FRAMES.cohort, FRAMES.adtte, PLAN)["subgroups"]


@pytest.fixture(scope="module")
def views() -> dict[str, pl.DataFrame]:
    return centres.run(FRAMES.cohort, FRAMES.adtte, PLAN)


def of(frame: pl.DataFrame, **where: str) -> pl.DataFrame:
    return frame.filter(**where)


def test_the_first_row_is_the_comparison_itself(forest: pl.DataFrame) -> None:
    ratios = of(comparisons.run(FRAMES.cohort, FRAMES.adtte, PLAN)["hazard_ratios"].filter(from_day=0), **KEY)
    whole = of(forest, **KEY, variable="")
    for name in ("n", "events", "hazard_ratio", "lower", "upper"):
        assert whole[name].to_list() == pytest.approx(ratios[name].to_list())


def test_subgroups_share_out_the_patients(forest: pl.DataFrame) -> None:
    whole = of(forest, **KEY, variable="")
    for variable in ("sex", "regimen"):
        parts = of(forest, **KEY, variable=variable)
        assert (parts["n"].sum(), parts["events"].sum()) == (whole["n"][0], whole["events"][0])


def test_a_variable_that_makes_the_comparison_is_no_subgroup_of_it(forest: pl.DataFrame) -> None:
    used = {name: set(of(forest, analysis=name)["variable"]) for name in ("asps_against_rest", "line", "asps_line")}
    assert "histology" not in used["asps_against_rest"]
    assert "line" not in used["line"]
    assert used["asps_line"].isdisjoint({"histology", "line"})


def test_the_interaction_is_the_likelihood_ratio_of_the_products(forest: pl.DataFrame) -> None:
    data = FRAMES.adtte.filter(PARAMCD="OS").drop_nulls("AVAL").join(FRAMES.cohort, on="patient_id", how="inner")
    first, male = data["histology_group"] == "ASPS", data["sex_code"] == "M"
    times = durations(data["AVAL"], data["CNSR"] == 0)
    frame = pl.DataFrame({"first": first, "male": male, "product": first & male})
    less, more = cox(times, frame.drop("product")).log_likelihood, cox(times, frame).log_likelihood
    assert less is not None and more is not None
    row = of(forest, **KEY, variable="sex").row(0, named=True)
    assert row["interaction_chi_square"] == pytest.approx(2 * (more - less), rel=1e-9)
    assert row["interaction_df"] == 1


def test_a_difference_between_subgroups_is_found() -> None:
    sign = np.where(FRAMES.cohort["sex_code"] == "M", 1, -1) * np.where(
        FRAMES.cohort["histology_group"] == "ASPS", 1, -1
    )
    adtte = FRAMES.adtte.join(FRAMES.cohort.select("patient_id", sign=pl.Series(sign)), on="patient_id")
    adtte = adtte.with_columns(AVAL=(pl.col("AVAL") * (1.0 + 0.7 * pl.col("sign"))).ceil().cast(pl.Int64))
    found = subgroups.run(FRAMES.cohort, adtte, PLAN)["subgroups"]
    assert of(found, **KEY, variable="sex")["interaction_p"][0] < 1e-6


def test_small_subgroups_have_counts_alone() -> None:
    few = survival_mart.frames(40)
    found = subgroups.run(few.cohort, few.adtte, PLAN)["subgroups"]
    small = found.filter(reason="too_few")
    assert small.height and small["hazard_ratio"].null_count() == small.height
    assert small["n"].null_count() == 0


def test_centres_share_out_the_patients_and_the_weight(views: dict[str, pl.DataFrame]) -> None:
    found = of(views["centres"], **KEY)
    single = of(found, view="centre")
    assert single["n"].sum() == of(found, view="random")["n"][0] == of(found, view="stratified")["n"][0]
    assert single["share"].sum() == pytest.approx(1)
    assert found["view"].to_list() == ["centre"] * 3 + ["stratified", "random", "fixed"]


def test_each_view_has_an_interval_and_the_random_one_its_heterogeneity(views: dict[str, pl.DataFrame]) -> None:
    found = of(views["centres"], **KEY)
    assert found.filter(pl.col("lower") < pl.col("upper")).height == found.height
    random = of(found, view="random").row(0, named=True)
    assert random["tau2"] >= 0 and 0 <= random["i2"] <= 100 and random["q_df"] == 2 and 0 <= random["q_p"] <= 1
    assert random["prediction_lower"] <= random["lower"] and random["upper"] <= random["prediction_upper"]


def test_equal_centres_pool_to_themselves() -> None:
    one = FRAMES.cohort.filter(centre="hx01")
    copies = [one.with_columns(centre=pl.lit(code), patient_id=pl.col("patient_id") + code) for code in ("a", "b", "c")]
    adtte = pl.concat(
        FRAMES.adtte.with_columns(patient_id=pl.col("patient_id") + code, centre=pl.lit(code))
        for code in ("a", "b", "c")
    )
    found = of(centres.run(pl.concat(copies), adtte, PLAN)["centres"], **KEY)
    assert found["hazard_ratio"].to_list() == pytest.approx([found["hazard_ratio"][0]] * 6)
    assert of(found, view="random")["i2"][0] == 0


def test_a_centre_that_stopped_looking_early_is_seen() -> None:
    cut = 100
    short = pl.col("centre") == "hx02"
    adtte = FRAMES.adtte.with_columns(
        AVAL=pl.when(short).then(pl.min_horizontal("AVAL", cut)).otherwise("AVAL"),
        CNSR=pl.when(short & (pl.col("AVAL") > cut)).then(1).otherwise("CNSR"),
    )
    by = {
        name: centres.run(FRAMES.cohort, one, PLAN)["unequal_follow_up"]
        for name, one in (("equal", FRAMES.adtte), ("short", adtte))
    }
    assert by["equal"].filter(analysis="centre")["p_value"][0] > 0.01
    assert by["short"].filter(analysis="centre")["p_value"][0] < 1e-6
    assert set(by["equal"]["analysis"]) == {"centre", *(c.id for c in PLAN.comparisons)}


def test_three_levels_and_no_subgroups_make_no_row() -> None:
    bare = Plan.model_validate(PLAN.model_dump() | {"comparisons": []})
    assert subgroups.run(FRAMES.cohort, FRAMES.adtte, bare)["subgroups"].is_empty()
    assert centres.run(FRAMES.cohort, FRAMES.adtte, bare)["centres"].is_empty()
