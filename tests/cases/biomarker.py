"""Cases of the checks on biomarkers and laboratory values; see rule_cases and warehouse/test_checks."""

CASES = {
    "pd_l1_out_of_range": """
        biomarker
        name  | value_number | verdict
        PD-L1 | 50           | sound
        PD-L1 | 101          | FAULT
        PD-L1 |              |
        """,
    "percentage_out_of_range": """
        biomarker
        name  | value_number | verdict
        Ki-67 | 30           | sound
        Ki-67 | 300          | FAULT
        Ki-67 |              |
        """,
    "laboratory_value_out_of_range": """
        biomarker
        name        | value_number | unit | verdict
        haemoglobin | 130          | g/L  | sound
        haemoglobin | 13           | g/L  | FAULT
        haemoglobin | 13           | g/dL | sound
        haemoglobin | 13           |      |
        """,
    "laboratory_value_without_unit": """
        biomarker
        name        | value_number | unit | verdict
        haemoglobin | 130          | g/L  | sound
        haemoglobin | 130          |      | FAULT
        haemoglobin |              |      |
        """,
    "biomarker_without_result": """
        biomarker
        name  | value_text | verdict
        PD-L1 | negative   | sound
        PD-L1 |            | FAULT
              | negative   |
        """,
    "biomarkers_of_one_day_differ": """
        biomarker
        name  | value_number | specimen_on | assay | verdict
        PD-L1 | 10           | 2021-01-01  |       | FAULT
        PD-L1 | 50           | 2021-01-01  |       | FAULT
        PD-L1 | 10           | 2021-01-01  | 22C3  | sound
        PD-L1 | 10           |             |       |
        """,
    "biomarker_histology_conflict": """
        tumour
        patient | histology
        p1      | ASPS
        p2      | UPS

        biomarker
        patient | name | value_text | verdict
        p1      | TFE3 | positive   | sound
        p1      | TFE3 | negative   | FAULT
        p1      | TFE3 |            |
        p2      | TFE3 | negative   |
        """,
}  # fmt: skip
