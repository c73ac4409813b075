"""Cases of the checks on drugs; see rule_cases and warehouse/test_checks."""

CASES = {
    "drug_class_only": """
        drug_exposure
        agent                    | verdict
        pembrolizumab            | sound
        PD-1                     | FAULT
        化疗                     | FAULT
        pembrolizumab + axitinib | sound
        XYZ-123                  |
                                 |
        """,
    "drug_doubtful": """
        drug_exposure
        agent         | verdict
        pembrolizumab | sound
        pembro?       | FAULT
        TC            | FAULT
        PD-1          | sound
        XYZ-123       | sound
                      |
        """,
    "drug_outside_lines": """
        treatment_line
        patient | started_on | stopped_on
        p1      | 2021-03-01 | 2021-06-01
        p2      | 2021-03-01 |
        p3      |            |

        drug_exposure
        patient | agent         | started_on | verdict
        p1      | pembrolizumab | 2021-02-15 | sound
        p1      | pembrolizumab | 2021-02-14 | FAULT
        p1      | pembrolizumab | 2021-06-15 | sound
        p1      | pembrolizumab | 2021-06-16 | FAULT
        p1      | dexamethasone | 2020-01-01 |
        p1      | pembrolizumab | 2021       |
        p2      | pembrolizumab | 2023-01-01 | sound
        p3      | pembrolizumab | 2021-03-01 |
        p4      | pembrolizumab | 2021-03-01 |
        """,
    "drug_start_missing": """
        drug_exposure
        agent         | started_on | verdict
        pembrolizumab | 2021-03-01 | sound
        pembrolizumab | 2021       | sound
        pembrolizumab |            | FAULT
        """,
    "drug_unmapped": """
        drug_exposure
        agent         | verdict
        pembrolizumab | sound
        pembro?       | sound
        XYZ-123       | FAULT
                      |
        """,
    "line_add_on_unassessed": """
        patient
        patient | sex
        p1      | F
        p2      | F
        p3      | F
        p4      | F

        tumour
        patient | metastatic_on
        p1      | 2021-01-01
        p2      | 2021-01-01
        p3      | 2021-01-01
        p4      | 2021-01-01

        drug_exposure
        patient | agent         | started_on | stopped_on | verdict
        p1      | pembrolizumab | 2021-02-01 | 2021-09-01 |
        p1      | axitinib      | 2021-04-01 | 2021-09-01 | FAULT
        p2      | pembrolizumab | 2021-02-01 | 2021-09-01 |
        p2      | axitinib      | 2021-04-01 | 2021-09-01 | sound
        p3      | pembrolizumab | 2021-02-01 | 2021-09-01 |
        p3      | axitinib      | 2021-04-01 | 2021-09-01 | sound
        p4      | pembrolizumab | 2021-02-01 | 2021-03-01 |
        p4      | axitinib      | 2021-04-01 | 2021-09-01 |

        response_assessment
        patient | assessed_on | overall
        p2      | 2021-03-20  | SD
        p3      | 2021-03-20  | PD
        """,
    "line_pause_unexplained": """
        patient
        patient | sex
        p1      | F
        p2      | F

        tumour
        patient | metastatic_on
        p1      | 2021-01-01
        p2      | 2021-01-01

        drug_exposure
        patient | agent       | started_on | stopped_on | verdict
        p1      | trabectedin | 2021-02-01 | 2021-05-01 |
        p1      | trabectedin | 2021-08-29 | 2021-10-01 |
        p1      | trabectedin | 2022-02-01 | 2022-05-01 | FAULT
        p2      | trabectedin | 2021-02-01 | 2021-05-01 |
        p2      | trabectedin | 2021-08-30 | 2021-10-01 | sound

        response_assessment
        patient | assessed_on | overall
        p2      | 2021-06-01  | PD
        """,
    "line_swap_in_class": """
        patient
        patient | sex
        p1      | F
        p2      | F
        p3      | F

        tumour
        patient | metastatic_on
        p1      | 2021-01-01
        p2      | 2021-01-01
        p3      | 2021-01-01

        drug_exposure
        patient | agent         | started_on | stopped_on | verdict
        p1      | pembrolizumab | 2021-02-01 | 2021-05-01 |
        p1      | nivolumab     | 2021-06-30 | 2021-10-01 | FAULT
        p2      | pembrolizumab | 2021-02-01 | 2021-05-01 |
        p2      | nivolumab     | 2021-07-01 | 2021-10-01 |
        p3      | cisplatin     | 2021-02-01 | 2021-05-01 |
        p3      | carboplatin   | 2021-05-20 | 2021-10-01 | sound
        """,
    "treatment_after_death": """
        follow_up
        patient | death_on
        p1      | 2021-03-05
        p2      | 2021-03

        drug_exposure
        patient | agent                    | started_on | verdict
        p1      | pembrolizumab            | 2021-03-05 | sound
        p1      | pembrolizumab + axitinib | 2021-03-06 | FAULT
        p1      | pembrolizumab            | 2021-03    | sound
        p1      | pembrolizumab            | 2021-04    | FAULT
        p1      | pembrolizumab            |            |
        p2      | pembrolizumab            | 2022-01-01 |
        """,
    "drug_before_birth": """
        patient
        born_on
        1990-05-01

        drug_exposure
        agent         | started_on | verdict
        pembrolizumab | 1990-05-01 | sound
        pembrolizumab | 1990-04-30 | FAULT
        pembrolizumab |            |
        """,
    "drug_name_missing": """
        drug_exposure
        agent         | started_on | verdict
        pembrolizumab | 2021-01-01 | sound
                      | 2021-01-01 | FAULT
        """,
    "drug_repeated": """
        drug_exposure
        agent         | started_on | verdict
        pembrolizumab | 2021-01-01 | sound
        pembrolizumab | 2021-01-01 | FAULT
        pembrolizumab | 2021-06-01 | sound
        pembrolizumab |            |
        """,
    "drug_overlaps_itself": """
        drug_exposure
        agent         | started_on | stopped_on | verdict
        pembrolizumab | 2021-01-01 | 2021-03-01 |
        pembrolizumab | 2021-03-01 | 2021-06-01 | sound
        pembrolizumab | 2021-05-01 |            | FAULT
        nivolumab     | 2021-05-01 |            |
        """,
    "drug_given_too_long": """
        drug_exposure
        agent         | started_on | stopped_on | verdict
        pembrolizumab | 2015-01-01 | 2020-01-01 | sound
        pembrolizumab | 2015-01-01 | 2020-01-02 | FAULT
        pembrolizumab | 2015-01-01 |            |
        """,
    "drug_ongoing_with_stop": """
        drug_exposure
        agent         | stopped_on | is_ongoing | verdict
        pembrolizumab | 2020-01-01 | no         | sound
        pembrolizumab | 2020-01-01 | yes        | FAULT
        pembrolizumab |            | yes        |
        """,
    "drug_ongoing_with_reason": """
        drug_exposure
        agent         | stop_reason | is_ongoing | verdict
        pembrolizumab | toxicity    | no         | sound
        pembrolizumab | toxicity    | yes        | FAULT
        pembrolizumab |             | yes        |
        """,
    "drug_not_given_with_cycles": """
        drug_exposure
        agent         | cycles | is_administered | verdict
        pembrolizumab | 4      | yes             | sound
        pembrolizumab | 4      | no              | FAULT
        pembrolizumab |        | no              |
        """,
    "dose_without_unit": """
        drug_exposure
        agent         | dose | dose_unit | verdict
        pembrolizumab | 200  | mg        | sound
        pembrolizumab | 200  |           | FAULT
        pembrolizumab |      |           |
        """,
    "dose_out_of_range": """
        drug_exposure
        agent         | dose | dose_unit | verdict
        pembrolizumab | 2    | mg/kg     | sound
        pembrolizumab | 200  | mg/kg     | FAULT
        pembrolizumab | 200  |           |
        """,
    "cycles_exceed_days": """
        drug_exposure
        agent         | cycles | started_on | stopped_on | verdict
        pembrolizumab | 4      | 2021-01-01 | 2021-03-05 | sound
        pembrolizumab | 40     | 2021-01-01 | 2021-03-05 | FAULT
        pembrolizumab | 4      | 2021-01-01 |            |
        """,
    "double_checkpoint_inhibitor": """
        drug_exposure
        patient | agent         | started_on | verdict
        p1      | pembrolizumab | 2021-01-01 | FAULT
        p1      | atezolizumab  | 2021-01-01 | FAULT
        p2      | pembrolizumab | 2021-01-01 | sound
        p2      | axitinib      | 2021-01-01 |
        """,
}  # fmt: skip
