"""Cases of the derived lines: pauses, earlier treatment, what is not known; see mart_cases and warehouse/test_lines."""

CASES = {
    "R6 dropping a drug and going on with the other stays in the line": """
        drug_exposure
        agent       | started_on | stopped_on
        gemcitabine | 2021-02-01 | 2021-09-01
        docetaxel   | 2021-02-01 | 2021-04-01
        gemcitabine | 2021-10-30 | 2021-12-01
        ---
        line_trace
        record | line_number | rule_code | reason_code
        1      | 1           | R2        | first_drug
        2      | 1           | R2        | first_drug
        3      | 1           | R6        | same_drug
        """,
    "R7 the same drug after 120 days is the same line": """
        drug_exposure
        agent       | started_on | stopped_on
        trabectedin | 2021-02-01 | 2021-05-01
        trabectedin | 2021-08-29 | 2021-12-01

        response_assessment
        assessed_on | overall
        2021-08-01  | PD
        ---
        line_trace
        record | line_number | rule_code | reason_code        | gap_days
        1      | 1           | R2        | first_drug         |
        2      | 1           | R8        | beyond_progression | 120
        """,
    "R7 after 121 days with progression in between it is a rechallenge": """
        drug_exposure
        agent       | started_on | stopped_on
        trabectedin | 2021-02-01 | 2021-05-01
        trabectedin | 2021-08-30 | 2021-12-01

        response_assessment
        assessed_on | overall
        2021-08-01  | PD
        ---
        line_trace
        record | line_number | rule_code | reason_code | gap_days
        1      | 1           | R2        | first_drug  |
        2      | 2           | R7        | rechallenge | 121
        """,
    "R7 a progression shortly before the last dose is why it was stopped": """
        drug_exposure
        patient | agent       | started_on | stopped_on
        p1      | trabectedin | 2021-02-01 | 2021-05-01
        p1      | trabectedin | 2021-08-30 | 2021-12-01
        p2      | trabectedin | 2021-02-01 | 2021-05-01
        p2      | trabectedin | 2021-08-30 | 2021-12-01

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        patient
        patient | sex
        p1      | F
        p2      | F

        response_assessment
        patient | assessed_on | overall
        p1      | 2021-04-03  | PD
        p2      | 2021-04-02  | PD
        ---
        line_trace
        patient | record | line_number | reason_code
        p1      | 1      | 1           | first_drug
        p1      | 2      | 2           | rechallenge
        p2      | 3      | 1           | first_drug
        p2      | 4      | 1           | pause
        """,
    "R7 a pause without progression stays, flagged": """
        drug_exposure
        agent       | started_on | stopped_on
        trabectedin | 2021-02-01 | 2021-05-01
        trabectedin | 2022-02-01 | 2022-04-01
        ---
        line_trace
        record | line_number | rule_code | reason_code | is_flagged
        1      | 1           | R2        | first_drug  | no
        2      | 1           | R7        | pause       | yes
        """,
    "a drug of an earlier line is new to the present one": """
        drug_exposure
        agent       | started_on | stopped_on
        doxorubicin | 2021-02-01 | 2021-05-01
        pazopanib   | 2021-05-20 | 2021-06-20
        doxorubicin | 2021-07-01 | 2021-09-01
        ---
        line_trace
        record | line_number | reason_code
        1      | 1           | first_drug
        2      | 2           | new_regimen
        3      | 3           | new_regimen
        """,
    "R9 adjuvant treatment that ended more than 6 months before is counted apart": """
        drug_exposure
        agent       | started_on | stopped_on
        epirubicin  | 2020-03-01 | 2020-06-30
        doxorubicin | 2021-01-20 | 2021-03-01
        ---
        derived_line
        ordinal | line_number | curative_number | rule_code | reason_code
        1       |             | 1               | R2        | first_drug
        2       | 1           |                 | R2        | first_drug
        """,
    "R9 adjuvant treatment that ended 6 months before is line 1": """
        drug_exposure
        agent       | started_on | stopped_on
        epirubicin  | 2020-03-01 | 2020-07-01
        pazopanib   | 2021-01-20 | 2021-03-01
        ---
        derived_line
        ordinal | line_number | curative_number | rule_code | reason_code
        1       | 1           | 1               | R9        | early_relapse
        2       | 2           |                 | R4        | new_regimen
        """,
    "R9 of two earlier treatments the last counts": """
        drug_exposure
        agent       | started_on | stopped_on
        ifosfamide  | 2020-01-01 | 2020-03-01
        epirubicin  | 2020-06-01 | 2020-09-01
        pazopanib   | 2021-01-20 | 2021-03-01
        ---
        derived_line
        ordinal | line_number | curative_number
        1       |             | 1
        2       | 1           | 2
        3       | 2           |
        """,
    "the relapse is a progression: the same drug within 120 days goes on, after them it is a rechallenge": """
        patient
        patient | sex
        p1      | F
        p2      | F

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent       | started_on | stopped_on
        p1      | doxorubicin | 2020-08-01 | 2020-11-01
        p1      | doxorubicin | 2021-01-20 | 2021-03-01
        p2      | doxorubicin | 2020-06-01 | 2020-09-01
        p2      | doxorubicin | 2021-01-20 | 2021-03-01
        ---
        line_trace
        patient | record | line_number | reason_code
        p1      | 1      | 1           | early_relapse
        p1      | 2      | 1           | beyond_progression
        p2      | 3      | 1           | early_relapse
        p2      | 4      | 2           | rechallenge
        """,
    "doses sent one by one are one course": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-02-01 | 2021-02-01
        pembrolizumab | 2021-03-15 | 2021-03-15
        pembrolizumab | 2021-04-26 | 2021-04-26
        axitinib      | 2021-04-20 | 2021-09-01

        response_assessment
        assessed_on | overall
        2021-04-20  | SD
        ---
        line_trace
        record | line_number | decision_code | reason_code
        1      | 1           | starts        | first_drug
        2      | 1           | stays         | same_course
        3      | 1           | stays         | same_course
        4      | 1           | stays         | add_on
        """,
    "a stop for progression, on a drug or a line, is a progression": """
        drug_exposure
        agent         | started_on | stopped_on | stop_reason
        pembrolizumab | 2021-02-01 | 2021-09-01 |
        axitinib      | 2021-02-01 | 2021-04-01 | progression
        anlotinib     | 2021-04-20 | 2021-09-01 |
        ---
        line_trace
        record | line_number | reason_code | progressed_on | progression_table | progression_record_key
        1      | 1           | first_drug  |               |                   |
        2      | 1           | first_drug  |               |                   |
        3      | 2           | progression | 2021-04-01    | drug_exposure     | {case}:drug_exposure:2
        """,
    "surgery, radiotherapy and ablation change nothing": """
        drug_exposure
        agent     | started_on | stopped_on
        pazopanib | 2021-02-01 | 2021-05-01
        pazopanib | 2021-06-20 | 2021-09-01

        procedure
        type         | intent     | started_on
        surgery      | palliative | 2021-05-10
        radiotherapy | palliative | 2021-06-01
        ---
        line_trace
        record | line_number | reason_code
        1      | 1           | first_drug
        2      | 1           | same_drug
        """,
    "a class without its agent is taken for a drug of its kind, flagged": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-02-01 | 2021-05-01
        PD-1          | 2021-06-20 | 2021-09-01
        化疗          | 2021-10-01 | 2021-12-01
        doxorubicin   | 2022-01-20 | 2022-03-01
        ---
        line_trace
        record | drug_code          | line_number | reason_code | is_flagged
        1      | pembrolizumab      | 1           | first_drug  | no
        2      | class:PD-1         | 1           | class_only  | yes
        3      | class:chemotherapy | 2           | new_regimen | no
        4      | doxorubicin        | 2           | class_only  | yes
        """,
    "targeted is no checkpoint inhibitor and no chemotherapy": """
        drug_exposure
        agent         | started_on | stopped_on
        靶向          | 2021-02-01 | 2021-05-01
        pembrolizumab | 2021-06-20 | 2021-09-01
        doxorubicin   | 2021-10-01 | 2021-12-01
        ---
        line_trace
        record | line_number | reason_code
        1      | 1           | first_drug
        2      | 2           | new_regimen
        3      | 3           | new_regimen
        """,
    "a date known by its month counts from its first day; without any, or unread, a record is left out": """
        drug_exposure
        agent     | started_on | stopped_on
        pazopanib | 2021-02    | 2021-05-01
        sunitinib |            | 2021-09-01
        qqq       | 2021-03-01 | 2021-09-01
        ---
        line_trace
        record | started_on | decision_code | reason_code
        1      | 2021-02-01 | starts        | first_drug
        2      |            | left_out      | no_start_date
        3      | 2021-03-01 | left_out      | uncoded
        """,
    "without a metastatic date nothing is derived": """
        tumour
        histology | metastatic_on
        UPS       |

        drug_exposure
        agent     | started_on
        pazopanib | 2021-02-01
        ---
        line_trace
        record | decision_code | reason_code
        1      | left_out      | no_metastatic_date
        """,
    "of several tumours the index tumour gives the metastatic date": """
        tumour
        histology | tumour_sequence | metastatic_on
        lipoma    | 1               | 2020-01-01
        UPS       | 2               | 2021-01-01

        drug_exposure
        agent       | started_on | stopped_on
        doxorubicin | 2020-02-01 | 2020-05-01
        pazopanib   | 2021-02-01 | 2021-05-01
        ---
        derived_line
        ordinal | line_number | curative_number
        1       |             | 1
        2       | 1           |
        """,
    "a progression known by its month counts from the month's last day": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-02-01 | 2021-09-01
        axitinib      | 2021-05-20 | 2021-09-01
        anlotinib     | 2021-06-20 | 2021-09-01

        response_assessment
        assessed_on | overall
        2021-03-20  | SD
        2021-05     | PD
        ---
        line_trace
        record | line_number | reason_code
        1      | 1           | first_drug
        2      | 1           | add_on
        3      | 2           | progression
        """,
}
