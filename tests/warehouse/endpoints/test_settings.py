"""Every setting of `endpoints` that is not at its default elsewhere, turned; and what may not change an end point."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import duckdb
import mart_cases
import pytest

from schemas.endpoints import EndPoints, rule_rows

TURNED = EndPoints(
    missed_assessments=1, visit_window_days=14, unassessed_death_days=60, local_new_therapy=(),
    local_next_treatment=("surgery",), visit_gap_days=90, death_window_days=30, confirm_progression_min_days=14,
    confirm_progression_max_days=100, next_treatment_death="censored", rechallenge_gap_days=30,
    response_needs_confirmation=True, confirm_response_days=56, confirm_response_skips=0, stable_disease_days=56,
    discharge_death_days=7, impute_death_month=True,
)  # fmt: skip
CASES = {
    "one missed assessment, two weeks on either side: 84 days": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-07-25  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSFDA  | 61   | 3
        """,
    "a death without any assessment after day 60": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-05-01
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC
        PFSFDA  | 0    | 3    | No progression
        TTNT    | 61   | 6    | Death
        """,
    "local treatment is no new therapy, surgery is a next treatment": """
        procedure
        type    | started_on
        surgery | 2021-04-01

        response_assessment
        assessed_on | overall
        2021-05-01  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSFDA  | 61   | 0
        TTNT    | 31   | 0
        """,
    "a gap of 91 days": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-07-31  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSRWD  | 61   | 4
        """,
    "a death 31 days after the last visit": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06-01

        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSRWD  | 61   | 5
        """,
    "confirmed after 14 to 100 days": """
        response_assessment
        assessed_on | overall
        2021-05-01  | iUPD
        2021-08-09  | iCPD
        ---
        adtte
        PARAMCD | AVAL
        IPFS    | 61
        """,
    "a pause of 31 days ends the treatment": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-05-01
        pembrolizumab | 2021-06-01 | 2021-07-01
        ---
        adtte
        PARAMCD | AVAL
        TTD     | 61
        """,
    "only a confirmed response makes a responder, after 56 days": """
        response_assessment
        assessed_on | overall
        2021-05-01  | PR
        2021-06-25  | PR
        ---
        best_response
        criteria_code | best_code | confirmed_code
        RECIST 1.1    | PR        | SD
        iRECIST       |           |

        adtte
        PARAMCD | AVAL
        PFSEMA  | 116
        """,
    "stable disease from day 56": """
        response_assessment
        assessed_on | overall
        2021-04-25  | SD
        ---
        best_response
        criteria_code | best_code
        RECIST 1.1    | NE
        iRECIST       |
        """,
    "a discharge to die counts after a week": """
        follow_up
        contact_on | contact_type | status
        2021-06-09 | 自动出院     | alive
        ---
        adtte
        PARAMCD | AVAL | CNSR
        OSDISCH | 107  | 0
        """,
    "a month of death is its 15th day, flagged": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06
        ---
        adtte
        PARAMCD | AVAL | CNSR | ADT        | ADTF | ADTEARLY   | ADTLATE    | NEREASON
        OS      | 106  | 0    | 2021-06-15 | D    | 2021-06-01 | 2021-06-30 |
        PFSEMA  | 106  | 0    | 2021-06-15 | D    | 2021-06-01 | 2021-06-30 |
        """,
    "but not before the last sign of life": """
        follow_up
        contact_on | status | death_on
        2021-06-20 | alive  |
                   | dead   | 2021-06
        ---
        adtte
        PARAMCD | AVAL | ADT        | ADTF
        OS      | 111  | 2021-06-20 | D
        """,
    "a year of death stays a query": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | partial date: follow_up.death_on
        """,
}  # fmt: skip


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return mart_cases.warehouse_of(CASES, tmp_path_factory.mktemp("mart"), TURNED)


@pytest.mark.parametrize("case", CASES)
def test_a_setting_decides(case: str, mart: duckdb.DuckDBPyConnection) -> None:
    mart_cases.holds(mart, case, CASES[case])


def test_every_setting_is_turned() -> None:
    assert [name for name in EndPoints.model_fields if getattr(TURNED, name) == getattr(EndPoints(), name)] == []


def test_every_setting_is_told() -> None:
    """With its name and default, and every PARAMCD with its words."""
    page = (Path(__file__).resolve().parents[3] / "docs" / "endpoints.md").read_text(encoding="utf-8")
    assert [name for name in EndPoints.model_fields if f"`{name}`" not in page] == []
    assert [row["PARAMCD"] for row in rule_rows(EndPoints()) if f"### {row['PARAMCD']}" not in page] == []


COURSES = {
    "month": """
        follow_up
        contact_on | contact_type | status | death_on
        2021-06-09 | visit        | alive  |
                   |              | dead   | 2022-01

        response_assessment
        assessed_on | overall | target_sum_mm
        2021-02-20  |         | 60
        2021-05-01  | PR      | 30
        2021-06-01  | PR      | 31
        2021-12-01  | iUPD    | 70

        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-06-01
        doxorubicin   | 2021-12-20 | 2021-12-24
        """,
    "days": """
        follow_up
        contact_on | contact_type | status | death_on
        2021-06-09 | visit        | alive  |
                   |              | dead   | 2021-07-20

        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        """,
}  # fmt: skip
INVARIANT = "PARAMCD, AVAL, CNSR, EVNTDESC, ADTEARLY - STARTDT, ADTLATE - STARTDT, CNSREARLY, CNSRLATE, NEREASON"


def _shifted(text: str, days: int) -> str:
    """Every day of a case moved; a month stands where its first day falls."""

    def moved(found: re.Match[str]) -> str:
        return (date.fromisoformat(found[0]) + timedelta(days=days)).isoformat()

    return re.sub(r"\d{4}-\d{2}-\d{2}", moved, text)


@pytest.mark.parametrize(("course", "days"), [("month", -1461), ("days", -1461), ("days", -700), ("days", 300)])
def test_the_calendar_does_not_matter(course: str, days: int, tmp_path: Path) -> None:
    """A course known by a month is shifted by a leap cycle, so that the month keeps its length."""
    whole = mart_cases.told(COURSES[course])
    cases = {"here": whole, "moved": _shifted(whole.replace("2022-01\n", f"{2022 + 4 * days // 1461}-01\n"), days)}
    mart = mart_cases.rule_cases.warehouse_of(cases, tmp_path / "cases")
    here, moved = (
        mart.execute(f"select {INVARIANT} from mart.adtte where centre = ? order by 1", [name]).fetchall()
        for name in cases
    )
    assert here == moved
    assert len(here) >= 8


def test_the_same_rules_for_those_in_doubt(tmp_path: Path) -> None:
    """A patient in doubt of the histology alone has the end points the same records give a patient of the cohort."""
    doubt = COURSES["month"] + "\n\n        tumour\n        histology | metastatic_on\n        MFH | 2021-01-01\n"
    cases = {"sure": COURSES["month"], "doubt": doubt}
    mart = mart_cases.warehouse_of({case: f"{text}\n---\n" for case, text in cases.items()}, tmp_path / "cases")
    sure = mart.execute(f"select {INVARIANT} from mart.adtte where centre = 'sure' order by 1").fetchall()
    doubtful = mart.execute(f"select {INVARIANT} from mart.adtte_doubtful where centre = 'doubt' order by 1").fetchall()
    assert sure == doubtful
    assert len(sure) == 9
    assert mart.execute("select count(*) from mart.adtte where centre = 'doubt'").fetchone() == (0,)
