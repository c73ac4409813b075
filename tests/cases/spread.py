"""Cases of the checks on metastases; see rule_cases and warehouse/test_checks."""

CASES = {
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
}  # fmt: skip
