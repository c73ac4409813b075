"""The lock of a data cut: what it asks for, what it binds, and what an erasure, a change or an unlock makes of it."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import small_home
from click.testing import CliRunner

from flows import locking, queries
from flows.cli import main
from flows.keeping import told, verify
from flows.retracting import retract
from schemas.errors import ConfigurationError, SarcregError
from warehouse import journal, lock, publish
from warehouse.home import Home
from warehouse.query import sql

DEAD, DEAD_OTHERWISE, DEAD_WITH_DATE = "dead,", "Dead,", "dead,2023-04-01"
"""What the second visit of P003, who is in the cohort, says of him; dead without a day is a critical question."""
OUTSIDE = "P005"
"""Never had an inhibitor; is dead without a day in every delivery that is not sound."""


def deliver(root: Path, status: str | None = None, n: int = 6) -> str:
    """A delivery of n patients, refreshed; the published refresh. status: of P003 and its day; then OUTSIDE is at fault too."""
    visits = small_home.visits(n)
    if status:
        said = {"P003,2": f"P003,2,2023-04-01,PR,{status}", f"{OUTSIDE},2": f"{OUTSIDE},2,2023-06-01,PR,dead,"}
        visits = [said.get(row[:6], row) for row in visits]
    cases = [
        row.replace("pembrolizumab", "doxorubicin") if row.startswith(OUTSIDE) else row for row in small_home.cases(n)
    ]
    small_home.write_export(root / "incoming" / "aa01", cases, visits)
    refresh, _ = small_home.refresh(root)
    assert refresh
    return refresh


def settle(root: Path) -> list[str]:
    """Accept what waits, as it is; the queries."""
    waiting = queries.listed(root, None, "candidate", False)["query_id"].to_list()
    queries.accept(root, waiting, "the chart says so")
    return waiting


@pytest.fixture(scope="module")
def sound_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = small_home.make_home(tmp_path_factory.mktemp("sound") / "home", ("aa01",))
    deliver(root)
    settle(root)  # the small home's lines are doubtful, which is none of the matters here
    return root


@pytest.fixture(scope="module")
def faulty_home(sound_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("faulty") / "home"
    shutil.copytree(sound_home, root)
    deliver(root, DEAD)
    return root


@pytest.fixture
def home(sound_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound_home, tmp_path / "home"))


@pytest.fixture
def faulty(faulty_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(faulty_home, tmp_path / "home"))


def now(root: Path) -> str:
    return str(publish.current_refresh(Home(root)))


def endorse(root: Path, refresh: str) -> None:
    (listed,) = lock.listings(Home(root), refresh, locking.secret(locking.load_registry(root)))
    locking.endorse(root, "aa01", listed.fingerprint, "head of aa01", date(2024, 7, 2), refresh)


def locked(root: Path, refresh: str) -> lock.Cut:
    endorse(root, refresh)
    locking.lock_cut(root, refresh, "for the paper")
    return lock.cut(Home(root), refresh)


def test_a_lock_waits_for_every_critical_question_and_every_endorsement(faulty: Path) -> None:
    refresh, before = now(faulty), journal.events(Home(faulty).events)
    (query,) = lock.critical(Home(faulty), refresh).waiting["query_id"]
    with pytest.raises(SarcregError) as refused:
        locking.lock_cut(faulty, refresh, "for the paper")
    said = str(refused.value)
    assert "aa01: 1 critical question(s)" in said and "dead_without_date 1" in said and query in said
    assert "aa01: its listing of 6 patients is not endorsed" in said and "nothing was written" in said
    assert journal.events(Home(faulty).events) == before

    queries.accept(faulty, [query], "the day is lost for good")
    lines, is_ready = locking.check(faulty, refresh)
    assert not is_ready and "not endorsed" in lines[0]
    endorse(faulty, refresh)
    assert locking.check(faulty, refresh)[1]

    assert "6 critical question(s) accepted" in "\n".join(locking.lock_cut(faulty, refresh, "for the paper"))
    cut, event = lock.cut(Home(faulty), refresh), journal.events(Home(faulty).events)[-1]
    assert cut.is_locked and (cut.accepted, cut.cancelled) == (6, 0)
    assert query in event["accepted"] and event["fingerprint"] == cut.fingerprint
    assert event["outside"] == 1, "the one who is outside the cohort is named, and stands in no one's way"
    assert journal.events(Home(faulty).events)[event["endorsed"]["aa01"] - 1]["by"] == "head of aa01"
    assert "for the paper" not in (Home(faulty).events / journal.FILE).read_text()
    with pytest.raises(ConfigurationError, match="locked already"):
        locking.lock_cut(faulty, refresh, "once more")


def test_a_question_closed_by_data_is_confirmed_first(faulty: Path) -> None:
    mended = deliver(faulty, DEAD_WITH_DATE)
    endorse(faulty, mended)
    with pytest.raises(SarcregError, match=r"aa01: 1 critical closing\(s\) are not confirmed \(dead_without_date 1\)"):
        locking.lock_cut(faulty, mended, "for the paper")
    queries.confirm(faulty, queries.listed(faulty, None, "closed", False)["query_id"].to_list())
    locking.lock_cut(faulty, mended, "for the paper")


def test_what_was_accepted_settles_the_values_it_was_accepted_for_and_no_others(faulty: Path) -> None:
    first = now(faulty)
    settle(faulty)
    second = deliver(faulty, DEAD_OTHERWISE)
    assert lock.critical(Home(faulty), first).waiting.is_empty()
    assert lock.critical(Home(faulty), second).waiting["rule"].to_list() == ["dead_without_date"]
    third = deliver(faulty, DEAD)
    assert lock.critical(Home(faulty), third).waiting.height == 1, "the acceptance lapsed when the value changed"


def test_a_locked_cut_outlives_the_retention_until_it_is_unlocked(home: Path) -> None:
    first = now(home)
    endorse(home, first)
    with pytest.raises(ConfigurationError, match="not 0123456789abcdef"):
        locking.endorse(home, "aa01", "0123456789abcdef", "head of aa01", date(2024, 7, 2), first)
    (home / "registry.yaml").write_text(small_home.REGISTRY + "snapshots: 1\n", encoding="utf-8")
    second, _ = small_home.refresh(home)
    assert second and second != first
    locking.lock_cut(home, second, "its listing is the one that was endorsed, whatever the refresh")
    third = deliver(home, n=7)
    assert publish.kept(Home(home)) == [second, third]
    assert lock.cut(Home(home), second).is_locked and not lock.cut(Home(home), third).is_locked
    assert not locking.check(home, third)[1], "another listing needs another endorsement"

    with pytest.raises(ConfigurationError, match="--why is empty"):
        locking.unlock(home, second, " ")
    locking.unlock(home, second, "a site was left out")
    assert lock.cut(Home(home), second).state == "unlocked"
    with pytest.raises(ConfigurationError, match="is not locked; locked are: none"):
        locking.unlock(home, second, "again")
    assert told(home, "locked")["event"].to_list() == ["refresh locked", "refresh unlocked"]
    assert publish.kept(Home(home)) == [second, third], "nothing goes before the next refresh"
    fourth = deliver(home, n=8)
    assert publish.kept(Home(home)) == [fourth]


def test_an_erasure_amends_the_lock_and_a_change_breaks_it(home: Path) -> None:
    refresh = now(home)
    before = locked(home, refresh)
    assert f"{refresh}: locked, and as it was locked" in verify(home)[0]
    patient = sql(Home(home), "select min(patient_id) as p from mart.cohort")["p"][0]
    said = retract(home, patient, "erase", date(2024, 7, 1), "asked for it").lines
    assert f"The locked data cut {refresh} is amended by it, and says so from now on." in said
    cut = lock.cut(Home(home), refresh)
    assert cut.state == "amended" and cut.is_locked and cut.fingerprint == before.fingerprint
    (by,) = cut.amended_by
    assert journal.events(Home(home).events)[by - 1]["event"] == "patient retracted"
    lines, is_sound = verify(home)
    assert is_sound and f"{refresh}: locked, and amended by an erasure since (journal {by})" in lines
    assert publish.kept(Home(home)) == [refresh]

    body = publish.manifest(Home(home), refresh)
    body["tables"]["core.patient"] = "0" * 64
    del body["amended_by"]
    publish.write_manifest(Home(home).refreshes / refresh, body)
    assert lock.cut(Home(home), refresh).state == "changed"
    lines, is_sound = verify(home)
    assert not is_sound and f"{refresh}: CHANGED since it was locked" in lines


def test_the_listing_is_the_centres_own_and_private(home: Path, tmp_path: Path) -> None:
    path, digest, patients = locking.write_listing(home, "aa01", None, tmp_path / "out" / "listing.csv")
    text = path.read_text(encoding="utf-8-sig").splitlines()
    assert patients == 6 and [line.split(",")[0] for line in text[1:]] == [f"P{i:03d}" for i in range(1, 7)]
    assert path.stat().st_mode & 0o777 == 0o600 and len(digest) == 16
    with pytest.raises(ConfigurationError, match="exists already"):
        locking.write_listing(home, "aa01", None, path)
    with pytest.raises(ConfigurationError, match="no patient of a centre 'zz99'"):
        locking.write_listing(home, "zz99", None, None)


def test_the_commands_say_what_to_do(home: Path, tmp_path: Path) -> None:
    run = CliRunner()
    refresh = now(home)
    checked = run.invoke(main, ["lock", "--home", str(home), refresh, "--check"])
    assert checked.exit_code == 1 and "sarcreg endorse aa01" in checked.output
    assert run.invoke(main, ["lock", "--home", str(home), refresh]).exit_code == 2
    written = run.invoke(main, ["listing", "--home", str(home), "aa01", "--out", str(tmp_path / "l.csv")]).output
    digest = written.split()[-1]
    assert run.invoke(main, ["endorse", "--home", str(home), "aa01", digest, "--by", "head"]).exit_code == 0
    assert run.invoke(main, ["lock", "--home", str(home), refresh, "--check"]).exit_code == 0
    assert run.invoke(main, ["lock", "--home", str(home), refresh, "--why", "paper"]).exit_code == 0
    shown = run.invoke(main, ["audit", "list", "--home", str(home), "--event", "lock", "--format", "json"]).stdout
    assert [(one["event"], refresh in one["what"]) for one in json.loads(shown)] == [("refresh locked", True)]
    assert refresh in run.invoke(main, ["status", "--home", str(home)]).output.split("locked")[1]
    assert run.invoke(main, ["unlock", "--home", str(home), refresh, "--why", "later data"]).exit_code == 0
