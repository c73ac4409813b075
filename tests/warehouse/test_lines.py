"""Lines of therapy derived from drug records: each rule by example, what stands before and after a case.

A case is what is known of a person, `---`, and what the models must say; tables it does not show are those of
STANDARD: metastases on 2021-01-01. `docs/lines.md` explains the rules and the words.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import mart_cases
import pytest
import rule_cases

STANDARD = {name: mart_cases.STANDARD[name] for name in ("patient", "tumour")}

RULES = {
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

_TWO_LINES = """
        drug_exposure
        agent         | started_on | stopped_on
        doxorubicin   | 2021-02-01 | 2021-05-01
        pembrolizumab | 2021-06-01 | 2021-09-01
        """
_BASIS = """
        cohort
        line_derived | line_min | line_max | line_basis_code | line_group | line_group_stated | line_group_derived
        """


def _basis(stated: str, said: str, drugs: str = _TWO_LINES, more: str = "") -> str:
    """A case of the basis in use: lines as stated, with their starts, and what the cohort says."""
    rows = "\n".join(f"        {row.strip()}" for row in stated.split(";"))
    return (
        f"treatment_line\n        line_stated | started_on\n{rows}\n\n{drugs}\n\n{more}\n---\n{_BASIS.rstrip()}\n"
        f"        {said}\n"
    )


BASIS = {
    "every stated line has a drug: derived": _basis(
        "一线 | 2021-02-01 ; 二线 | 2021-06-01", "2 | 2 | 2 | derived | <=2 | <=2 | <=2"
    ),
    "the first line was not sent: stated": _basis(
        "四线 | 2021-06-01", "2 | 4 | 4 | stated | >2 | >2 | <=2"
    ),
    "an earlier line has no drug: stated": _basis(
        "一线 | 2020-12-20 ; 二线 | 2021-02-01 ; 三线 | 2021-06-01", "2 | 3 | 3 | stated | >2 | >2 | <=2",
    ),
    "a line told shortly after the last dose of the one before has no drug of its own: stated": _basis(
        "一线 | 2021-02-01 ; 二线 | 2021-05-05 ; 三线 | 2021-06-01", "2 | 3 | 3 | stated | >2 | >2 | <=2"
    ),
    "a line whose drug starts late is that of its drug: derived": _basis(
        "一线 | 2021-02-01 ; 二线 | 2021-05-05", "2 | 2 | 2 | derived | <=2 | <=2 | <=2"
    ),
    "a line told for the same drug after progression is one by the rules: derived": _basis(
        "一线 | 2021-02-01 ; 二线 | 2021-04-05 ; 三线 | 2021-06-01", "2 | 2 | 2 | derived | <=2 | >2 | <=2"
    ),
    "both lines are there and the count is another: derived": _basis(
        "二线 | 2021-02-01 ; 二线 | 2021-06-01", "2 | 2 | 2 | derived | <=2 | <=2 | <=2"
    ),
    "at most two with one line told: stated": _basis(
        "1-2 | 2021-06-01", "2 | 1 | 2 | stated | <=2 | <=2 | <=2"
    ),
    "two or three, and three lines told: derived": _basis(
        "一线 | 2021-02-01 ; 二线 | 2021-06-01 ; 2-3 | 2021-10-01", "3 | 3 | 3 | derived | >2 |  | >2",
        """
        drug_exposure
        agent         | started_on | stopped_on
        doxorubicin   | 2021-02-01 | 2021-05-01
        pazopanib     | 2021-06-01 | 2021-09-01
        pembrolizumab | 2021-10-01 | 2021-12-01
        """,
    ),
    "nothing stated: no number is in use, the derived one is shown": _basis(
        " | 2021-06-01", "2 |  |  |  |  |  | <=2"
    ),
    "the first drug is known by its month alone: stated": _basis(
        "一线 | 2021-02-01 ; 二线 | 2021-06-01", "2 | 2 | 2 | stated | <=2 | <=2 | <=2",
        """
        drug_exposure
        agent         | started_on | stopped_on
        doxorubicin   | 2021-02    | 2021-05-01
        pembrolizumab | 2021-06-01 | 2021-09-01
        """,
    ),
    "a later drug without its date leaves earlier lines open: stated": _basis(
        "一线 | 2021-02-01 ; 二线 | 2021-06-01", "2 | 2 | 2 | stated | <=2 | <=2 | <=2",
        f"{_TWO_LINES}        pazopanib     |            |",
    ),
    "a later drug unread does not: derived": _basis(
        "一线 | 2021-02-01 ; 二线 | 2021-06-01", "2 | 2 | 2 | derived | <=2 | <=2 | <=2",
        f"{_TWO_LINES}        qqq           | 2022-06-01 | 2022-07-01",
    ),
    "metastases known by their month alone: stated": _basis(
        "一线 | 2021-02-01 ; 二线 | 2021-06-01", "2 | 2 | 2 | stated | <=2 | <=2 | <=2",
        more="tumour\nhistology | diagnosed_on | metastatic_on\nUPS | 2020-01-01 | 2021-01",
    ),
    "a rejected start of a drug: stated": _basis(
        "一线 | 2021-02-01 ; 二线 | 2021-06-01", "2 | 2 | 2 | stated | <=2 | <=2 | <=2",
        more="finding\nrule | table_name | field\ndate_impossible | drug_exposure | started_on",
    ),
    "an add-on without response data before time zero: stated": _basis(
        "一线 | 2021-02-01 ; 三线 | 2021-06-01", "3 | 3 | 3 | stated | >2 | >2 | >2",
        """
        drug_exposure
        agent         | started_on | stopped_on
        doxorubicin   | 2021-02-01 | 2021-05-01
        pazopanib     | 2021-04-01 | 2021-05-01
        pembrolizumab | 2021-06-01 | 2021-09-01
        """,
    ),
}  # fmt: skip

GRID = {
    "a wider window takes the drug into the line before": _basis(
        "一线 | 2021-02-01 ; 二线 | 2021-03-08", "2 | 2 | 2 | derived | <=2 | <=2 | <=2",
        """
        drug_exposure
        agent         | started_on | stopped_on
        doxorubicin   | 2021-02-01 | 2021-03-01
        pembrolizumab | 2021-03-08 | 2021-09-01
        """,
    ),
    "a shorter gap makes a rechallenge": _basis(
        "一线 | 2021-02-01 ; 二线 | 2021-10-10", "2 | 2 | 2 | derived | <=2 | <=2 | <=2",
        """
        drug_exposure
        agent         | started_on | stopped_on
        trabectedin   | 2021-02-01 | 2021-04-01
        trabectedin   | 2021-07-10 | 2021-09-01
        pembrolizumab | 2021-10-10 | 2021-12-01

        response_assessment
        assessed_on | overall
        2021-06-01  | PD
        """,
    ),
}  # fmt: skip

CASES = {**RULES, **BASIS, **GRID}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Every case in one warehouse, its models run."""
    folder: Path = tmp_path_factory.mktemp("lines")
    return rule_cases.warehouse_of({case: mart_cases.told(text, STANDARD) for case, text in CASES.items()}, folder)


@pytest.mark.parametrize("case", CASES)
def test_the_rules_say(case: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    mart_cases.holds(warehouse, case, CASES[case].replace("{case}", case))


def test_every_drug_record_is_traced_and_every_line_starts_with_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    row = warehouse.execute(
        """
        select
            (select count(*) from core.drug_exposure),
            (select count(*) from mart.line_trace),
            (select count(*) from mart.derived_line),
            (select count(distinct (patient_id, ordinal)) from mart.line_trace where decision_code = 'starts'),
            (select count(distinct ruleset_version) from mart.line_trace)
        """
    ).fetchone()
    assert row is not None
    assert row[0] == row[1] > 0
    assert row[2] == row[3] > 0
    assert row[4] == 1


def test_the_grid_counts_who_changes(tmp_path: Path) -> None:
    """The first patient is in line 1 with windows of 42 and 56 days, the second in line 3 with gaps of 60 and 90."""
    cases = {case: mart_cases.told(text, STANDARD) for case, text in GRID.items()}
    rows = (
        rule_cases.warehouse_of(cases, tmp_path)
        .execute("select gap_days, window_days, n, n_line_changed, n_split_changed from mart.line_sensitivity")
        .fetchall()
    )
    assert {(gap, window) for gap, window, *_ in rows} == {
        (gap, window) for gap in (60, 90, 120, 180, 240) for window in (14, 21, 28, 42, 56)
    }
    for gap, window, n, line, split in rows:
        assert (n, line, split) == (2, (window > 28) + (gap < 100), int(gap < 100)), (gap, window)
