"""Cases of the checks on lines of treatment; see rule_cases and warehouse/test_checks."""

CASES = {
    "ecog_doubtful": """
        treatment_line
        ecog | verdict
        1    | sound
        0-1  | FAULT
        fit  | sound
             |
        """,
    "ecog_unmapped": """
        treatment_line
        ecog | verdict
        1    | sound
        0-1  | sound
        fit  | FAULT
             |
        """,
    "line_differs_from_drugs": """
        patient
        patient | sex
        p1      | F
        p2      | F
        p3      | F

        tumour
        patient | metastatic_on
        p1      | 2021-01-01
        p2      | 2021-01-01
        p3      |

        treatment_line
        patient | line_stated | started_on | verdict
        p1      | 一线        | 2021-02-01 | sound
        p1      | 三线        | 2021-06-01 | FAULT
        p1      | 四线        | 2021-10-01 |
        p2      | 辅助        | 2020-02-01 |
        p2      | 1-2         | 2021-02-01 | sound
        p2      | >=2         | 2021-06-01 | sound
        p2      | 1-2         | 2021-10-01 | FAULT
        p3      | 二线        | 2021-02-01 |

        drug_exposure
        patient | agent         | started_on | stopped_on
        p1      | doxorubicin   | 2021-02-01 | 2021-05-01
        p1      | pazopanib     | 2021-06-01 | 2021-09-01
        p1      | pembrolizumab | 2021-10-01 | 2021-12-01
        p2      | epirubicin    | 2020-02-01 | 2020-04-01
        p2      | doxorubicin   | 2021-02-01 | 2021-05-01
        p2      | pazopanib     | 2021-06-01 | 2021-09-01
        p2      | pembrolizumab | 2021-10-01 | 2021-12-01
        p3      | pembrolizumab | 2021-02-01 | 2021-12-01
        """,
    "line_differs_from_drugs 2": """
        patient
        patient | sex
        p1      | F

        tumour
        metastatic_on
        2021-01-01

        treatment_line
        line_stated | started_on | verdict
        二线        | 2021-02-01 | FAULT
        二线        | 2021-06-01 | sound
        一线        | 2021-10-01 | FAULT
        维持        | 2022-01-01 |

        drug_exposure
        agent         | started_on | stopped_on
        doxorubicin   | 2021-02-01 | 2021-05-01
        pazopanib     | 2021-06-01 | 2021-09-01
        pembrolizumab | 2021-10-01 | 2022-12-01
        """,
    "line_dates_overlap": """
        treatment_line
        patient | started_on | stopped_on | verdict
        p1      | 2021-01-01 | 2021-03-01 |
        p1      | 2021-03-01 | 2021-06-01 | sound
        p1      | 2021-05-31 |            | FAULT
        p1      | 2021-09-01 |            |
        p1      | 2021-10    |            |
        p2      | 2021-02-01 | 2021-03-01 |
        """,
    "line_doubtful": """
        treatment_line
        line_stated | verdict
        二线        | sound
        2L?         | FAULT
        1           | FAULT
        qqq         | sound
                    |
        """,
    "line_number_gap": """
        treatment_line
        patient | line_stated | setting  | started_on | verdict
        p1      | 一线        |          | 2021-01-01 | sound
        p1      | 二线        |          | 2021-03-01 | sound
        p1      | 四线        |          | 2021-05-01 | FAULT
        p2      | 二线        |          | 2021-05-01 | FAULT
        p3      | 辅助        |          | 2020-05-01 |
        p3      | 一线        |          | 2021-05-01 | sound
        p3      | 三线        | adjuvant | 2021-06-01 |
        p4      | ≥3          |          | 2021-05-01 | FAULT
        p4      | 四线        |          | 2021-06-01 |
        p5      | qqq         |          | 2021-05-01 |
        """,
    "line_number_repeated": """
        treatment_line
        patient | line_stated | setting  | started_on | verdict
        p1      | 一线        |          | 2021-01-01 | sound
        p1      | 一线        |          | 2021-03-01 | FAULT
        p1      | 二线        |          | 2021-05-01 | sound
        p1      | 二线        | adjuvant | 2021-05-01 |
        p2      | 一线        |          | 2021-01-01 | sound
        p2      | ≥3          |          | 2021-05-01 |
        p2      | ≥3          |          | 2021-06-01 |
        """,
    "line_unmapped": """
        treatment_line
        line_stated | verdict
        二线        | sound
        2L?         | sound
        qqq         | FAULT
                    |
        """,
    "line_number_missing": """
        treatment_line
        line_stated | started_on | verdict
        一线        | 2021-01-01 | sound
                    | 2021-01-01 | FAULT
        """,
    "line_start_missing": """
        treatment_line
        line_stated | started_on | verdict
        一线        | 2021       | sound
        一线        |            | FAULT
        """,
    "line_repeated": """
        treatment_line
        line_stated | started_on | verdict
        一线        | 2021-01-01 | sound
        一线        | 2021-01-01 | FAULT
        二线        | 2021-06-01 | sound
        二线        |            |
        """,
    "line_order_conflict": """
        treatment_line
        line_stated | started_on | verdict
        一线        | 2021-01-01 |
        三线        | 2021-03-01 | sound
        二线        | 2021-06-01 | FAULT
        qqq         | 2021-06-01 |
        """,
    "line_number_high": """
        treatment_line
        line_stated | verdict
        十线        | sound
        十二线      | FAULT
                    |
        """,
    "line_after_death": """
        follow_up
        death_on
        2021-03-05

        treatment_line
        line_stated | started_on | verdict
        一线        | 2021-03-05 | sound
        二线        | 2021-03-06 | FAULT
        三线        |            |
        """,
    "bedridden_patient_treated": """
        treatment_line
        ecog | verdict
        3    | sound
        4    | FAULT
             |
        """,
    "performance_status_of_another_time": """
        treatment_line
        started_on | ecog_on    | verdict
        2021-01-01 | 2021-03-02 | sound
        2021-01-01 | 2021-03-03 | FAULT
        2021-01-01 |            |
        """,
}  # fmt: skip
