"""Cases of the checks on tumours; see rule_cases and warehouse/test_checks."""

CASES = {
    "asps_graded": """
        tumour
        histology        | fnclcc_grade   | verdict
        ASPS             | not applicable | sound
        腺泡状软组织肉瘤 | 2              | FAULT
        ASPS             |                | sound
        leiomyosarcoma   | 2              |
        """,
    "histology_doubtful": """
        tumour
        histology  | morphology | verdict
        ASPS       |            | sound
        MFH        |            | FAULT
        favour UPS |            | FAULT
        qqq        |            | sound
                   | 8802/3     | FAULT
                   |            |
        """,
    "histology_doubtful 2: a code beside words asks nothing": """
        tumour
        histology | morphology | verdict
        UPS       | 8802/3     | sound
        """,
    "histology_missing": """
        tumour
        histology | morphology | verdict
        ASPS      |            | sound
                  | 9581/3     | sound
        qqq       |            | sound
                  |            | FAULT
        """,
    "histology_readings_differ": """
        tumour
        patient | tumour_sequence | histology | review  | verdict
        p1      | 1               | UPS       | local   |
        p1      | 1               | myxofibrosarcoma | expert | sound
        p2      | 1               | UPS       | local   |
        p2      | 1               | LMS       | central | FAULT
        p3      | 1               | UPS       | local   |
        p3      | 2               | LMS       | central |
        p4      | 1               | UPS       | local   |
        p4      | 1               | MFH       | central |
        p5      |                 | UPS       |         |
        p5      |                 | LMS       | 会诊    | FAULT
        """,
    "histology_text_code_conflict": """
        tumour
        histology | morphology | verdict
        ASPS      | 9581/3     | sound
        UPS       | 8802/3     | sound
        ASPS      | 8890/3     | FAULT
        ASPS      |            |
        MFH       | 8802/3     |
                  | 8890/3     |
        """,
    "histology_unmapped": """
        tumour
        histology | morphology | verdict
        ASPS      |            | sound
        MFH       |            | sound
        qqq       |            | FAULT
        ASPS      | qqq        | sound
                  | qqq        | FAULT
        """,
    "metastatic_before_diagnosis": """
        tumour
        diagnosed_on | metastatic_on | verdict
        2021-03-02   | 2021-03-01    | sound
        2021-03-02   | 2021-01-01    | sound
        2021-03-02   | 2020-12-31    | FAULT
        2021-03-02   | 2020-12       | FAULT
        2021         | 2020-12       | sound
        2021-03-02   |               |
                     | 2020-12-31    |
        """,
    "site_doubtful": """
        tumour
        topography | verdict
        thigh      | sound
        左大腿?    | FAULT
        qqq        | sound
                   |
        """,
    "site_doubtful 2": """
        metastasis
        site | verdict
        lung | sound
        肺?  | FAULT
        """,
    "site_unmapped": """
        tumour
        topography | verdict
        thigh      | sound
        qqq        | FAULT
                   |
        """,
    "site_unmapped 2": """
        procedure
        site | verdict
        lung | sound
        qqq  | FAULT
        """,
    "tumour_number_missing": """
        tumour
        patient | tumour_sequence | histology | review  | verdict
        p1      |                 | UPS       | local   | sound
        p1      |                 | UPS       | central | sound
        p2      |                 | UPS       | local   | FAULT
        p2      |                 | LMS       | local   | FAULT
        p2      |                 | UPS       | central | FAULT
        p3      |                 | UPS       | local   |
        p3      |                 | LMS       | local   |
        p4      | 1               | UPS       | local   |
        p4      | 1               | LMS       | central |
        """,
    "diagnosis_date_missing": """
        tumour
        histology | diagnosed_on | verdict
        UPS       | 2021         | sound
        UPS       |              | FAULT
        """,
    "primary_site_missing": """
        tumour
        histology | topography | verdict
        UPS       | thigh      | sound
        UPS       |            | FAULT
        """,
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
}  # fmt: skip
