"""Cases of the derived lines: what starts a line; see mart_cases and warehouse/test_lines."""

CASES = {
    "R1 drugs that start more than 14 days before metastases are no palliative line": """
        drug_exposure
        agent         | started_on | stopped_on
        doxorubicin   | 2020-03-01 | 2020-05-01
        pazopanib     | 2020-12-17 | 2020-12-30
        ---
        line_trace
        record | decision_code | rule_code | reason_code   | line_number | curative_number
        1      | starts        | R1        | before_metastases |         | 1
        2      | starts        | R9        | early_relapse | 1           | 2
        """,
    "R2 the first drug from 14 days before metastases starts line 1": """
        drug_exposure
        agent         | started_on | stopped_on
        doxorubicin   | 2020-12-18 | 2021-02-01
        ---
        derived_line
        ordinal | line_number | curative_number | started_on | ended_on   | regimen     | rule_code
        1       | 1           |                 | 2020-12-18 | 2021-02-01 | doxorubicin | R2
        """,
    "R2 supportive drugs and drugs never given start nothing": """
        drug_exposure
        agent           | started_on | is_administered
        zoledronic acid | 2021-01-05 |
        doxorubicin     | 2021-01-06 | no
        pazopanib       | 2021-02-01 |
        ---
        line_trace
        record | decision_code | reason_code      | line_number
        1      | left_out      | supportive       |
        2      | left_out      | not_administered |
        3      | starts        | first_drug       | 1
        """,
    "R3 within 28 days a drug joins the regimen, also after the first was dropped": """
        drug_exposure
        agent       | started_on | stopped_on
        doxorubicin | 2021-02-01 | 2021-02-10
        ifosfamide  | 2021-03-01 | 2021-05-01
        ---
        derived_line
        line_number | regimen
        1           | doxorubicin + ifosfamide

        line_trace
        record | decision_code | rule_code | reason_code | gap_days | is_flagged
        1      | starts        | R2        | first_drug  |          | no
        2      | joins         | R3        | window      | 19       | no
        """,
    "R3 a progression inside the window is flagged": """
        drug_exposure
        agent       | started_on | stopped_on
        doxorubicin | 2021-02-01 | 2021-02-10
        pazopanib   | 2021-02-28 | 2021-05-01

        response_assessment
        assessed_on | overall
        2021-02-25  | PD
        ---
        line_trace
        record | decision_code | rule_code | reason_code        | is_flagged
        1      | starts        | R2        | first_drug         | no
        2      | joins         | R3        | window_progression | yes
        """,
    "R4 an add-on on day 29 after progression is a new line": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-02-01 | 2021-09-01
        axitinib      | 2021-03-02 | 2021-09-01

        response_assessment
        assessed_on | overall
        2021-03-02  | PD
        ---
        derived_line
        line_number | started_on | regimen                  | rule_code | reason_code
        1           | 2021-02-01 | pembrolizumab            | R2        | first_drug
        2           | 2021-03-02 | axitinib + pembrolizumab | R4        | progression

        line_trace
        record | line_number | previous_regimen | gap_days | progressed_on | progression_table
        1      | 1           |                  |          |               |
        2      | 2           | pembrolizumab    | -183     | 2021-03-02    | response_assessment
        """,
    "R4 an add-on without progression stays, flagged": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-02-01 | 2021-09-01
        axitinib      | 2021-04-01 | 2021-09-01

        response_assessment
        assessed_on | overall
        2021-03-20  | SD
        ---
        line_trace
        record | line_number | decision_code | reason_code | is_flagged | looked_on
        1      | 1           | starts        | first_drug  | no         |
        2      | 1           | stays         | add_on      | yes        | 2021-03-20
        """,
    "R4 an add-on without response data is a new line, and a question": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-02-01 | 2021-09-01
        axitinib      | 2021-04-01 | 2021-09-01

        response_assessment
        assessed_on | overall
        2021-01-20  | SD
        2021-03-20  | NE
        2021-04-20  | PD
        ---
        line_trace
        record | line_number | decision_code | reason_code      | is_flagged
        1      | 1           | starts        | first_drug       | no
        2      | 2           | starts        | no_response_data | yes
        """,
    "R4 an added drug that was accepted belongs to the line from then on": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-02-01 | 2022-09-01
        axitinib      | 2021-04-01 | 2021-06-01
        axitinib      | 2021-08-01 | 2021-09-01

        response_assessment
        assessed_on | overall
        2021-03-20  | SD
        2021-07-20  | PD
        ---
        line_trace
        record | line_number | reason_code
        1      | 1           | first_drug
        2      | 1           | add_on
        3      | 1           | beyond_progression
        """,
    "a new drug after the others have ended is a new line, whatever the images say": """
        drug_exposure
        agent       | started_on | stopped_on
        doxorubicin | 2021-02-01 | 2021-04-01
        pazopanib   | 2021-04-01 | 2021-06-01

        response_assessment
        assessed_on | overall
        2021-03-20  | SD
        ---
        line_trace
        record | line_number | rule_code | reason_code | gap_days
        1      | 1           | R2        | first_drug  |
        2      | 2           | R4        | new_regimen | 0
        """,
    "whether the others have ended is not known: a new line, flagged": """
        drug_exposure
        agent       | started_on | stopped_on
        doxorubicin | 2021-02-01 |
        pazopanib   | 2021-04-01 | 2021-06-01

        response_assessment
        assessed_on | overall
        2021-03-20  | SD
        ---
        line_trace
        record | line_number | reason_code  | is_flagged
        1      | 1           | first_drug   | no
        2      | 2           | stop_unknown | yes
        """,
    "an ongoing drug goes on": """
        drug_exposure
        agent         | started_on | is_ongoing
        pembrolizumab | 2021-02-01 | yes
        axitinib      | 2022-04-01 | yes

        response_assessment
        assessed_on | overall
        2021-03-20  | SD
        ---
        derived_line
        line_number | started_on | ended_on
        1           | 2021-02-01 |
        """,
    "R5 swaps of anthracyclines, platinum and formulations of paclitaxel, also after progression": """
        drug_exposure
        agent                 | started_on | stopped_on
        doxorubicin           | 2021-02-01 | 2021-04-01
        cisplatin             | 2021-02-01 | 2021-04-01
        paclitaxel            | 2021-02-01 | 2021-04-01
        liposomal doxorubicin | 2021-05-01 | 2021-06-01
        carboplatin           | 2021-05-01 | 2021-06-01
        nab-paclitaxel        | 2021-05-01 | 2021-06-01

        response_assessment
        assessed_on | overall
        2021-04-20  | PD
        ---
        line_trace
        record | line_number | rule_code | reason_code | is_flagged
        1      | 1           | R2        | first_drug  | no
        2      | 1           | R2        | first_drug  | no
        3      | 1           | R2        | first_drug  | no
        4      | 1           | R5        | swap        | no
        5      | 1           | R5        | swap        | no
        6      | 1           | R5        | swap        | no
        """,
    "R5 docetaxel is no formulation of paclitaxel": """
        drug_exposure
        agent      | started_on | stopped_on
        paclitaxel | 2021-02-01 | 2021-04-01
        docetaxel  | 2021-05-01 | 2021-06-01
        ---
        line_trace
        record | line_number | reason_code
        1      | 1           | first_drug
        2      | 2           | new_regimen
        """,
    "R5 PD-1 for PD-1 within 60 days without progression, flagged": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-02-01 | 2021-04-01
        nivolumab     | 2021-05-31 | 2021-07-01
        ---
        line_trace
        record | line_number | rule_code | reason_code | gap_days | is_flagged
        1      | 1           | R2        | first_drug  |          | no
        2      | 1           | R5        | class_swap  | 60       | yes
        """,
    "R5 PD-1 for PD-1 after 61 days": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-02-01 | 2021-04-01
        nivolumab     | 2021-06-01 | 2021-07-01
        ---
        line_trace
        record | line_number | reason_code
        1      | 1           | first_drug
        2      | 2           | new_regimen
        """,
    "R5 PD-1 for PD-1 after progression": """
        drug_exposure
        agent         | started_on | stopped_on
        pembrolizumab | 2021-02-01 | 2021-04-01
        nivolumab     | 2021-04-20 | 2021-07-01

        response_assessment
        assessed_on | overall
        2021-04-10  | PD
        ---
        line_trace
        record | line_number | reason_code
        1      | 1           | first_drug
        2      | 2           | new_regimen
        """,
    "R5 PD-L1 for PD-L1 is no swap": """
        drug_exposure
        agent        | started_on | stopped_on
        atezolizumab | 2021-02-01 | 2021-04-01
        durvalumab   | 2021-04-20 | 2021-07-01
        ---
        line_trace
        record | line_number | reason_code
        1      | 1           | first_drug
        2      | 2           | new_regimen
        """,
}
