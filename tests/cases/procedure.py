"""Cases of the checks on procedures; see rule_cases and warehouse/test_checks."""

CASES = {
    "procedure_type_missing": """
        procedure
        type    | started_on | verdict
        surgery | 2021-01-01 | sound
                | 2021-01-01 | FAULT
        """,
    "procedure_after_death": """
        follow_up
        death_on
        2021-03-05

        procedure
        type    | started_on | verdict
        surgery | 2021-03-05 | sound
        surgery | 2021-03-06 | FAULT
        surgery |            |
        """,
    "procedure_before_birth": """
        patient
        born_on
        1990-05-01

        procedure
        type    | started_on | verdict
        surgery | 1990-05-01 | sound
        surgery | 1990-04-30 | FAULT
        surgery |            |
        """,
    "margin_without_surgery": """
        procedure
        type         | margin | verdict
        surgery      | R0     | sound
        radiotherapy | R0     | FAULT
        radiotherapy |        |
        """,
    "curative_surgery_without_margin": """
        procedure
        type    | intent     | margin | verdict
        surgery | curative   | R1     | sound
        surgery | curative   |        | FAULT
        surgery | palliative |        |
        """,
    "radiation_dose_without_radiotherapy": """
        procedure
        type         | dose_gy | verdict
        radiotherapy | 50      | sound
        surgery      | 50      | FAULT
        surgery      |         |
        """,
    "radiation_dose_out_of_range": """
        procedure
        type         | dose_gy | verdict
        radiotherapy | 50      | sound
        radiotherapy | 5000    | FAULT
        radiotherapy | 0.5     | FAULT
        radiotherapy |         |
        """,
    "dose_per_fraction_out_of_range": """
        procedure
        type         | dose_gy | fractions | verdict
        radiotherapy | 50      | 25        | sound
        radiotherapy | 50      | 1         | FAULT
        radiotherapy | 25      | 50        | FAULT
        radiotherapy | 50      |           |
        """,
    "fractions_exceed_days": """
        procedure
        type         | fractions | started_on | stopped_on | verdict
        radiotherapy | 30        | 2021-01-01 | 2021-02-10 | sound
        radiotherapy | 30        | 2021-01-01 | 2021-01-03 | FAULT
        radiotherapy | 30        | 2021-01-01 |            |
        """,
    "procedure_repeated": """
        procedure
        type    | site | started_on | verdict
        surgery | lung | 2021-01-01 | sound
        surgery | lung | 2021-01-01 | FAULT
        surgery | lung | 2021-06-01 | sound
        surgery | lung |            |
        """,
    "radiotherapy_without_dose": """
        procedure
        type         | dose_gy | verdict
        radiotherapy | 50      | sound
        radiotherapy |         | FAULT
        surgery      |         |
        """,
}  # fmt: skip
