"""IDEA4RC's long format against the names of its synthetic data set, and against the core tables."""

from __future__ import annotations

import json
from pathlib import Path

import needs
import polars as pl
import pytest

from flows.exporting import export
from schemas.standards import table
from warehouse.exports.idea4rc import COLUMNS
from warehouse.home import Home
from warehouse.query import read


@pytest.fixture(scope="module")
def folder(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("idea4rc") / "out"
    export(demo, "idea4rc", folder)
    return folder


@pytest.fixture(scope="module")
def rows(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / "idea4rc.csv", infer_schema=False)


def test_the_committed_names_are_those_of_the_data_set() -> None:
    import openpyxl

    book = openpyxl.load_workbook(needs.shared() / "data/idea4rc/synthetic_idea4rc.xlsx", read_only=True)
    lines = book.worksheets[0].iter_rows(values_only=True)
    header = next(lines)
    assert header == COLUMNS
    name, kind = header.index("core_variable"), header.index("types")
    theirs = {(line[name], str(line[kind]).strip() if line[kind] else None) for line in lines}
    ours = set(table("idea4rc").iter_rows())
    assert {variable for variable, _ in ours} == {variable for variable, _ in theirs} and len(ours) > 200
    assert ours <= theirs


def test_names_and_kinds_are_the_standard_s(rows: pl.DataFrame) -> None:
    kinds = dict(table("idea4rc").iter_rows())
    assert tuple(rows.columns) == COLUMNS
    found = rows.select("core_variable", "types").unique()
    assert len(found) >= 25
    assert {name: kinds[name] for name in found["core_variable"]} == dict(found.iter_rows())
    by_kind = {kind: part["value"] for (kind,), part in rows.group_by("types")}
    assert by_kind["ElementReference"].null_count() == len(by_kind["ElementReference"]) > 0
    assert by_kind["Date"].str.contains(r"^\d{4}-\d{2}-\d{2}$").all()
    assert by_kind["Float"].cast(pl.Float64).is_finite().all() and len(by_kind["Integer"].cast(pl.Int64)) > 50
    assert set(by_kind["Boolean"]) == {"True"}
    assert by_kind["Code"].str.contains(r"^(8507|8532|sarcreg:\w+/.+|\d{4}/\d-C\d\d\.\d)$").all()


def test_records_are_numbered_and_linked_upwards(rows: pl.DataFrame) -> None:
    entity = rows.select("record_id", "patient_id", entity=pl.col("core_variable").str.split(".").list.first()).unique()
    assert entity["record_id"].cast(pl.Int64).is_unique().all()
    links = rows.select("record_id", "linked_to", "patient_id").unique()
    above = links.join(entity, left_on="linked_to", right_on="record_id", suffix="_above")
    pairs = above.join(entity, on="record_id", suffix="_own")
    assert len(links) == len(entity) and (pairs["patient_id"] == pairs["patient_id_above"]).all()
    assert len(pairs) == links["linked_to"].drop_nulls().len()
    assert dict(pairs.select("entity_own", "entity").unique().iter_rows()) == {
        "CancerEpisode": "Patient",
        "Diagnosis": "CancerEpisode",
        "EpisodeEvent": "CancerEpisode",
        "DiseaseExtent": "EpisodeEvent",
        "SystemicTreatment": "Diagnosis",
        "Radiotherapy": "Diagnosis",
        "Surgery": "Diagnosis",
        "TreatmentResponse": "Diagnosis",
    }


def test_values_are_those_of_core(demo: Path, folder: Path, rows: pl.DataFrame) -> None:
    core = read(Home(demo), ["core.patient", "core.procedure"])
    stays = core["core.patient"].filter(pl.col("withdrawal_scope_code").is_in(["no_further_use", "erase"]))
    assert len(stays) > 0 and not set(stays["patient_id"]) & set(rows["patient_id"])
    left_out = json.loads((folder / "manifest.json").read_text())["use"]["left_out"]
    assert sum(one["patients"] for one in left_out if one["code"] == "withdrawn") == len(stays)
    mine = core["core.procedure"].filter(
        pl.col("type_code") == "radiotherapy", pl.col("patient_id").is_in(rows["patient_id"].implode())
    )
    doses = rows.filter(pl.col("core_variable") == "Radiotherapy.totalDoseGy")["value"].cast(pl.Float64)
    assert doses.sort().to_list() == mine["dose_gy"].drop_nulls().sort().to_list() and len(doses) > 20
