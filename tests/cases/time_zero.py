"""Cases of the mart: time zero; see mart_cases and warehouse/test_models."""

CASES = {
    "the first dose on or after the metastatic date": """
        drug_exposure
        agent         | started_on
        pembrolizumab | 2020-06-01
        nivolumab     | 2021-03-02
        pembrolizumab | 2021-05-01
        ---
        time_zero
        index_on   | index_agent_code | any_inhibitor_on
        2021-03-02 | nivolumab        | 2020-06-01
        """,
    "14 days before metastases were shown still count": """
        drug_exposure
        agent         | started_on
        pembrolizumab | 2020-12-17
        pembrolizumab | 2020-12-18
        ---
        time_zero
        index_on
        2020-12-18
        """,
    "metastases known by their month count from its first day": """
        tumour
        histology | metastatic_on
        UPS       | 2021-03

        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-02-14
        pembrolizumab | 2021-02-15
        ---
        time_zero
        index_on   | metastatic_on
        2021-02-15 | 2021-03-01
        """,
    "the first site of distant disease where the tumour has no date": """
        tumour
        histology | metastatic_on
        UPS       |

        metastasis
        site  | detected_on
        liver | 2021-04-01
        lung  | 2021-02-01
        ---
        time_zero
        index_on   | metastatic_on
        2021-03-01 | 2021-02-01
        """,
    "a dose that was ordered and not given is none": """
        drug_exposure
        agent         | started_on | is_administered
        pembrolizumab | 2021-02-01 | no
        pembrolizumab | 2021-03-01 | yes
        ---
        time_zero
        index_on
        2021-03-01
        """,
    "a drug known as a PD-1 inhibitor alone qualifies": """
        drug_exposure
        agent | started_on
        PD-1  | 2021-03-01
        ---
        cohort
        index_on   | index_agent_code | index_class_code | regimen_group
        2021-03-01 |                  | PD-1             | io_alone
        """,
    "interleukin and interferon do not qualify": """
        drug_exposure
        agent      | started_on
        IL-2       | 2021-03-01
        interferon | 2021-03-01
        ---
        exclusion
        first_reason_code
        no_qualifying_dose
        """,
    "the line that contains the dose gives the number, its start only the distance": """
        treatment_line
        line_stated | started_on | stopped_on
        一线        | 2020-06-01 | 2021-01-15
        二线        | 2021-02-01 |
        三线        | 2021-09-01 |

        drug_exposure
        agent         | started_on
        paclitaxel    | 2021-02-01
        pembrolizumab | 2021-03-01
        ---
        cohort
        line | line_basis_code | line_start_to_io_days | index_on
        2    | stated          | 28                    | 2021-03-01
        """,
    "a line known by its month contains the doses of that month": """
        treatment_line
        line_stated | started_on
        一线        | 2020-06-01
        三线        | 2021-03

        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-20
        ---
        cohort
        line | line_group | line_start_to_io_days
        3    | >2         |
        """,
    "a line that ended long before does not contain the dose": """
        treatment_line
        line_stated | started_on | stopped_on
        一线        | 2020-03-01 | 2020-06-01
        ---
        cohort
        line | line_group
             |
        """,
    "a line that ended 14 days before still does": """
        treatment_line
        line_stated | started_on | stopped_on
        一线        | 2021-02-01 | 2021-02-15
        ---
        cohort
        line | line_group
        1    | <=2
        """,
    "completed years at time zero": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-03-01 | consent
        p2      | M   | 1970-03-02 | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        ---
        cohort
        patient | age_years | sex_code
        p1      | 51        | F
        p2      | 50        | M
        """,
}  # fmt: skip
