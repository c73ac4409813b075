"""Drugs and adverse events of the cohort in days from time zero, by example."""

from __future__ import annotations

import duckdb
import mart_cases
import pytest

CASES = {
    "days count from time zero, before it too; what was never given is left out": """
        drug_exposure
        agent         | started_on | stopped_on | is_administered
        doxorubicin   | 2020-03-01 | 2020-06-01 |
        pembrolizumab | 2021-03-01 | 2021-09-01 | yes
        axitinib      | 2021-03-08 |            |
        anlotinib     | 2021-03-02 |            | no
        ---
        exposure
        agent_code    | component_code | start_day | stop_day | is_at_time_zero
        doxorubicin   | cytotoxic      | -365      | -273     | no
        pembrolizumab | immunotherapy  | 0         | 184      | yes
        axitinib      | antiangiogenic | 7         |          | yes
        """,
    "in the window up to day 28; a month counts where all of it does, and has no day": """
        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-31
        axitinib      | 2021-04
        anlotinib     | 2021-04-28
        doxorubicin   | 2021-04-29
        ---
        exposure
        agent_code    | start_day | is_at_time_zero
        pembrolizumab | 0         | yes
        axitinib      |           | no
        anlotinib     | 28        | yes
        doxorubicin   | 29        | no
        """,
    "one cell, two agents: two rows": """
        drug_exposure
        agent                    | started_on
        pembrolizumab + axitinib | 2021-03-01
        ---
        exposure
        agent_code    | start_day
        pembrolizumab | 0
        axitinib      | 0
        """,
    "an adverse event before, on and after time zero; a month on both sides does not say": """
        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-10

        adverse_event
        term           | grade | started_on | stopped_on | is_immune_related
        Pruritus       | 2     | 2021-03-09 |            | no
        Hypothyroidism | 1     | 2021-03-10 | 2021-03-20 | yes
        乏力           | 3     | 2021-05    |            |
        Fever          | 1     | 2021-03    |            |
        ---
        adverse_event
        term_code           | grade | start_day | stop_day | is_immune_related | is_after_time_zero
        Pruritus            | 2     | -1        |          | no                | no
        Hypothyroidism      | 1     | 0         | 10       | yes               | yes
        Fatigue             | 3     |           |          |                   | yes
        Fever               | 1     |           |          |                   |
        """,
    "what another centre knows of the same person counts; the cohort's centre stands": """
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
        p1      | pembrolizumab | 2021-03-01
        p2      | nivolumab     | 2021-06-01
        ---
        exposure
        patient | agent_code    | start_day
        p1      | pembrolizumab | 0
        p1      | nivolumab     | 92
        """,
}  # fmt: skip


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return mart_cases.warehouse_of(CASES, tmp_path_factory.mktemp("mart"))


@pytest.mark.parametrize("case", CASES)
def test_the_mart_says(case: str, mart: duckdb.DuckDBPyConnection) -> None:
    mart_cases.holds(mart, case, CASES[case])


def test_the_regimen_group_is_that_of_the_exposures_at_time_zero(mart: duckdb.DuckDBPyConnection) -> None:
    contrary = """
        select count(*) from mart.cohort
        where is_combination <> (patient_id in (
            select patient_id from mart.exposure
            where is_at_time_zero and component_code in ('cytotoxic', 'antiangiogenic')
        ))
    """
    assert mart.execute(contrary).fetchone() == (0,)
