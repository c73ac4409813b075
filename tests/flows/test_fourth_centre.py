"""A fourth centre, of a shape none of the demonstration's three has, joins by YAML and CSV alone.

Its export is one wide table in German (cp1252, semicolons, decimal commas, a day in three columns, three blocks of drugs
side by side) and a tab-separated list of visits. The configuration is tests/flows/fourth_centre; nothing else is added.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
import small_home

from warehouse.home import SYNTHETIC_SECRET, Home
from warehouse.query import read, sql
from warehouse.text_door import pseudonym

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "three-centres"
CONFIGURATION = Path(__file__).with_name("fourth_centre")

PEOPLE = """
PatNr;Geschlecht;Geburtstag;Geburtsmonat;Geburtsjahr;Einwilligung;Diagnose;Erstdiagnose;Metastasiert seit;Lokalisation;Seite;Größe (cm);Grading
0001;m;12;3;1961;Studieneinwilligung;Alveoläres Weichteilsarkom;03.02.2018;05.06.2019;Oberschenkel;links;5,5;entfällt
0002;w;1;11;1958;Studieneinwilligung;Leiomyosarkom;10.04.2019;12.2019;Uterus;;12;G3
0003;m;30;6;1970;Studieneinwilligung;undifferenziertes pleomorphes Sarkom;15.01.2020;15.01.2020;Thoraxwand;rechts;7,2x4,1;G3
0004;w;9;9;1949;Studieneinwilligung;Dedifferenziertes Liposarkom;20.05.2019;01.03.2020;Retroperitoneum;;21,0;G2
0005;w;unb.;7;1964;Studieneinwilligung;Angiosarkom;01.08.2018;11.11.2018;k. A.;;k. A.;G3
0006;m;2;2;1980;Studieneinwilligung;Leiomyosarkom;07.07.2017;09.09.2018;Oberschenkel;rechts;8;G2
0007;w;17;5;1975;Studieneinwilligung;Alveoläres Weichteilsarkom;12.12.2019;20.02.2020;Oberschenkel;rechts;3,4;entfällt
0008;m;unb.;unb.;unb.;Studieneinwilligung;Myxofibrosarkom;23.03.2020;30.10.2020;Oberschenkel;links;9,9;G3
0009;m;5;5;1955;Studieneinwilligung;Leiomyosarkom;05.05.2018;06.06.2019;Retroperitoneum;;10,1;G2
0010;w;6;6;1966;Studieneinwilligung;Spindelzellige Neoplasie;06.06.2018;07.07.2019;Thoraxwand;links;4,0;G1
0011;m;7;unb.;1967;Studieneinwilligung;Angiosarkom;07.07.2018;;Oberschenkel;rechts;6,5;G3
0012;w;8;8;1968;Studieneinwilligung;Leiomyosarkom;08.08.2018;09.09.2019;Uterus;;groß;G2
0013;m;9;9;1969;nein;Leiomyosarkom;09.09.2018;10.10.2019;Thoraxwand;links;5,0;G2
0014;w;10;10;1971;Studieneinwilligung;Osteosarkom;10.10.2018;11.11.2019;Oberschenkel;links;5,1;G3
Summe;14;;;;;;;;;;;
;m;1;1;1950;Studieneinwilligung;Leiomyosarkom;01.01.2019;01.01.2020;Uterus;;1,0;G2
"""

# block: the place of the drug among the three of the row
DRUGS = """
PatNr | block | drug                   | line      | started    | stopped    | dose
0001  | 1     | Pembrolizumab          | Erstlinie | 01.07.2019 | 01.02.2020 | 2
0002  | 1     | Doxorubicin            | Erstlinie | 07.01.2020 | 30.04.2020 | 1,125
0002  | 2     | Nivolumab              | 2. Linie  | 01.06.2020 | 01.12.2020 | 3
0003  | 1     | Doxorubicin            | 1. Linie  | 01.02.2020 | 01.05.2020 |
0003  | 2     | Pazopanib              | 2. Linie  | 01.06.2020 | 01.09.2020 |
0003  | 3     | Pembrolizumab          | 3. Linie  | 15.09.2020 | 15.03.2021 | 2
0004  | 1     | Nivolumab + Ipilimumab | Erstlinie | 15.03.2020 | 15.06.2020 |
0005  | 1     | Keytruda               | Erstlinie | 01.12.2018 | 01.06.2019 | 2
0006  | 1     | Atezolizumab           | 1. Linie  | 01.10.2018 | 01.03.2019 |
0007  | 1     | Pembrolizumab          | 1. Linie  | 01.03.2020 | 01.03.2021 | 2
0008  | 1     | Trabectedin            | 1. Linie  | 15.11.2020 | 15.02.2021 |
0008  | 2     | Pembrolizumab          | Zweitlinie| 01.03.2021 | 01.09.2021 | 2
0009  | 1     | Doxorubicin            | 1. Linie  | 01.07.2019 | 01.10.2019 |
0010  | 1     | Pembrolizumab          | 1. Linie  | 01.08.2019 | 01.12.2019 | 2
0011  | 1     | Pembrolizumab          | 1. Linie  | 01.08.2018 | 01.12.2018 | 2
0012  | 1     | Doxorubicin            | 1. Linie  | 01.10.2019 | 31.02.2020 |
0012  | 2     | Pembrolizumab          | 2. Linie  | 01.04.2020 | 01.09.2020 | 2
0013  | 1     | Pembrolizumab          | 1. Linie  | 01.11.2019 | 01.03.2020 | 2
0014  | 1     | Studienmedikation      | 1. Linie  | 01.12.2019 | 01.03.2020 |
"""

COHORT = ["0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0012"]
EXCLUDED = {
    "0009": "no_qualifying_dose",
    "0010": "histology_unresolved",
    "0011": "not_metastatic",
    "0013": "no_legal_basis",
    "0014": "not_soft_tissue_sarcoma",
}
UNMAPPED = {
    ("histology", "Spindelzellige Neoplasie"),
    ("response", "gemischtes Ansprechen"),
}
"""What the lists and the centre's maps leave open, each asked about."""

FINDINGS = {
    ("histology_unmapped", "tumour", 12),
    ("date_unreadable", "patient", 13),
    ("number_unreadable", "tumour", 14),
    ("date_impossible", "drug_exposure", 14),
    ("date_impossible", "treatment_line", 14),
    ("drug_class_only", "drug_exposure", 16),
    ("response_unmapped", "response_assessment", 4),
    *(("baseline_assessment_missing", "patient", int(number) + 2) for number in COHORT),
    *(("key_missing", name, 18) for name in ("patient", "tumour", "treatment_line", "drug_exposure")),
    ("primary_site_missing", "tumour", 7),
    ("site_histology_conflict", "tumour", 16),
    *(("death_cause_missing", "follow_up", line) for line in (7, 13, 19, 25)),
    *(("last_contact_old", "follow_up", line) for line in (3, 5, 9, 11, 15, 17, 21, 23, 27, 29)),
    *(
        ("follow_up_gap", "follow_up", line)
        for line in (3, 5, 9, 10, 11, 12, 15, 17, 18, 20, 21, 22, 23, 26, 27, 28, 29)
    ),
    ("follow_up_unequal", "follow_up", None),
    ("adverse_events_under_reported", "adverse_event", None),
}
"""(rule, table, line) of every finding. No visit of this centre lies before the first dose. The 31st of February stands in a column that two tables read; of
one birth day the month is missing, which must not make the day a month. An osteosarcoma (line 16) lies in soft tissue. The export
has no causes of death and no adverse events, and its visits end years before the cut-off: asked of each death, of each
visit after a long silence, of each of the living, and of the centre."""


def table(text: str, separator: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split(separator)] for line in text.strip().splitlines()]


def write_export(folder: Path) -> None:
    """The two files as the hospital's system writes them."""
    folder.mkdir(parents=True)
    head, *people = table(PEOPLE, ";")
    blocks = {(row[0], row[1]): [row[2], row[3], row[4], row[5], row[6]] for row in table(DRUGS, "|")[1:]}
    for number in "123":
        head += [f"{name} {number}" for name in ("Medikament", "Linie", "Beginn", "Ende", "Dosis")]
        people = [[*row, *blocks.get((row[0], number), [""] * 5)] for row in people]
    lines = ["Sarkomdokumentation, Stand 30.09.2024 (synthetisch)", ";".join(["Name", *head])]
    lines += [";".join(["Mustermann, Erika" if row[0] != "Summe" else "", *row]) for row in people]
    (folder / "Patienten_2024-09.csv").write_bytes("\r\n".join([*lines, ""]).encode("cp1252"))
    visits = ["PatNr\tDatum\tBeurteilung\tVitalstatus\tTodesdatum"]
    for number in range(1, 15):
        first = "gemischtes Ansprechen" if number == 2 else "SD"
        visits.append(f"{number:04d}\t01.{1 + number % 9:02d}.2021\t{first if number > 1 else 'SD'}\tam Leben\t")
        died = number % 3 == 0
        end = f"02.{1 + number % 9:02d}.2023"
        visits.append(
            f"{number:04d}\t{end}\t{'-' if died else 'PD'}\t{'verstorben' if died else 'lebt'}\t{end if died else ''}"
        )
    (folder / "Verlauf.txt").write_bytes("\n".join(visits).encode("cp1252"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with the fourth centre, refreshed."""
    root = tmp_path_factory.mktemp("fourth") / "home"
    shutil.copytree(EXAMPLE, root)
    shutil.copytree(CONFIGURATION, root / "centres" / "de04")
    write_export(root / "incoming" / "de04")
    small_home.pack_in_place(root, "de04")
    added = {path.suffix for path in (root / "centres" / "de04").rglob("*") if path.is_file()}
    assert added == {".yaml", ".csv"}
    _, states = small_home.refresh(root)
    assert states == dict.fromkeys(("de04", "eu03", "hn01", "hn02"), "fresh")
    return root


def person(number: str) -> str:
    return pseudonym(SYNTHETIC_SECRET, "de04", number)


def of_centre(home: Path, table_name: str) -> pl.DataFrame:
    return read(Home(home), [table_name])[table_name].filter(pl.col("centre") == "de04")


def test_every_delivered_row_is_accounted_for(home: Path) -> None:
    """17 rows of the wide table: a banner, 14 people, a subtotal, one without a number; 28 visits."""
    account = of_centre(home, "quality.row_account").filter(pl.col("delivered") > 0)
    kinds = ["loaded", "quarantined", "duplicate", "superseded", "out_of_scope", "retracted"]
    assert account.filter(pl.col("delivered") != pl.sum_horizontal(kinds)).is_empty()
    found = {row[0]: row[1:] for row in account.select("table_name", "delivered", *kinds).iter_rows()}
    assert found == {
        "patient": (17, 14, 1, 0, 0, 2, 0),
        "tumour": (17, 14, 1, 0, 0, 2, 0),
        "treatment_line": (17, 14, 1, 0, 0, 2, 0),
        "drug_exposure": (17, 14, 1, 0, 0, 2, 0),
        "response_assessment": (28, 28, 0, 0, 0, 0, 0),
        "follow_up": (28, 28, 0, 0, 0, 0, 0),
    }


def test_its_patients_are_in_core_and_those_who_qualify_in_the_cohort(home: Path) -> None:
    assert set(of_centre(home, "core.patient")["patient_id"]) == {person(f"{n:04d}") for n in range(1, 15)}
    assert set(of_centre(home, "mart.cohort")["patient_id"]) == {person(number) for number in COHORT}
    reasons = dict(of_centre(home, "mart.exclusion").select("patient_id", "first_reason_code").iter_rows())
    assert reasons == {person(number): reason for number, reason in EXCLUDED.items()}
    assert sql(Home(home), "select count(*) as n from mart.cohort")["n"][0] == 79 + len(COHORT)


def test_blocks_side_by_side_are_records_of_their_own(home: Path) -> None:
    drugs = of_centre(home, "core.drug_exposure")
    rows = table(DRUGS, "|")[1:]
    assert drugs.height == len(rows) + 1  # one block holds two agents
    third = drugs.filter(pl.col("patient_id") == person("0003")).sort("started_on")
    assert third["agent_code"].to_list() == ["doxorubicin", "pazopanib", "pembrolizumab"]
    assert third["record_key"].n_unique() == 3
    assert {tuple(rows) for rows in third["source_rows"].to_list()} == {tuple(third["source_rows"][0])}
    cohort = of_centre(home, "mart.cohort")
    lines = dict(cohort.select("patient_id", "line").iter_rows())
    assert (lines[person("0001")], lines[person("0002")], lines[person("0003")]) == (1, 2, 3)


def test_german_numbers_and_days_are_read_as_they_are_meant(home: Path) -> None:
    sizes = dict(of_centre(home, "core.tumour").select("patient_id", "size_mm").iter_rows())
    assert [sizes[person(n)] for n in ("0001", "0002", "0003", "0005", "0012")] == [55, 120, 72, None, None]
    doses = of_centre(home, "core.drug_exposure").filter(pl.col("patient_id") == person("0002"))
    assert sorted(doses["dose"]) == [1.125, 3.0]
    assert set(doses["dose_unit"]) == {"mg/kg"}
    born = {
        row[0]: row[1:]
        for row in of_centre(home, "core.patient")
        .select("patient_id", "born_on", "born_on_earliest", "born_on_precision", "missing")
        .iter_rows()
    }
    assert [str(value) for value in born[person("0001")][:3]] == ["1961-03-12", "1961-03-12", "day"]
    assert [str(value) for value in born[person("0005")][:3]] == ["None", "1964-07-01", "month"]
    assert born[person("0008")] == (None, None, None, ["born_on=unknown"])


def test_what_is_asked_is_listed_and_nothing_else(home: Path) -> None:
    terms = of_centre(home, "reference.term_map")
    assert set(terms.filter(pl.col("code").is_null()).select("list", "text").iter_rows()) == UNMAPPED
    by_map = terms.filter(pl.col("rule") == "centre_map").select("list", "text", "code")
    assert set(by_map.iter_rows()) == {
        ("sex", "w", "F"), ("legal_basis", "Studieneinwilligung", "consent"), ("legal_basis", "nein", "none"),
        ("status", "am Leben", "alive"),
    }  # fmt: skip
    found = of_centre(home, "quality.finding").select("rule", "table_name", "line").rows()
    assert sorted(found, key=repr) == sorted(FINDINGS, key=repr)


def test_the_identifier_columns_stay_at_the_centre(home: Path) -> None:
    """The names of people are in nothing that was delivered or made of it."""
    assert not any(b"Mustermann" in path.read_bytes() for path in (home / "landing").rglob("*") if path.is_file())
    assert b"Mustermann" not in (home / "registry.duckdb").read_bytes()
