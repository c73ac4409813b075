"""Cases of the checks on persons and their consent; see rule_cases and warehouse/test_checks."""

CASES = {
    "age_out_of_range": """
        patient
        patient | born_on    | verdict
        p1      | 1916-05-01 | sound
        p2      | 1914-05-01 | FAULT
        p3      | 1914       | sound
        p4      | 1913       | FAULT
        p5      |            |
        p6      | 1914-05-01 |

        tumour
        patient | diagnosed_on
        p1      | 2021-04-30
        p2      | 2020-05-01
        p3      | 2020-05-01
        p4      | 2020-05-01
        p5      | 2020-05-01
        p6      |
        """,
    "born_after_diagnosis": """
        patient
        patient | born_on    | verdict
        p1      | 2020-05-01 | sound
        p2      | 2020-05-02 | FAULT
        p3      | 2020       | sound
        p4      | 2021       | FAULT
        p5      |            |

        tumour
        patient | diagnosed_on
        p1      | 2020-05-01
        p2      | 2020-05-01
        p3      | 2020-05-01
        p4      | 2020-05-01
        p5      | 2020-05-01
        """,
    "baseline_assessment_missing": """
        patient
        patient | sex | born_on    | legal_basis | verdict
        p1      | F   | 1970-06-01 | consent     | sound
        p2      | F   | 1970-06-01 | consent     | FAULT
        p3      | F   | 1970-06-01 | consent     |
        p4      | F   | 1970-06-01 | consent     | sound
        p5      | F   | 1970-06-01 | consent     |

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01
        p3      | UPS       | 2021-01-01
        p4      | UPS       | 2021-01-01
        p5      | GIST      | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        p3      | pembrolizumab | 2021-03-01
        p4      | pembrolizumab | 2021-03-01
        p5      | pembrolizumab | 2021-03-01

        response_assessment
        patient | assessed_on | overall
        p1      | 2021-01-18  |
        p1      | 2021-05-01  | SD
        p2      | 2021-01-17  |
        p2      | 2021-05-01  | SD
        p3      | 2021-02-20  |
        p4      | 2021-02     |
        p4      | 2021-05-01  | SD
        p5      | 2021-05-01  | SD
        """,
    "no_follow_up": """
        patient
        patient | verdict
        p1      | sound
        p2      | FAULT
        p3      |
        p4      | FAULT
        p5      | sound
        p6      | sound

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        p4      | pembrolizumab | 2021-03-01
        p5      | pembrolizumab | 2021-03-01
        p6      | pembrolizumab | 2021-03-01

        follow_up
        patient | contact_on | death_on
        p1      | 2021-03-01 |
        p4      | 2021-02-28 |
        p5      |            |
        p6      |            | 2021-04
        """,
    "no_tumour": """
        patient
        patient | verdict
        p1      | sound
        p2      | FAULT

        tumour
        patient | histology
        p1      |
        """,
    "patient_at_two_centres": """
        patient
        patient | link_token | verdict
        p1      | t1         | FAULT
        p2      | t1         | FAULT
        p3      | t2         | sound
        p4      |            |
        p5      |            |
        """,
    "sex_doubtful": """
        patient
        patient | sex   | verdict
        p1      | 女    | sound
        p2      | male? | FAULT
        p3      | 男/女 | FAULT
        p4      | X     | sound
        p5      |       |
        """,
    "sex_missing": """
        patient
        patient | sex | verdict
        p1      | 女  | sound
        p2      | X   | sound
        p3      |     | FAULT
        """,
    "sex_site_conflict": """
        patient
        patient | sex | verdict
        p1      | M   | sound
        p2      | F   | FAULT
        p3      | M   | FAULT
        p4      | F   | sound
        p5      | M   | sound
        p6      |     |
        p7      | F   |

        tumour
        patient | topography
        p1      | prostate
        p2      | prostate
        p3      | thigh
        p3      | ovary
        p4      | uterus
        p5      | breast
        p6      | ovary
        p7      | qqq
        """,
    "sex_unmapped": """
        patient
        patient | sex   | verdict
        p1      | 女    | sound
        p2      | male? | sound
        p3      | X     | FAULT
        p4      |       |
        """,
    "birth_date_missing": """
        patient
        patient | born_on    | verdict
        p1      | 1990       | sound
        p2      |            | FAULT
        """,
    "legal_basis_missing": """
        patient
        patient | legal_basis | verdict
        p1      | consent     | sound
        p2      |             | FAULT
        """,
    "withdrawal_scope_missing": """
        patient
        patient | withdrawal_on | withdrawal_scope | verdict
        p1      | 2021-01-01    | erase            | sound
        p2      | 2021-01-01    |                  | FAULT
        p3      |               |                  |
        """,
    "withdrawal_date_missing": """
        patient
        patient | withdrawal_on | withdrawal_scope | verdict
        p1      | 2021-01-01    | erase            | sound
        p2      |               | erase            | FAULT
        p3      |               |                  |
        """,
    "withdrawal_before_registration": """
        patient
        patient | withdrawal_on | registered_on | verdict
        p1      | 2021-01-01    | 2021-01-01    | sound
        p2      | 2021-01-01    | 2021-01-02    | FAULT
        p3      |               | 2021-01-02    |
        """,
    "registered_before_birth": """
        patient
        patient | born_on    | registered_on | verdict
        p1      | 1990-01-01 | 2021-01-01    | sound
        p2      | 2021-01-02 | 2021-01-01    | FAULT
        p3      |            | 2021-01-01    |
        """,
    "born_on_diagnosis_day": """
        patient
        patient | born_on    | verdict
        p1      | 1990-01-01 | sound
        p2      | 2021-01-01 | FAULT
        p3      |            |

        tumour
        patient | diagnosed_on
        p1      | 2021-01-01
        p2      | 2021-01-01
        p3      | 2021-01-01
        """,
    "person_registered_twice": """
        patient
        patient | sex | born_on    | verdict
        p1      | F   | 1970-06-01 | FAULT
        p2      | F   | 1970-06-01 | FAULT
        p3      | F   | 1970-06-02 | sound
        p4      |     | 1970-06-01 |

        tumour
        patient | histology | diagnosed_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01
        p3      | UPS       | 2021-01-01
        p4      | UPS       | 2021-01-01
        """,
    "person_registered_twice by the token of an identity number": """
        patient
        patient | sex | born_on    | link_token | verdict
        p1      | F   | 1970-06-01 | id:1 nb:7  | FAULT
        p2      | M   | 1970-06-02 | ph:3 id:1  | FAULT
        p3      | F   | 1970-06-03 | id:2 nb:7  | sound
        p4      | F   | 1970-06-04 | nb:7 ph:3  |
        p5      | F   | 1970-06-05 | plain      | FAULT
        p6      | F   | 1970-06-06 | plain      | FAULT
        """,
}  # fmt: skip
