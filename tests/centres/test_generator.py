"""The demo is what it says: reproducible, complete, true to its answer key, and harmless where it claims to be."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import demo_words
import numpy as np
import openpyxl
import pytest
from demo_delivery import Cell, Delivery
from demo_design import COHORT
from demo_fit import log_rank, median_time
from demo_generate import SEED, Answer, deliveries, files, generate

HERE = Path(__file__).parent
INCOMING = HERE.parents[1] / "examples" / "three-centres" / "incoming"
DECIDING = {
    "patient": ("born_on", "legal_basis", "withdrawal_on", "link_token"),
    "tumour": ("histology", "metastatic_on", "is_locally_advanced_only", "is_other_malignancy_active", "is_index"),
    "treatment_line": ("line_stated", "setting", "started_on", "stopped_on"),
    "drug_exposure": ("agent", "started_on", "stopped_on", "is_ongoing", "is_administered"),
    "response_assessment": ("assessed_on", "overall"),
    "follow_up": ("contact_on", "contact_type", "status", "death_on"),
}
"""Fields on which eligibility, time zero, a group or an end point can hang."""


@pytest.fixture(scope="session")
def committed() -> tuple[list[Delivery], Answer]:
    """The demo of the committed seed as sheets, and its key."""
    written, *_ = deliveries(SEED, faults=True, fit=True)
    return written, generate(SEED, None)


# --- files --------------------------------------------------------------------------------------------------------


def test_same_seed_gives_the_same_bytes_and_key(tmp_path: Path) -> None:
    once = generate(7, tmp_path / "one", fit=False)
    again = generate(7, tmp_path / "two", fit=False)
    written = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(written) == 13
    assert all((tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes() for path in written)
    assert once.text() == again.text()


def test_another_seed_gives_other_people() -> None:
    assert generate(7, None, fit=False).patients != generate(8, None, fit=False).patients


def test_committed_files_are_what_the_seed_gives(committed: tuple[list[Delivery], Answer]) -> None:
    written, answer = committed
    made = {f"{delivery.centre}/{name}": body for delivery in written for name, body in files(delivery).items()}
    found = {
        path.relative_to(INCOMING).as_posix(): path.read_bytes() for path in INCOMING.glob("*/*") if path.is_file()
    }
    assert sorted(found) == sorted(made)
    assert [name for name in made if found[name] != made[name]] == []
    assert (HERE / "answer_key.json").read_text(encoding="utf-8") == answer.text()


def test_every_committed_file_says_that_it_is_synthetic() -> None:
    texts = {path: _read_all(path) for path in INCOMING.glob("*/*.*")}
    assert len(texts) == 13
    assert [str(path) for path, text in texts.items() if demo_words.NOTICE not in text] == []
    for sheet in openpyxl.load_workbook(next(INCOMING.glob("hn01/*.xlsx"))):
        assert sheet["A1"].value == demo_words.NOTICE
    assert demo_words.NOTICE in (INCOMING / "README.md").read_text(encoding="utf-8")


def _read_all(path: Path) -> str:
    if path.suffix == ".xlsx":
        return " ".join(str(cell) for sheet in openpyxl.load_workbook(path) for row in sheet.values for cell in row)
    body = path.read_bytes()
    return body.decode("gb18030" if path.parent.name == "hn02" and path.stem != "adverse_event" else "utf-8", "replace")


def test_clean_delivery_repeats_no_row() -> None:
    for delivery in deliveries(SEED, faults=False, fit=False)[0]:
        for sheet in delivery.sheets:
            rows = Counter(repr(row.cells) for row in sheet.rows if any(row.tables))
            assert [row for row, count in rows.items() if count > 1] == []


# --- faults ---------------------------------------------------------------------------------------------------------


def test_there_are_enough_faults(committed: tuple[list[Delivery], Answer]) -> None:
    answer = committed[1]
    assert len(answer.faults) >= 40
    assert len({fault["kind"] for fault in answer.faults}) >= 20
    assert len({fault["rule"] for fault in answer.faults}) >= 20
    assert {fault["centre"] for fault in answer.faults} == set(COHORT)
    assert len({fault["fault"] for fault in answer.faults}) == len(answer.faults)


def test_clean_variant_holds_natural_findings_alone() -> None:
    clean = generate(SEED, None, faults=False, fit=False)
    assert (clean.faults, clean.implied) == ([], [])
    assert {entry["rule"] for entry in clean.natural} == {
        "histology_doubtful",
        "drug_class_only",
        "no_follow_up",
        "patient_at_two_centres",
    }


def _cells(body: bytes, name: str, centre: str) -> dict[tuple[str, int], list[Any]]:
    """Cells by sheet and physical line, read back by nothing of ours."""
    if name.endswith(".xlsx"):
        book = openpyxl.load_workbook(BytesIO(body))
        return {
            (sheet.title, line): list(row)
            for sheet in book
            for line, row in enumerate(sheet.iter_rows(values_only=True), 1)
        }
    codec = "gb18030" if centre == "hn02" and name != "adverse_event.csv" else "utf-8-sig"
    reader = csv.reader(StringIO(body.decode(codec, "replace"), newline=""))
    found, before = {}, 0
    for row in reader:
        found["", before + 1] = row
        before = reader.line_num
    return found


def test_each_entry_points_at_its_cell(committed: tuple[list[Delivery], Answer]) -> None:
    written, answer = committed
    read = {
        (delivery.centre, name): _cells(body, name, delivery.centre)
        for delivery in written
        for name, body in files(delivery).items()
    }
    sheets = {(d.centre, s.file, s.name): s for d in written for s in d.sheets}
    rows = {
        (place, line): row
        for place, sheet in sheets.items()
        for row, line in zip(sheet.rows, sheet.lines(), strict=True)
    }
    for entry in [*answer.faults, *answer.implied, *answer.natural, *answer.quirks]:
        place = (entry["centre"], entry["file"], entry["sheet"])
        sheet = sheets[place]
        row = read[place[:2]][entry["sheet"], entry["line"]]
        expected = rows[place, entry["line"]]
        assert expected.patient == entry["local_patient"]
        if entry["column"]:
            at = sheet.position(entry["column"])
            merged_away = row[at] is None and entry["sheet"] == "治疗线" and at == 0
            assert merged_away or _same(row[at], expected.cells[at]), entry


def _same(read: Any, written: Cell) -> bool:
    if written is None:
        return read in (None, "")
    if isinstance(written, date):
        return bool(read.date() == written)
    return str(read).replace("\ufffd", "?") == str(written).replace("\ue000", "?")


def test_faults_leave_what_decides_of_the_cohort_alone() -> None:
    clean, _, people, _ = deliveries(SEED, faults=False, fit=False)
    faulty, _, _, _ = deliveries(SEED, faults=True, fit=False)
    cohort = {(p.centre, p.local_id) for p in people if p.truth.in_cohort}

    def deciding(delivered: list[Delivery]) -> dict[str, set[str]]:
        return {
            table: {
                repr((delivery.centre, row.patient, [delivery.get(row, table, field) for field in fields]))
                for delivery in delivered
                for row in delivery.rows(table)
                if (delivery.centre, row.patient) in cohort
            }
            for table, fields in DECIDING.items()
        }

    before, after = deciding(clean), deciding(faulty)
    assert all(before.values())
    assert before == after


# --- the fit --------------------------------------------------------------------------------------------------------


def test_the_committed_cohort_is_fitted(committed: tuple[list[Delivery], Answer]) -> None:
    fit = committed[1].fit
    assert fit["is_met"]
    for median in fit["medians"]:
        assert abs(median["achieved_months"] - median["target_months"]) <= median["tolerance"]
    for comparison in fit["comparisons"]:
        low, high = comparison["target_p"]
        assert low <= comparison["achieved_p"] < high
        assert comparison["first_better"]


def test_log_rank_against_r() -> None:
    """R> survdiff(Surv(time, status) ~ x, aml)  # survival 3.5-3: chisq 3.396389 on 1 df, p 0.06534"""
    maintained = [(9, 1), (13, 1), (13, 0), (18, 1), (23, 1), (28, 0), (31, 1), (34, 1), (45, 0), (48, 1), (161, 0)]
    others = [(5, 1), (5, 1), (8, 1), (8, 1), (12, 1), (16, 0), (23, 1), (27, 1), (30, 1), (33, 1), (43, 1), (45, 1)]
    table = np.array(maintained + others)
    times, events = table[:, 0], table[:, 1].astype(bool)
    first = np.arange(len(table)) < len(maintained)
    p, first_better = log_rank(times, events, first)
    assert p == pytest.approx(0.06533932, rel=1e-5)
    assert first_better
    assert median_time(times[first], events[first]) == 31
    assert median_time(times[~first], events[~first]) == 23


def test_median_on_a_flat_half_is_its_middle() -> None:
    """R> survfit(Surv(c(1, 2, 3, 4), c(1, 1, 1, 1)) ~ 1)  # median 2.5"""
    assert median_time(np.array([1, 2, 3, 4]), np.ones(4, dtype=bool)) == 2.5


# --- words ----------------------------------------------------------------------------------------------------------

OWN_WORDS = {"信迪", "卡瑞", "安罗", "PD-1单抗", "PD(新发)"}
"""Words of the hospitals that only a centre's map, or a class of the drug list, can code."""


def test_spellings_are_in_the_reference_lists(shared: Path) -> None:
    def words(name: str, *columns: str) -> set[str]:
        with (shared / "reference" / name).open(encoding="utf-8") as file:
            return {
                word.strip().casefold()
                for row in csv.DictReader(file)
                if row.get("needs_query", "0") == "0"
                for column in columns
                for word in row[column].split(";" if "names" in column else "\0")
            }

    def flat(*spellings: Iterable[tuple[str, ...]]) -> list[str]:
        return [text for texts in spellings for group in texts for text in group]

    sites = flat((zh, sided) for zh, _, sided in demo_words.SITES.values())
    events = flat((*zh, en) for zh, en in demo_words.EVENTS.values())
    spoken = {
        "histology_synonyms.csv": flat(demo_words.DIAGNOSES_ZH.values(), demo_words.DIAGNOSES_EN.values()),
        "drugs.csv": flat(demo_words.AGENTS_ZH.values(), demo_words.AGENTS_EN.values()),
        "ae_terms.csv": events,
        "response.csv": flat(demo_words.RESPONSES_ZH.values()),
        "line_coding.csv": list(demo_words.WORDS_ZH["line"].values()),
        "sites.csv": [*sites, *flat(demo_words.METASTASES.values())],
    }
    columns = {
        "histology_synonyms.csv": ("synonym",),
        "drugs.csv": ("generic", "brand_names", "chinese_names"),
        "ae_terms.csv": ("raw",),
        "response.csv": ("raw",),
        "line_coding.csv": ("raw",),
        "sites.csv": ("raw",),
    }
    unknown = {
        name: sorted({text for text in texts if text.casefold() not in words(name, *columns[name])} - OWN_WORDS)
        for name, texts in spoken.items()
    }
    assert unknown == {name: [] for name in spoken}


def test_key_is_json() -> None:
    key = json.loads((HERE / "answer_key.json").read_text(encoding="utf-8"))
    assert sum(patient["in_cohort"] for patient in key["patients"]) == 79
    assert key["notice"] == demo_words.NOTICE
