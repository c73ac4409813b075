"""The rule sets of progression-free survival at their boundary days. Time zero is 2021-03-01, the interval 56 days.

Two missed assessments of 56 days with a window of a week on either side are 126 days.
"""

from __future__ import annotations

import duckdb
import mart_cases
import pytest
from cases import irecist, missed_assessment, new_therapy, partial_date, real_world

SUBJECTS = (missed_assessment, new_therapy, real_world, irecist, partial_date)
CASES = {case: text for subject in SUBJECTS for case, text in subject.CASES.items()}


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return mart_cases.warehouse_of(CASES, tmp_path_factory.mktemp("mart"))


@pytest.mark.parametrize("case", CASES)
def test_the_mart_says(case: str, mart: duckdb.DuckDBPyConnection) -> None:
    mart_cases.holds(mart, case, CASES[case])
