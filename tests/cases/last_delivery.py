"""Cases of the rules that compare with the last delivery (tests/rule_cases.py), part of those of test_checks.py."""

from __future__ import annotations


def _moved(table: str, field: str, was: str, other: str, vague: str = "") -> str:
    """A field that stays, moves, is let alone by a vaguer value, and cannot be judged where one side is empty."""
    lines = [(was, was, "sound"), (was, other, "FAULT"), (was, "", ""), ("", other, "")]
    lines += [(vague, was, "sound")] if vague else []
    now = "\n".join(f"{row} | {to} | {verdict}" for row, (_, to, verdict) in enumerate(lines, 1))
    told = "\n".join(f"{row} | {of}" for row, (of, _, _) in enumerate(lines, 1))
    key = "patient" if table == "patient" else "record"
    return f"{table}\n{key} | {field} | verdict\n{now}\n\nbefore {table}\n{key} | {field}\n{told}"


_SAME_20 = """
tumour
patient | histology      | times
p       | leiomyosarcoma | {now_a}
q       | UPS            | {now_b}

before tumour
patient | histology      | times
p       | leiomyosarcoma | 12
q       | UPS            | 12

judged
table  | field     | verdict
tumour | histology | {verdict}
"""

CASES = {
    "completeness_fell": """
        tumour
        size_mm | histology     | times
        50      | leiomyosarcoma | 13
                | leiomyosarcoma | 7

        before tumour
        size_mm | histology     | times
        50      | leiomyosarcoma | 20

        judged
        table  | field     | verdict
        tumour | size_mm   | FAULT
        tumour | histology | sound
        """,
    "completeness_fell 2": """
        tumour
        size_mm | times
        50      | 14
                | 6

        before tumour
        size_mm | times
        50      | 20

        judged
        table  | field   | verdict
        tumour | size_mm | sound
        """,
    "unknown_share_rose 2": """
        tumour
        size_mm | missing         | times
        50      |                 | 14
                | size_mm=unknown | 6

        before tumour
        size_mm | times
        50      | 20

        judged
        table  | field   | verdict
        tumour | size_mm | sound
        """,
    "unknown_share_rose": """
        tumour
        size_mm | missing         | times
        50      |                 | 13
                | size_mm=unknown | 7

        before tumour
        size_mm | times
        50      | 20

        judged
        table  | field   | verdict
        tumour | size_mm | FAULT
        """,
    "born_on_moved": _moved("patient", "born_on", "1960-05-01", "1961-05-01", "1960"),
    "sex_changed": _moved("patient", "sex", "M", "F"),
    "histology_changed": _moved("tumour", "histology", "leiomyosarcoma", "ASPS"),
    "diagnosed_on_moved": _moved("tumour", "diagnosed_on", "2020-05-01", "2020-05-02", "2020-05"),
    "metastatic_on_moved": _moved("tumour", "metastatic_on", "2020-05-01", "2020-06-01", "2020"),
    "assessed_on_moved": _moved("response_assessment", "assessed_on", "2020-05-01", "2020-04-30"),
    "response_rewritten": _moved("response_assessment", "overall", "PD", "SD"),
    "drug_start_moved": _moved("drug_exposure", "started_on", "2020-05-01", "2020-05-09"),
    "drug_stop_moved": _moved("drug_exposure", "stopped_on", "2020-05-01", "2020-05-09"),
    "agent_changed": _moved("drug_exposure", "agent", "pembrolizumab", "nivolumab"),
    "line_changed": _moved("treatment_line", "line_stated", "一线", "二线"),
    "line_start_moved": _moved("treatment_line", "started_on", "2020-05-01", "2021-05-01"),
    "adverse_event_grade_changed": _moved("adverse_event", "grade", "2", "3"),
    "patient_vanished": """
        patient
        patient
        p1

        before patient
        patient | verdict
        p1      | sound
        p2      | FAULT
        """,
    "record_vanished": """
        patient
        patient
        p1

        drug_exposure
        record | agent
        1      | pembrolizumab

        before drug_exposure
        record | patient | agent         | verdict
        1      | p1      | pembrolizumab | sound
        2      | p1      | axitinib      | FAULT
        3      | p2      | axitinib      |
        """,
    "dead_returned": """
        patient
        patient
        p1
        p2
        p4

        follow_up
        record | patient | status | verdict
        1      | p1      | dead   | sound
        2      | p2      | alive  | FAULT
        3      | p4      | alive  |

        before follow_up
        record | patient | status
        1      | p1      | dead
        2      | p2      | dead
        3      | p4      | alive
        4      | p5      | dead
        """,
    "death_on_moved": """
        follow_up
        record | patient | death_on   | verdict
        1      | p1      | 2021-05-02 | sound
        2      | p2      | 2021-06-01 | FAULT
        3      | p3      | 2021-05-02 | sound
        4      | p4      |            |

        before follow_up
        record | patient | death_on
        1      | p1      | 2021-05-02
        2      | p2      | 2021-05-02
        3      | p3      | 2021-05
        4      | p4      | 2021-05
        """,
    "last_contact_went_back": """
        follow_up
        record | patient | contact_on | verdict
        1      | p1      | 2021-05-02 | sound
        2      | p2      | 2021-03-01 | FAULT
        3      | p3      |            |

        before follow_up
        record | patient | contact_on
        1      | p1      | 2021-05-01
        2      | p2      | 2021-05-02
        3      | p3      | 2021-05-02
        """,
    "value_emptied": """
        tumour
        record | histology | verdict
        1      | UPS       | sound
        2      |           | FAULT
        3      |           |

        before tumour
        record | histology
        1      | UPS
        2      | UPS
        3      |
        """,
    "column_emptied": """
        tumour
        patient | histology | size_mm | times
        p       | UPS       |         | 3

        before tumour
        patient | histology | size_mm | times
        p       | UPS       | 20      | 3

        judged
        table  | field     | verdict
        tumour | histology | sound
        tumour | size_mm   | FAULT
        """,
    "rows_collapsed": """
        tumour
        patient | histology | times
        p       | UPS       | 3

        metastasis
        patient | site | times
        p       | lung | 4

        before tumour
        patient | histology | times
        p       | UPS       | 5

        before metastasis
        patient | site | times
        p       | lung | 5

        judged
        table      | field | verdict
        tumour     |       | FAULT
        metastasis |       | sound
        """,
    "rows_surged": """
        tumour
        patient | histology | times
        p       | UPS       | 21

        metastasis
        patient | site | times
        p       | lung | 20

        before tumour
        patient | histology | times
        p       | UPS       | 10

        before metastasis
        patient | site | times
        p       | lung | 10

        judged
        table      | field | verdict
        tumour     |       | FAULT
        metastasis |       | sound
        """,
    "cut_off_not_advanced": """
        before centre
        cut_off_on
        2024-06-30

        judged
        table   | field | verdict
        patient |       | FAULT
        """,
    "cut_off_not_advanced 2": """
        before centre
        cut_off_on
        2023-12-31

        judged
        table   | field | verdict
        patient |       | sound
        """,
    "code_share_shifted": _SAME_20.format(now_a=14, now_b=10, verdict="sound"),
    "code_share_shifted 2": _SAME_20.format(now_a=22, now_b=2, verdict="FAULT"),
    "patient_arrived_late": """
        patient
        patient | verdict
        p1      |
        p2      | sound
        p3      | FAULT
        p4      |

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2020-01-01
        p2      | pembrolizumab | 2023-01-01
        p3      | pembrolizumab | 2022-12-30
        p4      | pembrolizumab |

        before patient
        patient
        p1

        before centre
        cut_off_on
        2023-12-31
        """,
    "follow_up_not_advanced": """
        follow_up
        patient | status | contact_on | times
        p       | alive  | 2023-12-01 | 5

        before follow_up
        patient | status | contact_on | times
        p       | alive  | 2023-12-01 | 5

        before centre
        cut_off_on
        2023-12-31

        judged
        table     | field      | verdict
        follow_up | contact_on | FAULT
        """,
    "follow_up_not_advanced 2": """
        follow_up
        patient | status | contact_on | times
        p       | alive  | 2023-12-01 | 4
        q       | alive  | 2024-05-01 | 2

        before follow_up
        patient | status | contact_on | times
        p       | alive  | 2023-12-01 | 4
        q       | alive  | 2023-11-01 | 2

        before centre
        cut_off_on
        2023-12-31

        judged
        table     | field      | verdict
        follow_up | contact_on | sound
        """,
}  # fmt: skip
