"""Canaries of one patient in every text of an export and in every kind of file a home can have; after the erasure none."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import random
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import small_home
from openpyxl import Workbook
from openpyxl.comments import Comment

from flows.exporting import export
from flows.queries import cancel
from flows.retracting import Retracted, retract
from flows.survival import write_validation
from warehouse import erase, journal, mentions, publish, redaction
from warehouse.home import Home
from warehouse.landing import landed_path
from warehouse.query import sql
from warehouse.search import search

CODE = "cc03"
COLUMNS = [*small_home.CASES.split(","), "Note", "Ward"]
TEXTS = ("Sex", "Diagnosis", "Line", "Drug", "Started", "Size", "Born", "Note")
WORDS = ("quokka", "肉瘤患者甲乙", "übergröße", "=zebra", 'ja"guar', "ibex,oryx", "tapir;gnu")
HIM, BROTHER = 3, 4
CENTRE = small_home.CENTRE.replace("file: cases.csv", "file: cases.xlsx\n    sheet: Data\n    merged: fill")
CENTRE += "scan: {{allow: [{{column: Note, kinds: [all], why: the landing would refuse a number in a text}}]}}\n"


def canaries(seed: int) -> dict[str, str]:
    """Text column -> a value that nobody else has, of the sorts that files quote, escape and encode differently."""
    draw = random.Random(seed)
    return {name: f"{draw.choice(WORDS)}-{draw.randrange(10**8):08d}" for name in TEXTS}


def workbook(values: dict[str, str]) -> bytes:
    """cases.xlsx: the patient's texts are canaries, one stands in a comment, a property, a hidden and an unread sheet;
    the ward is one merged cell over the rows of the patient and the next one, whose note speaks of the patient."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Data"
    sheet.append(COLUMNS)
    for number, row in enumerate(small_home.cases(8), 1):
        cells = dict(zip(COLUMNS, [*row.split(","), "", ""], strict=True))
        if number == HIM:
            cells |= values | {"PatNo": "P003-Q9Z", "Ward": "Ward Seven"}
        if number == BROTHER:
            cells["Note"] = "his brother is P003-Q9Z"
        sheet.append([cells[name] for name in COLUMNS])
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"  # a text that begins with = is no formula
    for line in (HIM + 1,):
        sheet.merge_cells(start_row=line, end_row=line + 1, start_column=len(COLUMNS), end_column=len(COLUMNS))
    sheet["A2"].comment = Comment(values["Note"], values["Note"])
    book.properties.creator = values["Note"]
    for name, state in (("Old", "visible"), ("Away", "hidden")):
        other = book.create_sheet(name)
        other.sheet_state = state
        other["A1"] = values["Diagnosis"]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def visits(values: dict[str, str]) -> str:
    rows = [row.split(",") for row in small_home.visits(8)]
    for row in rows:
        if row[0] == "P003":
            row[0], row[3] = "P003-Q9Z", values["Drug"]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([small_home.VISITS.split(","), *rows])
    return out.getvalue()


def planted(root: Path, values: dict[str, str]) -> tuple[str, list[Path]]:
    """A home of two refreshes with the canaries in every kind of file; the patient, and the files beside the
    registry's own places."""
    home = small_home.make_home(root, (CODE,))
    config = home / "centres" / CODE / "centre.yaml"
    config.write_text(CENTRE.format(code=CODE), encoding="utf-8")
    incoming = home / "incoming" / CODE
    (incoming / "cases.csv").unlink()
    (incoming / "cases.xlsx").write_bytes(workbook(values))
    for extra in ("", "P008,9,2023-12-09,SD,alive,\n"):
        (incoming / "visits.csv").write_text(visits(values) + extra, encoding="utf-8")
        refresh, states = small_home.refresh(home)
        assert refresh and states == {CODE: "fresh"}
        write_validation(Home(home), refresh)
    place = Home(home)
    who = str(sql(place, "select patient_id from core.patient where sex_source like '%-%'").item())
    folder = place.refreshes / refresh
    (folder / "results").mkdir()
    pl.DataFrame({"patient_id": [who], "text": [values["Drug"]]}).write_parquet(folder / "results" / "plan_x.parquet")
    query = sql(place, f"select query_id from quality.query where patient_id = '{who}'")["query_id"][0]
    cancel(home, [query], f"{values['Diagnosis']} is what he has")
    (home / "links.yaml").write_text(
        f"pairs:\n  - {{pair: [{who}, dd010123456789abcdef], decision: different, agreed_by: A, "
        f"agreed_on: 2024-01-01, reason: letters}}\n",
        encoding="utf-8",
    )
    (config.parent / "corrections.yaml").write_text(
        f"corrections:\n  - match: {{record: {who}/tumour, field: size_mm}}\n    action: empty\n    expect: 9\n"
        f"    reason: letter\n    query: '{query}'\n    agreement: {{by: A, on: 2024-01-01}}\n",
        encoding="utf-8",
    )
    export(home, "parquet", home / "sent")
    beside = [home / "packs" / name for name in ("pack.zip", "old.csv.gz", "note.txt")]
    beside[0].parent.mkdir()
    with zipfile.ZipFile(beside[0], "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.csv", values["Line"])
    beside[1].write_bytes(gzip.compress(values["Started"].encode()))
    beside[2].write_text(who, encoding="utf-8")
    (home / ".prefect").mkdir()
    (home / ".prefect" / "client.log").write_text(values["Note"], encoding="utf-8")
    return who, beside


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 4))
def test_no_canary_is_left_in_any_kind_of_file(tmp_path: Path, seed: int) -> None:
    values = canaries(seed)
    home = tmp_path / "home"
    who, beside = planted(home, values)
    place = Home(home)
    chain = publish.published_chain(place)
    told = search(home, [*values.values(), who])[1]
    assert {name.split("/")[0] for name, _ in told} >= {"landing", "refreshes", "answers", "sent", "packs", "incoming"}
    done = retract(home, who, "erase", date(2024, 6, 1), "letter of the patient")
    lines = "\n".join(done.lines)

    peoples = {name for name, _ in search(home, [*values.values(), who])[1]} - _keeping_the_hash(home, who)
    assert {name.split("/")[0] for name in peoples} == {"sent", "packs"}, lines
    assert all(f"  {name}" in lines for name in peoples) and all(path.exists() for path in beside)
    assert not (home / ".prefect").exists()
    _says_what_a_person_has_to_do(done, place, chain)
    # the reports are there again, and their curves have every refresh that had one
    measures = pl.read_csv(place.refreshes / chain[-1] / "reports" / "validation" / "data" / "measures.csv")
    assert measures.height and publish.published_chain(place) == chain
    assert all((place.refreshes / one / "reports" / "validation" / "validation.en.html").exists() for one in chain)


def _keeping_the_hash(home: Path, who: str) -> set[str]:
    found = {name for name, _ in search(home, [who])[1]}
    return {name for name in found if name == "events/journal.jsonl" or name.endswith("/manifest.json")}


def _says_what_a_person_has_to_do(done: Retracted, place: Home, chain: list[str]) -> None:
    lines = "\n".join(done.lines)
    assert not done.is_clean, "the brother's note speaks of him"
    assert f'cases.xlsx, sheet "Data", line {BROTHER + 1}, column {len(COLUMNS) - 1}: a text that speaks' in lines
    assert f'cases.xlsx, sheet "Data", line {HIM + 1}: a merged cell that reaches over rows' in lines
    exported = next(event for event in journal.events(place.events) if event["event"] == "exported")
    assert f"exported of {exported['at']} (journal {exported['sequence']}): parquet of {chain[-1]}" in lines
    text = next(place.landing.glob("text/*.parquet"))
    wards = [
        cells[-1]
        for path in place.landing.glob("text/*.parquet")
        for cells in pl.read_parquet(path).filter(sheet="Data", line=BROTHER + 1)["cells"]
    ]
    assert wards == ["Ward Seven"], "the merged cell is the brother's too"
    assert not landed_path(place.landing, text.name.partition("-")[0]).exists()


SHEET = {"sheet": pl.String, "line": pl.Int64, "cells": pl.List(pl.String)}


def test_a_merged_cell_over_two_patients_stays_the_other_ones(tmp_path: Path) -> None:
    rows = [("A", 2, ["P1", "x", "shared"]), ("A", 3, ["P2"]), ("A", 4, ["P2", "y", "own"]), ("B", 2, ["P1", "z"])]
    kept = tmp_path / "text" / "f00-2.parquet"
    kept.parent.mkdir()
    pl.DataFrame(rows, schema=SHEET, orient="row").write_parquet(kept)
    about = {"sheets": [{"name": "A", "merged": [[2, 3, 3, 3], [2, 2, 2, 4]]}, {"name": "B", "merged": []}]}
    kept.with_suffix(".json").write_text(json.dumps(about), encoding="utf-8")
    shared = {"A": [redaction.Shared(line=2, column=3, stays=3)]}
    for _ in range(2):  # an erasure that was cut short does it again
        redaction.redact(tmp_path, "f00", {"A": [2], "B": [2]}, shared)
        assert pl.read_parquet(kept)["cells"].to_list() == [[], ["P2", None, "shared"], ["P2", "y", "own"], []]
        told = json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))
        assert [sheet["merged"] for sheet in told["sheets"]] == [[[3, 3, 3, 3], [2, 2, 2, 4]], []]


@pytest.mark.parametrize(
    ("text", "is_mention"),
    [
        ("his brother is PX-0031", True),
        ("see px-0031.", True),
        ("PX-0031", False),  # the whole cell: another column's business
        ("PX-00312", False),
        ("spoke to Quokka Joey yesterday", True),
        ("spoke to Joey Quokka", True),
        ("joeyquokka", False),
    ],
)
def test_a_row_that_speaks_of_the_patient_is_told_by_its_place(tmp_path: Path, text: str, is_mention: bool) -> None:
    (tmp_path / "text").mkdir()
    for sha256 in ("own", "other"):
        frame = pl.DataFrame([("A", 7, ["PX-0040", None, text])], schema=SHEET, orient="row")
        frame.write_parquet(tmp_path / "text" / f"{sha256}-2.parquet")
    found = mentions.mentions(tmp_path, {"own": "cases.xlsx"}, {"PX-0031"}, {"Joey Quokka"})
    by_value = "uokka" in text
    expected = ([("cases.xlsx", "A", 7, 3)] + [("other", "A", 7, 3)] * by_value) if is_mention else []
    assert found.rows() == expected


def test_what_people_keep_in_the_home_is_told_and_stays(tmp_path: Path) -> None:
    theirs = {"manuscript/draft.md", "packs/.old.new", ".notes/x.txt", "landing.txt", "centres/aa01/notes.md"}
    unread = {".venv/pyvenv.cfg", ".venv/lib/drugs.csv", ".git/config"}
    gone = {".prefect/log", ".registry.duckdb.new", "landing/.incoming-1", "refreshes/.tmp-R/core/a.csv"}
    stays = {"landing/text/a.txt", "refreshes/R/reports/page.html"}
    for name in theirs | unread | gone | stays:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("on quokkanib since May", encoding="utf-8")
    proof = erase.Proof("aa01ff")
    erase._search(Home(tmp_path), "aa01ff", {"quokkanib"}, proof)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == theirs | unread | stays
    assert {name for name, _ in proof.found} == theirs | stays and not proof.is_clean
    assert {where for _, where, _ in proof.places} == gone


@pytest.mark.parametrize(
    "written", [json.dumps, lambda text: html.escape(text), lambda text: f'"{text.replace(chr(34), chr(34) * 2)}"']
)
def test_a_value_is_found_as_a_file_has_to_write_it(tmp_path: Path, written: Callable[[str], str]) -> None:
    value = 'Jäger "Süd" <4711>'
    (tmp_path / "file.txt").write_text(written(value), encoding="utf-8")
    assert search(tmp_path, [value, "not there at all"]) == (1, [("file.txt", 1)])
