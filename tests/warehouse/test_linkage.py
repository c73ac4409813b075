"""Linkage across centres: what is suspected, what contradicts, and that nothing but a decision has an effect."""

from __future__ import annotations

from pathlib import Path

import linkage_people
import polars as pl
import pytest
import small_home
from linked_home import count_once, decide
from polars.testing import assert_frame_equal

from schemas.errors import ConfigurationError
from schemas.links import load_links, persons_of
from warehouse import ledger, linkage
from warehouse.asked import asked
from warehouse.digest import digests
from warehouse.home import Home
from warehouse.query import database_of, sql
from warehouse.rebuild import rebuild


@pytest.fixture(scope="module")
def records() -> pl.DataFrame:
    return linkage_people.people(12_000, seed=20261127)


@pytest.fixture(scope="module")
def pairs(records: pl.DataFrame) -> pl.DataFrame:
    return linkage.scored(records)


def test_each_band_is_as_precise_as_the_page_says(records: pl.DataFrame, pairs: pl.DataFrame) -> None:
    strong, probable, possible = linkage_people.power(records, pairs).iter_rows(named=True)
    assert strong["precision"] == 1 and strong["recall"] > 0.6
    assert probable["precision"] > 0.97 and probable["recall"] > 0.9
    assert possible["precision"] > 0.7 and possible["recall"] > 0.98


def test_without_tokens_nothing_is_more_than_possible() -> None:
    records = linkage_people.people(4_000, seed=7, tokens=False)
    found = linkage.scored(records)
    assert found.height > 100 and set(found["band"]) == {"possible"}


def test_pairs_are_of_two_centres_once_and_do_not_hang_on_the_order(records: pl.DataFrame, pairs: pl.DataFrame) -> None:
    assert (pairs["patient_id"] < pairs["other_patient_id"]).all()
    assert pairs.select("patient_id", "other_patient_id").is_unique().all()
    centres = pairs.select(pl.col("patient_id", "other_patient_id").str.head(4))
    assert (centres["patient_id"] != centres["other_patient_id"]).all()
    assert_frame_equal(linkage.scored(records.sample(fraction=1, shuffle=True, seed=3)), pairs)


def test_one_centre_has_nobody_to_be_linked_with(records: pl.DataFrame) -> None:
    found = linkage.scored(records.filter(pl.col("centre") == "aa01"))
    assert found.is_empty() and "band" in found.columns


def test_every_comparison_has_chances_that_add_up() -> None:
    for name, levels in linkage.PARAMETERS.items():
        assert sum(m for _, m, _ in levels) == pytest.approx(1), name
        assert sum(u for _, _, u in levels) == pytest.approx(1), name


def test_a_cell_is_read_as_pack_makes_it() -> None:
    cells = ["id:a1 nb:b2 ph:c3", "ph:c3", "plain", " nb:b2  plain ", "solid:x", None]
    told = linkage.with_tokens(pl.DataFrame({"link_token": cells})).to_dict(as_series=False)
    assert told == {
        "identity": ["id:a1", None, None, None, None, None],
        "name_birth": ["nb:b2", None, None, "nb:b2", None, None],
        "telephone": ["ph:c3", "ph:c3", None, None, None, None],
        "untyped": [None, None, "plain", "plain", None, None],
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two centres, of which the second has the first's persons P001 to P006 and tokens for the first three."""
    root = small_home.make_home(tmp_path / "home")
    for number, code in enumerate(("aa01", "bb02")):
        config = root / "centres" / code / "centre.yaml"
        text = config.read_text(encoding="utf-8").replace("born_on: Born}", "born_on: Born, link_token: Token}", 1)
        config.write_text(text, encoding="utf-8")
        rows = [f"{row},{'id:t' + str(i) if i < 4 else ''}" for i, row in enumerate(small_home.cases(), 1)]
        small_home.write_export(root / "incoming" / code, rows)
        path = root / "incoming" / code / "cases.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("Started\n", "Started,Token\n", 1), encoding="utf-8")
        if number:
            visits = [row.replace(",PD,dead,2023-03-01", ",PR,alive,") for row in small_home.visits()]
            visits.append("P002,3,2023-09-01,PR,alive,")
            small_home.write_export(root / "incoming" / code, rows, visits)
            path.write_text(
                path.read_text(encoding="utf-8").replace("Started\n", "Started,Token\n", 1), encoding="utf-8"
            )
    return root


def test_only_a_decision_has_an_effect_and_a_rebuild_gives_the_same(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = Home(home)
    count_once(home)
    small_home.refresh(home)
    links = sql(place, "select * from quality.link order by patient_id")
    reported = sql(place, "select patient_id from quality.finding where rule = 'patient_at_two_centres'")
    assert sorted(reported["patient_id"]) == sorted(
        [one for pair in links.filter(band="strong").select("patient_id", "other_patient_id").rows() for one in pair]
    )
    assert links.height >= 3 and set(links["decision"]) == {"undecided"}
    assert links.filter(pl.col("band") == "strong").height == 3
    assert links["counted_patient_id"].null_count() == links.height
    counted = "select count(*) as n from mart.cohort"
    assert sql(place, counted)["n"][0] == 12
    conflicts = sql(place, "select distinct conflict_code from quality.link_conflict")["conflict_code"]
    assert {"dead_here_alive_there_later", "both_in_cohort"} <= set(conflicts)

    differ = queries_of(place)
    assert differ.select("centre", "patient").rows() == [("aa01", "P002"), ("bb02", "P002")]
    here, there = differ["texts"].to_list()
    assert "2023-03-01" in here and "2023-03-01" not in there, "each centre sees its own values"
    assert "dead" in here and "dead" not in there
    assert differ["fields"].to_list() == ["death_on", None]

    pair = links.filter(pl.col("band") == "strong").row(0, named=True)
    both = (pair["other_patient_id"], pair["patient_id"])
    decide(home, both, "same")
    refresh, _ = small_home.refresh(home)
    assert refresh
    assert sql(place, counted)["n"][0] == 11
    excluded = sql(place, "select patient_id, first_reason_code from mart.exclusion")
    assert excluded.rows() == [(pair["other_patient_id"], "same_person_counted")]
    decided = sql(place, "select counted_patient_id from quality.link where decision = 'same'")
    assert decided["counted_patient_id"].to_list() == [pair["patient_id"]]
    duplicates = sql(place, "select sum(duplicate)::bigint as n from quality.row_account")
    assert duplicates["n"][0] == 0
    assert rebuild(place, refresh).differing == ()
    assert "quality.link" in digests(database_of(place, refresh))

    decide(home, both, "different")
    decided_too = (home / "links.yaml").read_text(encoding="utf-8") + (
        f"- {{pair: [{pair['patient_id']}, zz99-gone], decision: same, agreed_by: x, agreed_on: 2024-06-01, reason: y}}\n"
    )
    (home / "links.yaml").write_text(decided_too, encoding="utf-8")
    with caplog.at_level("WARNING", logger="warehouse.linkage"):
        small_home.refresh(home)
    assert "links.yaml: 1 of its decisions name a record that is not in this refresh" in caplog.text
    stray = sql(place, "select centre, other_centre, decision from quality.link where other_patient_id = 'zz99-gone'")
    assert stray.rows() == [("aa01", None, "same")]
    assert sql(place, counted)["n"][0] == 12
    still = sql(place, "select patient_id from quality.link_conflict")["patient_id"]
    assert pair["patient_id"] not in still


def queries_of(place: Home) -> pl.DataFrame:
    """The open questions about linked records that differ, with all that a pack would show of them."""
    found = ledger.read(place).filter(pl.col("rule") == "linked_records_differ")
    told = asked(place, found).select("query_id", "local_number", "cells")
    texts = pl.col("cells").list.eval(pl.element().struct.field("text")).list.join(" ", ignore_nulls=True)
    return (
        found.join(told, on="query_id")
        .select("centre", patient="local_number", fields="field", texts=texts.fill_null(""))
        .sort("centre", "patient")
    )


def test_two_records_of_one_centre_that_are_decided_the_same_are_listed(home: Path) -> None:
    place = Home(home)
    small_home.refresh(home)
    ids = sql(place, "select patient_id from core.patient where centre = 'aa01' order by all")["patient_id"]
    decide(home, (ids[0], ids[1]), "same")
    small_home.refresh(home)
    own = sql(place, "select centre, other_centre, band, decision from quality.link where centre = other_centre")
    assert own.rows() == [("aa01", "aa01", "none", "same")]
    reported = sql(place, "select patient_id from quality.finding where rule in ('patient_at_two_centres')")
    assert sql(place, "select count(*) as n from quality.link where band = 'strong'")["n"][0] * 2 == reported.height


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "pairs:\n- {pair: [a, a], decision: same, agreed_by: x, agreed_on: 2024-01-01, reason: y}",
            "one record twice",
        ),
        ("pairs:\n- {pair: [a, b], decision: merge, agreed_by: x, agreed_on: 2024-01-01, reason: y}", "decision"),
        (
            "pairs:\n- {pair: [a, b], decision: same, agreed_on: 2024-01-01, reason: y}",
            "agreed_by: this key is missing",
        ),
        ("pairs:\n- {pair: [a, b], decision: same, agreed_by: x, agreed_on: 2024-01-01, reason: ' '}", "is empty"),
        (
            "pairs:\n- {pair: [a, b], decision: same, agreed_by: x, agreed_on: 2024-01-01, reason: y}\n"
            "- {pair: [b, a], decision: different, agreed_by: x, agreed_on: 2024-01-01, reason: y}",
            "decided twice",
        ),
        (
            "pairs:\n- {pair: [a, b], decision: same, agreed_by: x, agreed_on: 2024-01-01, reason: y}\n"
            "- {pair: [b, c], decision: same, agreed_by: x, agreed_on: 2024-01-01, reason: y}\n"
            "- {pair: [a, c], decision: different, agreed_by: x, agreed_on: 2024-01-01, reason: y}",
            "other decisions make them the same",
        ),
    ],
)
def test_a_decision_that_cannot_be_kept_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "links.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        load_links(tmp_path)


def test_same_goes_on_from_pair_to_pair(tmp_path: Path) -> None:
    agreed = "decision: same, agreed_by: x, agreed_on: 2024-01-01, reason: y"
    rows = [f"- {{pair: [{pair}], {agreed}}}" for pair in ("d, c", "b, c", "x, y")]
    (tmp_path / "links.yaml").write_text("pairs:\n" + "\n".join(rows), encoding="utf-8")
    assert persons_of(load_links(tmp_path)) == {"b": "b", "c": "b", "d": "b", "x": "x", "y": "x"}
