"""Cases of the mart: the end points; see mart_cases and warehouse/test_models."""

CASES = {
    "death is an event of both": """
        follow_up
        contact_on | status | death_on
        2021-04-01 | alive  |
                   | dead   | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC | ADT        | SRCDOM    | SRCVAR   | NEREASON
        OS      | 100  | 0    | Death    | 2021-06-09 | follow_up | death_on |
        PFSEMA  | 100  | 0    | Death    | 2021-06-09 | follow_up | death_on |
        """,
    "no news at all: censored at time zero, and counted": """
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC                 | ADT
        OS      | 0    | 1    | Time zero, no follow-up  | 2021-03-01
        PFSEMA  | 0    | 1    | Time zero, no assessment | 2021-03-01
        """,
    "alive: the last sign of life; no progression: the last adequate assessment": """
        follow_up
        contact_on | status
        2022-03-01 | alive
        2021-12-01 | alive

        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-08-01  | PR
        2021-11-01  | NE
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC                 | ADT        | SRCDOM
        OS      | 365  | 1    | Last known alive         | 2022-03-01 | follow_up
        PFSEMA  | 153  | 1    | Last adequate assessment | 2021-08-01 | response_assessment
        """,
    "the first progression is the event, later ones and new therapy change nothing": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-09-17  | PD
        2021-11-01  | PD

        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-01
        doxorubicin   | 2021-06-01
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC    | ADT
        PFSEMA  | 200  | 0    | Progression | 2021-09-17
        """,
    "missed visits change nothing": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2023-05-01  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC
        PFSEMA  | 791  | 0    | Progression
        """,
    "the day of time zero is the baseline": """
        response_assessment
        assessed_on | overall
        2021-03-01  | PD
        2021-05-01  | SD
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSEMA  | 61   | 1
        """,
    "an event on the day of the cut-off counts": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2024-06-30
        ---
        adtte
        PARAMCD | CNSR | ADT
        OS      | 0    | 2024-06-30
        """,
    "what lies after the cut-off is not known yet": """
        follow_up
        contact_on | status | death_on
        2024-06-01 | alive  |
        2024-07-15 | alive  |
                   | dead   | 2024-08-01

        response_assessment
        assessed_on | overall
        2024-05-01  | SD
        2024-07-01  | PD
        ---
        adtte
        PARAMCD | CNSR | ADT        | CNSDTDSC
        OS      | 1    | 2024-06-01 | Last known alive
        PFSEMA  | 1    | 2024-05-01 | Last adequate assessment
        """,
    "a progression dated after death is no event, the death is": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06-09

        response_assessment
        assessed_on | overall
        2021-06-10  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC | SRCDOM
        PFSEMA  | 100  | 0    | Death    | follow_up
        """,
    "a progression on the day of death is one": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06-09

        response_assessment
        assessed_on | overall
        2021-06-09  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC    | SRCDOM
        PFSEMA  | 100  | 0    | Progression | response_assessment
        """,
    "iUPD alone is no progression, but an adequate assessment": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-09-17  | iUPD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC
        PFSEMA  | 200  | 1    | No progression
        """,
    "iCPD is a progression on its own day; the day of the first iUPD is for another rule set": """
        response_assessment
        assessed_on | overall
        2021-09-17  | iUPD
        2021-10-29  | iCPD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC
        PFSEMA  | 242  | 0    | Progression
        """,
    "evidence of life: drugs fetched by relatives, signed reports and planned visits are none": """
        follow_up
        contact_on | contact_type   | status
        2021-06-09 | visit          | alive
        2021-07-01 | 家属代取药     | alive
        2021-07-02 | report signed  | alive
        2021-07-03 | planned visit  | alive
        2021-07-04 | visit          | lost
        ---
        adtte
        PARAMCD | AVAL | CNSR | NEREASON
        OS      | 100  | 1    |
        """,
    "discharge against advice: alive on that day": """
        follow_up
        contact_on | contact_type | status
        2021-05-01 | visit        | alive
        2021-06-09 | 自动出院     | alive
        ---
        adtte
        PARAMCD | AVAL | CNSR | SRCDOM
        OS      | 100  | 1    | follow_up
        """,
    "evidence of life: dosed, imaged, operated": """
        drug_exposure
        agent         | started_on | stopped_on | is_administered
        pembrolizumab | 2021-03-01 | 2021-06-09 | yes
        anlotinib     | 2021-07-01 |            | no
        ---
        adtte
        PARAMCD | AVAL | SRCDOM        | SRCVAR
        OS      | 100  | drug_exposure | stopped_on
        """,
    "evidence of life: imaged": """
        response_assessment
        assessed_on | overall
        2021-06-09  | NE
        ---
        adtte
        PARAMCD | AVAL | SRCDOM
        OS      | 100  | response_assessment
        """,
    "evidence of life: operated": """
        procedure
        type    | started_on
        surgery | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | SRCDOM
        OS      | 100  | procedure
        """,
    "two days of death: the earlier, and a query": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06-12
                   | dead   | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | CNSR
        OS      | 100  | 0
        """,
    "the outcome is the evidence of both centres that know the person": """
        patient
        patient | sex | born_on    | legal_basis | link_token
        p1      | F   | 1970-06-01 | consent     | t
        p2      | F   | 1970-06-01 | consent     | t
        p3      | F   | 1970-06-01 | consent     |

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01

        follow_up
        patient | contact_on | status | death_on
        p1      | 2021-04-01 | alive  |
        p2      |            | dead   | 2021-06-09
        p3      |            | dead   | 2021-05-01

        response_assessment
        patient | assessed_on | overall
        p1      | 2021-04-01  | SD
        p2      | 2021-05-01  | PD
        ---
        adtte
        patient | PARAMCD | AVAL | CNSR | EVNTDESC
        p1      | OS      | 100  | 0    | Death
        p1      | PFSEMA  | 61   | 0    | Progression
        """,
    "but not of the centre from whose use the person withdrew": """
        patient
        patient | sex | born_on    | legal_basis | withdrawal_scope | link_token
        p1      | F   | 1970-06-01 | consent     |                  | t
        p2      | F   | 1970-06-01 | consent     | erase            | t

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01

        follow_up
        patient | contact_on | status | death_on
        p1      | 2021-06-09 | alive  |
        p2      |            | dead   | 2021-07-01
        ---
        adtte
        patient | PARAMCD | AVAL | CNSR
        p1      | OS      | 100  | 1
        """,
}  # fmt: skip
