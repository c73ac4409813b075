"""Patients whom only an unresolved histology keeps out: who they are, and what they may still be."""

from __future__ import annotations

import duckdb
import mart_cases
import pytest

CASES = {
    "an obsolete name allows several entities, a likely one itself, a shared code all of its own": """
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
        p3      | ASPS       | 8890/3     | 2021-01-01
        p4      | qqq        |            | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        p3      | pembrolizumab | 2021-03-01
        p4      | pembrolizumab | 2021-03-01
        ---
        doubtful_member
        patient | index_on   | histology_group | regimen_group | admissible_entities           | admissible_groups
        p1      | 2021-03-01 |                 | io_alone      | DDLPS + LMS + MFH + MFS + UPS | other + potentially sensitive
        p2      | 2021-03-01 |                 | io_alone      | UPS                           | potentially sensitive
        p3      | 2021-03-01 |                 | io_alone      | ASPS + LMS                    | ASPS + other
        p4      | 2021-03-01 |                 | io_alone      |                               |
        """,
    "an entity that is no soft tissue sarcoma would exclude": """
        tumour
        histology | morphology | metastatic_on
        UPS       | 8936/3     | 2021-01-01
        ---
        doubtful_member
        admissible_entities | admissible_groups
        GIST + UPS          | outside + potentially sensitive
        """,
    "another reason beside it: not doubtful, excluded": """
        tumour
        histology | metastatic_on | is_other_malignancy_active
        MFH       | 2021-01-01    | yes
        ---
        doubtful_member
        index_on
        """,
    "a resolved diagnosis is in the cohort": """
        ---
        doubtful_member
        index_on
        """,
}  # fmt: skip


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return mart_cases.warehouse_of(CASES, tmp_path_factory.mktemp("mart"))


@pytest.mark.parametrize("case", CASES)
def test_the_mart_says(case: str, mart: duckdb.DuckDBPyConnection) -> None:
    mart_cases.holds(mart, case, CASES[case])


def test_nobody_is_in_the_cohort_and_doubtful(mart: duckdb.DuckDBPyConnection) -> None:
    both = "select count(*) from mart.cohort join mart.doubtful_member using (patient_id)"
    assert mart.execute(both).fetchone() == (0,)
