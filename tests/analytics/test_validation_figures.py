"""Scorecards, question rates, queries and trends of the validation report: counts by hand, and what a page says."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest
import quality_frames as made
from polars.testing import assert_frame_equal

from analytics.quality import queries, scores, summaries, trend
from analytics.quality.validation import EXAMPLES, EXAMPLES_ALL, validation_report
from schemas.thresholds import THRESHOLD


def listed(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_share_has_wilsons_interval() -> None:
    """Newcombe 1998, table I, method 3."""
    frame = pl.DataFrame({"part": [81, 15, 0, 1, 0], "whole": [263, 148, 20, 29, 0]})
    got = scores.with_interval(frame)
    assert [tuple(round(x, 4) for x in row) for row in got.head(4).select("lower", "upper").iter_rows()] == [
        (0.2553, 0.3662), (0.0624, 0.1605), (0.0, 0.1611), (0.0061, 0.1718),
    ]  # fmt: skip
    assert got.row(4)[2:] == (None, None, None)


def test_scorecards_count_what_their_unit_says() -> None:
    tables = made.frames(60)
    tables["quality.query"] = made.queries(40)
    got = scores.scorecards(tables).filter(centre="aa01")
    at_fault = tables["quality.finding"].filter(centre="aa01", severity="error")["patient_id"].n_unique()
    assert dict(got.select("measure", pl.concat_list("part", "whole")).iter_rows()) == {
        "rows_loaded": [2000, 2015],
        "patients_sound": [40 - at_fault, 40],
        "mandatory_present": [130, 154],
        "rules_sound": [0, 6],
        "terms_certain": [1, 4],
        "queries_in_time": [7, 10],
    }
    silent = scores.scorecards(tables).filter(centre="dd04")
    assert silent["estimate"].null_count() == silent.height == 6


HELD = """
    centre | share | from | to  | in force | a         | b         | c         | d
    -      | -     | -    | -   | -        | pass      | fault     | fault     | not_evaluable
    all    | 0.05  | -    | -   | yes      | pass      | tolerated | fault     | not_evaluable
    all    | 0.05  | -    | -   | no       | pass      | fault     | fault     | not_evaluable
    c      | 0.06  | -    | -   | yes      | pass      | fault     | tolerated | not_evaluable
    all    | 0     | 90   | 100 | yes      | pass      | tolerated | fault     | not_evaluable
    all    | 0.01  | 90   | 100 | yes      | pass      | tolerated | tolerated | not_evaluable
    b      | 0     | 91   | 100 | yes      | pass      | fault     | fault     | not_evaluable
"""
"""Of 100 judged, b has 5 at fault and c 6; every fault measures 90, the last of c 120."""


@pytest.mark.parametrize("case", HELD.strip().splitlines()[1:])
def test_a_rule_is_at_fault_by_what_is_tolerated_when_it_is_read(case: str) -> None:
    centre, share, low, high, is_in_force, *wanted = (cell.strip() for cell in case.split("|"))
    result = pl.DataFrame(
        {"rule": ["r"] * 4, "centre": ["a", "b", "c", "d"], "table_name": "t", "judged": [100, 100, 100, 0],
         "faults": [0, 5, 6, 0]}
    )  # fmt: skip
    finding = pl.DataFrame({"rule": "r", "centre": ["b"] * 5 + ["c"] * 6, "measure": [90.0] * 10 + [120.0]})
    rows = [] if centre == "-" else [
        {"rule": "r", "centre": None if centre == "all" else centre, "tolerated_share": float(share),
         "tolerated_from": None if low == "-" else float(low), "tolerated_to": None if high == "-" else float(high),
         "is_in_force": is_in_force == "yes"}
    ]  # fmt: skip
    held = pl.DataFrame(rows, schema=THRESHOLD)
    assert summaries.standing(result, finding, held)["status"].to_list() == wanted


def test_a_centres_own_threshold_goes_before_the_one_for_all_even_where_it_is_stricter() -> None:
    result = pl.DataFrame({"rule": "r", "centre": ["a", "b"], "table_name": "t", "judged": 10, "faults": 2})
    held = pl.DataFrame(
        [
            {"rule": "r", "centre": None, "tolerated_share": 0.5, "is_in_force": True},
            {"rule": "r", "centre": "a", "tolerated_share": 0.1, "is_in_force": True},
        ],
        schema=THRESHOLD,
    )
    finding = pl.DataFrame(schema={"rule": pl.String, "centre": pl.String, "measure": pl.Float64})
    assert summaries.standing(result, finding, held)["status"].to_list() == ["fault", "tolerated"]


def test_questions_are_counted_by_group_of_the_cohort_alone() -> None:
    tables = made.frames()
    person = tables["mart.cohort"]["patient_id"].to_list()[:3]
    outside = tables["mart.exclusion"]["patient_id"][0]
    base = tables["quality.finding"].head(1)
    asked = [(person[0], "query"), (person[0], "query"), (person[1], "report"), (outside, "query"), (None, "query")]
    tables["quality.finding"] = pl.concat(
        base.with_columns(patient_id=pl.lit(who, dtype=pl.String), channel=pl.lit(channel)) for who, channel in asked
    )
    got = scores.group_rates(tables)
    by_histology = got.filter(grouping="histology_group").select("code", "part", "whole", "questions").rows()
    assert by_histology == [("ASPS", 1, 26, 2), ("other", 0, 51, 0)]
    assert got.filter(grouping="regimen_group").select("part", "whole", "questions").rows() == [(1, 77, 2)]


def test_queries_by_state_age_and_yield() -> None:
    query = made.queries(40).filter(centre="aa01")
    state = queries.by_state(query).row(0, named=True)
    assert {name: state[name] for name in queries.STATES} == dict.fromkeys(queries.STATES, 5) | {"open": 10}
    assert (state["overdue"], state["level"], state["queries"]) == (3, "error", 40)
    age = queries.by_age(query).row(0, named=True)
    assert sum(age[f"age_{band}"] for band in range(4)) == age["open"] == 10
    told = queries.yields(query)
    assert told["closed"].sum() == 10
    assert told["changed"].sum() == query.filter(state="closed", close_reason_code="data").height == 3


@pytest.mark.parametrize(("overdue", "level"), [(1, "ok"), (2, "warning"), (3, "error")])
def test_overdue_is_amber_above_a_twentieth_and_red_above_a_tenth(overdue: int, level: str) -> None:
    """Of 20: one is a twentieth and still in order, two a tenth."""
    one = made.queries(2).filter(centre="aa01", state="open")
    open_ = pl.concat([one] * 20).with_columns(is_overdue=pl.int_range(20) < overdue)
    assert queries.by_state(open_)["level"].to_list() == [level]


def test_the_trend_reads_what_earlier_reports_left(tmp_path: Path) -> None:
    from dataclasses import replace

    facts = made.facts()
    earlier = [tmp_path / "one", tmp_path / "two"]
    for folder in earlier:
        validation_report(made.frames(30), replace(facts, refresh_id=folder.name), "en", folder)
    found = trend.read_measures([*earlier, tmp_path / "none"])
    assert_frame_equal(found.filter(refresh="one").drop("refresh"), found.filter(refresh="two").drop("refresh"))
    page = (earlier[0] / "validation.en.html").read_text(encoding="utf-8")
    assert "This is the first refresh with these figures" in page
    validation_report(made.frames(60), facts, "en", tmp_path / "now", found)
    page = (tmp_path / "now" / "validation.en.html").read_text(encoding="utf-8")
    assert page.count('class="panel"') == 8
    assert page.count("<polyline") == 8 * 4 - 3  # nothing applies at dd04, so that it has no share
    kept = listed(tmp_path / "now" / "data" / "trend.csv")
    assert list(dict.fromkeys(row["refresh"] for row in kept)) == ["one", "two", facts.refresh_id]


def test_a_curve_stands_where_its_values_say() -> None:
    rows = [("r1", "a", "rows_loaded", 5, None), ("r2", "a", "rows_loaded", 10, None)]
    rows += [("r1", "a", "patients_at_fault", 1, 4), ("r2", "a", "patients_at_fault", 0, 0)]
    told = pl.DataFrame(rows, schema=["refresh", "centre", "measure", "part", "whole"], orient="row")
    found = {panel.measure: panel for panel in trend.panels(told)}
    assert found["rows_loaded"].top == 10
    assert found["rows_loaded"].curves[0].points == ((34.0, 69.0), (276.0, 10.0))
    assert found["patients_at_fault"].curves[0].points == ((34.0, 98.5),)
    assert trend.panels(told.filter(refresh="r1")) == []


def test_the_files_hold_what_the_page_shows(tmp_path: Path) -> None:
    tables = made.frames(60)
    validation_report(tables, made.facts(), "en", tmp_path)
    told = json.loads((tmp_path / "validation.json").read_text(encoding="utf-8"))
    assert told["facts"]["refresh_id"] == made.facts().refresh_id
    for name, rows in told["tables"].items():
        assert len(listed(tmp_path / "data" / f"{name}.csv")) == len(rows), name
    texts = {text for text in tables["quality.finding"]["raw_text"].to_list() if text and text != made.SCRIPT}
    assert not {text for text in texts if text in (tmp_path / "validation.json").read_text(encoding="utf-8")}
    own = json.loads((tmp_path / "aa01" / "validation.json").read_text(encoding="utf-8"))["tables"]["findings"]
    finding = tables["quality.finding"].filter(centre="aa01")
    assert {row["finding_id"]: row["raw_text"] for row in own} == dict(
        finding.select("finding_id", "raw_text").iter_rows()
    )


def test_a_page_stays_small_however_many_rules_are_at_fault(tmp_path: Path) -> None:
    tables = made.frames(3 * EXAMPLES)
    wide = [
        tables["quality.finding"].with_columns(rule=pl.col("rule") + f"_{n}", finding_id=pl.col("finding_id") + f"_{n}")
        for n in range(100)
    ]
    tables["quality.finding"] = pl.concat(wide)
    validation_report(tables, made.facts(), "en", tmp_path)
    page = (tmp_path / "aa01" / "validation.en.html").read_text(encoding="utf-8")
    assert page.count("<article") == 600 - 100 + 100
    assert page.count('<bdi class="raw">') <= EXAMPLES_ALL
