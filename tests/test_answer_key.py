"""The demonstration against its answer key: every planted fault found where it lies, nothing else found, every end
point equal to the generator's truth; for the committed export and for three other seeds.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import demo_generate
import polars as pl
import pytest
import small_home

from schemas import links
from warehouse.build import rule_book
from warehouse.home import SYNTHETIC_SECRET, Home
from warehouse.query import read
from warehouse.text_door import pseudonym

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "three-centres"
COMMITTED = json.loads((ROOT / "tests" / "centres" / "answer_key.json").read_text(encoding="utf-8"))
TABLES = (
    "quality.finding", "quality.row_account", "mart.adtte", "mart.best_response", "mart.cohort", "mart.exclusion", "mart.time_zero",
    "mart.derived_line", "core.patient", "meta.delivery_file",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A refreshed home and the key of its export."""

    tables: dict[str, pl.DataFrame]
    key: dict[str, Any]

    def truth(self) -> pl.DataFrame:
        """The generator's patients with the registry's pseudonym."""
        patients = pl.DataFrame(self.key["patients"], infer_schema_length=None)
        ids = [
            pseudonym(SYNTHETIC_SECRET, centre, local) for centre, local in patients.select("centre", "local_id").rows()
        ]
        return patients.with_columns(patient_id=pl.Series(ids))


def decide_who_is_one_person(root: Path, key: dict[str, Any]) -> None:
    """Write the decision that the committed links.yaml holds, with the pseudonyms of this seed."""
    found = [entry for entry in key["natural"] if entry["rule"] == "patient_at_two_centres"]
    pair = sorted(pseudonym(SYNTHETIC_SECRET, entry["centre"], entry["local_patient"]) for entry in found)
    decision = {
        "pair": pair,
        "decision": "same",
        "agreed_by": "data managers",
        "agreed_on": "2024-10-14",
        "reason": "seed",
    }
    (root / links.FILE).write_text(json.dumps({"pairs": [decision]}), encoding="utf-8")  # JSON is YAML


def case_of(root: Path, key: dict[str, Any]) -> Case:
    return Case(read(Home(root), TABLES), key)


def refreshed(root: Path, key: dict[str, Any]) -> Case:
    small_home.refresh(root)
    return case_of(root, key)


SLOW = [pytest.param(seed, marks=pytest.mark.slow) for seed in (12, 13)]


@pytest.fixture(scope="session", params=["committed", 11, *SLOW, "clean"])
def case(request: pytest.FixtureRequest, example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    if request.param == "committed":
        return case_of(example_home, COMMITTED)
    root = tmp_path_factory.mktemp("home") / "demo"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("incoming"))
    seed = 11 if request.param == "clean" else request.param
    answer = demo_generate.generate(seed, root / "incoming", faults=request.param != "clean", fit=False)
    key = json.loads(answer.text())
    decide_who_is_one_person(root, key)
    return refreshed(root, key)


def listed(key: dict[str, Any], *parts: str) -> Counter[tuple[Any, ...]]:
    """Rule and place of the entries in these parts of a key."""
    entries = [entry for part in parts for entry in key[part]]
    return Counter((f["rule"], f["centre"], f["file"], f["sheet"], f["line"], f["table"]) for f in entries)


def found_findings(case: Case) -> Counter[tuple[Any, ...]]:
    columns = ["rule", "centre", "file", "sheet", "line", "table_name"]
    return Counter(case.tables["quality.finding"].select(columns).rows())


def test_every_planted_fault_is_found_where_it_lies(case: Case) -> None:
    assert sorted((listed(case.key, "faults", "natural") - found_findings(case)).elements()) == []


def test_nothing_else_is_found(case: Case) -> None:
    """Not even what a planted fault brings about, but for the very records the key names as its consequences."""
    assert sorted((found_findings(case) - listed(case.key, "faults", "natural", "implied")).elements()) == []


def test_a_consequence_is_asked_after_its_cause(case: Case) -> None:
    """What the key calls a consequence, its rule says is explained by the fault's, which lies in the same person."""
    book = rule_book()
    planted = {(fault["rule"], fault["centre"], fault["local_patient"]) for fault in case.key["faults"]}
    for entry in case.key["implied"]:
        rule, because = entry["rule"], entry["because"]
        assert because == rule or because in book[rule].explained_by, (rule, because)
        assert (because, entry["centre"], entry["local_patient"]) in planted, (rule, because)


def test_the_key_is_worth_the_name() -> None:
    assert len(COMMITTED["faults"]) >= 40
    assert len({fault["kind"] for fault in COMMITTED["faults"]}) >= 20


def test_every_row_is_accounted_for(case: Case) -> None:
    account = case.tables["quality.row_account"]
    parts = ["loaded", "quarantined", "duplicate", "superseded", "out_of_scope", "retracted"]
    assert account.filter(pl.col("delivered") != pl.sum_horizontal(parts)).is_empty()
    assert account["delivered"].sum() > 0


def test_79_patients_and_everyone_else_with_a_reason(case: Case) -> None:
    truth, cohort, exclusion = case.truth(), case.tables["mart.cohort"], case.tables["mart.exclusion"]
    assert cohort.height == 79
    assert set(cohort["patient_id"]) == set(truth.filter("in_cohort")["patient_id"])
    outside = truth.filter(~pl.col("in_cohort")).join(exclusion, on="patient_id", how="full", coalesce=True)
    assert outside.filter(pl.col("first_reason").ne_missing(pl.col("first_reason_code"))).is_empty()
    assert cohort.height + exclusion.height == case.tables["core.patient"].height


def test_groups_and_lines_are_the_generators(case: Case) -> None:
    joined = case.tables["mart.cohort"].join(case.truth(), on="patient_id", suffix="_true")
    assert joined.height == 79
    for column in ("histology_group", "line_group", "regimen_group"):
        assert joined.filter(pl.col(column).ne_missing(pl.col(f"{column}_true"))).is_empty(), column
    assert joined.filter(pl.col("entity_code").ne_missing(pl.col("entity"))).is_empty()
    assert joined.filter(pl.col("index_on") != pl.col("index_on_true").str.to_date()).is_empty()


def test_every_derived_line_is_the_generators(case: Case) -> None:
    """Number and first dose of each palliative line; but of hosts whose drugs or metastases a fault has changed."""
    spoilt = {
        (fault["centre"], fault["local_patient"])
        for fault in case.key["faults"]
        if fault["table"] == "drug_exposure" or fault["rule"] in ("histology_missing", "no_tumour")
    }
    truth = case.truth()
    kept = truth.filter([(centre, local) not in spoilt for centre, local in truth.select("centre", "local_id").rows()])
    lines = case.tables["mart.derived_line"].drop_nulls("line_number").sort("patient_id", "line_number")
    derived: dict[str, list[dict[str, object]]] = {patient: [] for patient in kept["patient_id"]}
    for patient, number, started_on in lines.select("patient_id", "line_number", "started_on").rows():
        if patient in derived:
            derived[patient].append({"line": number, "started_on": started_on.isoformat()})
    wrong = [
        label
        for label, patient, due in kept.select("label", "patient_id", "derived_lines").rows()
        if derived[patient] != due
    ]
    assert wrong == []
    assert len(derived) > 85 and sum(kept["in_cohort"]) > 70


def test_the_index_line_is_derived_and_stated_alike(case: Case) -> None:
    joined = case.tables["mart.cohort"].join(case.truth(), on="patient_id", suffix="_true")
    assert joined.filter(pl.col("line_derived").ne_missing(pl.col("line_true"))).is_empty()
    for column in ("line_group_stated", "line_group_derived"):
        assert joined.filter(pl.col(column).ne_missing(pl.col("line_group_true"))).is_empty()
    assert (joined["line_basis_code"] == "derived").sum() > 60


@pytest.mark.parametrize(("param", "name"), [("OS", "os"), ("PFSEMA", "pfs")])
def test_every_time_is_the_generators(case: Case, param: str, name: str) -> None:
    adtte = case.tables["mart.adtte"].filter(pl.col("PARAMCD") == param)
    joined = adtte.join(case.truth().filter("in_cohort"), on="patient_id")
    assert joined.height == 79
    wrong = joined.filter(
        pl.col("AVAL").ne_missing(pl.col(f"{name}_days"))
        | pl.col("CNSR").ne_missing(1 - pl.col(f"{name}_event").cast(pl.Int64))
    )
    assert wrong.select("patient_id", "AVAL", f"{name}_days", "CNSR", f"{name}_event", "NEREASON").rows() == []
    assert joined.filter(pl.col("ADT") - pl.col("STARTDT") != pl.duration(days="AVAL")).is_empty()


@pytest.mark.parametrize("param", ["PFSFDA", "PFSRWD", "TTNT", "TTD", "DOR"])
def test_every_other_end_point_is_the_generators(case: Case, param: str) -> None:
    """Equal, or not evaluable for a fault that was planted."""
    truth = {row["patient_id"]: row["end_points"].get(param) for row in case.truth().filter("in_cohort").to_dicts()}
    rows = case.tables["mart.adtte"].filter(pl.col("PARAMCD") == param)
    planted = {f"{fault['rule']}: {fault['table']}.{fault['field']}" for fault in case.key["faults"]}
    assert set(rows["NEREASON"].drop_nulls()) <= planted
    assert set(rows["patient_id"]) == {patient for patient, ending in truth.items() if ending is not None}
    wrong = [
        (patient, truth[patient], [days, cnsr])
        for patient, days, cnsr, reason in rows.select("patient_id", "AVAL", "CNSR", "NEREASON").rows()
        if reason is None and truth[patient] != [days, cnsr]
    ]
    assert wrong == []


def test_every_best_response_is_the_generators(case: Case) -> None:
    truth = {row["patient_id"]: row["end_points"] for row in case.truth().filter("in_cohort").to_dicts()}
    rows = case.tables["mart.best_response"].filter(pl.col("criteria_code") == "RECIST 1.1")
    found = {row["patient_id"]: (row["best_code"], row["confirmed_code"]) for row in rows.to_dicts()}
    assert found == {patient: (of["best"], of["confirmed"]) for patient, of in truth.items()}


def test_quirks_are_read_silently_and_right(example_home: Path) -> None:
    tables = {quirk["table"] for quirk in COMMITTED["quirks"]}
    core = read(Home(example_home), [f"core.{table}" for table in tables])
    files = read(Home(example_home), ["meta.delivery_file"])["meta.delivery_file"]
    hashes = {(centre, file): code for centre, file, code in files.select("centre", "file", "file_hash").rows()}
    wrong = []
    for quirk in COMMITTED["quirks"]:
        row_id = f"{hashes[quirk['centre'], quirk['file']]}:{quirk['sheet']}:{quirk['line']}"
        rows = core[f"core.{quirk['table']}"].filter(pl.col("source_rows").list.contains(row_id))
        if rows.is_empty() or (quirk["field"] and not same(rows.row(0, named=True), quirk)):
            wrong.append((quirk["kind"], quirk["field"], quirk["line"]))
    assert wrong == []


def same(row: dict[str, Any], quirk: dict[str, Any]) -> bool:
    """Whether the core row holds what the quirk was meant to say: a day, a month by its bounds, a number, a text."""
    field, expected = quirk["field"], quirk["expected"]
    if field == "patient_id":
        return bool(row["patient_id"] == pseudonym(SYNTHETIC_SECRET, quirk["centre"], expected))
    value = row[field] if field in row else row[f"{field}_source"]
    if expected is None:
        return value is None
    if field.endswith("_on"):
        return (value or row[f"{field}_earliest"]).isoformat().startswith(expected)
    if isinstance(value, float):
        return value == float(expected)
    return str(value).casefold() == str(expected).casefold()
