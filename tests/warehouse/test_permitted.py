"""Purposes, transfers and withdrawals at the moment of use: what analyses and exports of any form may read."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import get_args

import duckdb
import polars as pl
import pytest
import small_home

from flows.commands.common import purpose_option
from flows.exporting import FORMS, export
from flows.retracting import retract
from schemas.canonical import MODELS, columns, table_name
from schemas.errors import SarcregError
from schemas.privacy import Purpose
from warehouse import journal, permitted, publish
from warehouse.home import Home
from warehouse.query import sql

TABLES = [table_name(model) for model in MODELS]


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two centres, both permitting research, aa01 publication too."""
    root = small_home.make_home(tmp_path_factory.mktemp("permitted") / "home")
    declare(root, "aa01", "permitted_use: [research, publication]")
    declare(root, "bb02", "permitted_use: [research]")
    assert small_home.refresh(root)[0]
    return root


@pytest.fixture
def home(refreshed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(refreshed, tmp_path / "home"))


def declare(root: Path, code: str, line: str) -> None:
    """Write a line into centre.yaml, in the place of one that declares the same."""
    place = root / "centres" / code / "centre.yaml"
    name = line.partition(":")[0]
    kept = [old for old in place.read_text(encoding="utf-8").splitlines() if not old.startswith(f"{name}:")]
    place.write_text("\n".join([*kept, line]) + "\n", encoding="utf-8")


def told(use: permitted.Use) -> list[tuple[object, ...]]:
    return use.left_out.select("centre", "code", "patients").rows()


def centres_in(frames: dict[str, pl.DataFrame]) -> set[str]:
    """Every centre that a row of any table is about, by its columns or by its patient."""
    found: set[str] = set()
    for frame in frames.values():
        for name in frame.columns:
            if name in ("centre", "other_centre"):
                found |= {*frame[name].drop_nulls()}
            if name.endswith("patient_id"):
                found |= {*frame[name].drop_nulls().str.head(4)}
    return found


def test_a_sql_user_sees_what_each_centre_permits(home: Path) -> None:
    asked = "select centre, permitted_use, transfers, legal_basis, jurisdiction from meta.centre order by centre"
    assert sql(Home(home), asked).rows() == [
        ("aa01", ["research", "publication"], [], "synthetic data", "DE"),
        ("bb02", ["research"], [], "synthetic data", "DE"),
    ]
    assert sql(Home(home), "select purpose, jurisdiction from meta.refresh").rows() == [(["research"], None)]


@pytest.mark.parametrize(
    ("purposes", "left", "seen"),
    [
        ((), [], {"aa01", "bb02"}),
        (("research",), [], {"aa01", "bb02"}),
        (("publication",), [("bb02", "use", 6)], {"aa01"}),
        (("research", "publication"), [("bb02", "use", 6)], {"aa01"}),
    ],
)
def test_a_centre_that_does_not_permit_the_purpose_is_in_no_table(
    home: Path, purposes: tuple[str, ...], left: list[tuple[object, ...]], seen: set[str]
) -> None:
    frames, use = permitted.read(Home(home), TABLES, None, purposes)
    assert told(use) == left and centres_in(frames) == seen
    if left:
        assert use.sentences() == [
            f"left out for {', '.join(purposes)}: 6 patient(s) of bb02: it permits research, and not publication."
        ]
        alone = {name for model in MODELS for name in [table_name(model)] if not _names_somebody(model)}
        assert all(frames[name].is_empty() for name in alone if name.startswith(("mart.", "quality.")))


def _names_somebody(model: type) -> bool:
    return any(column.name == "centre" or column.name.endswith("patient_id") for column in columns(model))


def test_nobody_left_is_a_refusal(home: Path) -> None:
    with pytest.raises(
        SarcregError, match=r"nobody's data may serve commercial. aa01: it permits .*; bb02: it permits"
    ):
        permitted.read(Home(home), ["core.patient"], None, ["commercial"])


def test_todays_centre_yaml_counts_for_an_old_refresh_too(home: Path) -> None:
    first = publish.current_refresh(Home(home))
    declare(home, "bb02", "permitted_use: [quality]")
    assert told(permitted.read(Home(home), [], first)[1]) == [("bb02", "use", 6)]
    declare(home, "bb02", "permitted_use: [research]")
    registry = home / "registry.yaml"
    registry.write_text(registry.read_text(encoding="utf-8") + "jurisdiction: CN\n", encoding="utf-8")
    declare(home, "aa01", "transfer: {to: CN, basis: consent, agreed_on: 2024-01-01}")
    declare(home, "bb02", "transfer: {to: CN, basis: consent, agreed_on: 2020-01-01, until: 2024-06-30}")
    _, use = permitted.read(Home(home), [], first)
    assert told(use) == [("bb02", "use", 6)] and "(consent) ended on 2024-06-30" in use.sentences()[0]
    shutil.rmtree(home / "centres" / "bb02")
    assert "it is configured no longer" in permitted.read(Home(home), [], first)[1].sentences()[0]


def test_who_withdrew_is_left_out_at_once_and_from_every_refresh(home: Path) -> None:
    first = publish.current_refresh(Home(home))
    who = sql(Home(home), "select min(patient_id) from core.patient where centre = 'aa01'").item()
    other = sql(Home(home), "select max(patient_id) from core.patient where centre = 'aa01'").item()
    retract(home, who, "no_further_use", date(2024, 6, 1), "letter of the patient")
    retract(home, other, "no_new_data", date(2024, 6, 1), "letter of the patient")
    for _ in range(2):  # before the next refresh acts on it, and after, in the snapshot that still has the patient
        frames, use = permitted.read(Home(home), TABLES, first)
        assert told(use) == [("aa01", "withdrawn", 1)]
        assert other in frames["core.patient"]["patient_id"] and frames["core.patient"].height == 11
        texts = "\n".join(str(frame.to_dicts()) for frame in frames.values())
        assert who not in texts and other in texts
        small_home.refresh(home)
    assert told(permitted.read(Home(home), [])[1]) == []


def test_what_only_the_withdrawn_said_is_in_no_list_of_terms(home: Path) -> None:
    rows = small_home.cases()
    rows[2] = rows[2].replace("ASPS", "liposarcoma").replace("leiomyosarcoma", "liposarcoma")
    small_home.write_export(home / "incoming" / "aa01", rows, small_home.visits())
    small_home.refresh(home)
    asked = "select centre, text from reference.term_map where list = 'histology' order by all"
    whole = sql(Home(home), asked).rows()
    who = sql(Home(home), "select patient_id from core.tumour where histology_source = 'liposarcoma'").item()
    retract(home, who, "no_further_use", date(2024, 6, 1), "letter of the patient")
    with permitted.opened(Home(home)) as (connection, _):
        told = connection.execute(asked).fetchall()
    assert len(told) == 4 and {*whole} - {*told} == {("aa01", "liposarcoma")}


@pytest.mark.parametrize("form", FORMS)
def test_no_export_holds_who_may_not_be_used_and_each_says_so(home: Path, tmp_path: Path, form: str) -> None:
    who = sql(Home(home), "select min(patient_id) from core.patient where centre = 'aa01'").item()
    retract(home, who, "no_further_use", date(2024, 6, 1), "letter of the patient")
    written = export(home, form, tmp_path / "out", None, ["publication"])
    assert told(written.use) == [("aa01", "withdrawn", 1), ("bb02", "use", 6)]
    said = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert said["use"] == written.use.as_dict() and said["use"]["purposes"] == ["publication"]
    event = journal.events(Home(home).events)[-1]
    assert event["purposes"] == ["publication"] and [one["patients"] for one in event["left_out"]] == [1, 6]
    body = b"".join(_unpacked(path) for path in (tmp_path / "out").rglob("*") if path.name != "manifest.json")
    assert who.encode() not in body and b"bb02" not in body and b"aa01" in body


def _unpacked(path: Path) -> bytes:
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            return str(connection.execute("select * from read_parquet(?)", [str(path)]).fetchall()).encode()
    return path.read_bytes()


def test_the_commands_offer_the_purposes_that_a_centre_can_permit() -> None:
    assert purpose_option(lambda: None).__click_params__[0].type.choices == get_args(Purpose)  # type: ignore[attr-defined]
