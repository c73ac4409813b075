"""Cases of the checks on tumours, metastases and procedures; see rule_cases and warehouse/test_checks."""

CASES = {
    "benign_index_tumour": """
        tumour
        histology      | is_index | verdict
        leiomyosarcoma |          | sound
        lipoma         |          | FAULT
        lipoma         | no       |
        """,
    "borderline_tumour_metastatic": """
        tumour
        histology    | metastatic_on | verdict
        desmoid-type fibromatosis | 2021-01-01 | FAULT
        desmoid-type fibromatosis |            | sound
        UPS          | 2021-01-01    |
        """,
    "grade_histology_conflict": """
        tumour
        histology                | fnclcc_grade | verdict
        Ewing sarcoma            | 1            | FAULT
        Ewing sarcoma            | 3            | sound
        leiomyosarcoma           | 1            | sound
        leiomyosarcoma           |              |
        """,
    "site_histology_conflict": """
        tumour
        histology                  | topography | verdict
        atypical lipomatous tumour | thigh      | sound
        atypical lipomatous tumour | retroperitoneum | FAULT
        osteosarcoma of bone       | femur      | sound
        atypical lipomatous tumour |            |
        leiomyosarcoma             | thigh      |
        """,
    "sex_histology_conflict": """
        patient
        patient | sex
        p1      | M
        p2      | F
        p3      |

        tumour
        patient | histology                             | verdict
        p1      | low-grade endometrial stromal sarcoma | FAULT
        p2      | low-grade endometrial stromal sarcoma | sound
        p3      | low-grade endometrial stromal sarcoma |
        p1      | leiomyosarcoma                        |
        """,
    "age_histology_conflict": """
        patient
        patient | born_on
        p1      | 2005-01-01
        p2      | 1950-01-01
        p3      |

        tumour
        patient | histology        | diagnosed_on | verdict
        p1      | myxofibrosarcoma | 2020-01-01   | FAULT
        p2      | myxofibrosarcoma | 2020-01-01   | sound
        p2      | DSRCT            | 2020-01-01   | FAULT
        p1      | DSRCT            | 2020-01-01   | sound
        p2      | leiomyosarcoma   |              |
        p3      | DSRCT            | 2020-01-01   |
        """,
    "primary_site_unspecific": """
        tumour
        topography | verdict
        thigh      | sound
        C77.3      | FAULT
        C80.9      | FAULT
                   |
        """,
    "side_of_unpaired_site": """
        tumour
        topography | laterality | verdict
        thigh      | left       | sound
        uterus     | left       | FAULT
        uterus     |            |
                   | left       |
        """,
    "limb_without_side": """
        tumour
        topography | laterality | verdict
        thigh      | left       | sound
        thigh      | M          | FAULT
        thigh      |            |
        uterus     | M          |
        """,
    "size_perhaps_in_cm": """
        tumour
        size_mm | metastatic_on | verdict
        10      | 2021-01-01    | sound
        9       | 2021-01-01    | FAULT
        9       |               |
                | 2021-01-01    |
        """,
    "stage_four_without_metastasis": """
        tumour
        stage | diagnosed_on | metastatic_on | verdict
        IV    | 2021-01-01   | 2021-05-01    | sound
        IV    | 2021-01-01   | 2021-05-02    | FAULT
        IV    | 2021-01-01   |               |
        II    | 2021-01-01   | 2022-05-02    |
        """,
    "metastatic_at_lower_stage": """
        tumour
        stage | diagnosed_on | metastatic_on | verdict
        II    | 2021-01-01   | 2021-01-02    | sound
        IIIA  | 2021-01-01   | 2021-01-01    | FAULT
        IV    | 2021-01-01   | 2021-01-01    |
              | 2021-01-01   | 2021-01-01    |
        """,
    "synchronous_but_later": """
        tumour
        is_synchronous | diagnosed_on | metastatic_on | verdict
        yes            | 2021-01-01   | 2021-06-30    | sound
        yes            | 2021-01-01   | 2021-07-01    | FAULT
        no             | 2021-01-01   | 2021-07-01    |
        yes            | 2021-01-01   |               |
        """,
    "metachronous_at_diagnosis": """
        tumour
        is_synchronous | diagnosed_on | metastatic_on | verdict
        no             | 2021-01-01   | 2021-01-02    | sound
        no             | 2021-01-01   | 2021-01-01    | FAULT
        yes            | 2021-01-01   | 2021-01-01    |
        no             | 2021-01-01   |               |
        """,
    "locally_advanced_but_metastatic": """
        tumour
        is_locally_advanced_only | metastatic_on | verdict
        yes                      |               | sound
        yes                      | 2021-01-01    | FAULT
        no                       | 2021-01-01    |
        """,
    "several_index_tumours": """
        tumour
        patient | tumour_sequence | is_index | review  | verdict
        p1      | 1               | yes      | local   | sound
        p1      | 1               | yes      | central | sound
        p2      | 1               | yes      | local   | FAULT
        p2      | 2               | yes      | local   | FAULT
        p3      | 1               | yes      | local   | sound
        p3      | 2               | no       | local   |
        """,
    "index_tumour_not_named": """
        tumour
        patient | tumour_sequence | is_index | verdict
        p1      | 1               | yes      | sound
        p1      | 2               | no       | sound
        p2      | 1               |          | FAULT
        p2      | 2               | no       | FAULT
        p3      | 1               |          |
        """,
    "diagnosed_by_death_certificate": """
        tumour
        diagnosis_basis | verdict
        histology       | sound
        clinical        | FAULT
                        |
        """,
    "tumour_repeated": """
        tumour
        patient | histology | diagnosed_on | review  | verdict
        p1      | UPS       | 2021-01-01   | local   | sound
        p1      | UPS       | 2021-01-01   | local   | FAULT
        p1      | UPS       | 2021-01-01   | central | sound
        p2      | UPS       | 2021-01-01   | local   | sound
        p2      | UPS       |              | local   |
        """,
    "metastasis_before_diagnosis": """
        tumour
        diagnosed_on
        2021-03-02

        metastasis
        site | detected_on | verdict
        lung | 2021-01-01  | sound
        lung | 2020-12-31  | FAULT
        lung |             |
        """,
    "metastasis_before_metastatic_date": """
        tumour
        metastatic_on
        2021-03-01

        metastasis
        site | detected_on | verdict
        lung | 2021-01-29  | sound
        lung | 2021-01-28  | FAULT
        lung |             |
        """,
    "metastasis_without_metastatic_date": """
        tumour
        patient | metastatic_on
        p1      | 2021-03-01
        p2      |

        metastasis
        patient | site | verdict
        p1      | lung | sound
        p2      | lung | FAULT
        p3      | lung |
        """,
    "metastasis_at_primary_site": """
        tumour
        patient | topography
        p1      | thigh
        p2      |

        metastasis
        patient | site  | verdict
        p1      | lung  | sound
        p1      | thigh | FAULT
        p2      | thigh |
        """,
    "metastasis_repeated": """
        metastasis
        site | detected_on | verdict
        lung | 2021-01-01  | sound
        lung | 2021-01-01  | FAULT
        lung | 2021-06-01  | sound
        lung |             |
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
