"""Time zero, the groups fixed on it, who is excluded, and the end points: by example.

A case is what one or more persons are known by, `---`, and what the mart must say. Tables that a case does not show
are those of mart_cases.STANDARD: a person with metastatic UPS whose first dose of pembrolizumab is on 2021-03-01. The
data end on 2024-06-30.
"""

from __future__ import annotations

import re

import duckdb
import mart_cases
import pytest
from cases import end_point, exclusion, mart_group, not_evaluable, time_zero, tumour_reading

from warehouse import models

SUBJECTS = (tumour_reading, time_zero, mart_group, exclusion, end_point, not_evaluable)
CASES = {case: text for subject in SUBJECTS for case, text in subject.CASES.items()}


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Every case in one warehouse, its models run."""
    return mart_cases.warehouse_of(CASES, tmp_path_factory.mktemp("mart"))


@pytest.mark.parametrize("case", CASES)
def test_the_mart_says(case: str, mart: duckdb.DuckDBPyConnection) -> None:
    mart_cases.holds(mart, case, CASES[case])


def test_everyone_is_in_the_cohort_or_has_a_reason(mart: duckdb.DuckDBPyConnection) -> None:
    """And every member has every end point once, none negative, none with a value and a reason against it."""
    row = mart.execute(
        """
        select
            (select count(*) from core.patient),
            (select count(*) from mart.cohort) + (select count(*) from mart.exclusion),
            (select count(*) from mart.cohort) * (select count(*) from reference.end_point where PARAMCD <> 'DOR'),
            (select count(distinct (patient_id, PARAMCD)) from mart.adtte where PARAMCD <> 'DOR'),
            (select count(*) from mart.adtte where PARAMCD <> 'DOR'),
            (select count(*) from mart.adtte where AVAL < 0 or AVAL <> ADT - STARTDT
                or (AVAL is null) <> (NEREASON is not null) or (CNSR is null) <> (NEREASON is not null))
        """
    ).fetchone()
    assert row is not None
    patients, judged, due, distinct, made, odd = row
    assert (judged, distinct, made, odd) == (patients, due, due, 0)


FLOATS = re.compile(r"\b(sum|avg|mean|fsum|kahan_sum|favg|product|stddev\w*|var_\w+)\s*\(", re.IGNORECASE)
CLOCKS = re.compile(
    r"\b(now|today|current_date|current_timestamp|random|setseed|uuid|gen_random_uuid|hash|get_current_timestamp)\b\s*\(?",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", models.written_models())
def test_a_model_reads_no_clock_and_sums_no_floats(name: str) -> None:
    sql = re.sub(r"--[^\n]*", "", models.written_models()[name])
    assert FLOATS.findall(sql) == []
    assert CLOCKS.findall(sql) == []


@pytest.mark.parametrize("name", models.written_models())
def test_a_model_states_its_grain_first(name: str) -> None:
    assert models.written_models()[name].startswith("-- grain: one row per ")
