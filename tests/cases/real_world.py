"""Cases of the rule sets of progression: real-world progression; see mart_cases and warehouse/endpoints/test_progression."""

CASES = {
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
