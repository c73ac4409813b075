"""Corrections and withdrawals as data, and the erasure of a patient with its proof."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import small_home

from flows.queries import cancel
from flows.retracting import retract
from schemas.errors import ConfigurationError
from schemas.registry import load_centres, load_registry
from warehouse import journal, publish, releases
from warehouse.home import Home, secret
from warehouse.landing import landed_path
from warehouse.query import sql
from warehouse.rebuild import rebuild
from warehouse.search import search
from warehouse.trace import trace
from warehouse.withdrawal import RETRACTED

CODE = "aa01"


@pytest.fixture(scope="module")
def refreshed(homes: small_home.Homes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after its first refresh, which every test takes a copy of."""
    root = tmp_path_factory.mktemp("corrections") / "home"
    homes.copy(root, 8, codes=(CODE,))
    return root


@pytest.fixture
def home(refreshed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(refreshed, tmp_path / "home"))


def frame(home: Path, query: str, refresh: str | None = None) -> pl.DataFrame:
    return sql(Home(home), query, refresh)


def patient(home: Path, born: str) -> str:
    return str(
        frame(home, f"select patient_id from core.patient where centre = '{CODE}' and born_on = '{born}'").item()
    )


def correct(home: Path, **parts: str) -> None:
    """corrections.yaml of the centre with one correction; a part given as '' is left out."""
    given = {
        "record": "", "field": "size_mm", "action": "set", "value": "55", "expect": "21", "reason": "misread",
        "query": "0123456789abcdef", "agreement": "{by: Dr A, on: 2024-06-01}",
    } | parts  # fmt: skip
    match = ", ".join(f"{key}: {given[key]}" for key in ("record", "field") if given[key])
    body = "".join(
        f"    {key}: {given[key]}\n"
        for key in ("action", "value", "expect", "reason", "query", "agreement")
        if given[key]
    )
    (home / "centres" / CODE / "corrections.yaml").write_text(
        f"corrections:\n  - match: {{{match}}}\n{body}", encoding="utf-8"
    )


def tumour(home: Path) -> str:
    """The record of the first patient's tumour."""
    return f"{patient(home, '1961-01-15')}/tumour"


def state(home: Path) -> tuple[str, float | None, list[str]]:
    """The correction's state, the size in core, and what is found of it."""
    outcome = frame(home, "select state, record_key from quality.correction").row(0)
    size = frame(home, f"select size_mm from core.tumour where record_key = '{outcome[1]}'")
    found = frame(home, "select rule from quality.finding where rule like 'correction%'")["rule"].to_list()
    return outcome[0], size["size_mm"][0] if size.height else None, found


def test_a_correction_changes_the_value_and_says_so_in_the_trace(home: Path) -> None:
    correct(home, record=tumour(home))
    small_home.refresh(home)
    assert state(home) == ("applied", 55.0, [])
    small_home.refresh(home)
    (event,) = [event for event in journal.events(Home(home).events) if event["event"] == "correction agreed"]
    assert (event["query"], event["agreed_on"], event["field"]) == ("0123456789abcdef", "2024-06-01", "size_mm")
    told = trace(Home(home), tumour(home).split("/")[0]).filter(pl.col("field") == "size_mm").row(0, named=True)
    assert (told["value"], told["raw_text"], told["corrected"]) == ("55.0", "21", "misread (query 0123456789abcdef)")


SENT = {
    "{}": ("applied", 55.0, None),
    "{}.0": ("applied", 55.0, None),
    "55": ("mended", 55.0, "correction_mended"),
    "34": ("outdated", 34.0, "correction_outdated"),
    "": ("outdated", None, "correction_outdated"),
}
"""What a source says of a size that was corrected to 55 ({}: what it said), and what becomes of the correction: its state,
the size in core, the rule that speaks."""


def sent_again(home: Path) -> dict[str, tuple[str, float | None, str | None]]:
    """What becomes of each of SENT, told of a patient of its own."""
    rows = [row.split(",") for row in small_home.cases(8)]
    written, records = "corrections:\n", {}
    for row, sent in zip(rows, SENT, strict=False):
        records[sent] = f"{patient(home, row[2])}/tumour"
        correct(home, record=records[sent], expect=row[6])
        written += (home / "centres" / CODE / "corrections.yaml").read_text(encoding="utf-8").split("\n", 1)[1]
        row[6] = sent.format(row[6])
    (home / "centres" / CODE / "corrections.yaml").write_text(written, encoding="utf-8")
    small_home.write_export(home / "incoming" / CODE, [",".join(row) for row in rows], small_home.visits(8))
    small_home.refresh(home)
    outcome = (
        "select state, size_mm, rule from quality.correction join core.tumour using (record_key) "
        "left join quality.finding on finding.record_key = tumour.record_key and rule like 'correction%' "
        "where tumour.record_key = '{}'"
    )
    return {sent: frame(home, outcome.format(record)).row(0) for sent, record in records.items()}


def test_a_correction_is_loud_once_the_source_says_something_else(home: Path) -> None:
    assert sent_again(home) == SENT
    assert frame(home, "select count(*) from quality.finding where rule like 'correction%'").item() == 3


def test_a_correction_of_a_cell_that_cannot_be_read_takes_its_finding_away(home: Path) -> None:
    rows = [row.replace("1961-01-15", "1961-99-15") for row in small_home.cases(8)]
    small_home.write_export(home / "incoming" / CODE, rows, small_home.visits(8))
    key = tumour(home).split("/")[0]
    small_home.refresh(home)
    unreadable = "select count(*) from quality.finding where rule like 'date_%' and raw_text = '1961-99-15'"
    assert frame(home, unreadable).item() == 1
    correct(home, record=f"{key}/patient", field="born_on", value="1961-09-15", expect="'1961-99-15'")
    small_home.refresh(home)
    assert frame(home, unreadable).item() == 0
    born = frame(home, f"select born_on, born_on_precision from core.patient where patient_id = '{key}'").row(0)
    assert born == (date(1961, 9, 15), "day")


def test_a_value_can_be_emptied_and_a_record_set_aside(home: Path) -> None:
    correct(home, record=tumour(home), action="empty", value="")
    small_home.refresh(home)
    assert state(home) == ("applied", None, [])
    correct(home, record=tumour(home), field="", action="set_aside", value="", expect="")
    small_home.refresh(home)
    assert state(home) == ("applied", None, [])
    account = (
        "select retracted, delivered - loaded from quality.row_account where table_name = 'tumour' and centre = '{}'"
    )
    assert frame(home, account.format(CODE)).row(0) == (1, 1)


def test_a_correction_of_no_record_and_one_that_cannot_be_read_are_found(home: Path) -> None:
    correct(home, record=f"{CODE}0000000000000000/tumour")
    small_home.refresh(home)
    assert state(home) == ("unmatched", None, ["correction_outdated"])
    correct(home, record=tumour(home), value="large")
    small_home.refresh(home)
    assert state(home) == ("unreadable", 21.0, ["correction_outdated"])


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"agreement": ""}, "without the centre's agreement .* is refused"),
        ({"query": ""}, "without the id of its query .* is refused"),
        ({"query": "12"}, "query: is read as a number; write the query's id in quotes"),
        ({"query": "'12'"}, "String should match pattern"),
        ({"field": "size"}, 'no such field of core.tumour. Did you mean "size_mm"'),
        ({"expect": ""}, "expect is missing"),
        ({"record": "P001"}, "no record key; copy it"),
        ({"action": "empty"}, "give `value` with the action `set`, and only with it"),
        ({"reason": "''"}, "at least 1 character"),
        ({"expect": "1961-99-15"}, "a day that is not in the calendar; write it in quotes"),
    ],
)
def test_a_correction_that_is_not_agreed_or_not_clear_is_refused(home: Path, parts: dict[str, str], said: str) -> None:
    correct(home, **({"record": f"{CODE}0123456789abcdef/tumour"} | parts))
    with pytest.raises(ConfigurationError, match=f"centres/{CODE}/corrections.yaml: .*{said}"):
        load_centres(home)


def test_no_new_data_keeps_what_happened_up_to_the_day(home: Path) -> None:
    who = patient(home, "1961-01-15")
    retract(home, who[:10], "no_new_data", date(2022, 12, 31), "letter of the patient")
    small_home.refresh(home)
    visits = frame(home, f"select contact_on from core.follow_up where patient_id = '{who}'")["contact_on"].to_list()
    assert visits == [date(2022, 2, 1)]
    told = frame(home, f"select withdrawal_on, withdrawal_scope_code from core.patient where patient_id = '{who}'")
    assert told.row(0) == (date(2022, 12, 31), "no_new_data")
    retracted = (
        "select sum(retracted)::int from quality.row_account where table_name in ('follow_up', 'response_assessment')"
    )
    assert frame(home, retracted).item() == 2


def test_no_further_use_keeps_the_patient_out_and_earlier_snapshots_whole(home: Path) -> None:
    first, who = publish.current_refresh(Home(home)), patient(home, "1961-01-15")
    retract(home, who, "no_further_use", date(2024, 6, 1), "letter of the patient")
    small_home.refresh(home)
    there = f"select count(*) from core.patient where patient_id = '{who}'"
    assert frame(home, there).item() == 0 and frame(home, there, first).item() == 1
    assert frame(home, f"select count(*) from quality.finding where patient_id = '{who}'").item() == 0
    open_sums = "select count(*) from quality.row_account where delivered != loaded + quarantined + duplicate + "
    assert frame(home, open_sums + "superseded + out_of_scope + retracted").item() == 0
    assert rebuild(Home(home), publish.current_refresh(Home(home)) or "").differing == ()


CANARIES = ("Quokkasarcoma", "canary-4711", "P003-Q9Z", "1977-03-21x")


@pytest.fixture(scope="module")
def canaries(refreshed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of three refreshes in two of which one patient's values are found nowhere else."""
    home = Path(shutil.copytree(refreshed, tmp_path_factory.mktemp("canaries") / "home"))
    rows = small_home.cases(8)
    rows[2] = (
        "P003-Q9Z,Quokka-sex,1977-03-21x,Quokkasarcoma grade 3,2020-04-10,2021-04-10,23,canary-4711,pembrolizumab,2021-04-20"
    )
    visits = [row.replace("P003", "P003-Q9Z") for row in small_home.visits(8)]
    small_home.write_export(home / "incoming" / CODE, rows, [*visits, "P003-Q9Z,9,2023-09-09,SD,alive,,extra"])
    small_home.refresh(home)
    place = Home(home)
    folder = place.refreshes / str(publish.current_refresh(place))
    (folder / "reports").mkdir()
    (folder / "reports" / "page.html").write_text("Quokkasarcoma", encoding="utf-8")
    who = frame(home, "select patient_id from core.tumour where histology_source like 'Quokka%'").item()
    query = frame(home, f"select query_id from quality.query where patient_id = '{who}'")["query_id"][0]
    cancel(home, [query], "Quokkasarcoma is what he has")
    correct(home, record=f"{who}/tumour", value="55", expect="23", reason="canary-4711 was meant")
    small_home.refresh(home)
    return home


@pytest.fixture
def with_canaries(canaries: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(canaries, tmp_path / "home"))


def canary(home: Path) -> str:
    return str(frame(home, "select patient_id from core.tumour where histology_source like 'Quokka%'").item())


def test_an_erased_patient_is_found_nowhere_and_stays_out(with_canaries: Path) -> None:
    home, place = with_canaries, Home(with_canaries)
    who = canary(home)
    chain = publish.published_chain(place)
    assert {"answers/reasons.jsonl", f"centres/{CODE}/corrections.yaml"} < {
        place for place, _ in search(home, CANARIES)[1]
    }
    delivered = {path.name: path.read_bytes() for path in (home / "incoming" / CODE).iterdir()}
    key = secret(load_registry(home))
    told = pl.DataFrame({"kind": releases.ALL, "name": releases.ALL, "patient_id": [who]})
    for recipient, groups in (("Lab A", told), ("Lab B", told.with_columns(patient_id=pl.lit("another")))):
        name = releases.remember(place, releases.recall(place, key), groups)
        journal.append(place.events, releases.RELEASED, format="share", recipient=recipient, release=name, k=5)
    done = retract(home, who, "erase", date(2024, 6, 1), "letter of the patient")
    assert done.is_clean, done.lines
    said = "\n".join(done.lines)
    assert "share to Lab A, which tells of this patient" in said and "share to Lab B, not of this patient" in said
    assert "place in a release given to nobody" in said and not releases.holders(place, key, who)
    files, found = search(home, CANARIES)
    assert found == [] and files > 10
    assert publish.published_chain(place) == chain
    for refresh in chain:
        body = publish.manifest(place, refresh)
        assert body["amended_by"][0]["event"] == next(
            event["sequence"] for event in journal.events(place.events) if event["event"] == RETRACTED
        )
        assert publish.differing(place, refresh, place.refreshes / refresh / publish.DATABASE) == ()
        assert frame(home, f"select count(*) from core.patient where patient_id = '{who}'", refresh).item() == 0
    assert rebuild(place, chain[1]).differing == ()
    assert not (home / "incoming" / CODE / "cases.csv").exists()

    # the export is gone: the last good one stands, without the patient
    assert small_home.refresh(home)[1][CODE] == "carried_forward"
    # the very same files again, and another with the patient in it: refused and counted
    for name, body in delivered.items():
        (home / "incoming" / CODE / name).write_bytes(body)
    for more in ("", "P009,M,1969-01-15,leiomyosarcoma,2020-04-10,2021-04-10,23,1,pembrolizumab,2021-04-20\n"):
        with (home / "incoming" / CODE / "cases.csv").open("a", encoding="utf-8") as stream:
            stream.write(more)
        small_home.refresh(home)
        account = f"select retracted from quality.row_account where centre = '{CODE}' and table_name = 'tumour'"
        assert frame(home, account).item() == 1
        assert frame(home, f"select count(*) from core.patient where patient_id = '{who}'").item() == 0
        assert {place_.split("/")[0] for place_, _ in search(home, CANARIES)[1]} == {"incoming"}
    assert frame(home, "select count(*) from core.patient where centre = 'aa01'").item() == 8


def test_only_one_patient_is_meant(home: Path) -> None:
    with pytest.raises(ConfigurationError, match="8 patients begin with 'aa01'"):
        retract(home, "aa01", "erase", date(2024, 6, 1), "letter")
    with pytest.raises(ConfigurationError, match="no patient of a kept refresh is 'zz'"):
        retract(home, "zz", "erase", date(2024, 6, 1), "letter")
    files = frame(home, "select sha256 from meta.delivery_file")["sha256"].to_list()
    assert all(landed_path(Home(home).landing, sha256).exists() for sha256 in files)
