"""Whom an erasure may be of, and whom it has to tell of: no kept refresh has the patient, another centre has."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import linked_home
import pytest
import small_home
from click.testing import CliRunner

from flows.cli import main as cli
from flows.retracting import UNKNOWN, Retracted, patient_of, retract
from schemas.errors import ConfigurationError
from warehouse import erasing, journal
from warehouse.home import Home
from warehouse.query import sql
from warehouse.search import search

CODE, NUMBER = "aa01", "QUOKKA-0003"
BROTHER = "dd010123456789abcdef"


def erase(home: Path, who: str) -> Retracted:
    return retract(home, who, "erase", date(2024, 6, 1), "letter")


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home that keeps one snapshot, and a patient whom the delivery before that one had."""
    root = small_home.make_home(tmp_path_factory.mktemp("gone") / "home", (CODE,))
    config = root / "registry.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "snapshots: 1\n", encoding="utf-8")
    both = small_home.cases(7), small_home.visits(7)
    named = [[row.replace("P003", NUMBER) for row in rows] for rows in both]
    small_home.write_export(root / "incoming" / CODE, *named)
    small_home.refresh(root)
    before = set(sql(Home(root), "select patient_id from core.patient")["patient_id"])
    small_home.write_export(root / "incoming" / CODE, *([row for row in rows if NUMBER not in row] for rows in named))
    small_home.refresh(root)
    [who] = before - set(sql(Home(root), "select patient_id from core.patient")["patient_id"])
    return root, who


def test_a_patient_of_no_kept_refresh_is_erased_by_the_number_at_the_centre(gone: tuple[Path, str]) -> None:
    home, who = gone
    place = Home(home)
    linked_home.decide(home, (who, BROTHER), "same")
    assert len(search(home, [NUMBER])[1]) == 4, "bytes and text rows of two files"
    given = ["--home", str(home), "retract", "--scope", "erase", "--why", "letter"]
    asked = CliRunner().invoke(cli, [*given, "--centre", CODE, f" {NUMBER}"], input="n\n")
    assert f"Erase {who} of {CODE} ({UNKNOWN}) from" in asked.output and asked.exit_code == 1
    short = CliRunner().invoke(cli, [*given, who[:-1]], input="n\n")
    assert short.exit_code == 2 and "A whole id is looked for in every delivery" in short.output
    with pytest.raises(ConfigurationError, match="no centre 'zz09'; configured are aa01"):
        patient_of(home, NUMBER, "zz09")
    done = erase(home, who)
    lines = "\n".join(done.lines)
    assert done.is_clean and search(home, [NUMBER])[1] == [], lines
    assert f"centre dd01 holds {BROTHER}, decided to be the same person: ask whether it is meant too" in lines
    assert erase(home, who).is_clean, "a second erasure finds nothing more, and says no other thing"
    assert NUMBER not in (place.events / "journal.jsonl").read_text(encoding="utf-8")


def test_an_erasure_of_nobody_says_so(gone: tuple[Path, str]) -> None:
    home, _ = gone
    nobody = patient_of(home, "P999", CODE).patient_id
    done = erase(home, nobody)
    assert not done.is_clean
    assert any(
        "no delivery, refresh, query or release had this patient: the id may be wrong" in one for one in done.lines
    )
    assert journal.events(Home(home).events)[-1]["patient"] == nobody, "a delivery of it is refused all the same"


@pytest.mark.parametrize(
    ("first", "other", "band", "decision", "said"),
    [
        ("me", "you", "strong", "undecided", "suspected"),
        ("him", "me", "probable", "undecided", "suspected"),
        ("me", "you", "possible", "undecided", None),  # without a token
        ("me", "you", "strong", "different", None),
        ("him", "me", "none", "same", "decided"),
        ("him", "you", "strong", "same", None),
    ],
)
def test_who_may_be_the_same_person(first: str, other: str, band: str, decision: str, said: str | None) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema quality")
        connection.execute(
            "create table quality.link as select $1 as patient_id, $2 as other_patient_id, $3 as band, $4 as decision",
            [first, other, band, decision],
        )
        found = connection.execute(erasing._LINKED, {"patient": "me"}).fetchall()
    assert found == ([(other if first == "me" else first, said)] if said else [])


def test_persons_decided_over_a_third_record_are_told_and_those_decided_apart_are_not(tmp_path: Path) -> None:
    agreed = "agreed_by: A, agreed_on: 2024-06-01, reason: asked"
    ids = {name: f"{name}0123456789abcdef" for name in ("aa01", "bb02", "cc03", "ee05")}
    pairs = [("aa01", "bb02", "same"), ("bb02", "cc03", "same"), ("aa01", "ee05", "different")]
    body = "".join(f"- {{pair: [{ids[a]}, {ids[b]}], decision: {how}, {agreed}}}\n" for a, b, how in pairs)
    (tmp_path / "links.yaml").write_text(f"pairs:\n{body}", encoding="utf-8")
    told = list(erasing._elsewhere(Home(tmp_path), [], ids["aa01"]))
    assert [line.split(",")[0] for line in told] == [f"centre {one} holds {ids[one]}" for one in ("bb02", "cc03")]
