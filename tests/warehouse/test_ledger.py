"""The query ledger in a small registry: found, issued, answered, corrected, accepted, and found again."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import small_home

from flows import queries
from schemas.errors import ConfigurationError
from schemas.registry import Queries
from warehouse import journal, ledger, ledger_batch, ledger_summary, publish
from warehouse.home import Home
from warehouse.query import sql
from warehouse.rebuild import rebuild

VALUE = "qqqvalue"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose first delivery has one diagnosis that nobody can read."""
    home = small_home.make_home(tmp_path_factory.mktemp("ledger") / "home", ("aa01",))
    deliver(home, VALUE)
    return home


@pytest.fixture
def home(asked: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(asked, tmp_path / "home"))


def deliver(home: Path, histology: str = "ASPS", more: str = "") -> str:
    """A delivery whose first patient has this diagnosis; the published refresh."""
    rows = small_home.cases()
    rows[0] = rows[0].replace(",leiomyosarcoma,", f",{histology},", 1) + more
    small_home.write_export(home / "incoming" / "aa01", rows)
    refresh, _ = small_home.refresh(home)
    assert refresh
    return refresh


def published(home: Path) -> str:
    """The refresh that stands."""
    return str(publish.current_refresh(Home(home)))


def query(home: Path, rule: str = "histology_unmapped") -> dict[str, object]:
    """The one query of a rule, as of now."""
    found = ledger.read(Home(home)).filter(pl.col("rule") == rule)
    return found.row(0, named=True)


def answered(home: Path, code: str) -> None:
    frame = {"query_id": [query(home)["query_id"]], "answer_code": [code], "answered_by": ["study nurse"],
             "answered_at": ["2024-07-02T08:00:00+00:00"], "reason": ["looked up in the chart"]}  # fmt: skip
    assert queries.answer(home, pl.DataFrame(frame)) == 1


def test_a_query_is_issued_answered_and_closed_by_the_data(home: Path) -> None:
    first = published(home)
    assert query(home)["state"] == "candidate"
    queries.issue(home, None, None)
    answered(home, "corrected")
    assert query(home)["state"] == "answered"
    second = deliver(home, "ASPS")
    now = query(home)
    assert (now["state"], now["opened_in"], now["closed_in"], now["close_reason_code"]) == (
        "closed",
        first,
        second,
        "data",
    )
    assert (now["answer_code"], now["answered_by"]) == ("corrected", "study nurse")
    third = deliver(home, VALUE)
    again = query(home)
    assert (again["query_id"], again["state"], again["times_reopened"]) == (now["query_id"], "candidate", 1)
    assert again["issued_on"] is None
    assert rebuild(Home(home), third).differing == () == rebuild(Home(home), second).differing
    told = queries.history(home, str(now["query_id"])).drop_nulls("refresh").filter(pl.col("event") != "query issued")
    assert told.select("event", "refresh", "old", "new", "cells").rows() == [
        ("query opened", first, None, f"Diagnosis: {VALUE}", "cases.csv, line 2"),
        ("query closed", second, f"Diagnosis: {VALUE}", "Diagnosis: ASPS", "cases.csv, line 2"),
        ("query reopened", third, "Diagnosis: ASPS", f"Diagnosis: {VALUE}", "cases.csv, line 2"),
    ]
    (Home(home).refreshes / second / publish.DATABASE).unlink()
    told = queries.history(home, str(now["query_id"])).drop_nulls("refresh").filter(pl.col("event") != "query issued")
    assert told.select("old", "new").rows() == [
        (None, f"Diagnosis: {VALUE}"),
        (f"Diagnosis: {VALUE}", None),
        (None, f"Diagnosis: {VALUE}"),
    ]


def test_a_correction_that_is_promised_and_not_delivered_is_asked_again(home: Path) -> None:
    queries.issue(home, None, None)
    answered(home, "corrected")
    small_home.refresh(home)
    assert query(home)["state"] == "answered"  # nothing has been delivered since
    deliver(home, VALUE, more=" ")
    assert (query(home)["state"], query(home)["times_reopened"]) == ("open", 1)


def test_an_acceptance_is_bound_to_the_values(home: Path) -> None:
    queries.accept(home, [str(query(home)["query_id"])], "confirmed by the centre's lead")
    accepted = query(home)
    assert (accepted["state"], accepted["accepted_value_hash"]) == ("accepted_as_is", accepted["value_hash"])
    deliver(home, VALUE, more=" ")
    assert query(home)["state"] == "accepted_as_is"
    deliver(home, "rrr")
    assert (query(home)["state"], query(home)["accepted_value_hash"]) == ("candidate", None)


def test_an_answer_is_a_new_event_and_a_roll_back_rewinds_none(home: Path) -> None:
    first = published(home)
    second = deliver(home, VALUE, more=" ")
    assert small_home.refresh(home)[0] == second
    queries.issue(home, None, None)
    third, _ = small_home.refresh(home)
    assert third not in (first, second, None)
    assert sql(Home(home), "select state from quality.query where rule = 'histology_unmapped'")["state"].to_list() == [
        "open"
    ]
    assert small_home.refresh(home)[0] == third
    answered(home, "unobtainable")
    publish.roll_back(Home(home), first, "a look at the one before")
    assert query(home)["state"] == "answered"
    assert small_home.refresh(home)[0] == first  # what was rolled back stays out of use
    fourth = deliver(home, VALUE, more="  ")
    assert sql(Home(home), "select state from quality.query where rule = 'histology_unmapped'")["state"].to_list() == [
        "answered"
    ]
    assert rebuild(Home(home), fourth).differing == ()


def test_events_of_a_refresh_that_was_not_published_do_not_count(home: Path) -> None:
    before = ledger.read(Home(home))
    events = journal.events(home / "events")
    opened = {
        name: part for name, part in events[0].items() if name not in ("sequence", "at", "event", "previous", "hash")
    }
    closed = {**opened, "to": "closed", "reason": "data", "refresh": "killed"}
    journal.append_all(
        home / "events",
        [
            ("query closed", closed),
            ("refresh published", {"refresh": "killed", "replaces": events[-1]["refresh"], "moves": 1}),
        ],
    )
    assert ledger.read(Home(home)).equals(before)


def test_no_value_and_no_reason_enters_the_journal(home: Path) -> None:
    queries.issue(home, None, None)
    answered(home, "as_in_source")
    text = (home / "events" / journal.FILE).read_text(encoding="utf-8")
    assert VALUE not in text and "chart" not in text and "/patient" not in text
    assert "looked up in the chart" in (home / "answers" / "reasons.jsonl").read_text(encoding="utf-8")
    assert (home / "answers").stat().st_mode & 0o777 == 0o700


def test_what_the_state_does_not_allow_is_refused_and_writes_nothing(home: Path) -> None:
    which = str(query(home)["query_id"])
    before = len(journal.events(home / "events"))
    with pytest.raises(ConfigurationError, match="cannot be confirmed"):
        queries.confirm(home, [which])
    with pytest.raises(ConfigurationError, match="no such query"):
        queries.accept(home, ["ffffnone"], "why")
    assert len(journal.events(home / "events")) == before


def test_summaries_count_before_they_divide() -> None:
    ledger_ = pl.DataFrame(
        {
            "rule": ["a", "a", "b"], "centre": ["x", "x", "y"], "state": ["closed", "open", "accepted_as_is"],
            "issued_on": ["2024-01-01", "2024-01-01", None], "settled_on": ["2024-01-11", None, "2024-01-02"],
            "age_days": [10, 40, None], "is_overdue": [False, True, None], "is_critical": [True, False, False],
            "confirmed_on": [None, None, None],
        }
    )  # fmt: skip
    rules = {row["rule"]: row for row in ledger_summary.by_rule(ledger_).to_dicts()}
    assert (rules["a"]["settled"], rules["a"]["changed"], rules["a"]["yield_share"]) == (1, 1, 1.0)
    assert rules["b"]["yield_share"] is None
    centres = {row["centre"]: row for row in ledger_summary.by_centre(ledger_).to_dicts()}
    assert (centres["x"]["overdue_band"], centres["x"]["median_days"], centres["x"]["unconfirmed"]) == ("red", 10, 1)
    assert (centres["y"]["overdue_band"], centres["y"]["override_share"]) == ("not_evaluable", 1.0)


def test_a_batch_takes_root_causes_one_of_a_record_and_no_more_than_the_cap() -> None:
    asked = pl.DataFrame(
        [
            {"query_id": query, "record_key": record, "rule": rule, "root_query_id": root, "state": "candidate"}
            for query, record, rule, root in [
                ("a", "1", "mild", None), ("b", "1", "grave", None), ("c", "2", "grave", "b"), ("d", "3", "grave", None),
                ("e", "4", "mild", None), ("f", None, "mild", None), ("g", "5", "mild", None),
            ]
        ]
    ).with_columns(
        centre=pl.lit("x"), table_name=pl.lit("tumour"), is_critical=pl.lit(False), opened_on=date(2024, 1, 1),
        issued_on=pl.lit(None, pl.Date),
    )  # fmt: skip
    rules = pl.DataFrame({"rule": ["grave", "mild"], "severity": ["error", "info"]})
    found = pl.Series(["a", "b", "c", "d", "e", "f"])
    settings = Queries(per_centre=3)

    def fates(ledger_: pl.DataFrame, limit: int | None = None) -> dict[str, str]:
        chosen = ledger_batch.choose(ledger_, rules, found, settings, date(2024, 2, 1), limit)
        return dict(chosen.select("query_id", "fate").iter_rows())

    assert fates(asked) == {"a": "record", "b": "issued", "c": "root_cause", "d": "issued", "e": "issued", "f": "cap",
                            "g": "not_found_now"}  # fmt: skip
    sent = pl.col("query_id") == "b"
    later = asked.with_columns(
        state=pl.when(sent).then(pl.lit("open")).otherwise("state"),
        issued_on=pl.when(sent).then(date(2024, 1, 20)).otherwise("issued_on"),
    )
    assert set(fates(later).values()) == {"too_early"}
    assert fates(later, limit=1)["a"] == "record" and fates(later, limit=1)["d"] == "issued"
