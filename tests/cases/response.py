"""Cases of the checks on response assessments; see rule_cases and warehouse/test_checks."""

CASES = {
    "assessment_after_death": """
        follow_up
        patient | status | death_on
        p1      | dead   | 2021-03-05
        p2      | dead   | 2021-03

        response_assessment
        patient | assessed_on | verdict
        p1      | 2021-03-05  | sound
        p1      | 2021-03-06  | FAULT
        p1      | 2021-03     | sound
        p1      | 2021-04     | FAULT
        p1      |             |
        p2      | 2021-04-06  |
        """,
    "response_doubtful": """
        response_assessment
        overall | verdict
        PD      | sound
        SD?     | FAULT
        PR/SD   | FAULT
        better  | sound
                |
        """,
    "response_unmapped": """
        response_assessment
        overall | verdict
        PD      | sound
        SD?     | sound
        better  | FAULT
                |
        """,
    "assessment_date_missing": """
        response_assessment
        assessed_on | overall | verdict
        2021-03     | SD      | sound
                    | SD      | FAULT
        """,
    "stable_disease_despite_shrinkage": """
        treatment_line
        line_stated | started_on
        一线        | 2021-01-10

        response_assessment
        assessed_on | overall | target_sum_mm | has_new_lesion | verdict
        2021-01-05  |         | 100           |                |
        2021-03-10 | SD | 70 | | sound
        2021-04-10 | SD | 60 | | FAULT
        2021-05-10 | PR | 60 | |
        """,
    "partial_response_without_shrinkage": """
        treatment_line
        line_stated | started_on
        1L          | 2021-01-10
        2L          | 2021-09-10

        response_assessment
        assessed_on | criteria | overall | target_sum_mm | verdict
        2020-12-30  |          |         | 100           |
        2021-03-10  |          | PR      | 70            | sound
        2021-04-10  |          | PR      | 71            | sound
        2021-05-10  |          | PR      | 72            | FAULT
        2021-06-10  | Choi     | PR      | 85            |
        2021-07-10  |          | SD      | 95            |
        2021-08-10  |          | PR      |               |
        2021-09-09  |          | PR      | 60            | sound
        2021-11-10  |          | PR      | 60            |
        """,
    "progression_without_growth": """
        treatment_line
        patient | line_stated | started_on
        p1      | 1L          | 2021-01-10
        p2      | 1L          | 2021-01-10
        p3      | 1L          | 2021-01-10
        p3      | 2L          | 2021-06-01
        p4      | 1L          | 2021-01-10

        response_assessment
        patient | assessed_on | overall | target_sum_mm | has_new_lesion | verdict
        p1      | 2021-01-05  |         | 100           |                |
        p1      | 2021-03-10  | SD      | 80            | no             |
        p1      | 2021-05-10  | PD      | 94            | no             | FAULT
        p1      | 2021-07-10  | PD      | 94            | no             |
        p2      | 2021-01-05  |         | 100           |                |
        p2      | 2021-03-10  | PD      | 101           | yes            |
        p3      | 2021-01-05  |         | 15            |                |
        p3      | 2021-03-10  | PD      | 18            | no             | FAULT
        p3      | 2021-08-10  | PD      | 22            |                |
        p4      | 2021-01-05  |         | 100           |                |
        p4      | 2021-03-10  | PD      | 119           | no             | sound
        """,
    "progression_without_growth 2": """
        treatment_line
        line_stated | started_on
        1L          | 2021-01-10
        2L          | 2021-06-01

        response_assessment
        assessed_on | overall | target_sum_mm | has_new_lesion | verdict
        2021-01-05  |         | 50            |                |
        2021-05-28  | PD      | 90            | no             | sound
        2021-06-04  |         | 96            |                |
        2021-08-10  | PD      | 98            | no             | FAULT
        """,
    "stable_disease_despite_growth": """
        treatment_line
        line_stated | started_on
        1L          | 2021-01-10

        response_assessment
        assessed_on | overall | target_sum_mm | verdict
        2021-01-05  |         | 100           |
        2021-03-10  | PR      | 60            | sound
        2021-04-10  | SD      | 73            | sound
        2021-05-10  | PR      | 74            | FAULT
        2021-06-10  | PD      | 90            |
        2021-07-10  | SD      | 99            |
        """,
    "stable_disease_despite_growth 2": """
        treatment_line
        line_stated | started_on
        1L          | 2021-01-10

        response_assessment
        assessed_on | overall | target_sum_mm | verdict
        2021-01-05  |         | 15            |
        2021-03-10  | SD      | 20            | sound
        2021-04-10  | SD      | 22            | FAULT
        """,
    "complete_response_with_target": """
        response_assessment
        assessed_on | overall | target_sum_mm | verdict
        2021-03-10  | CR      | 9             | sound
        2021-03-11  | CR      | 20            | FAULT
        2021-03-12  | PR      | 20            |
        2021-03-13  | CR      |               |
        """,
    "new_lesion_without_progression": """
        response_assessment
        assessed_on | overall | has_new_lesion | verdict
        2021-03-10  | PD      | yes            | sound
        2021-03-11  | SD      | yes            | FAULT
        2021-03-12  | SD      | no             |
        """,
    "response_after_progression": """
        treatment_line
        line_stated | started_on
        一线        | 2021-01-10
        二线        | 2021-06-10

        response_assessment
        assessed_on | overall | criteria | verdict
        2021-03-10  | PD      |          | sound
        2021-04-10  | PR      |          | FAULT
        2021-04-11  | PR      | iRECIST  |
        2021-08-10  | PR      |          | sound
                    | PR      |          |
        """,
    "response_before_treatment": """
        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-01

        response_assessment
        assessed_on | overall | verdict
        2021-03-01  | SD      | sound
        2021-02-28  | SD      | FAULT
        2021-02-28  | NE      |
        2021-02-28  |         |
        """,
    "response_criteria_conflict": """
        response_assessment
        assessed_on | overall | criteria   | verdict
        2021-03-10  | SD      | RECIST 1.1 | sound
        2021-03-11  | iUPD    | RECIST 1.1 | FAULT
        2021-03-12  | iUPD    | iRECIST    | sound
        2021-03-13  | SD      | iRECIST    |
        2021-03-14  | NE      | RECIST 1.1 |
        2021-03-15  | SD      |            |
        """,
    "target_sum_jumps_tenfold": """
        response_assessment
        assessed_on | target_sum_mm | verdict
        2021-01-10  | 90            |
        2021-03-10  | 70            | sound
        2021-05-10  | 7             | FAULT
        2021-07-10  | 0             |
        """,
    "assessments_of_one_day_differ": """
        response_assessment
        assessed_on | overall | assessor | verdict
        2021-01-10  | SD      |          | FAULT
        2021-01-10  | PD      |          | FAULT
        2021-03-10  | SD      | central  | sound
        2021-03-10  | PD      | investigator | sound
        2021-03-10  |         |          |
        """,
    "assessment_repeated": """
        response_assessment
        assessed_on | overall | target_sum_mm | verdict
        2021-01-10  | SD      | 80            | sound
        2021-01-10  | SD      | 80            | FAULT
        2021-01-10  | SD      | 81            | sound
                    | SD      | 80            |
        """,
    "confirmed_without_second_assessment": """
        response_assessment
        patient | assessed_on | overall | is_confirmed | verdict
        p1      | 2021-01-10  | PR      | yes          | sound
        p1      | 2021-02-07  | PR      |              |
        p2      | 2021-01-10  | PR      | yes          | FAULT
        p2      | 2021-02-06  | PR      |              |
        p3      | 2021-01-10  | SD      | yes          |
        """,
    "assessment_before_birth": """
        patient
        born_on
        1990-05-01

        response_assessment
        assessed_on | verdict
        1990-05-01  | sound
        1990-04-30  | FAULT
                    |
        """,
    "progression_after_last_news": """
        follow_up
        contact_on | status
        2021-05-01 | alive

        response_assessment
        assessed_on | overall | verdict
        2021-05-01  | PD      | sound
        2021-05-02  | PD      | FAULT
        2021-05-02  | SD      |
                    | PD      |
        """,
}  # fmt: skip
