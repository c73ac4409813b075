"""Cases of the derived lines: which number is in use; see mart_cases and warehouse/test_lines."""

from __future__ import annotations

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

CASES = {**BASIS, **GRID}
