"""A file that breaks a promise of its models is not published: each breach made by hand in a sound one."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
import small_home

from warehouse import expectations, integrity
from warehouse.home import Home
from warehouse.query import database_of

BREACHES = {
    "tables_complete": "drop table quality.completeness",
    "keys_unique": "insert into core.tumour select * from core.tumour limit 1",
    "keys_filled": "update core.follow_up set record_key = null where record_key = (select min(record_key) from core.follow_up)",
    "persons_known": "delete from core.patient where patient_id = (select min(patient_id) from mart.cohort)",
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = small_home.make_home(tmp_path_factory.mktemp("integrity") / "home", ("aa01",))
    small_home.refresh(root)
    return database_of(Home(root), None)


def broken(database: Path) -> list[str]:
    verdict = expectations.judge(integrity.aggregates(database), expectations.expected_of_warehouse())
    return verdict.filter(~verdict["success"])["expectation"].to_list()


def test_a_built_file_keeps_every_promise(sound: Path) -> None:
    assert broken(sound) == []


@pytest.mark.parametrize("promise", BREACHES)
def test_a_broken_promise_is_named(sound: Path, tmp_path: Path, promise: str) -> None:
    copy = tmp_path / "registry.duckdb"
    shutil.copyfile(sound, copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute(BREACHES[promise])
    assert broken(copy) == [promise]
