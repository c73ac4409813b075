"""Cases of the rule sets of progression: missed assessments; see mart_cases and warehouse/endpoints/test_progression."""

CASES = {
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
