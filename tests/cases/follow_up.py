"""Cases of the checks on follow-up and death; see rule_cases and warehouse/test_checks."""

CASES = {
    "last_contact_old": """
        follow_up
        patient | contact_on | status | death_on   | verdict
        p1      | 2023-06-29 | alive  |            | FAULT
        p2      | 2023-07-01 | alive  |            | sound
        p3      | 2021-01-01 | alive  |            |
        p3      | 2021-06-01 | lost   |            |
        p4      | 2021-01-01 | dead   | 2021-01-01 |
        p5      | 2021-01-01 | alive  |            | sound
        p6      | 2020-01-01 | alive  |            |
        p6      | 2021-01-01 |        |            | FAULT
        p7      |            | alive  |            |
        p8      | 2020-01-01 | alive  |            |
        p8      |            | dead   | 2020-06-01 |

        response_assessment
        patient | assessed_on
        p1      | 2022-01-01
        p5      | 2024-01-01
        """,
    "follow_up_gap": """
        drug_exposure
        patient | agent       | started_on | stopped_on
        p2      | doxorubicin | 2021-01-01 | 2021-05-01

        response_assessment
        patient | assessed_on
        p3      | 2022-01-01

        follow_up
        patient | contact_on | status | verdict
        p1      | 2021-01-01 | alive  |
        p1      | 2022-02-05 | alive  | sound
        p1      | 2023-03-13 | alive  | FAULT
        p2      | 2022-06-05 | alive  | sound
        p3      | 2021-01-01 | alive  |
        p3      | 2022-12-01 | alive  | sound
        """,
    "alive_with_death_date": """
        follow_up
        status | death_on   | verdict
        alive  |            | sound
        alive  | 2021-03-05 | FAULT
        alive  | 2021       | FAULT
        dead   | 2021-03-05 |
               | 2021-03-05 |
        """,
    "contact_after_death": """
        follow_up
        patient | contact_on | status | death_on   | verdict
        p1      |            | dead   | 2021-03-05 |
        p1      | 2021-03-05 | alive  |            | sound
        p1      | 2021-03-06 | alive  |            | FAULT
        p1      | 2021-03    | alive  |            | sound
        p1      | 2021-04-01 | dead   |            |
        p2      | 2021-04-01 | alive  |            |
        """,
    "dead_without_date": """
        follow_up
        status | death_on | missing             | verdict
        dead   | 2021-03  |                     | sound
        dead   |          |                     | FAULT
        dead   |          | death_on=unknown    | FAULT
        dead   | 2021-03  | death_cause=unknown | sound
        alive  |          |                     |
        """,
    "death_before_diagnosis": """
        tumour
        diagnosed_on
        2021-03-05
        2022-01-01

        follow_up
        status | death_on   | verdict
        dead   | 2021-03-05 | sound
        dead   | 2021-03-04 | FAULT
        dead   | 2020       |
        alive  |            |
        """,
    "death_date_partial": """
        follow_up
        status | death_on   | verdict
        dead   | 2021-03-05 | sound
        dead   | 2021-03    | FAULT
        dead   | 2021       | FAULT
        dead   |            |
        """,
    "deaths_differ": """
        follow_up
        patient | status | death_on   | verdict
        p1      | dead   | 2021-03-05 | sound
        p1      | dead   | 2021-03-05 | sound
        p2      | dead   | 2021-03-05 | sound
        p2      | dead   | 2021-03-06 | FAULT
        p2      | dead   | 2021-03    |
        p2      | alive  |            |
        """,
    "discharged_to_die": """
        follow_up
        patient | contact_on | contact_type | status | death_on   | verdict
        p1      | 2021-06-09 | 自动出院     | alive  |            | FAULT
        p2      | 2021-06-09 | 自动出院     | alive  |            | sound
        p2      |            |              | dead   | 2021-06-20 |
        p3      | 2021-06-09 | 自动出院     | alive  |            | sound
        p3      | 2021-07-09 | visit        | alive  |            |
        p4      | 2021-06-09 | visit        | alive  |            |
        """,
    "status_missing": """
        follow_up
        status | verdict
        lost   | sound
        qqq    | sound
               | FAULT
        """,
    "contact_repeated": """
        follow_up
        contact_on | status | verdict
        2021-01-01 | alive  | sound
        2021-01-01 | alive  | FAULT
        2021-01-02 | alive  | sound
                   | alive  |
        """,
    "contact_before_birth": """
        patient
        born_on
        1990-05-01

        follow_up
        contact_on | status | verdict
        1990-05-01 | alive  | sound
        1990-04-30 | alive  | FAULT
                   | alive  |
        """,
    "death_before_birth": """
        patient
        born_on
        1990-05-01

        follow_up
        death_on   | status | verdict
        1990-05-01 | dead   | sound
        1990-04-30 | dead   | FAULT
        1990-04    | dead   | FAULT
        1990-05    | dead   | sound
                   | alive  |
        """,
    "death_before_treatment": """
        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-01

        follow_up
        status | death_on   | verdict
        dead   | 2021-03-01 | sound
        dead   | 2021-02-28 | FAULT
        dead   |            |
        """,
    "lost_with_death_date": """
        follow_up
        status | death_on   | verdict
        lost   |            | sound
        lost   | 2021-03-05 | FAULT
        dead   | 2021-03-05 |
        """,
    "death_cause_without_death": """
        follow_up
        status | death_cause | verdict
        dead   | tumour      | sound
        alive  | tumour      | FAULT
        alive  |             |
        """,
    "death_cause_missing": """
        follow_up
        status | death_on   | death_cause | verdict
        dead   | 2021-03-05 | tumour      | sound
        dead   | 2021-03-05 |             | FAULT
        alive  |            |             |
        """,
}  # fmt: skip
