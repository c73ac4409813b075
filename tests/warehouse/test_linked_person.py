"""One person at two centres, decided in links.yaml: what one centre's records made may reach others only if it may."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import linked_home
import polars as pl
import pytest
import small_home

from flows import queries
from flows.retracting import retract
from schemas.canonical import MODELS, VIEWS, table_name
from schemas.errors import SarcregError
from warehouse import lock, permitted, publish, witness
from warehouse.home import Home
from warehouse.listing import listing
from warehouse.query import sql

DERIVED = [name for name in map(table_name, (*MODELS, *VIEWS)) if name.startswith(("mart.", "read."))]
DEATH_THERE = date(2023, 5, 5)


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """bb02 alone knows of the death."""
    root = tmp_path_factory.mktemp("linked") / "home"
    return root, *linked_home.made(root, f"PD,dead,{DEATH_THERE}")


@pytest.fixture
def home(linked: tuple[Path, str, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(linked[0], tmp_path / "home"))


def about(frames: dict[str, pl.DataFrame], patient: str) -> set[str]:
    return {name for name, frame in frames.items() if "patient_id" in frame and patient in frame["patient_id"]}


def test_what_a_record_that_may_not_serve_has_made_is_left_out(home: Path, linked: tuple[Path, str, str]) -> None:
    _, here, there = linked
    place = Home(home)
    made = sql(place, f"select ADT from mart.adtte where patient_id = '{here}' and PARAMCD = 'OS'")
    assert made["ADT"].to_list() == [DEATH_THERE]
    alone = sql(
        place, f"select min(patient_id) from mart.cohort where centre = 'aa01' and patient_id <> '{here}'"
    ).item()
    tables = [*DERIVED, "core.patient", "core.follow_up"]
    everything, use = permitted.read(place, tables)
    assert use.left_out.is_empty() and {"mart.cohort", "mart.adtte", "read.patient"} <= about(everything, here)

    centre = home / "centres" / "bb02" / "centre.yaml"
    sound = centre.read_text(encoding="utf-8")
    centre.write_text(sound + "permitted_use: [quality]\n", encoding="utf-8")
    seen, use = permitted.read(place, tables, None, ["research"])
    assert about(seen, here) == {"core.patient", "core.follow_up"}, "its own rows may serve as before"
    assert about(seen, alone) == about(everything, alone)
    assert use.left_out.select("centre", "code", "patients").rows() == [("aa01", "linked", 1), ("bb02", "use", 6)]
    assert "1 patient(s) of aa01: only from what is derived" in use.sentences()[0]

    centre.write_text(sound, encoding="utf-8")
    retract(home, there, "no_further_use", date(2024, 6, 1), "letter of the patient")
    seen, use = permitted.read(place, tables)
    assert about(seen, here) == {"core.patient", "core.follow_up"}
    assert use.left_out.select("centre", "code", "patients").rows() == [("aa01", "linked", 1), ("bb02", "withdrawn", 1)]

    small_home.refresh(home)
    seen, use = permitted.read(place, tables)
    assert use.left_out.is_empty() and "mart.cohort" in about(seen, here), "made of its own records, it serves again"
    assert DEATH_THERE not in seen["mart.adtte"].filter(patient_id=here)["ADT"]


def test_a_listing_keeps_what_another_centre_told_to_the_registry(linked: tuple[Path, str, str]) -> None:
    root, here, _ = linked
    place = Home(root)
    before, now = (listing(place, "aa01", refresh) for refresh in publish.kept(place))
    assert DEATH_THERE in sql(place, f"select ADT from mart.adtte where patient_id = '{here}'")["ADT"]
    told = now.filter(patient_id=here).row(0, named=True)
    held = ("progression_or_end_on", "is_progressed", "death_or_end_on", "is_dead")
    assert [told[name] for name in held] == [None] * 4 and DEATH_THERE not in told.values()
    assert told["end_points_are"] == "also at another centre: held by the registry"
    own = [*now.columns[: now.columns.index(held[0])], "last_contact_on", "death_on"]
    assert now.select(own).equals(before.select(own)), "standing, time zero, agent and line are of the own records"
    assert now.filter(pl.col("patient_id") != here).equals(before.filter(pl.col("patient_id") != here))
    assert now["end_points_are"].null_count() == now.height - 1


def test_a_lock_waits_for_questions_about_the_record_that_is_not_counted(tmp_path: Path) -> None:
    root = tmp_path / "home"
    here, there = linked_home.made(root, "PR,dead,")
    first, second = publish.kept(Home(root))
    assert sql(Home(root), "select patient_id from mart.exclusion")["patient_id"].to_list() == [there]
    for refresh in (first, second):
        waiting = lock.critical(Home(root), refresh).waiting.filter(rule="dead_without_date")
        assert waiting.select("centre", "place").rows() == [("bb02", "cohort")]
    linked_home.decide(root, (here, there), "different")
    assert lock.critical(Home(root), second).waiting.filter(rule="dead_without_date").height == 1, "as it was decided"
    queries.accept(root, lock.critical(Home(root), second).waiting["query_id"].to_list(), "lost for good")
    assert lock.critical(Home(root), second).waiting.is_empty()


def test_a_file_that_keeps_no_links_is_refused() -> None:
    with duckdb.connect() as connection, pytest.raises(SarcregError, match="does not keep which records it joined"):
        connection.execute("create schema core; create table core.patient (patient_id varchar)")
        witness.show(connection)
