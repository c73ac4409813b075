"""Every value of a patient leads to the very cell of the file it came from."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
import small_home

from schemas.errors import ConfigurationError
from warehouse.home import Home
from warehouse.query import sql
from warehouse.trace import trace


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = small_home.make_home(tmp_path_factory.mktemp("trace") / "home")
    rows = small_home.cases()
    rows[0] = rows[0].replace("leiomyosarcoma", "malignant fibrous histiocytoma")
    rows[2] = rows[2].replace("2020-04-10", "2020-04")
    small_home.write_export(root / "incoming" / "aa01", rows, small_home.visits())
    small_home.refresh(root)
    return root


def test_every_value_stands_in_the_cell_that_is_named(home: Path) -> None:
    patients = sql(Home(home), "select patient_id, centre from core.patient order by all").rows()
    assert len(patients) == 12
    for patient, centre in patients:
        traced = trace(Home(home), patient)
        assert traced.height >= 15
        for row in traced.iter_rows(named=True):
            if row["file"] is None:  # a field that no column delivers, and that a rule asks for
                assert row["findings"] and row["value"] is None and row["raw_text"] is None, row["field"]
                continue
            with (home / "incoming" / centre / row["file"]).open(encoding="utf-8", newline="") as lines:
                delivered = list(csv.reader(lines))
            assert delivered[row["line"] - 1][delivered[0].index(row["source_column"])] == row["raw_text"]


def test_the_coding_the_findings_and_the_bounds_stand_beside(home: Path) -> None:
    (doubtful,) = sql(Home(home), "select patient_id from quality.finding where rule = 'histology_doubtful'").rows()
    cells = {row["field"]: row for row in trace(Home(home), doubtful[0]).iter_rows(named=True)}
    assert (cells["histology"]["value"], cells["histology"]["coded_by"]) == (None, "exact_term")
    assert "histology_doubtful" in cells["histology"]["findings"]
    assert cells["sex"]["value"] == "F" and cells["sex"]["list_version"]
    (partial,) = sql(Home(home), "select patient_id from core.tumour where diagnosed_on_precision = 'month'").rows()
    cells = {row["field"]: row for row in trace(Home(home), partial[0]).iter_rows(named=True)}
    assert cells["diagnosed_on"]["value"] == "2020-04-01 to 2020-04-30"


def test_what_is_found_and_corrected_in_a_regimen_stands_at_each_of_its_agents(tmp_path: Path) -> None:
    """Findings and corrections name the record as delivered, core has a row for every agent of it."""
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    rows = small_home.cases()
    rows[0] = rows[0].replace("pembrolizumab,2021-02-20", "pembrolizumab + axitinib,")
    rows[1] = rows[1].replace(",pembrolizumab,", ",PD-1 inhibitor + axitinib,")
    small_home.write_export(home / "incoming" / "aa01", rows)
    small_home.refresh(home)
    who = sql(Home(home), "select patient_id from core.patient where born_on = '1961-01-15'").item()
    (home / "centres" / "aa01" / "corrections.yaml").write_text(
        f"""
corrections:
  - match: {{record: {who}/drug_exposure, field: agent}}
    action: set
    value: nivolumab + axitinib
    expect: pembrolizumab + axitinib
    reason: misread
    query: 0123456789abcdef
    agreement: {{by: Dr A, on: 2024-06-01}}
""",
        encoding="utf-8",
    )
    small_home.refresh(home)
    told = trace(Home(home), who).filter(table_name="drug_exposure")
    corrected, undated = told.filter(field="agent"), told.filter(field="started_on")
    assert corrected.select("value", "raw_text", "corrected").rows() == [
        (agent, "pembrolizumab + axitinib", "misread (query 0123456789abcdef)") for agent in ("axitinib", "nivolumab")
    ]
    assert undated["findings"].to_list() == ["drug_start_missing"] * 2
    (of_class,) = sql(Home(home), "select patient_id from quality.finding where rule = 'drug_class_only'").row(0)
    agents = trace(Home(home), of_class).filter(table_name="drug_exposure", field="agent")
    assert agents.select("value", "findings").rows() == [("axitinib", "drug_class_only"), ("PD-1", "drug_class_only")]


def test_an_id_can_be_shortened_and_must_name_one_patient(home: Path) -> None:
    (patient,) = sql(Home(home), "select min(patient_id) from core.patient").row(0)
    assert trace(Home(home), patient[:12]).equals(trace(Home(home), patient))
    with pytest.raises(ConfigurationError, match=r"[0-9]+ patients begin with 'aa01'; `sarcreg sql "):
        trace(Home(home), "aa01")
    with pytest.raises(ConfigurationError, match="no patient in the warehouse is 'zz'"):
        trace(Home(home), "zz")


def test_a_tumour_has_the_morphology_of_its_entity_however_it_was_told(home: Path) -> None:
    rows = sql(
        Home(home),
        "select tumour.morphology_code, entity.morphology_code from core.tumour as tumour "
        "join reference.histology as entity using (entity_code)",
    ).rows()
    assert len(rows) == 11 and all(told is not None and told == meant for told, meant in rows)


def test_the_day_that_ends_an_end_point_leads_to_its_cell(demo: Path) -> None:
    """SRCDOM, SRCVAR and SRCSEQ name a value that is ADT itself; the record may be the same person's elsewhere."""
    ends = sql(
        Home(demo),
        "select SRCDOM, SRCVAR, SRCSEQ, ADT, split_part(SRCSEQ, '/', 1) as told_by, USUBJID <> told_by as is_elsewhere "
        "from mart.adtte where SRCDOM is not null and ADT is not null",
    )
    people = ends.group_by("told_by").agg(pl.col("is_elsewhere").any()).sort("is_elsewhere", "told_by")["told_by"]
    sample = ends.filter(pl.col("told_by").is_in(people.gather_every(12).append(people.tail(1)).implode()))
    traced = pl.concat(trace(Home(demo), patient) for patient in sample["told_by"].unique().sort())
    cells = traced.filter(pl.col("raw_text").is_not_null()).unique(["table_name", "record_key", "field"])
    led = sample.join(
        cells, left_on=["SRCDOM", "SRCSEQ", "SRCVAR"], right_on=["table_name", "record_key", "field"], how="left"
    )
    assert sample.height > 40 and sample["is_elsewhere"].any()
    assert led["file"].null_count() == 0
    assert led.filter(pl.col("value") != pl.col("ADT").cast(pl.String)).is_empty()
