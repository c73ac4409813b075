"""Cases of the mart: who is excluded; see mart_cases and warehouse/test_models."""

# what differs from STANDARD, and every reason in the registry's order
CASES = {
    "GIST is no soft tissue sarcoma": """
        tumour
        histology | metastatic_on
        GIST      | 2021-01-01
        ---
        exclusion
        all_reason_codes
        not_soft_tissue_sarcoma
        """,
    "a diagnosis in doubt is not decided": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent
        p3      | F   | 1970-06-01 | consent
        p4      | F   | 1970-06-01 | consent

        tumour
        patient | histology  | morphology | metastatic_on
        p1      | MFH        |            | 2021-01-01
        p2      | favour UPS |            | 2021-01-01
        p3      |            | 8802/3     | 2021-01-01
        p4      | ASPS       | 8890/3     | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        p3      | pembrolizumab | 2021-03-01
        p4      | pembrolizumab | 2021-03-01
        ---
        exclusion
        patient | all_reason_codes
        p1      | histology_unresolved
        p2      | histology_unresolved
        p3      | histology_unresolved
        p4      | histology_unresolved
        """,
    "no metastases": """
        tumour
        histology | metastatic_on | is_locally_advanced_only
        UPS       |               |
        ---
        exclusion
        all_reason_codes
        not_metastatic
        """,
    "unresectable without metastases has a reason of its own": """
        tumour
        histology | metastatic_on | is_locally_advanced_only
        UPS       |               | yes
        ---
        exclusion
        all_reason_codes
        unresectable_only
        """,
    "no checkpoint inhibitor": """
        drug_exposure
        agent       | started_on
        doxorubicin | 2021-03-01
        ---
        exclusion
        all_reason_codes
        no_qualifying_dose
        """,
    "around surgery only": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent
        p3      | F   | 1970-06-01 | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01
        p3      | UPS       | 2021-01-01

        treatment_line
        patient | line_stated | setting       | started_on
        p1      | 一线        | adjuvant      | 2021-03-01
        p2      |             | neoadjuvant   | 2021-03-01
        p3      |             | perioperative | 2021-03-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        p3      | pembrolizumab | 2021-03-01
        ---
        exclusion
        patient | all_reason_codes
        p1      | io_perioperative_only
        p2      | io_perioperative_only
        p3      | io_perioperative_only
        """,
    "around surgery and later for metastases: the later dose is time zero": """
        treatment_line
        line_stated | setting  | started_on | stopped_on
                    | adjuvant | 2019-02-01 | 2019-06-01
        一线        |          | 2021-02-20 |

        drug_exposure
        agent         | started_on
        pembrolizumab | 2019-02-01
        pembrolizumab | 2021-03-01
        ---
        cohort
        index_on   | line
        2021-03-01 | 1
        """,
    "another active cancer": """
        tumour
        histology | metastatic_on | is_other_malignancy_active
        UPS       | 2021-01-01    | yes
        ---
        exclusion
        all_reason_codes
        other_active_malignancy
        """,
    "before accrual": """
        tumour
        histology | metastatic_on
        UPS       | 2016-01-01

        drug_exposure
        agent         | started_on
        pembrolizumab | 2016-12-31
        ---
        exclusion
        all_reason_codes
        outside_accrual
        """,
    "the first day of accrual": """
        tumour
        histology | metastatic_on
        UPS       | 2016-01-01

        drug_exposure
        agent         | started_on
        pembrolizumab | 2017-01-01
        ---
        cohort
        index_on
        2017-01-01
        """,
    "too young by a day, of no known age": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 2007-03-02 | consent
        p2      | F   | 2007-03-01 | consent
        p3      | F   |            | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01
        p3      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        p3      | pembrolizumab | 2021-03-01
        ---
        exclusion
        patient | all_reason_codes
        p1      | age_outside

        cohort
        patient | age_years
        p2      | 14
        p3      |
        """,
    "no basis for the use of the data": """
        patient
        sex | born_on    | legal_basis
        F   | 1970-06-01 |
        ---
        exclusion
        all_reason_codes
        no_legal_basis
        """,
    "withdrawn from further use": """
        patient
        patient | sex | born_on    | legal_basis | withdrawal_on | withdrawal_scope
        p1      | F   | 1970-06-01 | consent     | 2022-01-01    | no_further_use
        p2      | F   | 1970-06-01 | consent     | 2022-01-01    | stop collection

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        ---
        exclusion
        patient | all_reason_codes
        p1      | withdrawn

        cohort
        patient | index_on
        p2      | 2021-03-01
        """,
    "one person at two centres counts where the first qualifying dose was given": """
        patient
        patient | sex | born_on    | legal_basis | link_token
        p1      | F   | 1970-06-01 | consent     | t
        p2      | F   | 1970-06-01 | consent     | t

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-06-01
        p2      | nivolumab     | 2021-03-01
        ---
        cohort
        patient | index_on
        p2      | 2021-03-01

        exclusion
        patient | all_reason_codes
        p1      | same_person_counted
        """,
    "first and all reasons, in the registry's order": """
        patient
        sex | born_on    | legal_basis
        F   | 2010-06-01 |

        tumour
        histology | metastatic_on | is_other_malignancy_active
        MFH       |               | yes

        drug_exposure
        agent       | started_on
        doxorubicin | 2021-03-01
        ---
        exclusion
        first_reason_code    | all_reason_codes
        histology_unresolved | histology_unresolved + not_metastatic + no_qualifying_dose + other_active_malignancy + no_legal_basis
        """,
    "nobody is excluded for what is known only after time zero": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-03-02
        ---
        cohort
        index_on
        2021-03-01
        """,
}  # fmt: skip
