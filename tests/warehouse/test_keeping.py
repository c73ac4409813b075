"""Roll-back, tags, rebuild and audit: what happens to refreshes after they are published."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
import small_home
from click.testing import CliRunner
from small_home import Homes, deliver

from flows import keeping, queries
from flows.cli import main
from flows.keeping import verify
from flows.retracting import retract
from schemas.errors import ConfigurationError, SarcregError
from warehouse import journal, ledger, permitted, publish
from warehouse.digest import digests
from warehouse.home import Home
from warehouse.query import database_of, sql
from warehouse.rebuild import rebuild
from warehouse.trace import trace
from warehouse.version import VERSION

CODES = ("aa01",)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where a home of one centre comes to stand."""
    return tmp_path / "home"


def patients(home: Path, refresh: str | None = None) -> int:
    return int(sql(Home(home), "select count(*) as n from core.patient", refresh)["n"][0])


def sorted_parquet(database: Path) -> dict[str, str]:
    """Table -> sha256 of its rows as Parquet, sorted by everything."""
    found = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        for table in digests(database):
            whole = io.BytesIO()
            connection.execute(f"select * from {table} order by all").pl().write_parquet(whole)
            found[table] = hashlib.sha256(whole.getvalue()).hexdigest()
    return found


def test_a_roll_back_publishes_a_kept_refresh_again_and_rewinds_no_event(homes: Homes, home: Path) -> None:
    place, (first, second) = Home(home), homes.copy(home, 6, 7, codes=CODES)
    publish.tag(place, first, "paper 2025")
    before = journal.events(place.events)
    publish.roll_back(place, publish.resolve(place, "paper 2025"), "the centre sent a test file")
    assert publish.current_refresh(place) == first and patients(home) == 6
    assert journal.events(place.events)[: len(before)] == before
    assert publish.published_chain(place) == [second, first]
    assert publish.tags(place) == {"paper 2025": first}


def test_a_tag_is_a_name_and_no_beginning_of_an_id(homes: Homes, home: Path) -> None:
    place, (first,) = Home(home), homes.copy(home, 6, codes=CODES)
    for name, said in (("", "is empty"), (first[:9], "reads as the beginning of a refresh's id"), (first, "reads as")):
        with pytest.raises(ConfigurationError, match=f"{said}.*take a name such as 'paper 2025'"):
            publish.tag(place, first, name)
    assert publish.tags(place) == {}


def test_a_reason_is_said_and_a_day_has_come(homes: Homes, home: Path) -> None:
    (first, second) = homes.copy(home, 6, 7, codes=CODES)
    events = journal.events(Home(home).events)
    patient = sql(Home(home), "select min(patient_id) as one from core.patient").item()
    for words, said in (
        (("rollback", first, "--why", " "), "'--why': it is empty; say the reason."),
        (("retract", patient, "--scope", "no_new_data", "--why", ""), "'--why': it is empty; say the reason."),
        (("retract", patient, "--scope", "no_new_data", "--why", "letter", "--on", "2999-01-01"), "lies in the future"),
    ):
        told = CliRunner().invoke(main, ["--home", str(home), *words])
        assert told.exit_code == 2 and said in told.stderr
    assert journal.events(Home(home).events) == events
    assert publish.current_refresh(Home(home)) == second
    assert CliRunner().invoke(main, ["audit", "--home", str(home), "list"]).exit_code == 0


def test_what_was_rolled_back_is_not_published_again_until_something_changes(homes: Homes, home: Path) -> None:
    place, (first, second) = Home(home), homes.copy(home, 6, 7, codes=CODES)
    publish.roll_back(place, first, "wrong")
    assert small_home.refresh(home)[0] == first
    assert publish.current_refresh(place) == first
    third = deliver(home, 8)
    assert third not in (first, second) and patients(home) == 8
    assert publish.published_chain(place) == [second, first, third]


def test_a_roll_back_can_be_rolled_back(homes: Homes, home: Path) -> None:
    place, (first, second) = Home(home), homes.copy(home, 6, 7, codes=CODES)
    publish.roll_back(place, first, "wrong")
    publish.roll_back(place, second, "it was right")
    assert publish.current_refresh(place) == second and patients(home) == 7
    assert small_home.refresh(home)[0] == second


def test_a_roll_back_that_died_before_the_swap_did_not_happen(homes: Homes, home: Path) -> None:
    place, (first, second) = Home(home), homes.copy(home, 6, 7, codes=CODES)
    journal.append(place.events, publish.ROLLED_BACK, refresh=first, replaces=second, why="killed before the swap")
    assert publish.current_refresh(place) == second
    assert publish.published_chain(place) == [first, second]
    assert publish.rolled_back_inputs(place) == set()


def test_a_tag_keeps_its_refresh_and_never_moves(homes: Homes, home: Path) -> None:
    place, (first,) = Home(home), homes.copy(home, 6, codes=CODES)
    registry = home / "registry.yaml"
    registry.write_text(registry.read_text(encoding="utf-8") + "snapshots: 1\n", encoding="utf-8")
    publish.tag(place, first, "paper 2025")
    second, third = deliver(home, 7), deliver(home, 8)
    assert publish.kept(place) == [first, third]
    assert patients(home, "paper 2025") == 6
    with pytest.raises(ConfigurationError, match="never moves"):
        publish.tag(place, third, "paper 2025")
    with pytest.raises(SarcregError, match=f"--rebuild {second}"):
        database_of(place, second)
    with pytest.raises(ConfigurationError, match=f"no refresh or tag 'paper 2026'; kept are: {first}, {third}, paper"):
        database_of(place, "paper 2026")


def answered(home: Path, record: str, code: str) -> None:
    """The centre's answer to the query about a line of treatment."""
    query = ledger.read(Home(home)).row(by_predicate=pl.col("record_key") == record, named=True)["query_id"]
    frame = {"query_id": [query], "answer_code": [code], "answered_by": ["study nurse"],
             "answered_at": ["2024-07-02T08:00:00+00:00"], "reason": ["looked up in the chart"]}  # fmt: skip
    assert queries.answer(home, pl.DataFrame(frame)) == 1


def corrected(home: Path, record: str, size_mm: int) -> None:
    """corrections.yaml with one agreed correction, of a tumour's size."""
    (home / "centres" / "aa01" / "corrections.yaml").write_text(
        f"""
corrections:
  - match: {{record: {record}, field: size_mm}}
    action: set
    value: {size_mm}
    expect: 21
    reason: misread
    query: 0123456789abcdef
    agreement: {{by: Dr A, on: 2024-06-01}}
""",
        encoding="utf-8",
    )


def test_the_third_of_five_refreshes_comes_out_the_same(homes: Homes, home: Path) -> None:
    """With answers, corrections, a decision of a human, a roll-back and later deliveries in between; its file gone."""
    place = Home(home)
    refreshes = homes.copy(home, 6, 7, codes=CODES)
    first, second = sql(place, "select patient_id from core.patient order by born_on").head(2)["patient_id"]
    queries.issue(home, None, None)
    answered(home, f"{first}/treatment_line", "as_in_source")
    corrected(home, f"{first}/tumour", 55)
    maps = home / "centres" / "aa01" / "maps"
    maps.mkdir()
    (maps / "histology.csv").write_text("text,code,note\nleiomyosarcoma,LMS,asked\n", encoding="utf-8")
    refreshes.append(deliver(home, 8))
    third = sorted_parquet(database_of(place, refreshes[2]))
    told = "select answer_code, state from quality.query where answer_code is not null order by all"
    size = f"select size_mm from core.tumour where patient_id = '{first}'"
    assert sql(place, told).rows() == [("as_in_source", "answered")] and sql(place, size).item() == 55

    answered(home, f"{second}/treatment_line", "unobtainable")
    answered(home, f"{first}/treatment_line", "query_wrong")
    corrected(home, f"{first}/tumour", 66)
    publish.roll_back(place, refreshes[1], "a look at the one before")
    (maps / "histology.csv").unlink()
    refreshes += [deliver(home, 9), deliver(home, 10)]
    assert len(set(refreshes)) == 5
    assert len(sql(place, told)) == 2 and sql(place, size).item() == 66

    done = rebuild(place, refreshes[2])
    assert (done.differing, done.is_restored, done.tables) == ((), False, len(third))

    file = database_of(place, refreshes[2])
    file.unlink()
    assert rebuild(place, refreshes[2]).is_restored
    assert sorted_parquet(file) == third
    assert file.stat().st_mode & 0o777 == 0o440
    assert publish.current_refresh(place) == refreshes[4]
    assert not list(place.refreshes.glob(".tmp-*"))


def test_a_refresh_shows_what_it_read_whatever_was_read_of_the_file_since(home: Path) -> None:
    """The encoding is mended, the bytes are the same: each refresh is traced and made again by its own text rows."""
    place = Home(small_home.make_home(home, CODES))
    rows = small_home.cases()
    rows[0] = rows[0].replace("leiomyosarcoma", "Sarkom Müller").replace(",21,", ",2ü1,")
    export, mended = home / "incoming/aa01/cases.csv", home / "centres/aa01/centre.yaml"
    export.write_bytes("\n".join([small_home.CASES, *rows, ""]).encode("cp1252"))
    right = mended.read_text(encoding="utf-8")
    mended.write_text(right.replace("cp1252", "cp1251"), encoding="utf-8")
    first, _ = small_home.refresh(home)
    mended.write_text(right, encoding="utf-8")
    second, _ = small_home.refresh(home)
    assert first and second and first != second

    def shown(refresh: str | None = None) -> list[object]:
        (who,) = sql(place, "select patient_id from core.tumour where histology_source like 'Sarkom%'", refresh).row(0)
        found = sql(place, "select raw_text from quality.finding where raw_text like '2_1'", refresh)["raw_text"]
        return [*trace(place, who, refresh).filter(field="histology")["raw_text"], *found]

    as_read = {first: ["Sarkom Mьller", "2ь1"], second: ["Sarkom Müller", "2ü1"], None: ["Sarkom Müller", "2ü1"]}
    assert {refresh: shown(refresh) for refresh in as_read} == as_read
    for gone in ("typed", "text"):
        shutil.rmtree(home / "landing" / gone)
        assert [rebuild(place, refresh).differing for refresh in (first, second)] == [(), ()], gone
        assert {refresh: shown(refresh) for refresh in as_read} == as_read, gone
    row_ids = "select count(*), count(distinct row_id) from landing.text_row"
    assert len(set(sql(place, row_ids).row(0))) == 1


def test_what_a_rebuild_cannot_answer_for_is_said(homes: Homes, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (refresh,) = homes.copy(home, 6, codes=CODES)
    place = Home(home)
    with monkeypatch.context() as patch:
        patch.setattr("warehouse.rebuild.code_version", lambda: "9.9.9+feedbeef")
        with pytest.raises(SarcregError, match=rf"was made by sarcreg {re.escape(VERSION)}.*this is 9\.9\.9"):
            rebuild(place, refresh)
    with monkeypatch.context() as patch:
        patch.setenv("SARCREG_SECRET", "another")
        with pytest.raises(SarcregError, match="SARCREG_SECRET is not the one"):
            rebuild(place, refresh)
    kept = place.refreshes / refresh / "configuration" / "registry.yaml"
    kept.write_text(kept.read_text(encoding="utf-8").replace("SMALL", "LARGE"), encoding="utf-8")
    with pytest.raises(SarcregError, match="no longer what the manifest names"):
        rebuild(place, refresh)


def test_the_audit_finds_a_changed_cell_and_a_changed_event(homes: Homes, home: Path) -> None:
    first, second = homes.copy(home, 6, 7, codes=CODES)
    lines, is_sound = verify(home)
    assert is_sound and [line.split(": ")[1] for line in lines[1:]] == ["as published", "as published"]

    file = database_of(Home(home), first)
    file.chmod(0o640)
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "update core.tumour set size_mm = size_mm + 1 where record_key = (select min(record_key) from core.tumour)"
        )
    lines, is_sound = verify(home)
    assert not is_sound
    assert lines[1:3] == [f"{first}: CHANGED since published: core.tumour", f"{second}: as published"]
    assert "registry.duckdb with 0640 in the place of 0440" in lines[3] and len(lines) == 4
    assert rebuild(Home(home), first).differing == ()  # the published content can still be made

    path = home / "events" / journal.FILE
    path.write_text(path.read_text(encoding="utf-8").replace(first, second, 1), encoding="utf-8")
    with pytest.raises(SarcregError, match="line 1 does not follow"):
        verify(home)


def test_fingerprints_differ_where_rows_differ_and_not_where_their_order_does(tmp_path: Path) -> None:
    def fingerprint(name: str, *rows: str) -> dict[str, str]:
        with duckdb.connect(str(tmp_path / name)) as connection:
            connection.execute("create table t (a varchar, b integer[])")
            for row in rows:
                connection.execute(f"insert into t values {row}")
        return digests(tmp_path / name)

    whole = fingerprint("1", "('x', [1, 2])", "('y', null)")
    assert fingerprint("2", "('y', null)", "('x', [1, 2])") == whole
    others = [("('x', [1, 2])",), ("('x', [2, 1])", "('y', null)"), ("('x', [1, 2])", "('y', [])"),
              ("('x', [1, 2])", "('y', null)", "('y', null)")]  # fmt: skip
    assert all(fingerprint(f"3{n}", *rows) != whole for n, rows in enumerate(others))


def test_a_rebuild_compares_with_the_delivery_it_compared_with(homes: Homes, home: Path) -> None:
    """And what vanished is asked about until another delivery comes, never deleted from the one before."""
    place = Home(home)
    refreshes = homes.copy(home, 8, 7, codes=CODES)
    gone = "select count(*) as n from quality.finding where rule = 'patient_vanished'"
    assert [int(sql(place, gone, refresh)["n"][0]) for refresh in refreshes] == [0, 1]
    assert rebuild(place, refreshes[1]).differing == ()
    third = deliver(home, 8)
    assert int(sql(place, gone, third)["n"][0]) == 0
    assert [rebuild(place, refresh).differing for refresh in (*refreshes, third)] == [(), (), ()]
    manifests = [publish.manifest(place, refresh)["centres"]["aa01"] for refresh in (*refreshes, third)]
    assert manifests[0]["before"] is None
    assert [entry["before"]["export_hash"] for entry in manifests[1:]] == [
        entry["export_hash"] for entry in manifests[:2]
    ]


def test_the_same_export_read_otherwise_is_compared_with_the_delivery_before(homes: Homes, home: Path) -> None:
    place, (first, _) = Home(home), homes.copy(home, 8, 7, codes=CODES)
    centre = home / "centres" / "aa01" / "centre.yaml"
    centre.write_text(centre.read_text(encoding="utf-8") + "assessment_interval_days: 70\n", encoding="utf-8")
    refresh, _ = small_home.refresh(home)
    assert refresh
    entry = publish.manifest(place, refresh)["centres"]["aa01"]["before"]
    assert entry["export_hash"] == publish.manifest(place, first)["centres"]["aa01"]["export_hash"]
    assert rebuild(place, refresh).differing == ()


def with_a_withdrawal(homes: Homes, home: Path, scope: str) -> tuple[str, list[str]]:
    """A patient of the first two refreshes who has withdrawn, and the refreshes; the third acts on it."""
    refreshes = homes.copy(home, 6, 7, codes=CODES)
    (who,) = sql(Home(home), "select patient_id from core.patient where born_on = date '1961-01-15'")["patient_id"]
    retract(home, who, scope, date(2022, 1, 1), "asked")
    third, _ = small_home.refresh(home)
    return who, [*refreshes, str(third)]


@pytest.mark.parametrize("scope", ["no_new_data", "no_further_use"])
def test_a_roll_back_brings_back_nobody_who_withdrew(homes: Homes, home: Path, scope: str) -> None:
    place, (_, refreshes) = Home(home), with_a_withdrawal(homes, home, scope)
    before = journal.events(place.events)
    for refresh in refreshes[:2]:
        with pytest.raises(SarcregError, match=rf"{refresh} is not published again: 1 patient\(s\) of aa01 withdrew"):
            keeping.roll_back(home, refresh, "a bad delivery")
    assert publish.current_refresh(place) == refreshes[2] and journal.events(place.events) == before


def test_a_refresh_puts_right_what_an_older_version_rolled_back(homes: Homes, home: Path) -> None:
    place, (who, refreshes) = Home(home), with_a_withdrawal(homes, home, "no_further_use")
    publish.roll_back(place, refreshes[1], "as versions before 0.4 did")
    assert who in sql(place, "from core.patient")["patient_id"]
    fourth, _ = small_home.refresh(home)
    assert fourth not in refreshes and publish.current_refresh(place) == fourth
    assert who not in sql(place, "from core.patient")["patient_id"] and patients(home) == 6
    assert small_home.refresh(home)[0] == fourth


def test_who_withdrew_and_is_not_in_a_refresh_hinders_no_roll_back_to_it(homes: Homes, home: Path) -> None:
    place, (first, _) = Home(home), homes.copy(home, 6, 7, codes=CODES)
    (who,) = sql(place, "select patient_id from core.patient where born_on = date '1967-01-15'")["patient_id"]
    retract(home, who, "no_further_use", date(2022, 1, 1), "asked")
    keeping.roll_back(home, first, "a bad delivery")
    assert publish.current_refresh(place) == first
    declare = home / "centres" / "aa01" / "centre.yaml"
    declare.write_text(declare.read_text(encoding="utf-8") + "permitted_use: [quality]\n", encoding="utf-8")
    assert permitted.not_to_be_published(place, first) == [
        "aa01: its rows are not pooled: it permits quality, and not research"
    ]
