"""Between the cut-off and the day of the export: such events are no faults, and no end point knows them."""

from __future__ import annotations

from pathlib import Path

import small_home

from warehouse.home import Home
from warehouse.query import sql


def outcome(home: Path) -> tuple[list[tuple[str, int]], list[tuple[int | None, str | None]]]:
    small_home.refresh(home)
    found = sql(
        Home(home), "select rule, count(*)::int as n from quality.finding where rule = 'date_in_future' group by rule"
    )
    times = sql(
        Home(home),
        """
        select adtte."CNSR", adtte."NEREASON"
        from mart.adtte as adtte
        join core.follow_up as contact using (patient_id)
        where adtte."PARAMCD" = 'OS' and contact.death_on_source = '2024-08-15'
        """,
    )
    return found.rows(), times.rows()


def test_a_death_after_the_cut_off_is_censored_there(tmp_path: Path) -> None:
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    rows = [
        row.replace("2023-03-01,PD,dead,2023-03-01", "2024-08-15,PD,dead,2024-08-15") for row in small_home.visits()
    ]
    small_home.write_export(home / "incoming" / "aa01", None, rows)
    assert rows != small_home.visits()
    findings, times = outcome(home)
    assert findings == [("date_in_future", 3)]
    assert times == [(None, "date_in_future: follow_up.contact_on")]
    path = home / "centres" / "aa01" / "centre.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("cut_off_on: 2024-06-30", "cut_off_on: 2024-06-30\nextracted_on: 2024-09-01"), encoding="utf-8"
    )
    findings, times = outcome(home)
    assert findings == []
    assert times == [(1, None)]
