"""Cases of the mart: what no end point can be told of; see mart_cases and warehouse/test_models."""

CASES = {
    "a rejected day of death": """
        follow_up
        contact_on | status | death_on
        2021-04-01 | alive  |

        finding
        rule            | table_name | field
        date_impossible | follow_up  | death_on
        ---
        adtte
        PARAMCD | AVAL | CNSR | ADT | NEREASON
        OS      |      |      |     | date_impossible: follow_up.death_on
        PFSEMA  |      |      |     | date_impossible: follow_up.death_on
        """,
    "a rejected day of death cannot change a progression before it": """
        response_assessment
        assessed_on | overall
        2021-06-09  | PD

        finding
        rule            | table_name | field
        date_impossible | follow_up  | death_on
        ---
        adtte
        PARAMCD | AVAL | CNSR | NEREASON
        OS      |      |      | date_impossible: follow_up.death_on
        PFSEMA  | 100  | 0    |
        """,
    "a day of death known by its month": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | partial date: follow_up.death_on
        PFSEMA  |      | partial date: follow_up.death_on
        """,
    "another record gives the day": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06
                   | dead   | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | CNSR | NEREASON
        OS      | 100  | 0    |
        """,
    "the month of death ends before the day another record gives": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-05
                   | dead   | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | partial date: follow_up.death_on
        """,
    "dead without a date": """
        follow_up
        contact_on | status | death_on
        2021-06-09 | dead   |
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | dead without a date: follow_up.death_on
        PFSEMA  |      | dead without a date: follow_up.death_on
        """,
    "a status that cannot be read may say dead": """
        follow_up
        contact_on | status
        2021-06-09 | qqq
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | uncoded: follow_up.status
        """,
    "unless the person was alive later": """
        follow_up
        contact_on | status
        2021-05-09 | qqq
        2021-06-09 | alive
        ---
        adtte
        PARAMCD | AVAL | CNSR | NEREASON
        OS      | 100  | 1    |
        """,
    "a kind of contact that cannot be read decides where it is the last": """
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

        follow_up
        patient | contact_on | contact_type | status
        p1      | 2021-05-09 | qqq          | alive
        p1      | 2021-06-09 | visit        | alive
        p2      | 2021-06-09 | qqq          | alive
        ---
        adtte
        patient | PARAMCD | AVAL | NEREASON
        p1      | OS      | 100  |
        p2      | OS      |      | uncoded: follow_up.contact_type
        """,
    "a rejected day of contact may be a later sign of life": """
        follow_up
        contact_on | status
        2021-06-09 | alive

        finding
        rule            | table_name | field
        date_unreadable | follow_up  | contact_on
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | date_unreadable: follow_up.contact_on
        PFSEMA  | 0    |
        """,
    "it changes no death": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06-09

        finding
        rule            | table_name | field
        date_unreadable | follow_up  | contact_on
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      | 100  |
        """,
    "a response that cannot be read, before the event": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD?
        2021-09-17  | PD
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSEMA  |      | uncoded: response_assessment.overall
        """,
    "a response that cannot be read, at baseline or after the event": """
        response_assessment
        assessed_on | overall
        2021-02-20  | SD?
        2021-03-01  | SD?
        2021-06-09  | PD
        2021-09-17  | SD?
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSEMA  | 100  |
        """,
    "a response that cannot be read, and no event": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-09-17  | SD?
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSEMA  |      | uncoded: response_assessment.overall
        """,
    "a progression known by its month": """
        response_assessment
        assessed_on | overall
        2021-05     | PD
        2021-09-17  | PD
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSEMA  |      | partial date: response_assessment.assessed_on
        """,
    "a rejected first dose": """
        finding
        rule            | table_name    | field
        date_unreadable | drug_exposure | started_on
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | date_unreadable: drug_exposure.started_on
        PFSEMA  |      | date_unreadable: drug_exposure.started_on
        """,
    "a drug record that was set aside": """
        finding
        rule                | table_name    | field
        record_key_conflict | drug_exposure |
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | record_key_conflict: drug_exposure
        """,
    "an earlier dose known by its month, a drug that cannot be read": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent
        p3      | F   | 1970-06-01 | consent
        p4      | F   | 1970-06-01 | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01
        p3      | UPS       | 2021-01-01
        p4      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-02
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03
        p3      | XYZ-123       | 2021-02-01
        p3      | pembrolizumab | 2021-03-01
        p4      | XYZ-123       | 2019-02-01
        p4      | pembrolizumab | 2021-03-01
        p4      | XYZ-123       | 2021-04-01
        ---
        adtte
        patient | PARAMCD | AVAL | NEREASON
        p1      | OS      |      | partial date: drug_exposure.started_on
        p2      | OS      | 0    |
        p3      | OS      |      | uncoded: drug_exposure.agent
        p4      | OS      | 31   |
        """,
    "a death before time zero is no time": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-02-28
        ---
        adtte
        PARAMCD | AVAL | CNSR | NEREASON
        OS      |      |      | before time zero: follow_up.death_on
        PFSEMA  |      |      | before time zero: follow_up.death_on
        """,
}  # fmt: skip
