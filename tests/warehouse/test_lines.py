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
from cases import line_basis, line_course, line_start

STANDARD = {name: mart_cases.STANDARD[name] for name in ("patient", "tumour")}

SUBJECTS = (line_start, line_course, line_basis)
CASES = {case: text for subject in SUBJECTS for case, text in subject.CASES.items()}


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
    cases = {case: mart_cases.told(text, STANDARD) for case, text in line_basis.GRID.items()}
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
