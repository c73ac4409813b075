"""Every rule of the two doors by example: delivered lines for the text door, typed rows for the pandera door."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import rule_cases

from schemas.canonical.base import ROW_RULES
from schemas.centre import Centre
from schemas.rules import parse_yaml, text_rules
from warehouse.centre_rows import type_centre
from warehouse.landing import land
from warehouse.row_door import empty_cells, row_faults

CENTRE = """
code: aa01
title: Hospital (synthetic)
language: en
timezone: Europe/Berlin
jurisdiction: DE
legal_basis: synthetic data
cut_off_on: 2024-06-30
source: {kind: file, path: incoming}
missing: {unknown: unknown}
tables:
  patient: {file: people.csv, patient: No, columns: {sex: Sex}}
  adverse_event:
    file: events.csv
    patient: No
    key: [No, Visit]
    columns: {term: Event, started_on: Began, grade: Grade, is_serious: Serious}
"""

PEOPLE = "No,Sex\n007,F\n008,M\n110105199001010017,F\n110105199001010000,F\n"

LINES = """
                    | No,Visit,Event,Began,Grade,Serious
                    | 007,1,diarrhoea,2021-03-05,2,yes
record_duplicate    | 007,1,diarrhoea,2021-03-05,2,yes
record_key_conflict | 007,1,diarrhoea,2021-03-05,3,yes
                    | 008,1,diarrhoea,2021-03-05,2,yes
                    | 110105199001010017,1,diarrhoea,2021-03-05,2,yes
key_rounded         | 110105199001010000,2,diarrhoea,2021-03-05,2,yes
key_rounded         | 1.10105E+17,2,diarrhoea,2021-03-05,2,yes
key_missing         | ,3,diarrhoea,2021-03-05,2,yes
key_missing         | unknown,3,diarrhoea,2021-03-05,2,yes
orphan_record       | 7,3,diarrhoea,2021-03-05,2,yes
row_too_long        | 007,4,diarrhoea, severe,2021-03-05,2,yes
                    | 007,5,"diarrhoea, severe",2021-03-05,2,yes
                    | 007,6,diarrhoea,2021-03-05,2,yes,,
row_too_short       | 007,7,diarrhoea,2021-03-05,2
                    | 007,8,diarrhoea,2021-03-05,2,
bytes_undecodable   | 007,9,diarrh¤oea,2021-03-05,2,yes
                    | 007,10,腹泻,2021-03-05,2,yes
excel_error_value   | 007,11,diarrhoea,#VALUE!,2,yes
excel_error_value   | 007,12,diarrhoea,2021-03-05,#DIV/0!,yes
date_unreadable     | 007,13,diarrhoea,05/03/2021,2,yes
date_unreadable     | 007,14,diarrhoea,soon,2,yes
                    | 007,15,diarrhoea,2021年3月,2,yes
                    | 007,16,diarrhoea,unknown,2,yes
date_impossible     | 007,17,diarrhoea,2021-02-29,2,yes
                    | 007,18,diarrhoea,2020-02-29,2,yes
date_in_future      | 007,19,diarrhoea,2024-07-01,2,yes
                    | 007,20,diarrhoea,2024-06-30,2,yes
                    | 007,21,diarrhoea,2024-06,2,yes
number_unreadable   | 007,22,diarrhoea,2021-03-05,2 to 3,yes
number_unreadable   | 007,23,diarrhoea,2021-03-05,2.5,yes
                    | 007,24,diarrhoea,2021-03-05,III,yes
boolean_unreadable  | 007,25,diarrhoea,2021-03-05,2,perhaps
                    | 007,26,diarrhoea,2021-03-05,2,是
                    | 007,27,diarrhoea,2021-03-05,2,unknown
"""  # fmt: skip

ROWS = {
    "born_before_1900": """
        patient
        born_on    | verdict
        1900-01-01 | sound
        1899-12-31 | FAULT
        1899       | FAULT
        1900       | sound
                   |
        """,
    "size_out_of_range": """
        tumour
        size_mm | verdict
        1       | sound
        600     | sound
        0.9     | FAULT
        601     | FAULT
                |
        """,
    "procedure_stop_before_start": """
        procedure
        started_on | stopped_on | verdict
        2021-03-05 | 2021-03-05 | sound
        2021-03-05 | 2021-03-04 | FAULT
        2021-03    | 2021-02    | FAULT
        2021-03-05 | 2021-03    | sound
        2021-03-05 |            |
                   | 2021-03-04 |
        """,
    "line_stop_before_start": """
        treatment_line
        started_on | stopped_on | verdict
        2021-03-05 | 2021-03-05 | sound
        2021-03-05 | 2021-03-04 | FAULT
        2021-03-05 | 2021       | sound
        2021-03-05 |            |
        """,
    "stop_before_start": """
        drug_exposure
        started_on | stopped_on | verdict
        2021-03-05 | 2021-03-05 | sound
        2021-03-05 | 2021-03-04 | FAULT
        2021-03-05 | 2021-02    | FAULT
        2021-03-05 |            |
        """,
    "cycles_out_of_range": """
        drug_exposure
        cycles | verdict
        1      | sound
        120    | sound
        0      | FAULT
        121    | FAULT
               |
        """,
    "dose_negative": """
        drug_exposure
        dose | verdict
        0.1  | sound
        0    | FAULT
        -200 | FAULT
             |
        """,
    "target_sum_out_of_range": """
        response_assessment
        target_sum_mm | verdict
        0             | sound
        1000          | sound
        1000.5        | FAULT
                      |
        """,
    "grade_out_of_range": """
        adverse_event
        grade | verdict
        1     | sound
        5     | sound
        0     | FAULT
        6     | FAULT
              |
        """,
}  # fmt: skip

ALL_ROW_RULES = {name: table for table, rules in ROW_RULES.items() for name in rules}


def delivered(incoming: Path, landing: Path) -> Path:
    """The folder of the typed rows of LINES, delivered as files; ¤ stands for a byte that UTF-8 does not know."""
    for folder in (incoming, landing):
        folder.mkdir(parents=True, exist_ok=True)
    lines = [line.split("|", 1)[1].strip() for line in LINES.strip("\n").splitlines()]
    text = "\n".join([*lines, ""]).encode().replace("¤".encode(), b"\xff")
    (incoming / "events.csv").write_bytes(text)
    (incoming / "people.csv").write_text(PEOPLE, encoding="utf-8")
    centre = Centre.model_validate(parse_yaml(CENTRE))
    return type_centre(centre, land(sorted(incoming.iterdir()), landing), landing, b"secret").folder


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return delivered(tmp_path_factory.mktemp("incoming"), tmp_path_factory.mktemp("landing"))


def marks() -> dict[int, str]:
    """Physical line -> rule, of the lines of LINES at fault."""
    told = (line.split("|", 1)[0].strip() for line in LINES.strip("\n").splitlines())
    return {number: rule for number, rule in enumerate(told, 1) if rule}


def test_the_text_door_finds_each_fault_in_its_line_and_no_other(export: Path) -> None:
    found = pl.read_parquet(export / "finding.parquet").filter(pl.col("table_name") == "adverse_event")
    told = sorted((line, rule) for line, rule in found.select("line", "rule").iter_rows())
    assert told == sorted(marks().items())


def test_what_happens_to_a_row_is_what_its_rule_says(export: Path) -> None:
    kept = pl.read_parquet(export / "adverse_event.parquet")
    lines = {int(row.rsplit(":", 1)[1]) for row in kept["source_rows"].explode()}
    gone = {
        line
        for line, rule in marks().items()
        if text_rules()[rule].action == "quarantine_row" or rule == "record_duplicate"
    }
    everything = set(range(2, len(LINES.strip().splitlines()) + 1))
    assert lines == everything - gone


def test_a_cell_at_fault_is_empty_and_its_row_stays(export: Path) -> None:
    kept = pl.read_parquet(export / "adverse_event.parquet").with_columns(
        line=pl.col("source_rows").list.first().str.split(":").list.last().cast(pl.Int64)
    )
    columns = {
        "date_unreadable": "started_on_earliest", "date_impossible": "started_on_earliest",
        "date_in_future": "started_on_earliest", "number_unreadable": "grade", "boolean_unreadable": "is_serious",
        "bytes_undecodable": "term_source",
    }  # fmt: skip
    for line, rule in marks().items():
        if rule in columns:
            row = kept.row(by_predicate=pl.col("line") == line, named=True)
            assert row[columns[rule]] is None, rule
            assert [row["term_source"], row["started_on"], row["grade"], row["is_serious"]].count(None) == 1, rule


@pytest.mark.parametrize("rule", ROWS)
def test_the_pandera_door_judges_one_row_by_itself(rule: str) -> None:
    (block,) = rule_cases.blocks(ROWS[rule])
    rows = typed_case(rule)
    faults = row_faults(block.table, rows).filter(pl.col("rule") == rule)
    at_fault = {rows["record_key"][index] for index in faults["index"]}
    assert at_fault == rule_cases.expected(rule, ROWS[rule]).faults


@pytest.mark.parametrize("rule", ROWS)
def test_only_a_rule_that_says_so_empties_the_cell(rule: str) -> None:
    table = ALL_ROW_RULES[rule]
    declared = ROW_RULES[table][rule]
    rows = typed_case(rule)
    faults = row_faults(table, rows)
    after = empty_cells(table, rows, faults)
    hit = pl.Series(range(rows.height)).is_in(faults["index"].to_list())
    for field in declared.fields:
        if declared.action == "null_cell":
            assert after.filter(hit)[field].null_count() == hit.sum()
        else:
            assert after[field].equals(rows[field])
        assert after.filter(~hit)[field].equals(rows.filter(~hit)[field])


def typed_case(rule: str) -> pl.DataFrame:
    """The rows of a case as the text door would hand them on."""
    (block,) = rule_cases.blocks(ROWS[rule])
    keys = [rule_cases.record_key(rule, block.table, number) for number in range(1, len(block.rows) + 1)]
    names = [name for name in block.rows[0] if name != "verdict"]
    texts = pl.DataFrame(
        {name: [row[name] or None for row in block.rows] for name in names}, schema=dict.fromkeys(names, pl.String)
    )
    return rule_cases.typed(
        block.table, texts.with_columns(centre=pl.lit("aa01"), patient_id=pl.lit("p1"), record_key=pl.Series(keys))
    )


def test_every_rule_of_the_text_door_has_a_line() -> None:
    of_a_line = {name for name, rule in text_rules().items() if rule.scope != "centre"}  # tests/test_corrections.py
    assert of_a_line - set(marks().values()) == set()


def test_every_row_rule_has_a_case_with_a_fault_and_a_sound_neighbour() -> None:
    asked = {rule: rule_cases.expected(rule, text) for rule, text in ROWS.items()}
    assert set(asked) == set(ALL_ROW_RULES)
    assert [rule for rule, verdict in asked.items() if not 0 < len(verdict.faults) < verdict.judged] == []
