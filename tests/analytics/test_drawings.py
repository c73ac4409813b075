"""From results to figures: every one that the plan asks for, readable in both languages, with the results' numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import survival_mart
from figure_layout import layout_faults

from analytics.plan import Plan, load_plan
from analytics.survival.contracts import Results
from analytics.survival.drawings import pictures
from analytics.survival.figures.style import Picture
from analytics.survival.outcome import Frames
from analytics.survival.run import run_plan
from analytics.survival.wording import Wording

ROOT = Path(__file__).parents[2]
FULL = load_plan(ROOT / "examples" / "three-centres" / "plans" / "founding_study.yaml")
PLAN = Plan.model_validate(FULL.model_dump() | {"comparisons": [c.model_dump() for c in FULL.comparisons[:3:2]]})


def given() -> Frames:
    frames = survival_mart.frames()
    exposure = frames.cohort.select(
        "patient_id",
        component_code=pl.lit("immunotherapy"),
        is_checkpoint_inhibitor=True,
        is_at_time_zero=True,
        start_day=pl.lit(0),
        stop_day=pl.lit(90),
        is_ongoing=False,
    )
    return replace(frames, exposure=exposure)


FRAMES = given()
RESPONSE = FRAMES.cohort.head(20).select("patient_id", response_days=pl.lit(56))
ASSESSMENT = FRAMES.cohort.head(70).select(
    "patient_id",
    day=pl.int_range(pl.len()) % 3 * 56,
    change_from_baseline_pct=(pl.int_range(pl.len()) * 3.0 - 90),
    has_new_lesion=pl.int_range(pl.len()) % 9 == 0,
)


@pytest.fixture(scope="module")
def results() -> Results:
    return run_plan(FRAMES, PLAN)


def drawn(results: Results, lang: str) -> dict[str, Picture]:
    return {p.name: p for p in pictures(FRAMES, results, Wording(lang, PLAN), ASSESSMENT, RESPONSE)}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_figure_can_be_read(results: Results, lang: str) -> None:
    found = drawn(results, lang)
    assert {name: faults for name, picture in found.items() if (faults := layout_faults(picture))} == {}
    for comparison in ("asps-against-rest", "asps-combination"):
        for param in ("pfsema", "os"):
            assert {f"{comparison}-{param}", f"sensitivity-{comparison}-{param}"} <= found.keys()
    assert {
        "attrition",
        "design",
        "overall-os",
        "subgroups-asps-against-rest-os",
        "swimmer",
        "waterfall",
    } <= found.keys()


def test_numbers_are_those_of_the_results(results: Results) -> None:
    svg = drawn(results, "en")["centres-asps-against-rest-os"].svg()
    for row in results["centres"].filter(analysis="asps_against_rest", endpoint="OS").iter_rows(named=True):
        if row["view"] != "fixed" and row["hazard_ratio"] is not None:
            assert f"{row['hazard_ratio']:.2f} (" in svg


def test_no_patient_is_named_on_any_figure_or_in_its_csv(results: Results) -> None:
    ids = FRAMES.cohort["patient_id"].to_list()
    for picture in drawn(results, "en").values():
        text = picture.svg() + picture.drawn.write_csv()
        assert not [one for one in ids if one in text]


def test_patients_own_figures_are_left_out_without_their_tables(results: Results) -> None:
    names = {p.name for p in pictures(FRAMES, results, Wording("en", PLAN), None, None)}
    assert names.isdisjoint({"swimmer", "waterfall"})


def test_the_waterfall_takes_each_patients_best_after_baseline(results: Results) -> None:
    picture = drawn(results, "en")["waterfall"]
    after = ASSESSMENT.filter(pl.col("day") > 0)
    assert sorted(picture.drawn["change_percent"]) == sorted(after["change_from_baseline_pct"])
    assert re.search(rf"{after.height} patients with a measurement", picture.svg())
