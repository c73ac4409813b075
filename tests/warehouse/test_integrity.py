"""A file that breaks a promise of its models is not published: each breach made by hand in a sound one."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
import small_home

from schemas.canonical import MODELS, foreign_keys, table_name
from warehouse import expectations, integrity
from warehouse.home import Home
from warehouse.query import database_of

BREACHES = {
    "tables_complete": ("drop table quality.completeness", "1 in quality.completeness"),
    "keys_unique": ("insert into core.treatment_line from core.treatment_line limit 1",
                    "2 in core.treatment_line, core.treatment_line (record_key)"),
    "keys_filled": ("update core.follow_up set record_key = null "
                    "where record_key = (select min(record_key) from core.follow_up)", "1 in core.follow_up"),
    "references_hold": ("delete from reference.drug where code = 'pembrolizumab'", "6 in core.drug_exposure (agent_code)"),
    "codes_known": ("update core.patient set sex_code = 'X' where patient_id = (select min(patient_id) from core.patient)",
                    "1 in core.patient (sex_code)"),
}  # fmt: skip
"""Promise -> what breaks it, and what the gate then says it has seen."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = small_home.make_home(tmp_path_factory.mktemp("integrity") / "home", ("aa01",))
    small_home.refresh(root)
    return database_of(Home(root), None)


def broken(database: Path) -> dict[str, str]:
    verdict = expectations.judge(integrity.aggregates(database), expectations.expected_of_warehouse())
    return dict(verdict.filter(~verdict["success"]).select("expectation", "observed").iter_rows())


def test_a_built_file_keeps_every_promise(sound: Path) -> None:
    assert broken(sound) == {}


@pytest.mark.parametrize("promise", BREACHES)
def test_a_broken_promise_is_named_with_its_place(sound: Path, tmp_path: Path, promise: str) -> None:
    copy = tmp_path / "registry.duckdb"
    shutil.copyfile(sound, copy)
    breach, observed = BREACHES[promise]
    with duckdb.connect(str(copy)) as connection:
        connection.execute(breach)
    assert broken(copy) == {promise: observed}


def test_every_foreign_key_is_one_that_breaks(sound: Path, tmp_path: Path) -> None:
    """For each: with the table referred to emptied, the rows that refer to it are counted, all of them and no other."""
    copy = tmp_path / "registry.duckdb"
    shutil.copyfile(sound, copy)
    targets = {foreign.target for model in MODELS for foreign in foreign_keys(model)}
    with duckdb.connect(str(copy)) as connection:
        expected = {}
        for model in MODELS:
            for foreign in foreign_keys(model):
                filled = " and ".join(f'"{column}" is not null' for column in foreign.columns)
                n = connection.execute(f"select count(*) from {table_name(model)} where {filled}").fetchone()[0]
                if n and table_name(model) not in targets:
                    expected[f"{table_name(model)} ({', '.join(foreign.columns)})"] = n
        for target in targets:
            connection.execute(f"delete from {target}")
    counted = integrity.breaches(copy).filter(promise="references_broken").select("place", "n")
    assert dict(counted.iter_rows()) == expected
    assert len(expected) > 40
