"""Cases of the rule sets of progression: dates known in part; see mart_cases and warehouse/endpoints/test_progression."""

CASES = {
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
