"""An erasure and what no refresh stands on: deliveries that were refused, and those that wait where the centre delivers."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import small_home

from flows.retracting import Retracted, retract
from warehouse import unnamed
from warehouse.home import Home
from warehouse.landing import land, landed_path
from warehouse.query import sql
from warehouse.search import search

CODE = "aa01"
CANARIES = ("QUOKKA-0003", "Quokkasarcoma", "Quokkasarcoma metastatic")


def export(histology: str = "Quokkasarcoma", people: range = range(1, 8)) -> tuple[list[str], list[str]]:
    """Rows of the two files, the third person's number and diagnosis being canaries."""
    rows, visits = small_home.cases(7), small_home.visits(7)
    rows[2] = rows[2].replace("leiomyosarcoma", histology).replace("P003", "QUOKKA-0003")
    chosen = [row for number, row in enumerate(rows, 1) if number in people]
    return chosen, [row.replace("P003", "QUOKKA-0003") for row in visits if int(row[1:4]) in people]


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of one refresh with the patient."""
    root = small_home.make_home(tmp_path_factory.mktemp("refreshed") / "home", (CODE,))
    small_home.write_export(root / "incoming" / CODE, *export())
    assert small_home.refresh(root)[0]
    return root


@pytest.fixture
def home(refreshed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(refreshed, tmp_path / "home"))


def patient(home: Path) -> str:
    return str(sql(Home(home), "select patient_id from core.tumour where histology_source = 'Quokkasarcoma'").item())


def erase(home: Path, who: str) -> Retracted:
    return retract(home, who, "erase", date(2024, 6, 1), "letter")


def everything(landing: Path) -> set[Path]:
    return {path for path in landing.rglob("*") if path.is_file() and path.parent.name not in ("names", "queries")}


def test_an_erasure_leaves_nothing_of_a_delivery_that_was_refused(home: Path) -> None:
    who, place, incoming = patient(home), Home(home), home / "incoming" / CODE
    before = everything(place.landing)
    # the gate refuses it, for it lost most patients; the diagnosis of the one who stays is written otherwise
    small_home.write_export(incoming, *export("Quokkasarcoma metastatic", range(2, 5)))
    assert small_home.refresh(home)[0] is None
    assert everything(place.landing) == before
    assert all(landed_path(place.landing, sha256).exists() for sha256 in unnamed.named(place))
    # as a refresh leaves it that is killed, or one from before refused files went
    files = sorted(incoming.iterdir())
    land(files, place.landing)
    assert len(everything(place.landing)) == len(before) + 2
    done = erase(home, who)
    lines = "\n".join(done.lines)
    assert search(home, CANARIES)[1] == [] and done.is_clean, lines
    assert "2  landed file of no refresh (refused) removed: landing" in lines
    assert "delivered file removed: incoming/aa01/cases.csv" in lines and not any(path.exists() for path in files)
    assert list(place.landing.glob(".*")) == []


def test_what_cannot_be_read_is_told_and_does_not_stay_in_the_landing(home: Path) -> None:
    who, place, incoming = patient(home), Home(home), home / "incoming" / CODE
    small_home.write_export(incoming, *export("Quokkasarcoma metastatic"))
    (incoming / "visits.csv").unlink()
    land(sorted(incoming.iterdir()), place.landing)
    done = erase(home, who)
    lines = "\n".join(done.lines)
    assert not done.is_clean and f"look whether the patient is in them:\n  - {incoming / 'cases.csv'}" in lines, lines
    assert {name for name, _ in search(home, CANARIES)[1]} == {f"incoming/{CODE}/cases.csv"}
    # it is delivered again, and refused before anything can be taken out of it
    assert small_home.refresh(home)[1] == {CODE: "carried_forward"}
    assert search(place.landing, CANARIES)[1] == []
