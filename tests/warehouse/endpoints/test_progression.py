"""The rule sets of progression-free survival at their boundary days. Time zero is 2021-03-01, the interval 56 days.

Two missed assessments of 56 days with a window of a week on either side are 126 days.
"""

from __future__ import annotations

import duckdb
import mart_cases
import pytest

MISSED = {
    "126 days without an assessment are not two missed": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-09-04  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC
        PFSEMA  | 187  | 0    | Progression
        PFSFDA  | 187  | 0    | Progression
        """,
    "127 days are: censored at the last one before": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-09-05  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC       | CNSDTDSC                                    | SRCDOM              | SRCVAR
        PFSEMA  | 188  | 0    | Progression    |                                             | response_assessment | assessed_on
        PFSFDA  | 61   | 3    | No progression | Last adequate assessment before missed ones | response_assessment | assessed_on
        """,
    "an assessment that could not be evaluated was missed too": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-07-01  | NE
        2021-09-05  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSFDA  | 61   | 3
        """,
    "a gap that a later assessment without progression ends changes nothing": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2022-05-01  | SD
        2022-07-01  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSFDA  | 487  | 0
        """,
    "missed since time zero": """
        response_assessment
        assessed_on | overall
        2021-07-06  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC
        PFSFDA  | 0    | 3    | Time zero, no assessment
        PFSEMA  | 127  | 0    |
        """,
    "a death without any assessment on day 126 is an event": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-07-05
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC
        PFSFDA  | 126  | 0    | Death
        """,
    "on day 127 fda censors at time zero, the others count it": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-07-06
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC       | CNSDTDSC
        PFSEMA  | 127  | 0    | Death          |
        PFSFDA  | 0    | 3    | No progression | Time zero, no assessment
        PFSRWD  | 127  | 0    | Death          |
        IPFS    | 127  | 0    | Death          |
        """,
    "a death after two missed assessments": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-09-05

        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC       | SRCDOM
        PFSEMA  | 188  | 0    | Death          | follow_up
        PFSFDA  | 61   | 3    | No progression | response_assessment
        """,
    "no event: nothing was missed before one": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2022-05-01  | PR
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC
        PFSFDA  | 426  | 1    | Last adequate assessment
        """,
    "twelve weeks expected: 182 days": """
        centre
        assessment_interval_days
        84

        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-10-30  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSFDA  | 243  | 0
        """,
    "no interval: the rule is not evaluable, with an event or without": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent

        centre
        assessment_interval_days
        none

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01

        response_assessment
        patient | assessed_on | overall
        p1      | 2021-05-01  | PD
        p2      | 2021-05-01  | SD
        ---
        adtte
        patient | PARAMCD | AVAL | CNSR | NEREASON
        p1      | PFSEMA  | 61   | 0    |
        p1      | PFSFDA  |      |      | no expected interval: centre.assessment_interval_days
        p2      | PFSEMA  | 61   | 1    |
        p2      | PFSFDA  |      |      | no expected interval: centre.assessment_interval_days
        """,
}  # fmt: skip

NEW_THERAPY = {
    "new therapy before the event: fda censors at the assessment before it": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-06-30  | SD
        2021-08-15  | PD

        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-06-01
        doxorubicin   | 2021-06-29 |
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC
        PFSEMA  | 167  | 0    |
        PFSFDA  | 61   | 2    | Last adequate assessment before new therapy
        PFSRWD  | 167  | 0    |
        """,
    "an assessment on the day new therapy starts counts": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-06-30  | SD
        2021-08-15  | PD

        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-06-01
        doxorubicin   | 2021-06-30 |
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSFDA  | 121  | 2
        """,
    "a progression on the day new therapy starts is an event": """
        response_assessment
        assessed_on | overall
        2021-05-01  | PD

        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-04-01
        doxorubicin   | 2021-05-01 |
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSFDA  | 61   | 0
        """,
    "no event after new therapy: censored before it too": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-08-01  | SD

        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-06-01
        doxorubicin   | 2021-06-29 |
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSEMA  | 153  | 1
        PFSFDA  | 61   | 2
        """,
    "a partner within the 28 days is of the regimen, one later is new therapy": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p1      | axitinib      | 2021-03-29
        p2      | pembrolizumab | 2021-03-01
        p2      | axitinib      | 2021-03-30

        response_assessment
        patient | assessed_on | overall
        p1      | 2021-05-01  | PD
        p2      | 2021-05-01  | PD
        ---
        adtte
        patient | PARAMCD | AVAL | CNSR
        p1      | PFSFDA  | 61   | 0
        p2      | PFSFDA  | 0    | 2
        """,
    "one PD-1 inhibitor for another, the same drug again, and a drug against pain are none": """
        response_assessment
        assessed_on | overall
        2021-08-01  | SD
        2021-11-01  | PD

        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-05-01
        nivolumab     | 2021-05-20 | 2021-07-01
        pembrolizumab | 2021-08-20 |
        dexamethasone | 2021-05-20 |
        PD-1          | 2021-09-20 |
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSFDA  | 245  | 0
        """,
    "radiotherapy is new therapy for fda, a biopsy is none": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01

        procedure
        patient | type         | intent     | started_on
        p1      | radiotherapy | palliative | 2021-04-01
        p2      | surgery      | diagnostic | 2021-04-01

        response_assessment
        patient | assessed_on | overall
        p1      | 2021-05-01  | PD
        p2      | 2021-05-01  | PD
        ---
        adtte
        patient | PARAMCD | AVAL | CNSR
        p1      | PFSFDA  | 0    | 2
        p2      | PFSFDA  | 61   | 0
        """,
    "a drug that cannot be read may be new therapy": """
        response_assessment
        assessed_on | overall
        2021-08-01  | PD

        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-01
        qqq           | 2021-05-01
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSEMA  | 153  |
        PFSFDA  |      | uncoded: drug_exposure.agent
        TTNT    |      | uncoded: drug_exposure.agent
        """,
    "one started after the progression is too late to matter": """
        response_assessment
        assessed_on | overall
        2021-05-01  | PD

        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-01
        qqq           | 2021-05-02
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSFDA  | 61   |
        TTNT    |      | uncoded: drug_exposure.agent
        """,
    "local treatment that ends before it starts was on one of the two days": """
        procedure
        type         | started_on | stopped_on
        radiotherapy | 2021-06-01 | 2021-04-01

        response_assessment
        assessed_on | overall
        2021-05-01  | PD

        finding
        rule                        | table_name | field
        procedure_stop_before_start | procedure  | stopped_on
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSEMA  | 61   |
        PFSFDA  |      | procedure_stop_before_start: procedure.stopped_on
        """,
    "a start known by its month: not evaluable, with bounds": """
        response_assessment
        assessed_on | overall
        2021-05-15  | SD
        2021-06-15  | PD

        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-05-01
        doxorubicin   | 2021-06    |
        ---
        adtte
        PARAMCD | AVAL | NEREASON                               | ADTEARLY   | CNSREARLY | ADTLATE    | CNSRLATE
        PFSFDA  |      | partial date: drug_exposure.started_on | 2021-05-15 | 2         | 2021-06-15 | 0
        TTNT    |      | partial date: drug_exposure.started_on | 2021-06-01 | 0         | 2021-06-30 | 0
        """,
}  # fmt: skip

REAL_WORLD = {
    "180 days between visits are no gap": """
        follow_up
        contact_on | contact_type | status
        2021-05-01 | visit        | alive

        response_assessment
        assessed_on | overall
        2021-10-28  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSRWD  | 241  | 0
        """,
    "181 are: nothing after it counts": """
        follow_up
        contact_on | contact_type | status
        2021-05-01 | visit        | alive

        response_assessment
        assessed_on | overall
        2021-10-29  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC                | SRCDOM    | SRCVAR
        PFSRWD  | 61   | 4    | Last visit before a gap | follow_up | contact_on
        """,
    "a call is no visit": """
        follow_up
        contact_on | contact_type  | status
        2021-05-01 | phone patient | alive

        response_assessment
        assessed_on | overall
        2021-08-29  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSRWD  | 0    | 4
        OS      | 181  | 1
        """,
    "without an event it ends with the last visit, not the last assessment": """
        follow_up
        contact_on | contact_type | status
        2021-06-01 | visit        | alive

        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC
        PFSEMA  | 61   | 1    | Last adequate assessment
        PFSRWD  | 92   | 1    | Last visit
        """,
    "a death 90 days after the last visit counts": """
        follow_up
        contact_on | contact_type | status | death_on
                   |              | dead   | 2021-07-30

        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSRWD  | 151  | 0
        """,
    "91 days after it does not": """
        follow_up
        contact_on | contact_type | status | death_on
                   |              | dead   | 2021-07-31

        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC
        PFSRWD  | 61   | 5    | Last visit, long before death
        PFSEMA  | 152  | 0    |
        """,
}  # fmt: skip

IRECIST = {
    "confirmed after 28 days: the day of the iUPD": """
        response_assessment
        assessed_on | overall
        2021-05-01  | iUPD
        2021-05-29  | iCPD
        ---
        adtte
        PARAMCD | AVAL | CNSR | ADT
        IPFS    | 61   | 0    | 2021-05-01
        """,
    "after 27 days the iCPD stands for itself": """
        response_assessment
        assessed_on | overall
        2021-05-01  | iUPD
        2021-05-28  | iCPD
        ---
        adtte
        PARAMCD | AVAL | ADT
        IPFS    | 88   | 2021-05-28
        """,
    "after 56 days confirmed": """
        response_assessment
        assessed_on | overall
        2021-05-01  | iUPD
        2021-06-26  | iCPD
        ---
        adtte
        PARAMCD | AVAL
        IPFS    | 61
        """,
    "after 57 days not": """
        response_assessment
        assessed_on | overall
        2021-05-01  | iUPD
        2021-06-27  | iCPD
        ---
        adtte
        PARAMCD | AVAL
        IPFS    | 118
        """,
    "something better between: the first iUPD is disregarded": """
        response_assessment
        assessed_on | overall
        2021-05-01  | iUPD
        2021-05-20  | iSD
        2021-06-10  | iUPD
        2021-07-10  | iCPD
        ---
        adtte
        PARAMCD | AVAL | ADT
        IPFS    | 101  | 2021-06-10
        """,
    "the first of two iUPD that is confirmed in time": """
        response_assessment
        assessed_on | overall
        2021-05-01  | iUPD
        2021-06-01  | iUPD
        2021-07-01  | iCPD
        ---
        adtte
        PARAMCD | AVAL | ADT
        IPFS    | 92   | 2021-06-01
        """,
    "never confirmed: no event, the iUPD is the last adequate assessment": """
        response_assessment
        assessed_on | overall
        2021-05-01  | iSD
        2021-06-01  | iUPD
        ---
        adtte
        PARAMCD | AVAL | CNSR
        IPFS    | 92   | 1
        """,
    "unconfirmed, then death": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06-09

        response_assessment
        assessed_on | overall
        2021-05-01  | iUPD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC
        IPFS    | 100  | 0    | Death
        """,
    "where the reader writes PD, PD confirms PD": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01

        response_assessment
        patient | assessed_on | overall
        p1      | 2021-05-01  | PD
        p1      | 2021-05-29  | PD
        p2      | 2021-05-01  | PD
        p2      | 2021-05-29  | SD
        ---
        adtte
        patient | PARAMCD | AVAL | CNSR
        p1      | IPFS    | 61   | 0
        p2      | IPFS    | 89   | 1
        """,
}  # fmt: skip

PARTIAL = {
    "a month of death: bounds from the last sign of life to the end of the month": """
        follow_up
        contact_on | status | death_on
        2021-06-09 | alive  |
                   | dead   | 2021-06
        ---
        adtte
        PARAMCD | AVAL | CNSR | NEREASON                         | ADTEARLY   | CNSREARLY | ADTLATE    | CNSRLATE
        OS      |      |      | partial date: follow_up.death_on | 2021-06-09 | 0         | 2021-06-30 | 0
        """,
    "a year of death that runs behind the cut-off: perhaps no event": """
        follow_up
        contact_on | status | death_on
        2024-05-01 | alive  |
                   | dead   | 2024
        ---
        adtte
        PARAMCD | AVAL | ADTEARLY   | CNSREARLY | ADTLATE    | CNSRLATE
        OS      |      | 2024-05-01 | 0         | 2024-05-01 | 1
        """,
    "known to the day: the bounds are the day": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06
                   | dead   | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | ADTEARLY   | CNSREARLY | ADTLATE    | CNSRLATE | ADTF
        OS      | 100  | 2021-06-09 | 0         | 2021-06-09 | 0        |
        """,
    "a month of the last contact moves the censoring within its bounds": """
        follow_up
        contact_on | status
        2021-06-09 | alive
        2021-08    | alive
        ---
        adtte
        PARAMCD | AVAL | CNSR | ADTEARLY   | ADTLATE
        OS      | 100  | 1    | 2021-08-01 | 2021-08-31
        """,
    "a month of progression": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-07     | PD
        ---
        adtte
        PARAMCD | AVAL | NEREASON                                      | ADTEARLY   | CNSREARLY | ADTLATE
        PFSEMA  |      | partial date: response_assessment.assessed_on | 2021-07-01 | 0         | 2021-07-31
        """,
    "a rejected value has no bounds": """
        follow_up
        contact_on | status | death_on
        2021-04-01 | alive  |

        finding
        rule            | table_name | field
        date_impossible | follow_up  | death_on
        ---
        adtte
        PARAMCD | AVAL | ADTEARLY | CNSREARLY | ADTLATE | CNSRLATE
        OS      |      |          |           |         |
        """,
}  # fmt: skip

CASES = {**MISSED, **NEW_THERAPY, **REAL_WORLD, **IRECIST, **PARTIAL}


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return mart_cases.warehouse_of(CASES, tmp_path_factory.mktemp("mart"))


@pytest.mark.parametrize("case", CASES)
def test_the_mart_says(case: str, mart: duckdb.DuckDBPyConnection) -> None:
    mart_cases.holds(mart, case, CASES[case])
