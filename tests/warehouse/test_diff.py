"""What `sarcreg diff` says of two refreshes whose difference the test has made itself."""

from __future__ import annotations

import polars as pl
import pytest
import small_home

from warehouse.diff import Difference, difference
from warehouse.home import Home
from warehouse.query import database_of


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Difference:
    """P002 recoded, P003 dies, P006 vanishes, P007 is new; nothing at the other centre; P005 has lost its drug."""
    home = small_home.make_home(tmp_path_factory.mktemp("diff") / "home")
    before, _ = small_home.refresh(home)
    cases, visits = small_home.cases(7), small_home.visits(7)
    cases = [row for row in cases if not row.startswith("P006")]
    visits = [row for row in visits if not row.startswith("P006")]
    cases[1] = cases[1].replace("ASPS", "undifferentiated pleomorphic sarcoma")
    cases[4] = cases[4].replace("pembrolizumab", "")
    visits[5] = visits[5].replace("alive,", "dead,2023-04-01")
    small_home.write_export(home / "incoming" / "aa01", cases, visits)
    after, _ = small_home.refresh(home)
    assert before != after
    return difference(database_of(Home(home), before), database_of(Home(home), after))


def test_rows_are_counted_per_table_and_centre(found: Difference) -> None:
    counted = {(row["table_name"], row["centre"]): row for row in found.rows.iter_rows(named=True)}
    told = {key: tuple(row[name] for name in ("added", "removed", "changed", "same")) for key, row in counted.items()}
    assert told["patient", "aa01"] == (1, 1, 0, 5)
    assert told["tumour", "aa01"] == (1, 1, 1, 4)
    assert told["follow_up", "aa01"] == (2, 2, 1, 9)
    assert all(row[:3] == (0, 0, 0) for (_, centre), row in told.items() if centre == "bb02")


def test_every_changed_value_is_told_once_with_both_sides(found: Difference) -> None:
    values = {(row["field"]): (row["before"], row["after"], row["is_code"]) for row in found.values.iter_rows(named=True)
              if row["table_name"] in ("tumour", "follow_up")}  # fmt: skip
    assert values["histology_source"] == ("ASPS", "undifferentiated pleomorphic sarcoma", False)
    assert values["entity_code"] == ("ASPS", "UPS", True)
    assert values["status_code"] == ("alive", "dead", True)
    assert values["death_on"] == (None, "2023-04-01", False)
    assert found.values.select("table_name", "record_key", "field").is_unique().all()


def test_who_moves_into_or_out_of_the_cohort_is_told_with_the_reason(found: Difference) -> None:
    moved = found.cohort.group_by("movement", "reason_before", "reason_after").len().sort(pl.all()).rows()
    assert moved == [
        ("in", "unknown", None, 1),
        ("out", None, "no_qualifying_dose", 1),
        ("out", None, "unknown", 1),
    ]
