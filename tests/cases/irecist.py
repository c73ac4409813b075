"""Cases of the rule sets of progression: iRECIST; see mart_cases and warehouse/endpoints/test_progression."""

CASES = {
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
