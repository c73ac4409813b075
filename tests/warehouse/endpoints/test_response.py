"""Best response by RECIST 1.1 and iRECIST, its duration, and the changes of the target sum. Time zero: 2021-03-01.

A series is written in one line, `code day` after time zero; what must come of it stands behind: best, confirmed, day of
the first response, and by iRECIST best and confirmed.
"""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import mart_cases
import pytest

ZERO = date(2021, 3, 1)
SERIES = """
    # stable disease counts from day 42
    SD 41                        | NE            | NE            |     |      |
    SD 42                        | SD            | SD            |     |      |
    SD 41 PD 80                  | PD            | PD            |     |      |
    SD 42 PD 80                  | SD            | SD            |     |      |
    NON-CR/NON-PD 50             | NON-CR/NON-PD | NON-CR/NON-PD |     |      |
    NE 50 NE 100                 | NE            | NE            |     |      |
    PD 30                        | PD            | PD            |     |      |
    # a response is confirmed by one as good from 28 days later
    PR 50 PR 78                  | PR            | PR            | 50  |      |
    PR 50 PR 77                  | PR            | SD            | 50  |      |
    PR 50 PR 77 PR 78            | PR            | PR            | 50  |      |
    PR 50 PD 78                  | PR            | SD            | 50  |      |
    PR 41 PD 69                  | PR            | PD            | 41  |      |
    PR 41                        | PR            | NE            | 41  |      |
    CR 50 CR 78                  | CR            | CR            | 50  |      |
    CR 50 PR 78                  | CR            | SD            | 50  |      |
    PR 50 CR 78                  | CR            | PR            | 50  |      |
    PR 50 CR 78 CR 106           | CR            | CR            | 50  |      |
    SD 50 PR 100 PR 150 PD 200   | PR            | PR            | 100 |      |
    # one not evaluable between is skipped, two are not, nor is anything worse
    PR 50 NE 70 PR 90            | PR            | PR            | 50  |      |
    PR 50 NE 70 NE 80 PR 90      | PR            | SD            | 50  |      |
    PR 50 SD 70 PR 90            | PR            | SD            | 50  |      |
    # nothing counts after the first progression
    SD 50 PD 100 PR 150 PR 200   | SD            | SD            |     |      |
    # iRECIST goes on after an unconfirmed progression and ends with a confirmed one; RECIST 1.1 takes it for PD
    iSD 50 iUPD 100 iPR 150      | SD            | SD            |     | iPR  | iSD
    iSD 50 iUPD 100 iPR 150 iPR 178 | SD         | SD            |     | iPR  | iPR
    iUPD 50 iCPD 90              | PD            | PD            |     | iCPD | iCPD
    iUPD 50                      | PD            | PD            |     | iUPD | iUPD
    iUPD 50 iCPD 90 iPR 130      | PD            | PD            |     | iCPD | iCPD
    iUPD 30 iSD 41               | PD            | PD            |     | iUPD | iUPD
    iUPD 30 iSD 42               | PD            | PD            |     | iSD  | iSD
    iPR 50 iPR 78                | PR            | PR            | 50  | iPR  | iPR
    # a series in both: RECIST's words up to the first iUPD
    SD 50 PR 100 iUPD 150 iCPD 190 | PR          | SD            | 100 | iPR  | iSD
    """


def _series() -> list[list[str]]:
    lines = [line.strip() for line in SERIES.strip().splitlines()]
    return [[cell.strip() for cell in line.split("|")] for line in lines if not line.startswith("#")]


def _rows(told: str) -> str:
    words = told.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return "\n".join(f"{ZERO + timedelta(days=int(day))} | {code}" for code, day in pairs)


def _series_case(told: str, best: str, confirmed: str, day: str, immune: str, immune_confirmed: str) -> str:
    none = "" if immune else "no assessment by iRECIST"
    reason = {"NE": "stable disease too early" if "SD" in told else "no evaluable assessment"}.get(best, "")
    return (
        f"response_assessment\nassessed_on | overall\n{_rows(told)}\n---\n"
        "best_response\ncriteria_code | best_code | confirmed_code | response_days | not_evaluable_reason\n"
        f"RECIST 1.1 | {best} | {confirmed} | {day} | {reason}\n"
        f"iRECIST | {immune} | {immune_confirmed} | {_immune_day(told) if immune else ''} | {none}"
    )


def _immune_day(told: str) -> str:
    words = told.split()
    days = [day for code, day in zip(words[::2], words[1::2], strict=True) if code in ("PR", "CR", "iPR", "iCR")]
    return days[0] if days and "iCPD" not in words[: words.index(days[0])] else ""


OTHER = {
    "no assessment after time zero": """
        response_assessment
        assessed_on | overall
        2021-03-01  | PR
        ---
        best_response
        criteria_code | best_code | n_assessments | not_evaluable_reason
        RECIST 1.1    |           | 0             | no assessment after time zero
        iRECIST       |           | 0             | no assessment by iRECIST
        """,
    "a response that cannot be read may be better or a progression": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-07-01  | qqq
        ---
        best_response
        criteria_code | best_code | not_evaluable_reason
        RECIST 1.1    |           | uncoded: response_assessment.overall
        iRECIST       |           | uncoded: response_assessment.overall
        """,
    "a response under new therapy is not the index treatment's": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-05-01
        doxorubicin   | 2021-06-01 |

        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-06-02  | PR
        ---
        best_response
        criteria_code | best_code | confirmed_code | response_on
        RECIST 1.1    | SD        | SD             |
        iRECIST       |           |                |
        """,
    "duration of response: from the first response to progression": """
        response_assessment
        assessed_on | overall
        2021-05-01  | PR
        2021-06-01  | PR
        2021-08-09  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR | STARTDT    | ADT        | EVNTDESC
        DOR     | 100  | 0    | 2021-05-01 | 2021-08-09 | Progression
        """,
    "a response seen once and never again lasts no day": """
        response_assessment
        assessed_on | overall
        2021-05-01  | PR
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC                 | SRCVAR
        DOR     | 0    | 1    | Last adequate assessment | assessed_on
        """,
    "no response: no row": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD

        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSEMA  | 100  | 0
        """,
    "changes of the sum of target lesions": """
        response_assessment
        assessed_on | overall | target_sum_mm
        2020-12-01  |         | 50
        2021-02-20  |         | 60
        2021-04-26  | PR      | 30
        2021-06-21  | PR      | 40.5
        2021-08-16  | PD      |
        2021-10-11  | PD      | 63
        ---
        assessment
        day | is_baseline | overall_code | target_sum_mm | baseline_sum_mm | nadir_mm | change_from_baseline_pct | change_from_nadir_pct
        -9  | yes         |              | 60.0          | 60.0            |          | 0.0                      |
        56  | no          | PR           | 30.0          | 60.0            | 60.0     | -50.0                    | -50.0
        112 | no          | PR           | 40.5          | 60.0            | 30.0     | -32.5                    | 35.0
        168 | no          | PD           |               | 60.0            | 30.0     |                          |
        224 | no          | PD           | 63.0          | 60.0            | 30.0     | 5.0                      | 110.0
        """,
    "no baseline, or one of nought: no percentage": """
        response_assessment
        assessed_on | overall | target_sum_mm
        2021-02-20  |         | 0
        2021-04-26  | NE      | 10
        ---
        assessment
        day | is_baseline | nadir_mm | change_from_baseline_pct
        -9  | yes         |          |
        56  | no          | 0.0      |
        """,
}  # fmt: skip

CASES = {**{row[0]: _series_case(*row) for row in _series()}, **OTHER}


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return mart_cases.warehouse_of(CASES, tmp_path_factory.mktemp("mart"))


@pytest.mark.parametrize("case", CASES)
def test_the_mart_says(case: str, mart: duckdb.DuckDBPyConnection) -> None:
    mart_cases.holds(mart, case, CASES[case])


def test_only_responders_have_a_duration(mart: duckdb.DuckDBPyConnection) -> None:
    odd = """
        select count(*)
        from mart.best_response as best
        full join (select * from mart.adtte where PARAMCD = 'DOR') as dor using (patient_id)
        where best.criteria_code = 'RECIST 1.1'
            and (best.response_on is not null) <> (dor.patient_id is not null)
    """
    assert mart.execute(odd).fetchone() == (0,)
