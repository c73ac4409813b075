"""A simulated year: twelve refreshes in which faults come, are answered, corrected, accepted, and return."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import small_home

from flows import queries
from warehouse import ledger, publish
from warehouse.home import Home
from warehouse.query import sql
from warehouse.rebuild import rebuild

RULE = "drug_unmapped"
YEAR = """
    month | p1  | p2  | p3  | before the refresh     | p1        | p2             | p3
    1     | qq  |     |     |                        | candidate |                |
    2     | qq  | zz  |     | issue                  | open      | candidate      |
    3     | qq  | zz  | yy  | answer p1 corrected    | open      | candidate      | candidate
    4     | nivolumab | zz  | yy  | answer p1 corrected    | closed    | candidate      | candidate
    5     | nivolumab | zz  | yy  | accept p2              | closed    | accepted_as_is | candidate
    6     | qq  | zz  | yy  | issue                  | candidate | accepted_as_is | open
    7     | !   | !   | !   | issue                  | open      | accepted_as_is | open
    8     | !   | !   | !   | answer p3 as_in_source | open      | accepted_as_is | answered
    9     | nivolumab | xx  | yy  |                        | closed    | candidate      | answered
    10    | qq  | xx  | nivolumab | roll back              | candidate | candidate      | closed
    11    | qq  | xx  | nivolumab | cancel p2              | candidate | cancelled      | closed
    12    | nivolumab | nivolumab  | yy  |                        | closed    | cancelled      | candidate
"""


def rows() -> list[dict[str, str]]:
    head, *lines = [[cell.strip() for cell in line.split("|")] for line in YEAR.strip().splitlines()]
    names = ["month", "said1", "said2", "said3", "act", "p1", "p2", "p3"]
    assert len(head) == len(names)
    return [dict(zip(names, line, strict=True)) for line in lines]


def deliver(home: Path, row: dict[str, str]) -> None:
    """The month's export; `!` one that is refused, so that the centre is stale."""
    cases = small_home.cases()
    for number in (1, 2, 3):
        cells = cases[number - 1].split(",")
        cells[8] = row[f"said{number}"] or cells[8]
        cells[6] = str(20 + int(row["month"]))
        cases[number - 1] = ",".join(cells)
    small_home.write_export(home / "incoming" / "aa01", cases)
    if row["said1"] == "!":
        (home / "incoming" / "aa01" / "visits.csv").unlink()


def people(home: Path) -> dict[str, str]:
    """patient_id -> p1, p2, p3, by their dates of birth."""
    born = sql(Home(home), "select patient_id, year(born_on) - 1960 as n from core.patient where year(born_on) < 1964")
    return {patient: f"p{n}" for patient, n in born.iter_rows()}


def found(home: Path) -> pl.DataFrame:
    names = people(home)
    read = ledger.read(Home(home)).filter(pl.col("rule") == RULE)
    return read.with_columns(person=pl.col("patient_id").replace_strict(names))


def act(home: Path, what: str, day: str) -> None:
    word, *rest = what.split()
    now = dict(found(home).select("person", "query_id").iter_rows())
    if word == "issue":
        queries.issue(home, None, None)
    elif word == "accept":
        queries.accept(home, [now[rest[0]]], "confirmed on paper")
    elif word == "cancel":
        queries.cancel(home, [now[rest[0]]], "raised in error")
    elif word == "answer":
        frame = {
            "query_id": [now[rest[0]]],
            "answer_code": [rest[1]],
            "answered_by": ["nurse"],
            "answered_at": [day],
            "reason": [None],
        }
        queries.answer(home, pl.DataFrame(frame, schema_overrides={"reason": pl.String}))
    elif word == "roll":
        kept = publish.kept(Home(home))
        publish.roll_back(Home(home), kept[-2], "a look at the month before")


@pytest.mark.slow
def test_a_year(tmp_path: Path) -> None:
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    place, registry = Home(home), home / "registry.yaml"
    text = registry.read_text(encoding="utf-8") + "snapshots: 30\nqueries: {per_record: 9}\n"
    ids: dict[str, str] = {}
    refreshes = []
    for row in rows():
        day = f"2025-{int(row['month']):02d}-01"
        registry.write_text(text.replace("2024-07-01", day), encoding="utf-8")
        if row["act"]:
            act(home, row["act"], day)
        deliver(home, row)
        name, states = small_home.refresh(home)
        assert name and name not in refreshes
        assert states["aa01"] == ("carried_forward" if row["said1"] == "!" else "fresh")
        refreshes.append(name)
        read = found(home)
        now = dict(read.select("person", "state").iter_rows())
        assert now == {person: row[person] for person in ("p1", "p2", "p3") if row[person]}, row["month"]
        for person, query in read.select("person", "query_id").iter_rows():
            assert ids.setdefault(person, query) == query, "an id never changes"
        asked = ledger.read(place)
        assert asked["query_id"].is_unique().all()
        assert sql(place, "select * from quality.query order by query_id").equals(asked)
        orphans = "select count(*) as n from quality.finding where channel = 'query' and query_id not in (select query_id from quality.query)"
        assert sql(place, orphans)["n"].item() == 0
    assert dict(found(home).select("person", "times_reopened").iter_rows()) == {"p1": 3, "p2": 1, "p3": 1}
    for name in (refreshes[3], refreshes[8], refreshes[11]):
        assert rebuild(place, name).differing == ()
