"""Cases of the rule sets of progression: new therapy; see mart_cases and warehouse/endpoints/test_progression."""

CASES = {
    "new therapy before the event: fda censors at the assessment before it": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-06-30  | SD
        2021-08-15  | PD

        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-06-01
        doxorubicin   | 2021-06-29 |
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC
        PFSEMA  | 167  | 0    |
        PFSFDA  | 61   | 2    | Last adequate assessment before new therapy
        PFSRWD  | 167  | 0    |
        """,
    "an assessment on the day new therapy starts counts": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-06-30  | SD
        2021-08-15  | PD

        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-06-01
        doxorubicin   | 2021-06-30 |
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSFDA  | 121  | 2
        """,
    "a progression on the day new therapy starts is an event": """
        response_assessment
        assessed_on | overall
        2021-05-01  | PD

        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-04-01
        doxorubicin   | 2021-05-01 |
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSFDA  | 61   | 0
        """,
    "no event after new therapy: censored before it too": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-08-01  | SD

        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-06-01
        doxorubicin   | 2021-06-29 |
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSEMA  | 153  | 1
        PFSFDA  | 61   | 2
        """,
    "a partner within the 28 days is of the regimen, one later is new therapy": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p1      | axitinib      | 2021-03-29
        p2      | pembrolizumab | 2021-03-01
        p2      | axitinib      | 2021-03-30

        response_assessment
        patient | assessed_on | overall
        p1      | 2021-05-01  | PD
        p2      | 2021-05-01  | PD
        ---
        adtte
        patient | PARAMCD | AVAL | CNSR
        p1      | PFSFDA  | 61   | 0
        p2      | PFSFDA  | 0    | 2
        """,
    "one PD-1 inhibitor for another, the same drug again, and a drug against pain are none": """
        response_assessment
        assessed_on | overall
        2021-08-01  | SD
        2021-11-01  | PD

        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-05-01
        nivolumab     | 2021-05-20 | 2021-07-01
        pembrolizumab | 2021-08-20 |
        dexamethasone | 2021-05-20 |
        PD-1          | 2021-09-20 |
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSFDA  | 245  | 0
        """,
    "radiotherapy is new therapy for fda, a biopsy is none": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01

        procedure
        patient | type         | intent     | started_on
        p1      | radiotherapy | palliative | 2021-04-01
        p2      | surgery      | diagnostic | 2021-04-01

        response_assessment
        patient | assessed_on | overall
        p1      | 2021-05-01  | PD
        p2      | 2021-05-01  | PD
        ---
        adtte
        patient | PARAMCD | AVAL | CNSR
        p1      | PFSFDA  | 0    | 2
        p2      | PFSFDA  | 61   | 0
        """,
    "a drug that cannot be read may be new therapy": """
        response_assessment
        assessed_on | overall
        2021-08-01  | PD

        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-01
        qqq           | 2021-05-01
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSEMA  | 153  |
        PFSFDA  |      | uncoded: drug_exposure.agent
        TTNT    |      | uncoded: drug_exposure.agent
        """,
    "one started after the progression is too late to matter": """
        response_assessment
        assessed_on | overall
        2021-05-01  | PD

        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-01
        qqq           | 2021-05-02
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSFDA  | 61   |
        TTNT    |      | uncoded: drug_exposure.agent
        """,
    "local treatment that ends before it starts was on one of the two days": """
        procedure
        type         | started_on | stopped_on
        radiotherapy | 2021-06-01 | 2021-04-01

        response_assessment
        assessed_on | overall
        2021-05-01  | PD

        finding
        rule                        | table_name | field
        procedure_stop_before_start | procedure  | stopped_on
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSEMA  | 61   |
        PFSFDA  |      | procedure_stop_before_start: procedure.stopped_on
        """,
    "a start known by its month: not evaluable, with bounds": """
        response_assessment
        assessed_on | overall
        2021-05-15  | SD
        2021-06-15  | PD

        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-03-01 | 2021-05-01
        doxorubicin   | 2021-06    |
        ---
        adtte
        PARAMCD | AVAL | NEREASON                               | ADTEARLY   | CNSREARLY | ADTLATE    | CNSRLATE
        PFSFDA  |      | partial date: drug_exposure.started_on | 2021-05-15 | 2         | 2021-06-15 | 0
        TTNT    |      | partial date: drug_exposure.started_on | 2021-06-01 | 0         | 2021-06-30 | 0
        """,
}  # fmt: skip
