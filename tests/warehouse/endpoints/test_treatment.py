"""Time to next treatment, time to discontinuation, and overall survival with discharges to die. Time zero: 2021-03-01."""

from __future__ import annotations

import duckdb
import mart_cases
import pytest

NEXT = {
    "the next systemic treatment": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-05-01
        doxorubicin   | 2021-06-09 |
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC       | SRCDOM        | SRCVAR
        TTNT    | 100  | 0    | Next treatment | drug_exposure | started_on
        """,
    "death before it is an event, as the registry says": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC | SRCVAR
        TTNT    | 100  | 0    | Death    | death_on
        """,
    "neither: last known alive": """
        follow_up
        contact_on | status
        2021-06-09 | alive
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC
        TTNT    | 100  | 1    | Last known alive
        """,
    "a partner added while the inhibitor goes on is no next treatment, after a progression it is": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on | stopped_on
        p1      | pembrolizumab | 2021-03-01 | 2021-09-01
        p1      | axitinib      | 2021-06-09 | 2021-09-01
        p2      | pembrolizumab | 2021-03-01 | 2021-09-01
        p2      | axitinib      | 2021-06-09 | 2021-09-01

        response_assessment
        patient | assessed_on | overall
        p2      | 2021-06-08  | PD
        ---
        adtte
        patient | PARAMCD | AVAL | CNSR
        p1      | TTNT    | 184  | 1
        p2      | TTNT    | 100  | 0
        """,
    "surgery and supportive drugs are none": """
        procedure
        type    | started_on
        surgery | 2021-04-01

        drug_exposure
        agent           | started_on | stopped_on
        pembrolizumab   | 2021-03-01 | 2021-05-01
        zoledronic acid | 2021-05-10 |
        ---
        adtte
        PARAMCD | AVAL | CNSR
        TTNT    | 70   | 1
        """,
}  # fmt: skip

STOPPED = {
    "the last dose": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC        | SRCDOM        | SRCVAR
        TTD     | 100  | 0    | Discontinuation | drug_exposure | stopped_on
        """,
    "still given: censored at last known alive": """
        drug_exposure
        agent         | started_on | is_ongoing
        pembrolizumab | 2021-03-01 | yes

        follow_up
        contact_on | status
        2021-06-09 | alive
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC
        TTD     | 100  | 1    | Still treated
        """,
    "death under treatment ends it": """
        drug_exposure
        agent         | started_on | is_ongoing
        pembrolizumab | 2021-03-01 | yes

        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC | SRCVAR
        TTD     | 100  | 0    | Death    | death_on
        """,
    "nothing says whether it was stopped: censored at the last known dose": """
        follow_up
        contact_on | status
        2021-06-09 | alive
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC        | SRCVAR
        TTD     | 0    | 1    | Last known dose | started_on
        """,
    "stopped at an unknown time before another treatment": """
        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-01
        doxorubicin   | 2021-06-01
        ---
        adtte
        PARAMCD | AVAL | CNSR | NEREASON
        TTD     |      |      | not known: drug_exposure.stopped_on
        """,
    "a pause of 120 days is one treatment": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-05-01
        pembrolizumab | 2021-08-29 | 2021-10-01
        ---
        adtte
        PARAMCD | AVAL | CNSR
        TTD     | 214  | 0
        """,
    "of 121 days two": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-05-01
        pembrolizumab | 2021-08-30 | 2021-10-01
        ---
        adtte
        PARAMCD | AVAL | CNSR
        TTD     | 61   | 0
        """,
    "of two inhibitors the last to be stopped": """
        drug_exposure
        agent      | started_on | stopped_on
        nivolumab  | 2021-03-01 | 2021-06-09
        ipilimumab | 2021-03-01 | 2021-05-01
        ---
        adtte
        PARAMCD | AVAL | CNSR
        TTD     | 100  | 0
        """,
    "the partner's stop is not the inhibitor's": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-06-09
        axitinib      | 2021-03-01 | 2021-09-01
        ---
        adtte
        PARAMCD | AVAL | CNSR
        TTD     | 100  | 0
        """,
    "a stop behind the cut-off is not known yet": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2024-07-01

        follow_up
        contact_on | status
        2024-06-01 | alive
        ---
        adtte
        PARAMCD | CNSR | ADT
        TTD     | 1    | 2024-06-01
        """,
    "a stop known by its month has bounds": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-06
        ---
        adtte
        PARAMCD | AVAL | NEREASON                               | ADTEARLY   | CNSREARLY | ADTLATE    | CNSRLATE
        TTD     |      | partial date: drug_exposure.stopped_on | 2021-06-01 | 0         | 2021-06-30 | 0
        """,
}  # fmt: skip

DISCHARGE = {
    "discharged to die: alive that day; the sensitivity counts death 30 days later": """
        follow_up
        contact_on | contact_type | status
        2021-06-09 | 自动出院     | alive
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC         | SRCVAR
        OS      | 100  | 1    | Alive            | contact_on
        OSDISCH | 130  | 0    | Discharge to die | contact_on
        """,
    "seen alive later: no death": """
        follow_up
        contact_on | contact_type | status
        2021-06-09 | 自动出院     | alive
        2021-06-10 | visit        | alive
        ---
        adtte
        PARAMCD | AVAL | CNSR
        OSDISCH | 101  | 1
        """,
    "a known death wins": """
        follow_up
        contact_on | contact_type | status | death_on
        2021-06-09 | 自动出院     | alive  |
                   |              | dead   | 2021-06-20
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC
        OSDISCH | 111  | 0    | Death
        """,
    "30 days later lies behind the cut-off": """
        follow_up
        contact_on | contact_type | status
        2024-06-01 | 自动出院     | alive
        ---
        adtte
        PARAMCD | CNSR | ADT
        OSDISCH | 1    | 2024-06-01
        """,
}  # fmt: skip

CASES = {**NEXT, **STOPPED, **DISCHARGE}


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return mart_cases.warehouse_of(CASES, tmp_path_factory.mktemp("mart"))


@pytest.mark.parametrize("case", CASES)
def test_the_mart_says(case: str, mart: duckdb.DuckDBPyConnection) -> None:
    mart_cases.holds(mart, case, CASES[case])
