"""A cut journal or a file put there by hand is told and destroys nothing; what a killed writer left is mended."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import small_home
from small_home import Homes

from flows import keeping
from schemas.errors import SarcregError
from warehouse import journal, publish, recovery, rights
from warehouse.corrections import AGREED
from warehouse.home import Home, one_writer
from warehouse.ledger_states import OPENED

CODES = ("aa01",)


@pytest.fixture
def home(homes: Homes, tmp_path: Path) -> Path:
    """Three refreshes, the first of them tagged; the published file is a link, as publishing leaves it."""
    root = tmp_path / "home"
    first, _, third = homes.copy(root, 6, 7, 8, codes=CODES)
    publish.tag(Home(root), first, "paper 2025")
    publish.link(Home(root), third)
    return root


def cut(home: Home, keep: int) -> int:
    """Leave the first events of the journal; how many are gone."""
    path = home.events / journal.FILE
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:keep]))
    return len(lines) - keep


def rewrite(home: Home, keep: int) -> None:
    """Write the events after the first ones anew, with other bodies and a whole chain."""
    told = journal.events(home.events)
    cut(home, keep)
    own = ("sequence", "at", "event", "previous", "hash")
    rest = [(one["event"], {name: one[name] for name in one if name not in own}) for one in told[keep:]]
    journal.append_all(home.events, [(kind, {**body, "note": "other"}) for kind, body in rest])


def folders(home: Home) -> dict[str, list[str]]:
    return {folder.name: sorted(path.name for path in folder.iterdir()) for folder in home.refreshes.iterdir()}


def refused(root: Path, fault: str) -> None:
    """Every writer is refused with the fault, `audit verify` tells it, and every refresh is as it was."""
    home, before = Home(root), folders(Home(root))
    small_home.write_export(root / "incoming" / "aa01", small_home.cases(9), small_home.visits(9))
    for write in (small_home.refresh, lambda root: keeping.rebuild(root, "paper 2025")):
        with pytest.raises(SarcregError, match=f"(?s){fault}.*Nothing was written"):
            write(root)
    with pytest.raises(SarcregError, match=fault):
        recovery.sweep(home)
    assert folders(home) == before
    lines, is_sound = keeping.verify(root)
    assert not is_sound and sum(fault in line for line in lines) == 1


@pytest.mark.parametrize("keep", [0, 1, 3])
def test_a_journal_that_was_cut_stops_every_writer_and_destroys_nothing(home: Path, keep: int) -> None:
    gone = cut(Home(home), keep)
    refused(home, "missing at its end")
    (line,) = recovery.faults(Home(home))
    told = re.search(r"at least (\d+) event\(s\) are missing at its end; it has (\d+), while", line)
    assert told and (1 < int(told[1]) <= gone, int(told[2])) == (True, keep)


def test_a_journal_that_is_gone_stops_every_writer_and_destroys_nothing(home: Path) -> None:
    (home / "events" / journal.FILE).unlink()
    refused(home, "missing at its end; it has 0")


def test_the_event_of_the_publication_alone_is_missed(home: Path) -> None:
    events = journal.events(Home(home).events)
    last = max(event["sequence"] for event in events if event["event"] == publish.PUBLISHED)
    cut(Home(home), last - 1)
    refused(home, "have no event of their publication")


def test_a_journal_that_was_written_anew_with_a_whole_chain_is_found(home: Path) -> None:
    rewrite(Home(home), 1)
    refused(home, "event 2 is not the one that")


def test_a_home_of_an_older_version_has_no_head_in_its_manifests(home: Path) -> None:
    for path in home.glob("refreshes/*/manifest.json"):
        body = json.loads(path.read_text(encoding="utf-8"))
        del body["journal_head"]
        path.write_text(json.dumps(body), encoding="utf-8")
    assert keeping.verify(home)[1]
    fourth = small_home.deliver(home, 9)
    assert publish.current_refresh(Home(home)) == fourth and keeping.verify(home)[1]


def test_an_older_warehouse_put_in_the_place_of_the_published_one_destroys_none(home: Path) -> None:
    place = Home(home)
    first, second, third = publish.published_chain(place)
    (home / "registry.duckdb").unlink()
    shutil.copy(place.refreshes / first / publish.DATABASE, home / "registry.duckdb")
    refused(home, f"the journal published {third} last")
    with pytest.raises(SarcregError, match="put there by hand"):
        keeping.roll_back(home, first, "as the sentence says, after the file is removed")
    (home / "registry.duckdb").unlink()
    small_home.deliver(home, 8)
    assert publish.published_chain(place) == [first, second, third]
    keeping.roll_back(home, first, "as the sentence says")
    assert publish.current_refresh(place) == first and sorted(folders(place)) == sorted([first, second, third])


def test_an_analysed_refresh_is_never_taken_for_a_leftover(home: Path) -> None:
    """Where the file of the one before was put in the place of the last: as after a kill, but it has results."""
    place = Home(home)
    _, second, third = publish.published_chain(place)
    (place.refreshes / third / "results").mkdir()
    (home / "registry.duckdb").unlink()
    shutil.copy(place.refreshes / second / publish.DATABASE, home / "registry.duckdb")
    refused(home, f"the journal published {third} last")


def test_a_published_file_of_a_refresh_that_is_not_there_stops_every_writer(home: Path) -> None:
    place = Home(home)
    *_, third = publish.published_chain(place)
    elsewhere = home / "elsewhere"
    (place.refreshes / third).rename(elsewhere)
    refused(home, "has no folder of the refresh that this file is of")


def kill(home: Home, first: str, name: str, told: Callable[[dict[str, object]], list[journal.Event]]) -> Path:
    """The folder of a refresh killed between its renaming and its linking, after these of its events."""
    folder = home.refreshes / name
    shutil.copytree(home.refreshes / first, folder)
    events = journal.events(home.events)
    body = publish.manifest(home, first) | {"journal": len(events), "journal_head": events[-1]["hash"]}
    publish.write_manifest(folder, body)
    journal.append_all(home.events, told({"refresh": name, "replaces": publish.current_refresh(home)}))
    rights.settle(home.root)
    return folder


KILLED: dict[str, Callable[[dict[str, object]], list[journal.Event]]] = {
    "before any event": lambda _: [],
    "within its events": lambda body: [(AGREED, {"refresh": body["refresh"]})],
    "before the link": lambda body: [
        (OPENED, {"refresh": body["refresh"], "queries": [], "values": []}), (publish.PUBLISHED, body),
    ],
}  # fmt: skip


def test_what_kills_left_goes_and_nothing_else(home: Path) -> None:
    place = Home(home)
    first, *_ = chain = publish.published_chain(place)
    for number, told in enumerate(KILLED.values()):
        kill(place, first, f"20240701T000000Z-killed{number}", told)
    assert len(folders(place)) == 6 and keeping.verify(home)[1]
    fourth = small_home.deliver(home, 9)
    assert sorted(folders(place)) == sorted([*chain, fourth]) and keeping.verify(home)[1]


@pytest.mark.parametrize("moment", KILLED)
def test_what_a_tag_names_is_no_leftover(home: Path, moment: str) -> None:
    place = Home(home)
    folder = kill(place, publish.published_chain(place)[0], "20240701T000000Z-killed", KILLED[moment])
    journal.append(place.events, publish.TAGGED, refresh=folder.name, name="by hand")
    refused(home, folder.name)


def test_a_killed_rebuild_hinders_no_other(home: Path) -> None:
    place = Home(home)
    first, second, _ = publish.published_chain(place)
    for refresh in (first, second):
        (place.refreshes / f".tmp-{refresh}" / publish.CONFIGURATION).mkdir(parents=True)
    assert "every one as it was" in keeping.rebuild(home, first)
    assert not list(place.refreshes.glob(".tmp-*"))


def test_a_tagged_refresh_whose_folder_is_lost_is_told_as_lost(home: Path) -> None:
    place = Home(home)
    first, *_ = publish.published_chain(place)
    shutil.rmtree(place.refreshes / first)
    lines, is_sound = keeping.verify(home)
    assert not is_sound and f"refreshes/{first}: its folder is gone; restore it from a backup." in lines
    with pytest.raises(SarcregError, match="its folder is gone"):
        publish.kept_file(place, publish.resolve(place, "paper 2025"))
    with pytest.raises(SarcregError, match=r"its manifest\.json is gone"), one_writer(place):
        pass
