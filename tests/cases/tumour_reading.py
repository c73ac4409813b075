"""Cases of the mart: several readings of one tumour; see mart_cases and warehouse/test_models."""

CASES = {
    "central review counts before the expert's re-read, that before the local diagnosis; all are kept": """
        patient
        patient | sex
        p1      | F
        p2      | M

        tumour
        patient | tumour_sequence | histology | review  | diagnosed_on | metastatic_on | topography
        p1      | 1               | LMS       | local   | 2020-01-01   | 2021-01-01    | C49.2
        p1      | 1               | UPS       | central | 2020-06-01   |               |
        p1      | 1               | myxofibrosarcoma | expert  | 2020-03-01   |               |
        p2      | 1               | UPS       |         | 2020-01-01   | 2021-01-01    |
        p2      | 1               | LMS       | expert  |              |               |
        ---
        time_zero
        patient | entity_code | diagnosed_on | metastatic_on | topography_code
        p1      | UPS         | 2020-01-01   | 2021-01-01    | C49.2
        p2      | LMS         | 2020-01-01   | 2021-01-01    |

        histology_review
        patient | readings | review_code | entity_code | local_entity_code | expert_entity_code | central_entity_code | is_entity_changed | is_group_changed
        p1      | 3        | central     | UPS         | LMS               | MFS                | UPS                 | yes              | yes
        p2      | 2        | expert      | LMS         | UPS               | LMS                |                     | yes              | yes
        """,
    "a doubtful review leaves the tumour unresolved, an empty one gives way": """
        patient
        patient | sex
        p1      | F
        p2      | M

        tumour
        patient | tumour_sequence | histology | review  | metastatic_on
        p1      | 1               | UPS       | local   | 2021-01-01
        p1      | 1               | MFH       | central |
        p2      | 1               | UPS       | local   | 2021-01-01
        p2      | 1               |           | central |
        ---
        time_zero
        patient | entity_code | is_histology_resolved
        p1      |             | no
        p2      | UPS         | yes

        histology_review
        patient | readings | review_code | entity_code | is_group_changed
        p1      | 2        | central     |             |
        p2      | 1        | local       | UPS         |
        """,
    "rows without a number are one tumour where no two readings are alike, else each its own": """
        patient
        patient | sex
        p1      | F
        p2      | M

        tumour
        patient | histology | review  | metastatic_on
        p1      | LMS       | local   | 2021-01-01
        p1      | UPS       | central | 2021-01-01
        p2      | LMS       | local   | 2021-01-01
        p2      | synovial sarcoma | local   | 2021-01-01
        p2      | UPS       | central | 2021-01-01
        ---
        histology_review
        patient | tumour_number | entity_code
        p1      | 1             | UPS
        p2      | 1             | LMS
        p2      | 2             | SS
        p2      | 3             | UPS
        """,
    "the index tumour is chosen by the reading that counts": """
        tumour
        tumour_sequence | histology | review  | metastatic_on
        1               | UPS       | local   | 2021-01-01
        1               | carcinoma | central | 2021-01-01
        2               | LMS       | local   | 2021-01-01
        ---
        time_zero
        entity_code
        LMS
        """,
}  # fmt: skip
