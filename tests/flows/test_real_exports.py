"""Real exports load by configuration alone: IDEA4RC's long format and two REDCap projects, each with a small twin.

The configurations are tests/flows/real_exports; the same files read the real export (where ../shared is there) and the
twin that is written here, which also has the faults a long file can have.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import small_home

from schemas.errors import ExportRefused
from warehouse.home import Home
from warehouse.query import sql

CONFIGURATIONS = {
    path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).with_name("real_exports").glob("*.yaml")
}
CODES = {"idea4rc": "idea4rc", "redcap_events": "rc_events", "redcap_trial": "rc_trial"}
GATE = "gate: {min_patients_per_centre: 1, min_cohort: 0, max_unresolved_histology_share: 1}"
REGISTRY = "\n".join(GATE if line.startswith("gate:") else line for line in small_home.REGISTRY.splitlines())
KINDS = ("loaded", "quarantined", "duplicate", "superseded", "out_of_scope", "retracted")


def make_home(root: Path) -> Path:
    """A home with the three configurations and empty places for their exports."""
    root.mkdir()
    (root / "registry.yaml").write_text(REGISTRY, encoding="utf-8")
    for name, code in CODES.items():
        (root / "centres" / code).mkdir(parents=True)
        (root / "centres" / code / "centre.yaml").write_text(CONFIGURATIONS[name], encoding="utf-8")
        (root / "incoming" / code).mkdir(parents=True)
    return root


def refreshed(root: Path) -> Path:
    for code in CODES.values():
        small_home.pack_in_place(root, code)
    published, states = small_home.refresh(root)
    assert published is not None
    assert states == dict.fromkeys(CODES.values(), "fresh")
    return root


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real exports, refreshed."""
    root = make_home(tmp_path_factory.mktemp("real") / "home")
    data = shared / "data"
    shutil.copy(data / "idea4rc" / "synthetic_idea4rc.xlsx", root / "incoming" / "idea4rc")
    for code, project in (("rc_events", "longitudinal"), ("rc_trial", "clinical-trial-1")):
        for file in ("data.csv", "dictionary.csv"):
            shutil.copy(data / "redcap" / project / file, root / "incoming" / code)
    return refreshed(root)


# record, variable and value of one person
LONG = """
1  Patient.sex                                  8507
1  Patient.birthYear                            1961
2  Diagnosis.histologySubgroup                  9581/3
2  Diagnosis.dateOfDiagnosis                    2018-03-05
2  Diagnosis.subsite                            C49.2
2  Diagnosis.tumorSize                          55.5
2  Diagnosis.biopsyGrading                      3
2  Diagnosis.mitoticIndex                       12
3  SystemicTreatment.setting                    4204
3  SystemicTreatment.regimen                    pembrolizumab
3  SystemicTreatment.startDateSystemicTreatment 2019-06-01
3  SystemicTreatment.endDateSystemicTreatment   2020-06-01
3  SystemicTreatment.reasonForEndOfTreatment    progression
4  Surgery.surgeryIntention                     curative
4  Surgery.dateOfSurgery                        2018-04-01
4  Surgery.marginsAfterSurgery                  R0
7  Radiotherapy.intent                          curative
7  Radiotherapy.startDate                       2018-05-01
7  Radiotherapy.endDate                         2018-06-01
7  Radiotherapy.totalDoseGy                     50
5  EpisodeEvent.dateOfEpisode                   2019-09-01
5  EpisodeEvent.diseaseStatus                   SD
6  EpisodeEvent.dateOfEpisode                   2019-13-01
6  EpisodeEvent.diseaseStatus                   PD
"""
COLUMNS = ("patient_id", "core_variable", "value", "record_id")


def long_rows() -> list[tuple[str | None, ...]]:
    """Three persons; the second has a variable again with the same and with another value, the third a blank one."""
    rows: list[tuple[str | None, ...]] = []
    for person in "789":
        for line in LONG.strip().splitlines():
            record, variable, value = line.split()
            rows.append((person, variable, value, f"{person}{record}"))
    rows.append(("8", "Patient.birthYear", "1961", "81"))
    rows.append(("8", "Diagnosis.tumorSize", "70", "82"))
    rows.append(("9", "Diagnosis.subsite", None, "92"))
    return rows


EVENTS = """
study_id,redcap_event_name,first_name,last_name,telephone_1,email,dob,sex,date_enrolled,date_visit_4,alb_4
100,enrollment_arm_1,A,B,1,a@b,1983-09-23,1,2015-04-02,,
100,dose_1_arm_1,,,,,,,,,
100,final_visit_arm_1,,,,,,,,2015-05-02,3.5
304,enrollment_arm_2,C,D,2,c@d,2005-04-02,0,2015-04-02,,
304,final_visit_arm_2,,,,,,,,,
"""
TRIAL = """
record_id,name_last,name_first,address,phone,email,dob,gender
1,A,B,C,1,a@b,1991-05-13,0
2,D,E,F,2,d@e,1991-15-13,1
"""
DICTIONARY = """
"Variable / Field Name","Form Name","Section Header","Field Type","Field Label","Choices, Calculations, OR Slider Labels"
sex,demographics,,radio,Gender,"0, Female | 1, Male"
gender,demographics,,radio,Gender,"0, Female | 1, Male"
"""


@pytest.fixture
def twins(tmp_path: Path) -> Path:
    """The twins in a home, not refreshed yet."""
    root = make_home(tmp_path / "home")
    book = openpyxl.Workbook()
    for row in (COLUMNS, *long_rows()):
        book.active.append(row)
    book.save(root / "incoming" / "idea4rc" / "twin.xlsx")
    for code, text in (("rc_events", EVENTS), ("rc_trial", TRIAL)):
        (root / "incoming" / code / "data.csv").write_text(text.lstrip(), encoding="utf-8")
        (root / "incoming" / code / "dictionary.csv").write_text(DICTIONARY.lstrip(), encoding="utf-8")
    return root


def accounts(home: Path) -> dict[tuple[str, str], tuple[int, ...]]:
    """(centre, table) -> delivered, loaded, quarantined, duplicate, out_of_scope; each account must close."""
    rows = sql(Home(home), "select * from quality.row_account where delivered > 0")
    assert rows.filter(pl.col("delivered") != pl.sum_horizontal(KINDS)).is_empty()
    taken = rows.select("centre", "table_name", "delivered", "loaded", "quarantined", "duplicate", "out_of_scope")
    return {row[:2]: row[2:] for row in taken.iter_rows()}


def counts(home: Path, query: str) -> dict[tuple[str, ...], int]:
    return {row[:-1]: row[-1] for row in sql(Home(home), query).iter_rows()}


FINDINGS = "select centre, rule, table_name, field, count(*) as n from quality.finding group by all"
UNMAPPED = "select centre, list, count(*) as n from reference.term_map where code is null group by all"


def test_the_real_exports(real: Path) -> None:
    assert accounts(real) == {
        ("idea4rc", "patient"): (43322, 200, 0, 0, 43122),
        ("idea4rc", "tumour"): (43322, 500, 0, 0, 42822),
        ("idea4rc", "treatment_line"): (43322, 964, 0, 0, 42358),
        ("idea4rc", "drug_exposure"): (43322, 723, 0, 0, 42599),
        ("idea4rc", "procedure"): (43322, 2017, 0, 0, 41305),
        ("idea4rc", "response_assessment"): (43322, 670, 0, 0, 42652),
        ("rc_events", "patient"): (18, 3, 0, 0, 15),
        ("rc_events", "follow_up"): (18, 5, 0, 0, 13),
        ("rc_events", "biomarker"): (18, 2, 0, 0, 16),
        ("rc_trial", "patient"): (500, 500, 0, 0, 0),
    }
    assert counts(real, FINDINGS) == {
        # neither legal basis nor a stated line is mapped, and the births that can be read are far fewer than elsewhere
        ("idea4rc", "completeness_outlier", "patient", "born_on"): 1,
        ("idea4rc", "legal_basis_missing", "patient", "legal_basis"): 100,
        ("idea4rc", "line_number_missing", "treatment_line", "line_stated"): 241,
        ("rc_events", "legal_basis_missing", "patient", "legal_basis"): 3,
        ("rc_trial", "legal_basis_missing", "patient", "legal_basis"): 500,
        ("idea4rc", "radiation_dose_out_of_range", "procedure", "dose_gy"): 32,  # drawn at random by its makers
        ("rc_events", "laboratory_value_out_of_range", "biomarker", "value_number"): 2,
        ("idea4rc", "date_unreadable", "patient", "born_on"): 100,  # two digits stand for a year of birth
        ("idea4rc", "histology_unmapped", "tumour", "histology"): 100,
        ("idea4rc", "site_unmapped", "tumour", "topography"): 100,
        ("idea4rc", "small_list_unmapped", "tumour", "fnclcc_grade"): 63,
        ("idea4rc", "drug_unmapped", "drug_exposure", "agent"): 241,
        ("idea4rc", "small_list_unmapped", "treatment_line", "setting"): 241,
        ("idea4rc", "small_list_unmapped", "treatment_line", "stop_reason"): 241,
        ("idea4rc", "small_list_unmapped", "procedure", "intent"): 575,
        ("idea4rc", "small_list_unmapped", "procedure", "margin"): 283,
        ("idea4rc", "response_unmapped", "response_assessment", "overall"): 335,
        ("idea4rc", "no_follow_up", "patient", None): 84,
        ("rc_events", "follow_up_gap", "follow_up", "contact_on"): 1,  # REDCap's example waits years for a visit
        ("rc_events", "no_tumour", "patient", None): 3,
        ("rc_trial", "no_tumour", "patient", None): 500,
    }
    assert counts(real, UNMAPPED) == {
        ("idea4rc", "histology"): 69, ("idea4rc", "topography"): 66, ("idea4rc", "drug"): 52,
        ("idea4rc", "stop_reason"): 6, ("idea4rc", "fnclcc_grade"): 5, ("idea4rc", "setting"): 4,
        ("idea4rc", "response"): 4, ("idea4rc", "margin"): 3, ("idea4rc", "procedure_intent"): 2,
    }  # fmt: skip


def test_the_real_exports_records(real: Path) -> None:
    sizes = "select 'core.' || table_name, count(*) from (select 'patient' as table_name from core.patient where centre = 'idea4rc' union all select 'tumour' from core.tumour union all select 'drug' from core.drug_exposure union all select 'procedure' from core.procedure union all select 'response' from core.response_assessment) group by all"
    assert counts(real, sizes) == {
        ("core.patient",): 100, ("core.tumour",): 100, ("core.drug",): 241, ("core.procedure",): 575,
        ("core.response",): 335,
    }  # fmt: skip
    sexes = "select centre, sex_code, count(*) from core.patient group by all"
    assert counts(real, sexes) == {
        ("idea4rc", "M"): 48, ("idea4rc", "F"): 52, ("rc_trial", "F"): 260, ("rc_trial", "M"): 240,
        ("rc_events", "M"): 1, ("rc_events", "F"): 2,
    }  # fmt: skip
    undated = "select count(*) filter (diagnosed_on is null or size_mm is null) as n from core.tumour"
    assert sql(Home(real), undated)["n"][0] == 0
    in_core = sql(Home(real), "select count(*) from core.patient").item()
    judged = sql(Home(real), "select (select count(*) from mart.cohort) + (select count(*) from mart.exclusion)").item()
    assert in_core == judged == 603


def test_a_finding_of_a_long_file_points_at_its_own_row(real: Path) -> None:
    wrong = """
        select count(*) from quality.finding as finding
        left join landing.text_row as text using (row_id)
        where finding.rule = 'date_unreadable'
            and (text.cells[3] = finding.source_column and text.cells[5] = finding.raw_text) is not true
    """
    assert sql(Home(real), wrong).item() == 0


def test_the_twins(twins: Path) -> None:
    refreshed(twins)
    in_file = len(long_rows())
    found = accounts(twins)
    assert found["idea4rc", "patient"] == (in_file, 6, 0, 1, in_file - 7)
    assert found["idea4rc", "tumour"] == (in_file, 16, 1, 0, in_file - 17)
    assert found["idea4rc", "procedure"] == (in_file, 21, 0, 0, in_file - 21)
    assert found["rc_events", "patient"] == (5, 2, 0, 0, 3)
    assert found["rc_events", "follow_up"] == (5, 3, 0, 0, 2)
    assert found["rc_events", "biomarker"] == (5, 1, 0, 0, 4)
    assert found["rc_trial", "patient"] == (2, 2, 0, 0, 0)
    long_faults = "select rule, line, source_column, raw_text from quality.finding where rule in ('record_duplicate', 'record_key_conflict', 'date_impossible') and centre = 'idea4rc' order by all"
    assert sql(Home(twins), long_faults).rows() == [
        ("date_impossible", 24, "EpisodeEvent.dateOfEpisode", "2019-13-01"),
        ("date_impossible", 48, "EpisodeEvent.dateOfEpisode", "2019-13-01"),
        ("date_impossible", 72, "EpisodeEvent.dateOfEpisode", "2019-13-01"),
        ("record_duplicate", in_file - 1, "Patient.birthYear", "1961"),
        ("record_key_conflict", in_file, "Diagnosis.tumorSize", "70"),
    ]
    tumours = "select topography_code, size_mm, entity_code, len(source_rows) as n from core.tumour order by n"
    assert sql(Home(twins), tumours).rows() == [("C49.2", 55.5, "ASPS", 5)] * 2 + [("C49.2", 55.5, "ASPS", 6)]
    procedures = (
        "select type_code, count(*), count(dose_gy), count(margin_code) from core.procedure group by all order by 1"
    )
    assert sql(Home(twins), procedures).rows() == [("radiotherapy", 3, 3, 0), ("surgery", 3, 0, 3)]
    people = "select centre, sex_code, born_on_precision, count(*) from core.patient group by all order by all"
    assert sql(Home(twins), people).rows() == [
        ("idea4rc", "M", "year", 3), ("rc_events", "F", "day", 1), ("rc_events", "M", "day", 1),
        ("rc_trial", "F", "day", 1), ("rc_trial", "M", None, 1),
    ]  # fmt: skip


def test_a_variable_that_no_row_has_is_named(twins: Path) -> None:
    path = twins / "centres" / "idea4rc" / "centre.yaml"
    path.write_text(CONFIGURATIONS["idea4rc"].replace("Patient.birthYear", "Patient.yearOfBirth"), encoding="utf-8")
    from warehouse import refresh as steps

    job = steps.prepare(twins)
    with pytest.raises(ExportRefused) as fault:
        steps.read_rows(job, "idea4rc", steps.pull(job, "idea4rc"))
    assert str(fault.value) == (
        'centres/idea4rc/centre.yaml: tables.patient names the variable "Patient.yearOfBirth", which no row of twin.xlsx '
        '(sheet "Sheet") has in its column "core_variable". Did you mean "Patient.birthYear"?'
    )
