"""An erasure killed at any moment is completed by the same command: what is left, and the proof, are as if it had not."""

from __future__ import annotations

import hashlib
import io
import random
import shutil
from datetime import date
from pathlib import Path

import killing
import polars as pl
import pytest
import small_home
from click.testing import CliRunner
from openpyxl import Workbook

from flows.cli import main as cli
from flows.queries import cancel
from flows.retracting import Retracted, retract
from flows.survival import write_validation
from schemas.centre import load_centre
from schemas.errors import SarcregError
from schemas.registry import load_registry
from warehouse import erasing, journal, patient_rows, private, publish, redaction, releases
from warehouse.home import Home, secret
from warehouse.landing import Delivery, land, text_rows
from warehouse.query import sql
from warehouse.search import SHORTEST, search
from warehouse.text_door import pseudonym
from warehouse.withdrawal import ERASED, RETRACTED

CODE, SEED = "aa01", 20261127
CANARIES = ("Quokkasarcoma", "canary-4711", "P003-Q9Z")
NAMELESS = small_home.CENTRE.replace(
    "file: visits.csv\n    patient: PatNo\n    key: [PatNo, Visit]\n    columns: {{contact",
    "file: visits.csv\n    patient: PatNo\n    columns: {{contact",
)
"""A centre whose follow-ups have no key, so that the registry names them."""

EVERY = 10**9
HASH = "events/journal.jsonl"


def _cases() -> list[str]:
    rows = small_home.cases(7)
    rows[2] = "P003-Q9Z,F,1963-01-15,Quokkasarcoma,2020-04-10,2021-04-10,23,1,canary-4711,2021-04-20"
    return rows


def _visits(earlier: int) -> list[str]:
    """Visits; of the first persons, one that is earlier than any they had."""
    rows = [row.replace("P003", "P003-Q9Z") for row in small_home.visits(7)]
    return [*(f"P00{i},0,2021-12-0{i},SD,alive," for i in range(1, earlier + 1)), *rows]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of two refreshes with one patient's values in every place that an erasure changes."""
    root = small_home.make_home(tmp_path_factory.mktemp("planted") / "home", (CODE,))
    place, incoming = Home(root), root / "incoming" / CODE
    (root / "centres" / CODE / "centre.yaml").write_text(NAMELESS.format(code=CODE), encoding="utf-8")
    small_home.write_export(incoming, _cases(), _visits(0))
    (incoming / "letters.txt").write_text("who,what\nOstrich,Quokkasarcoma\n", encoding="utf-8")
    assert small_home.refresh(root)[0]
    who = patient(root)
    (root / "centres" / CODE / "corrections.yaml").write_text(
        f"corrections:\n  - match: {{record: {who}/tumour, field: size_mm}}\n    action: empty\n    expect: 23\n"
        "    reason: letter\n    query: 0123456789abcdef\n    agreement: {by: A, on: 2024-01-01}\n",
        encoding="utf-8",
    )
    (root / "links.yaml").write_text(
        f"pairs:\n  - {{pair: [{who}, dd010123456789abcdef], decision: different, agreed_by: A, "
        f"agreed_on: 2024-01-01, reason: letters}}\n",
        encoding="utf-8",
    )
    small_home.write_export(incoming, _cases(), _visits(2))
    refresh, _ = small_home.refresh(root)
    assert refresh
    write_validation(place, refresh)
    query = sql(place, f"select query_id from quality.query where patient_id = '{who}'")["query_id"][0]
    cancel(root, [query], "Quokkasarcoma is what he has")
    key = secret(load_registry(root))
    for name in ("all", "more"):
        told = pl.DataFrame({"kind": releases.ALL, "name": name, "patient_id": [who]})
        given = releases.remember(place, releases.recall(place, key), told)
        journal.append(place.events, releases.RELEASED, format="share", recipient=name, release=given, k=5)
    (root / ".prefect").mkdir()
    (root / ".prefect" / "client.log").write_text("Quokkasarcoma", encoding="utf-8")
    return root


def patient(home: Path) -> str:
    return str(sql(Home(home), "select patient_id from core.tumour where histology_source = 'Quokkasarcoma'").item())


def only_theirs() -> set[str]:
    """Texts of the patient's rows and of the letters that nobody else has and that can be told from others."""
    rows = (*_cases(), *_visits(2), small_home.CASES, small_home.VISITS)
    mine, others = (
        {text for row in rows if row.startswith("P003") is it for text in row.split(",") if len(text) >= SHORTEST}
        for it in (True, False)
    )
    return {*mine, "Ostrich"} - others


def erase(home: Path, who: str) -> Retracted:
    return retract(home, who, "erase", date(2024, 6, 1), "letter of the patient")


def left(home: Path) -> dict[str, str]:
    """Every file by the hash of its bytes, where these have no clock and no randomness in them."""
    free = (".duckdb", "journal.jsonl", ".lock")
    files = {path.relative_to(home).as_posix(): path for path in home.rglob("*") if path.is_file()}
    return {
        name: "" if name.endswith(free) or "/reports/" in name or name.startswith("releases/")
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in sorted(files.items())
    }  # fmt: skip


def said(done: Retracted) -> list[str]:
    """The proof without its places, some of which were dealt with before the kill."""
    return [line.partition(" in ")[0] for line in done.lines if not line.startswith("   ")]


def records(home: Path) -> dict[str, pl.DataFrame]:
    """The named follow-ups of every refresh but those of the patient."""
    query = "select patient_id, record_key, contact_on from core.follow_up order by all"
    return {one: sql(Home(home), query, one) for one in publish.kept(Home(home))}


def test_a_killed_erasure_stops_the_refresh_and_is_completed(planted: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(planted, tmp_path / "home"))
    place, who, before = Home(home), patient(home), records(home)
    chain = publish.published_chain(place)
    reports = {name for name in left(home) if "/reports/" in name}
    # in the middle of making the refreshes again: the first is made, the landing has nothing of the patient any more
    with killing.after(EVERY, home, ("os.rename", f"{chain[0]}/manifest.json")) as life:
        erase(home, who)
    assert "amended_by" in publish.manifest(place, chain[0]) and "amended_by" not in publish.manifest(place, chain[1])
    with pytest.raises(SarcregError, match=f"the erasure of {who} was not completed; run `sarcreg retract"):
        small_home.refresh(home)
    other = next(one for one in before[chain[1]]["patient_id"] if one != who)
    with pytest.raises(SarcregError, match=f"the erasure of {who} was not completed"):
        erase(home, other)
    done = erase(home, who)
    assert life.where and done.is_clean, done.lines
    lines = "\n".join(done.lines)
    assert f"looked for {len(only_theirs())} value(s)" in lines and f"reports and results of {chain[0]}" in lines
    assert lines.count("which tells of this patient") == 2
    assert search(home, CANARIES)[1] == [] and not erasing.kept_in(place).exists()
    assert {name for name, _ in search(home, [who])[1]} == {HASH, *(f"refreshes/{one}/manifest.json" for one in chain)}
    kinds = [event["event"] for event in journal.events(place.events)]
    assert kinds.count(RETRACTED) == 1 and kinds.count(ERASED) == 1
    assert {name for name in left(home) if "/reports/" in name} == reports
    after = records(home)
    for one in chain:
        assert after[one].equals(before[one].filter(pl.col("patient_id") != who)), "names of records are kept"
        assert publish.differing(place, one, place.refreshes / one / publish.DATABASE) == ()
    nobody = {member for held in releases.recall(place, b"").releases.values() for member in held["member"]}
    assert len(nobody) == 1, "one nobody in both releases, so that they do not tell two apart"


def test_the_question_names_whom_and_an_unknown_patient_is_refused_before_it(planted: Path) -> None:
    who, events = patient(planted), journal.events(Home(planted).events)
    given = ["--home", str(planted), "retract", "--scope", "erase", "--why", "letter"]
    asked = CliRunner().invoke(cli, [*given, who[:9]], input="n\n")
    assert f"Erase {who} of {CODE} from everything under" in asked.output and asked.exit_code == 1
    unknown = CliRunner().invoke(cli, [*given, "zz"], input="y\n")
    assert unknown.exit_code == 2 and "Erase" not in unknown.output and "no patient of a kept refresh" in unknown.output
    assert journal.events(Home(planted).events) == events


@pytest.mark.slow
def test_killed_anywhere_it_ends_the_same(planted: Path, tmp_path: Path) -> None:
    who, whole = patient(planted), Path(shutil.copytree(planted, tmp_path / "whole"))
    with killing.after(EVERY, whole) as life:
        expected = erase(whole, who)
    assert expected.is_clean, expected.lines
    draw = random.Random(SEED)
    moments = draw.sample(range(life.done), 30)
    print(f"{life.done} acts", flush=True)
    failed = []
    for n in moments:
        home = Path(shutil.copytree(planted, tmp_path / "home"))
        with killing.after(n, home) as life:
            erase(home, who)
        assert life.where, "killed"
        done = erase(home, who)
        if said(done) != said(expected) or left(home) != left(whole) or search(home, CANARIES)[1]:
            failed.append((n, life.where))
        print(n, life.where, "FAILED" if failed and failed[-1][0] == n else "", flush=True)
        shutil.rmtree(home)
    assert failed == [], f"{len(failed)} of {len(moments)}"


TABLES = small_home.CENTRE.replace("file: cases.csv", "file: cases.xlsx\n    sheet: Data\n    merged: fill")


def _workbook() -> bytes:
    """One sheet that is read, in which a ward reaches over P001 to P003, and one that is not."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Data"
    sheet.append([*small_home.CASES.split(","), "Ward"])
    for number, row in enumerate(small_home.cases(5), 1):
        sheet.append([*row.split(","), "Ward Seven" if number == 1 else None])
    sheet.merge_cells("K2:K4")
    book.create_sheet("Old")["A1"] = "P001 was here"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _landed(root: Path) -> tuple[Path, Delivery]:
    """A centre and its delivery, landed and read once."""
    (root / "centre").mkdir(parents=True)
    (root / "centre" / "centre.yaml").write_text(TABLES.format(code="centre"), encoding="utf-8")
    export = root / "export"
    small_home.write_export(export, None, small_home.visits(5))
    (export / "cases.csv").unlink()
    (export / "cases.xlsx").write_bytes(_workbook())
    (export / "note.txt").write_text("P001 wrote this", encoding="utf-8")
    delivery = land(sorted(export.iterdir()), root / "landing")
    for file in delivery.files:  # as the scan for identifiers does
        text_rows(root / "landing", file, encodings=["utf-8", "cp1252"])
    return root, delivery


def _take_out(root: Path, delivery: Delivery, number: str) -> None:
    centre = load_centre(root / "centre")
    patient_rows.take_out(centre, delivery, root / "landing", b"key", {pseudonym(b"key", "centre", number)}, {})


def test_rows_are_taken_out_whenever_it_is_killed(tmp_path: Path) -> None:
    """Two patients under one merged cell, one after the other; the third one's ward stays, all else of them goes."""
    made, delivery = _landed(tmp_path / "made")
    first = Path(shutil.copytree(made, tmp_path / "first"))
    with killing.after(EVERY, first) as life:
        _take_out(first, delivery, "P001")
        _take_out(first, delivery, "P002")
    expected = left(first / "landing")
    [book] = [file for file in delivery.files if file.name == "cases.xlsx"]
    data, old = text_rows(first / "landing", book, encodings=["utf-8"])
    assert data.frame.filter(pl.col("line") == 4)["cells"][0][-1] == "Ward Seven" and data.merged[0][0] == 4
    assert old.frame["cells"].to_list() == [[]] and life.done > 20
    assert not search(first / "landing", ["P001", "P002"])[1] and redaction.is_marked(first / "landing", book.sha256)
    for n in range(0, life.done, 2):
        root = Path(shutil.copytree(made, tmp_path / str(n)))
        with killing.after(n, root) as short:
            _take_out(root, delivery, "P001")
            _take_out(root, delivery, "P002")
        assert short.where
        _take_out(root, delivery, "P001")
        _take_out(root, delivery, "P002")
        assert left(root / "landing") == expected, short.where


def test_what_another_configuration_reads_stays_for_the_others(tmp_path: Path) -> None:
    """A sheet and a file that only a later configuration reads are not unread, though the first one does not read them."""
    root, delivery = _landed(tmp_path / "home")
    centre = load_centre(root / "centre")
    text = (root / "centre" / "centre.yaml").read_text(encoding="utf-8").replace("sheet: Data", "sheet: Old")
    (root / "centre" / "centre.yaml").write_text(text.replace("visits.csv", "note.txt"), encoding="utf-8")
    later = load_centre(root / "centre")
    readers = {file.sha256: [(centre, file.name), (later, file.name)] for file in delivery.files}
    who = {pseudonym(b"key", "centre", "P001")}
    told = patient_rows.take_out(centre, delivery, root / "landing", b"key", who, readers)
    cells = {
        (file.name, sheet.name): [row for row in sheet.frame["cells"].to_list() if row]
        for file in delivery.files
        for sheet in text_rows(root / "landing", file, encodings=["utf-8", "cp1252"])
    }
    assert told == {"cases.xlsx": 1, "visits.csv": 2}
    assert cells["cases.xlsx", "Old"] == [["P001 was here"]] and cells["note.txt", ""] == [["P001 wrote this"]]
    assert len(cells["cases.xlsx", "Data"]) == 5 and len(cells["visits.csv", ""]) == 9


def test_the_same_bytes_under_a_name_that_nothing_reads_stay_for_who_reads_them(planted: Path, tmp_path: Path) -> None:
    """Last year's file beside the new one: another refresh stands on these bytes, under the name that it reads."""
    home = Path(shutil.copytree(planted, tmp_path / "home"))
    incoming = home / "incoming" / CODE
    last = {path: path.read_bytes() for path in incoming.iterdir()}
    small_home.write_export(incoming, small_home.cases(9), small_home.visits(9))
    for path, kept in last.items():
        path.with_stem(f"{path.stem}_last").write_bytes(kept)
    first = sql(Home(home), "select count(*) from core.patient").item()
    assert small_home.refresh(home)[0]
    who = sql(Home(home), "select patient_id from core.patient order by all").to_series()
    before = {refresh: publish.manifest(Home(home), refresh)["patients"] for refresh in publish.kept(Home(home))}
    new = next(
        one for one in who
        if all(
            sql(Home(home), f"select count(*) from core.patient where patient_id = '{one}'", refresh).item() == 0
            for refresh in list(before)[:-1]
        )
    )  # fmt: skip
    erase(home, new)
    assert sql(Home(home), "select count(*) from core.patient", next(iter(before))).item() == first
    small_home.write_export(incoming, small_home.cases(10), small_home.visits(10))
    assert small_home.refresh(home)[0]


def test_a_redelivery_takes_nothing_that_an_earlier_refresh_read(planted: Path, tmp_path: Path) -> None:
    """The file of visits has another name by now; the old one comes again with a patient who was erased."""
    home, who = Path(shutil.copytree(planted, tmp_path / "home")), patient(planted)
    incoming = home / "incoming" / CODE
    delivered = {path.name: path.read_bytes() for path in incoming.iterdir()}
    erase(home, who)
    place = home / "centres" / CODE / "centre.yaml"
    place.write_text(place.read_text(encoding="utf-8").replace("visits.csv", "contacts.csv"), encoding="utf-8")
    visits = [row for row in small_home.visits(7) if not row.startswith("P003")]
    small_home.write_export(incoming, small_home.cases(7), visits)
    (incoming / "visits.csv").rename(incoming / "contacts.csv")
    assert small_home.refresh(home)[0]
    for name, kept in delivered.items():
        (incoming / name).write_bytes(kept)
    small_home.refresh(home)
    for refresh in publish.kept(Home(home)):
        manifest = publish.manifest(Home(home), refresh)
        for file in manifest["centres"][CODE]["files"]:
            if file["name"] in ("visits.csv", "contacts.csv"):
                cells = pl.concat(
                    pl.read_parquet(one) for one in redaction.text_paths(home / "landing", file["sha256"])
                )
                assert cells.filter(pl.col("cells").list.len() > 0).height > 1


def test_an_erased_patient_is_not_withdrawn_anew_and_no_other_erasure_is_lost(planted: Path, tmp_path: Path) -> None:
    home, who = Path(shutil.copytree(planted, tmp_path / "home")), patient(planted)
    erase(home, who)
    with pytest.raises(SarcregError, match="is withdrawn with the scope erase already"):
        retract(home, who, "no_further_use", date(2024, 6, 1), "letter")


def test_an_erasure_that_another_version_began_is_left_to_it(planted: Path, tmp_path: Path) -> None:
    home = Home(Path(shutil.copytree(planted, tmp_path / "home")))
    private.write(erasing.kept_in(home), b'{"patient_id": "aa01"}')
    with pytest.raises(SarcregError, match=r"landing/erasing.json: an erasure was begun by another version"):
        erasing.begun(home, "aa01")
