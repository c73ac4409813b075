"""What a home must be after a kill: one published refresh, whole, that the journal and the manifest know."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse import journal
from warehouse.home import Home
from warehouse.publish import current_refresh


def whole(home: Path) -> tuple[str, int]:
    """The published refresh and its number of patients, after a look at all that makes it whole."""
    with duckdb.connect(str(home / "registry.duckdb"), read_only=True) as connection:
        ids = connection.execute("select refresh_id from meta.refresh").fetchall()
        row = connection.execute(
            """
            select
                (select count(*) from core.patient),
                (select count(*) from mart.cohort) + (select count(*) from mart.exclusion),
                (select count(*) from quality.row_account where delivered <>
                    loaded + quarantined + duplicate + superseded + out_of_scope + retracted),
                (select count(*) from quality.row_account),
                (select count(*) from quality.expectation where success)
            """
        ).fetchone()
    assert row is not None
    patients, judged, open_accounts, accounts, kept_expectations = row
    assert len(ids) == 1
    assert (judged, open_accounts) == (patients, 0)
    assert accounts > 0
    assert kept_expectations > 0
    refresh = str(ids[0][0])
    assert current_refresh(Home(home)) == refresh
    assert (home / "refreshes" / refresh / "manifest.json").stat().st_size > 0
    assert journal.events(home / "events")
    return refresh, int(patients)
