"""OMOP's files against the column list of the CDM, and against the core tables."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest

from flows.exporting import EXPORTED, export
from schemas.standards import table
from warehouse import journal, permitted
from warehouse.exports.omop import TABLES
from warehouse.home import Home, file_hash

PROGRESSED = ["PD", "iCPD", "PMD"]


@pytest.fixture(scope="module")
def folder(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("omop") / "out"
    export(demo, "omop", folder)
    return folder


@pytest.fixture(scope="module")
def files(folder: Path) -> dict[str, pl.DataFrame]:
    return {path.stem: pl.read_csv(path, infer_schema=False) for path in folder.glob("*.csv")}


@pytest.mark.parametrize("name", TABLES)
def test_a_file_has_the_columns_of_the_cdm_in_order_and_of_their_types(
    files: dict[str, pl.DataFrame], name: str
) -> None:
    fields = table("omop54").filter(pl.col("table") == name)
    rows = files[name]
    assert rows.columns == fields["column"].to_list() and rows.height > 0
    for column, kind, required in fields.select("column", "type", "required").iter_rows():
        values = rows[column].drop_nulls()
        assert required == "no" or len(values) == rows.height, column
        if kind == "integer":
            assert values.cast(pl.Int64).len() == len(values)
        elif kind == "float":
            assert values.cast(pl.Float64).is_finite().all()
        elif kind == "date":
            assert values.str.contains(r"^\d{4}-\d{2}-\d{2}$").all() and len(values.str.to_date()) == len(values)
        elif limit := re.fullmatch(r"varchar\((\d+)\)", kind):
            assert (values.str.len_chars() <= int(limit[1])).all(), column


def test_keys_are_unique_and_foreign_keys_hold(files: dict[str, pl.DataFrame]) -> None:
    """The keys that OHDSI's field list declares; a table that is not exported is referred to by nobody."""
    fields, concepts = table("omop54"), set(table("omop_concept")["concept_id"]) | {"0"}
    held = 0
    for name, column, is_key, target in fields.select("table", "column", "is_key", "refers_to").iter_rows():
        values = files[name][column].drop_nulls()
        assert is_key == "no" or values.is_unique().all(), column
        if target is None:
            continue
        parent, key = target.split(".")
        known = concepts if parent == "concept" else set(files[parent][key]) if parent in files else set()
        assert set(values) <= known, (name, column)
        held += bool(len(values))
    assert held >= 30


def test_concepts_that_are_named_are_used(files: dict[str, pl.DataFrame]) -> None:
    used = {
        value for rows in files.values() for column in rows.columns if "concept_id" in column for value in rows[column]
    }
    assert set(table("omop_concept")["concept_id"]) <= used


def test_a_progression_is_an_episode_of_its_day(demo: Path, files: dict[str, pl.DataFrame]) -> None:
    told = permitted.read(Home(demo), ["core.response_assessment"])[0]["core.response_assessment"]
    persons = files["person"]["person_source_value"]
    wanted = told.filter(
        pl.col("overall_code").is_in(PROGRESSED), pl.col("patient_id").is_in(persons.implode())
    ).select("patient_id", pl.col("assessed_on_earliest").cast(pl.String))
    episodes = files["episode"].filter(pl.col("episode_concept_id") == "32677")
    found = episodes.join(files["person"], on="person_id").select("person_source_value", "episode_start_date")
    assert sorted(found.iter_rows()) == sorted(wanted.drop_nulls().unique().iter_rows()) and len(found) > 200
    assert episodes["episode_parent_id"].null_count() < len(episodes) / 4


def test_ids_are_unique_and_references_hold(files: dict[str, pl.DataFrame]) -> None:
    for name, rows in files.items():
        if f"{name}_id" in rows.columns:
            assert rows[f"{name}_id"].is_unique().all(), name
        if "person_id" in rows.columns:
            assert rows["person_id"].is_in(files["person"]["person_id"].implode()).all(), name
    events, episodes = files["episode_event"], files["episode"]
    assert events["episode_id"].is_in(episodes["episode_id"].implode()).all()
    for field, name in (("1147127", "condition_occurrence"), ("1147094", "drug_exposure")):
        found = events.filter(pl.col("episode_event_field_concept_id") == field)["event_id"]
        assert len(found) > 50 and found.is_in(files[name][f"{name}_id"].implode()).all()
    disease = episodes.filter(pl.col("episode_concept_id") == "32528")["episode_id"]
    parents = episodes["episode_parent_id"].drop_nulls()
    assert len(parents) > 200 and parents.is_in(disease.implode()).all()
    assert files["death"]["person_id"].is_unique().all() and files["observation_period"]["person_id"].is_unique().all()
    spans = files["observation_period"]
    assert (spans["observation_period_start_date"] <= spans["observation_period_end_date"]).all()


def test_rows_and_those_left_out_are_the_core_tables(demo: Path, folder: Path, files: dict[str, pl.DataFrame]) -> None:
    out: dict[str, int] = {}
    for item in json.loads((folder / "manifest.json").read_text())["left_out"]:
        out[item["dataset"]] = out.get(item["dataset"], 0) + item["rows"]
    names = ("core.patient", "core.tumour", "core.drug_exposure", "core.procedure", "core.treatment_line")
    core = {name: frame.height for name, frame in permitted.read(Home(demo), names)[0].items()}
    whole = {name: rows.height + out.get(name, 0) for name, rows in files.items()}
    assert whole["person"] == core["core.patient"]
    assert whole["condition_occurrence"] == core["core.tumour"]
    assert whole["drug_exposure"] == core["core.drug_exposure"]
    assert whole["procedure_occurrence"] == core["core.procedure"]
    told = permitted.read(Home(demo), ["core.response_assessment"])[0]["core.response_assessment"]
    progressed = told.filter(pl.col("overall_code").is_in(PROGRESSED)).select("patient_id", "assessed_on_earliest")
    lines = core["core.treatment_line"]
    assert whole["episode"] == files["condition_occurrence"].height + lines + progressed.n_unique()


def test_the_journal_tells_the_export_by_its_manifest(demo: Path, folder: Path) -> None:
    told = [event for event in journal.events(Home(demo).events) if event["event"] == EXPORTED]
    mine = [event for event in told if event["format"] == "omop"]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert [(e["refresh"], e["manifest"]) for e in mine] == [
        (manifest["refresh_id"], file_hash(folder / "manifest.json"))
    ]
    own = {"format", "refresh", "manifest", "purposes", "left_out"}
    assert set(mine[0]) == {"sequence", "at", "event", "previous", "hash"} | own
