"""Publishing: the swap, the locks, what stays when something goes wrong, and that equal inputs give equal tables."""

from __future__ import annotations

import grp
import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import polars as pl
import pytest
import small_home
from small_home import Homes

from schemas.canonical import MODELS, model_metadata, table_name
from schemas.errors import ConfigurationError, SarcregError
from warehouse import journal, publish
from warehouse.home import Home, one_writer
from warehouse.publish import current_refresh, kept, published_chain
from warehouse.query import read, sql


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return small_home.make_home(tmp_path / "home")


def published(root: Path) -> str | None:
    return current_refresh(Home(root))


def test_a_refresh_is_published_with_its_event_and_rights(home: Path) -> None:
    name, states = small_home.refresh(home)
    assert states == {"aa01": "fresh", "bb02": "fresh"}
    assert published(home) == name
    assert (home / "registry.duckdb").stat().st_mode & 0o777 == 0o440
    assert (home / "landing").stat().st_mode & 0o777 == 0o700
    events = journal.events(home / "events")
    assert [(event["event"], event["refresh"]) for event in events] == [
        ("query opened", name),
        ("refresh published", name),
    ]
    assert (events[-1]["replaces"], events[-1]["moves"]) == (None, 1)


def test_nothing_new_publishes_nothing(homes: Homes, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (first,) = homes.copy(home, 6)
    before = journal.events(home / "events")
    again, _ = small_home.refresh(home)
    assert again == first
    assert journal.events(home / "events") == before


def test_an_open_reader_keeps_the_old_file_and_a_new_one_sees_the_new(homes: Homes, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (first,) = homes.copy(home, 6)
    with duckdb.connect(str(home / "registry.duckdb"), read_only=True) as reader:
        small_home.write_export(home / "incoming" / "aa01", small_home.cases(7), small_home.visits(7))
        second, _ = small_home.refresh(home)
        assert reader.execute("select refresh_id from meta.refresh").fetchone() == (first,)
    with duckdb.connect(str(home / "registry.duckdb"), read_only=True) as reader:
        assert reader.execute("select refresh_id from meta.refresh").fetchone() == (second,)
    assert sql(Home(home), "select count(*) as n from core.patient", first)["n"][0] == 12
    assert published_chain(Home(home)) == [first, second]


def test_only_the_last_snapshots_are_kept(homes: Homes, tmp_path: Path) -> None:
    home = tmp_path / "home"
    names = homes.copy(home, 6)
    registry = home / "registry.yaml"
    registry.write_text(registry.read_text(encoding="utf-8") + "snapshots: 2\n", encoding="utf-8")
    names += [small_home.deliver(home, n) for n in (7, 8)]
    assert kept(Home(home)) == names[1:]
    assert sorted(path.name for path in (home / "refreshes" / str(names[0])).iterdir()) == [
        "configuration", "manifest.json",
    ]  # fmt: skip


def test_a_centre_that_is_refused_keeps_its_last_good_export(homes: Homes, tmp_path: Path) -> None:
    home = tmp_path / "home"
    homes.copy(home, 6)
    (home / "incoming" / "aa01" / "cases.csv").write_bytes(b"")
    _, states = small_home.refresh(home)
    assert states == {"aa01": "carried_forward", "bb02": "fresh"}
    facts = sql(Home(home), "select state, reason from meta.centre where centre = 'aa01'").row(0)
    assert facts[0] == "carried_forward" and "empty" in facts[1]
    assert sql(Home(home), "select count(*) as n from core.patient where centre = 'aa01'")["n"][0] == 6


def test_a_failing_gate_publishes_nothing(homes: Homes, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (first,) = homes.copy(home, 6)
    before = (home / "registry.duckdb").stat().st_ino
    registry = home / "registry.yaml"
    registry.write_text(
        registry.read_text(encoding="utf-8").replace("min_cohort: 1", "min_cohort: 500"), encoding="utf-8"
    )
    name, _ = small_home.refresh(home)
    assert name is None
    assert published(home) == first
    assert (home / "registry.duckdb").stat().st_ino == before
    assert [path.name for path in (home / "refreshes").iterdir()] == [first]


def test_equal_inputs_give_equal_tables(homes: Homes, tmp_path: Path) -> None:
    homes.copy(tmp_path / "one", 6)
    small_home.refresh(small_home.make_home(tmp_path / "two"))
    tables = [table_name(model) for model in MODELS if model_metadata(model)["schema"] != "meta"]
    one, two = (read(Home(root), tables) for root in (tmp_path / "one", tmp_path / "two"))
    differing = [
        name
        for name in tables
        if not one[name].sort(pl_columns(one[name])).equals(two[name].sort(pl_columns(two[name])))
    ]
    assert differing == []


def pl_columns(frame: object) -> list[str]:
    return [name for name, kind in frame.schema.items() if not kind.is_nested()]  # type: ignore[attr-defined]


def test_the_order_of_rows_does_not_matter(homes: Homes, tmp_path: Path) -> None:
    plain, turned = tmp_path / "plain", small_home.make_home(tmp_path / "turned")
    homes.copy(plain, 6)
    small_home.write_export(turned / "incoming" / "aa01", small_home.cases()[::-1], small_home.visits()[::-1])
    small_home.refresh(turned)
    one, two = (read(Home(root), ["mart.cohort", "mart.adtte"]) for root in (plain, turned))
    for name in one:
        assert one[name].sort(pl_columns(one[name])).equals(two[name].sort(pl_columns(two[name])))


def test_a_second_writer_is_told_who_holds_the_home(home: Path) -> None:
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with one_writer(Home(home), 1):
            entered.set()
            leave.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait(5)
    try:
        with (
            pytest.raises(SarcregError, match=f"another refresh holds .*process {os.getpid()}"),
            one_writer(Home(home), 0.2),
        ):
            pass
    finally:
        leave.set()
        holder.join()


def test_a_crash_between_event_and_swap_is_no_publication(homes: Homes, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (first,) = homes.copy(home, 6)
    small_home.write_export(home / "incoming" / "aa01", small_home.cases(7), small_home.visits(7))
    program = (
        "import os, small_home, pathlib\n"
        "real = pathlib.Path.hardlink_to\n"
        "pathlib.Path.hardlink_to = lambda *_: os.kill(os.getpid(), 9)\n"
        f"small_home.refresh(pathlib.Path({str(home)!r}))\n"
    )
    tests = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": f"{tests.parent}:{tests}"}, check=False
    )
    assert done.returncode == -9
    assert [event["event"] for event in journal.events(home / "events")].count(publish.PUBLISHED) == 2
    assert published(home) == first
    assert published_chain(Home(home)) == [first]
    second, _ = small_home.refresh(home)
    assert second != first and published(home) == second


def test_a_published_file_that_was_deleted_comes_back(homes: Homes, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (first,) = homes.copy(home, 6)
    (home / "registry.duckdb").unlink()
    again, _ = small_home.refresh(home)
    assert again == first and published(home) == first


def test_a_copied_home_knows_what_it_has_published(homes: Homes, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (first,) = homes.copy(home, 6)
    copied = tmp_path / "copied"
    shutil.copytree(home, copied)
    (copied / "incoming" / "aa01" / "cases.csv").write_bytes(b"")
    second, states = small_home.refresh(copied)
    assert states == {"aa01": "carried_forward", "bb02": "fresh"}
    assert published_chain(Home(copied)) == [first, second]


def test_a_group_may_read_what_is_published_and_nothing_else(tmp_path: Path) -> None:
    own = [grp.getgrgid(number) for number in ([65534] if os.geteuid() == 0 else os.getgroups())]
    group = own[-1]
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    registry = home / "registry.yaml"
    registry.write_text(registry.read_text(encoding="utf-8") + f"group: {group.gr_name}\n", encoding="utf-8")
    small_home.refresh(home)
    place = Home(home)
    published = place.refreshes / str(publish.current_refresh(place))
    for path, mode in ((published, 0o2750), (place.database, 0o440), (place.refreshes, 0o2750)):
        assert (stat.S_IMODE(path.stat().st_mode), path.stat().st_gid) == (mode, group.gr_gid), path
    for folder in (place.landing, place.events, published / publish.CONFIGURATION):
        assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0, folder
    registry.write_text(registry.read_text(encoding="utf-8").replace(group.gr_name, "nobody-of-here"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"registry.yaml: group: this machine has no group 'nobody-of-here'"):
        small_home.refresh(home)


def test_results_are_of_the_refresh_that_is_read_also_while_another_is_published(
    homes: Homes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Home(tmp_path / "home")
    first, second = homes.copy(place.root, 6, 7, codes=("aa01",))
    for refresh in (first, second):
        (place.refreshes / refresh / "results").mkdir()
        pl.DataFrame({"refresh": [refresh]}).write_parquet(place.refreshes / refresh / "results" / "own.parquet")
    true = current_refresh

    def after_a_roll_back(home: Home) -> str | None:
        publish.link(home, first)
        return true(home)

    monkeypatch.setattr(publish, "current_refresh", after_a_roll_back)
    for refresh in (second, first):  # the first time another is published as soon as anybody asks which one it is
        publish.link(place, refresh)
        both = sql(place, "select refresh_id, refresh from meta.refresh, result.own").row(0)
        assert both == (refresh, refresh)
