"""Somebody withdraws, or the writing fails, while what leaves is made: nothing is handed over, and nothing is left."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import small_home

import flows.paper
import flows.survival
import warehouse.erase
import warehouse.exports.parquet
import warehouse.exports.share
from flows import releasing
from flows.exporting import export
from flows.paper import write_packs
from flows.retracting import Retracted, retract
from flows.sharing import share
from schemas.errors import SarcregError
from warehouse import journal, lock, publish, releases
from warehouse.home import SYNTHETIC_SECRET, Home, one_writer
from warehouse.query import sql
from warehouse.withdrawal import RETRACTED

PLAN = Path(__file__).parents[2] / "examples" / "three-centres" / "plans"


@pytest.fixture
def home(homes: small_home.Homes, tmp_path: Path) -> Path:
    root = tmp_path / "home"
    homes.copy(root, 20)
    shutil.copytree(PLAN, root / "plans")
    return root


def ways(root: Path, out: Path) -> dict[str, tuple[Any, str, Callable[[], object]]]:
    """Of each way to leave: where its rows have been read, and how it is asked for."""
    return {
        "export": (warehouse.exports.parquet, "export", lambda: export(root, "parquet", out)),
        "share": (warehouse.exports.share, "records", lambda: share(root, out, "Lab")),
        "pack": (
            releasing, "cleared_pack", lambda: write_packs(root, out=out, figures=False, release=True),
        ),
        "kept pack": (flows.paper, "read", lambda: write_packs(root, out=out, figures=False)),
    }  # fmt: skip


WAYS = list(ways(Path(), Path()))


def then(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, act: Callable[[], object]) -> None:
    """Let something happen right after the true function has done its work."""
    true = getattr(module, name)

    def both(*args: Any, **named: Any) -> Any:
        found = true(*args, **named)
        act()
        return found

    monkeypatch.setattr(module, name, both)


@pytest.mark.parametrize(
    ("way", "scope"), [("export", "no_further_use"), ("share", "erase"), ("pack", "no_further_use")]
)
def test_a_withdrawal_meanwhile_is_seen(
    way: str, scope: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, place = tmp_path / "out" / "there", Home(home)
    patient = sql(place, "select patient_id from mart.cohort order by 1")["patient_id"][0]
    module, name, ask = ways(home, out)[way]
    with monkeypatch.context() as patched:
        then(patched, module, name, lambda: retract(home, patient, scope, date(2024, 6, 1), "asked"))
        with pytest.raises(SarcregError, match=r"withdrawal was recorded meanwhile.* run it again"):
            ask()
    assert list(out.parent.glob("*")) == [] and list(out.parent.glob(".*")) == []
    assert {event["event"] for event in journal.events(place.events)}.isdisjoint({"exported", releases.RELEASED})
    assert releases.holders(place, SYNTHETIC_SECRET, patient) == set() and not list(place.releases.glob("*"))
    if way == "export":
        ask()
        [kept] = (pl.read_parquet(path) for path in out.rglob("core.patient.parquet"))
        assert kept.height and patient not in kept["patient_id"]


@pytest.mark.parametrize("way", ["share", "kept pack"])
def test_an_erasure_waits_until_what_leaves_is_in_its_place(
    way: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked for at the last moment: all is written, compared and told, and the folder not yet in its place."""
    out, place = tmp_path / "out" / "there", Home(home)
    patient = sql(place, "select patient_id from mart.cohort order by 1")["patient_id"][0]
    proofs: list[Retracted] = []
    was_there: list[bool] = []

    def erase() -> None:
        proofs.append(retract(home, patient, "erase", date(2024, 6, 1), "asked"))

    def begun(*args: Any) -> Any:
        was_there.append(out.exists())
        return find(*args)

    def slow(aside: Path, folder: Path) -> None:
        asked.start()
        with pytest.raises(SarcregError, match="another refresh holds"), one_writer(place, wait_seconds=0.3):
            pass
        put(aside, folder)

    asked, find, put = threading.Thread(target=erase), warehouse.erase.find, flows.survival.swap
    with monkeypatch.context() as patched:
        patched.setattr(warehouse.erase, "find", begun)
        for module in (flows.survival, flows.paper):
            if hasattr(module, "swap"):
                patched.setattr(module, "swap", slow)
        ways(home, out)[way][2]()
        asked.join()
    assert was_there == [True] and any(out.rglob("*"))
    if way == "share":
        told = [event["event"] for event in journal.events(place.events)]
        assert told.index(releases.RELEASED) < told.index(RETRACTED)
        assert any("which tells of this patient" in line for line in proofs[0].lines)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "kept pack"])
def test_what_fails_leaves_no_rows_beside_its_target(
    way: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out" / "there"

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(journal, "add_to_file", full)
    with pytest.raises(OSError, match="no space"):
        ways(home, out)[way][2]()
    assert not out.parent.exists() or list(out.parent.iterdir()) == []


def test_a_pack_is_of_one_refresh_also_while_another_is_published(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, out = Home(home), tmp_path / "out"
    [first], second = publish.published_chain(place), small_home.deliver(home, 21)
    then(monkeypatch, lock, "cut", lambda: publish.roll_back(place, first, "meanwhile"))
    write_packs(home, out=out, figures=False)
    told = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert publish.current_refresh(place) == first
    assert (told["refresh"], told["cut"]["refresh"]) == (second, second)
