"""mCODE's bundles: valid FHIR by fhir.resources, codes of the systems they name, and what is unknown said to be so.

The demo goes out as it is, without a SNOMED CT identifier; the odd home has a file of made-up ones.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from mcode_home import export_odd, made_up

from flows.cli import main
from flows.exporting import export
from schemas.codelist import lists, load
from schemas.standards import licensed, table
from warehouse import permitted
from warehouse.exports import mcode
from warehouse.home import Home
from warehouse.query import read

Resource = dict[str, Any]
OWN = "urn:sarcreg:codes:"
MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
MAPPED = table("mcode_code")
ALLOWED = {
    "http://loinc.org": {"21889-1", "33728-7", "89247-1", "97509-4"},
    "http://hl7.org/fhir/resource-types": {"BodyStructure"},
    "http://terminology.hl7.org/CodeSystem/condition-category": {"problem-list-item"},
    "http://terminology.hl7.org/CodeSystem/observation-category": {"laboratory", "exam", "survey"},
    "http://terminology.hl7.org/CodeSystem/adverse-event-seriousness": {"serious", "non-serious"},
    "http://terminology.hl7.org/CodeSystem/v3-ActReason": {"HTEST"},
    "http://terminology.hl7.org/CodeSystem/icd-o-3": {
        *load("topography").codes["code"],
        *load("histology").codes["morphology_code"].drop_nulls(),
    },
    "http://www.whocc.no/atc": set(load("drug").codes["atc"].drop_nulls()),
    "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl": {
        "C18000",
        *load("drug").codes["ncit"].drop_nulls(),
        *load("histology").codes["ncit"].drop_nulls(),
    },
    **{
        system: set(part["value"]) | ({"mm", "cGy"} if "unitsofmeasure" in system else set())
        for (system,), part in MAPPED.group_by("system")
    },
}
"""system -> the codes the registry knows of it."""

OF_THE_HOME = {use: set(part["value"]) for (use,), part in made_up().group_by("use")}


@pytest.fixture(scope="module")
def folder(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mcode") / "out"
    export(demo, "mcode", folder)
    return folder


@pytest.fixture(scope="module")
def odd(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The odd home with a made-up number in every place; beside it `bare`, the same without a file."""
    folder = tmp_path_factory.mktemp("mcode") / "odd"
    suspects = export_odd(demo, {folder: made_up(), folder.parent / "bare": None})
    (folder.parent / "suspects").write_text(str(suspects))
    return folder


@pytest.fixture(params=["folder", "odd"])
def either(request: pytest.FixtureRequest) -> Path:
    found: Path = request.getfixturevalue(request.param)
    return found


@cache
def _lines(path: Path) -> list[Resource]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _resources(folder: Path, kind: str | None = None) -> list[Resource]:
    found = [entry["resource"] for bundle in _lines(folder / "bundles.ndjson") for entry in bundle["entry"]]
    return [one for one in found if kind in (None, one["resourceType"])]


def _walk(piece: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    yield name, piece
    if isinstance(piece, dict):
        for key, value in piece.items():
            yield from _walk(value, key)
    if isinstance(piece, list):
        for value in piece:
            yield from _walk(value, name)


def _is_coded(concept: Resource, code: str) -> bool:
    return any(one["code"] == code for one in concept.get("coding", []))


def _profiles(resource: Resource) -> list[str]:
    return [url.removeprefix(MCODE) for url in resource.get("meta", {}).get("profile", [])]


def test_every_bundle_and_code_system_is_valid_fhir(either: Path) -> None:
    from fhir.resources.R4B.bundle import Bundle
    from fhir.resources.R4B.codesystem import CodeSystem

    for model, name, least in ((Bundle, "bundles", 100), (CodeSystem, "CodeSystem", 8)):
        lines = (either / f"{name}.ndjson").read_text(encoding="utf-8").splitlines()
        for line in lines:
            whole = json.loads(model.model_validate_json(line).model_dump_json())
            assert whole == json.loads(line)  # nothing was ignored on the way in
        assert len(lines) >= least


def test_references_resolve_inside_their_bundle(either: Path) -> None:
    seen: set[str] = set()
    for bundle in _lines(either / "bundles.ndjson"):
        names = [entry["fullUrl"] for entry in bundle["entry"]]
        assert names == [f"urn:uuid:{entry['resource']['id']}" for entry in bundle["entry"]]
        assert len(set(names)) == len(names) and not seen & set(names)
        seen |= set(names)
        assert all(
            re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}", n) for n in names
        )
        kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
        assert kinds[0] == "Patient" and kinds.count("Patient") == 1
        told = [value for key, value in _walk(bundle) if key == "reference"]
        assert set(told) <= set(names) and len(told) >= len(names) - 1


def test_bulk_data_are_the_same_resources_with_relative_references(either: Path) -> None:
    bundled = {one["id"]: json.dumps(one) for one in _resources(either)}
    files = [path for path in either.glob("*.ndjson") if path.stem not in ("bundles", "CodeSystem")]
    assert len(files) == 7
    bulk = {one["id"]: (path.stem, one) for path in files for one in _lines(path)}
    assert bulk.keys() == bundled.keys()
    for kind, one in bulk.values():
        assert one["resourceType"] == kind
        for key, value in _walk(one):
            if key == "reference":
                target, name = value.split("/")
                assert bulk[name][0] == target
        assert re.sub(r'"reference": "\w+/', '"reference": "urn:uuid:', json.dumps(one)) == bundled[one["id"]]


def test_codes_are_of_the_systems_they_name(either: Path) -> None:
    own = {
        one["url"]: {item["code"]: item["display"] for item in one["concept"]}
        for one in _lines(either / "CodeSystem.ndjson")
    }
    assert {url.removeprefix(OWN) for url in own} <= set(lists())
    used: Counter[str] = Counter()
    for _, piece in _walk(_resources(either)):
        if isinstance(piece, dict) and "system" in piece and "code" in piece:
            used[piece["system"]] += 1
            if piece["system"].startswith(OWN):
                assert own[piece["system"]][piece["code"]] == piece["display"]
            elif piece["system"] == licensed.SYSTEM:
                assert either.name == "odd" and piece["code"] in set.union(*OF_THE_HOME.values())
            else:
                assert piece["code"] in ALLOWED[piece["system"]], piece
    assert {f"{OWN}histology", f"{OWN}drug", "http://terminology.hl7.org/CodeSystem/icd-o-3"} <= set(used)
    assert (licensed.SYSTEM in used) == (either.name == "odd")


def test_a_profile_is_claimed_with_all_that_it_requires(either: Path) -> None:
    elements = table("mcode")
    required = {
        name: part["element"].to_list() for (name,), part in elements.filter(pl.col("required") == "yes").group_by("id")
    }
    claimed: Counter[str] = Counter()
    for one in [*_resources(either), *_lines(either / "bundles.ndjson")]:
        for name in _profiles(one):
            claimed[name] += 1
            if name.startswith(US_CORE):
                assert name.removeprefix(US_CORE) in ("procedure", "observation-lab")
                continue
            assert name in elements["id"]
            for element in required[name]:
                stem = element.split(":")[0]
                assert any(key == stem or (stem.endswith("[x]") and key.startswith(stem[:-3])) for key in one), (
                    name,
                    element,
                )
        assert one["resourceType"] in ("AdverseEvent",) or _profiles(one) or "valueCodeableConcept" in one
        for concept in one.get("category", []):
            assert concept["coding"]
    if either.name == "odd":
        assert set(claimed) >= set(elements["id"])


def test_nothing_is_empty_and_dates_are_fhir_s(either: Path) -> None:
    for key, piece in _walk(_lines(either / "bundles.ndjson")):
        assert piece is not None and piece not in ({}, [], ""), key
        is_date = key in ("birthDate", "date", "start", "end") or key.endswith("DateTime")
        assert not is_date or re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", piece), (key, piece)
        if isinstance(piece, dict) and "start" in piece and "end" in piece:
            assert piece["start"] <= piece["end"]
            # FHIR cannot compare a day with its own month
            assert piece["start"] == piece["end"] or not piece["end"].startswith(piece["start"])


def test_us_core_observations_have_a_whole_day_or_a_period(either: Path) -> None:
    found: Counter[str] = Counter()
    for one in _resources(either, "Observation"):
        if _profiles(one) and _profiles(one)[0] in (
            "mcode-ecog-performance-status", "mcode-histologic-grade", "mcode-tumor-marker-test", "mcode-cancer-stage"
        ):  # fmt: skip
            assert len(one.get("effectiveDateTime", "2000-01-01")) == 10
            found["period" if "effectivePeriod" in one else "day"] += 1
    assert found["day"] > 100 and (either.name != "odd" or found["period"] > 5)


def test_rows_and_those_left_out_are_the_core_tables(demo: Path, folder: Path) -> None:
    out = Counter[str]()
    for item in json.loads((folder / "manifest.json").read_text())["left_out"]:
        out[item["dataset"]] += item["rows"]
    core, _ = permitted.read(
        Home(demo),
        [
            "core.patient",
            "core.tumour",
            "core.drug_exposure",
            "core.response_assessment",
            "core.adverse_event",
            "core.procedure",
        ],
    )
    profiles = Counter(name for one in _resources(folder) for name in _profiles(one))
    n = {name.removeprefix("core."): frame.height for name, frame in core.items()}
    assert profiles["mcode-cancer-patient"] + out["patient"] == n["patient"] > 100
    assert profiles["mcode-primary-cancer-condition"] + out["tumour"] == n["tumour"]
    assert profiles["mcode-cancer-related-medication-administration"] + out["drug"] == n["drug_exposure"]
    statuses = [one for one in _resources(folder, "Observation") if _is_coded(one["code"], "97509-4")]
    assert len(statuses) + out["response"] == n["response_assessment"]
    assert len(_resources(folder, "AdverseEvent")) + out["adverse_event"] == n["adverse_event"]
    volumes = profiles["mcode-radiotherapy-volume"]
    assert (
        len(_resources(folder, "Procedure")) + volumes + out["procedure"]
        == n["procedure"] + core["core.procedure"]["dose_gy"].count()
    )
    whole = read(Home(demo), ["core.patient"])["core.patient"]
    gone = whole.filter(pl.col("withdrawal_scope_code").is_in(["no_further_use", "erase"]))["patient_id"]
    text = (folder / "bundles.ndjson").read_text()
    assert len(gone) > 0 and not any(one in text for one in gone)


def test_births_and_doses_are_those_of_core(demo: Path, folder: Path) -> None:
    core, _ = permitted.read(Home(demo), ["core.patient", "core.procedure"])
    lengths = {"day": 10, "month": 7, "year": 4}
    told = {one["identifier"][0]["value"]: one for one in _resources(folder, "Patient")}
    rows = core["core.patient"].filter(pl.col("patient_id").is_in(list(told)))
    for patient, earliest, precision, sex in rows.select(
        "patient_id", "born_on_earliest", "born_on_precision", "sex_code"
    ).iter_rows():
        one = told[patient]
        if precision in lengths:
            assert one["birthDate"] == earliest.isoformat()[: lengths[precision]]
        else:
            assert "birthDate" not in one and one["_birthDate"]["extension"][0]["url"] == ABSENT
        assert one["gender"] == {"M": "male", "F": "female"}.get(sex, "unknown")
    doses = [
        part["valueQuantity"]["value"]
        for _, part in _walk(_resources(folder, "Procedure"))
        if isinstance(part, dict) and part.get("url") == "totalDoseDelivered"
    ]
    given = core["core.procedure"].filter(pl.col("patient_id").is_in(list(told)))["dose_gy"].drop_nulls() * 100
    assert sorted(doses) == sorted(given) and len(doses) > 20


CLAIMED_WITH_IT = {"mcode-cancer-disease-status", "mcode-radiotherapy-course-summary"}
"""Profiles that fix a SNOMED CT identifier or allow nothing else."""

LEFT_OUT_WITHOUT = ("laterality-qualifier", "cancer-disease-status-evidence-type", "normalization-basis")
"""Extensions whose binding is required."""


def _seen(folder: Path) -> Counter[str]:
    """How often each profile and extension of mCODE's, each use of an own code for an intent, stands in an export."""
    seen: Counter[str] = Counter()
    for one in _resources(folder):
        seen.update(_profiles(one))
        for key, piece in _walk(one):
            if key == "extension" and isinstance(piece, dict):
                seen[piece["url"].removeprefix(MCODE)] += 1
            if key in ("locationQualifier", "evidence") and isinstance(piece, dict):
                seen[key] += 1
    return seen


def test_without_the_file_nothing_that_needs_it_is_said(folder: Path) -> None:
    """No id goes out, no profile that fixes one is claimed, own codes and words stay where a binding allows them."""
    assert "snomed" not in (folder / "bundles.ndjson").read_text(encoding="utf-8")
    seen = _seen(folder)
    assert not {*CLAIMED_WITH_IT, *(f"mcode-{name}" for name in LEFT_OUT_WITHOUT)} & set(seen)
    assert seen["locationQualifier"] == seen["evidence"] == 0
    intents = [
        p
        for _, p in _walk(_resources(folder))
        if isinstance(p, dict) and p.get("url") == f"{MCODE}mcode-procedure-intent"
    ]
    assert {c["system"] for p in intents for c in p["valueCodeableConcept"]["coding"]} == {
        f"{OWN}setting",
        f"{OWN}procedure_intent",
    }
    grades = [one for one in _resources(folder, "Observation") if _profiles(one) == ["mcode-histologic-grade"]]
    assert len(grades) > 10 and all(
        [c["system"] for c in one["valueCodeableConcept"]["coding"]] == [f"{OWN}fnclcc_grade"] for one in grades
    )
    courses = [one for one in _resources(folder, "Procedure") if _is_coded(one["code"], "radiotherapy")]
    assert len(courses) > 10 and {*map(str, map(_profiles, courses))} == {str([f"{US_CORE}procedure"])}
    reasons = [r for one in _resources(folder, "MedicationAdministration") for r in one.get("statusReason", [])]
    assert len(reasons) > 20 and all(set(reason) == {"text"} for reason in reasons)


def test_what_has_no_identifier_is_counted(odd: Path) -> None:
    """The same home twice: each number that goes out with the file is counted as missing without it."""
    places = {value: (use, code) for use, code, _, value in made_up().iter_rows()}
    coded = Counter[tuple[str, str]]()
    for one in _resources(odd):
        if one["resourceType"] != "BodyStructure":  # a tumour's side stands there a second time
            numbers = {p["code"] for _, p in _walk(one) if isinstance(p, dict) and p.get("system") == licensed.SYSTEM}
            coded.update(places[number] for number in numbers)
    without = json.loads((odd.parent / "bare" / "manifest.json").read_text())["not_coded"]
    assert {(row["use"], row["code"]): row["rows"] for row in without} == coded
    assert {use for use, _ in coded} == set(OF_THE_HOME)
    manifest = json.loads((odd / "manifest.json").read_text())
    assert manifest["not_coded"] == [] and manifest["own_codes"] == licensed.places().height


def _run(home: Path, folder: Path) -> tuple[int, str]:
    ran = CliRunner().invoke(main, ["export", "--home", str(home), "mcode", str(folder)])
    return ran.exit_code, ran.output


def test_an_export_reads_the_file_of_the_home(demo: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo, home)
    made_up().filter(pl.col("use") == "radiotherapy").write_csv(home / licensed.FILE)
    code, said = _run(home, tmp_path / "out")
    assert code == 0 and "without a SNOMED CT identifier" in said and "laterality" in said and "radiother" not in said
    assert _seen(tmp_path / "out")["mcode-radiotherapy-course-summary"] > 10
    (home / licensed.FILE).write_text("use,code,system,value\nside,L,x,1\n")
    code, said = _run(home, tmp_path / "again")
    assert code == 2 and f"{licensed.FILE}: line 2: no use" in said and not (tmp_path / "again").exists()


def test_what_is_unknown_is_said_to_be_unknown(odd: Path) -> None:
    patients = _resources(odd, "Patient")
    assert sum("_birthDate" in one for one in patients) >= 2
    assert sum(one["gender"] == "unknown" for one in patients) >= 3
    assert sum(one.get("deceasedBoolean") is True for one in patients) >= 1
    bare = [one for one in _resources(odd, "Condition") if "coding" not in one["code"] and "text" not in one["code"]]
    assert len(bare) >= 1 and bare[0]["code"]["extension"] == [{"url": ABSENT, "valueCode": "unknown"}]
    undated = [one for one in _resources(odd, "MedicationAdministration") if "extension" in one["effectivePeriod"]]
    assert len(undated) >= 1
    procedures = _resources(odd, "Procedure")
    assert {one["status"] for one in procedures} == {"completed", "unknown"}
    statuses = [one for one in _resources(odd, "Observation") if not _profiles(one)]
    assert [one["valueCodeableConcept"]["coding"][0]["code"] for one in statuses] == ["iUPD"]


def test_a_marker_keeps_its_number_unit_and_words(odd: Path) -> None:
    markers = [one for one in _resources(odd, "Observation") if _profiles(one) == ["mcode-tumor-marker-test"]]
    values = {one["code"]["text"]: one for one in markers}
    assert values["Ki-67"]["valueQuantity"] == {
        "value": 30.0,
        "unit": "%",
        "system": "http://unitsofmeasure.org",
        "code": "%",
    }
    assert values["PD-L1"]["valueQuantity"] == {"value": 5.0, "unit": "CPS"}
    assert values["PD-L1"]["effectivePeriod"] == {"start": "2021-03", "end": "2021-03"}
    assert values['FISH "MDM2"\nreference":"X/']["valueString"] == 'amplified "reference":"Y/null":null,'
    assert json.loads((odd / "manifest.json").read_text())["mcode_version"] == mcode.VERSION
    reasons = {
        (i["dataset"], i["reason"]): i["rows"] for i in json.loads((odd / "manifest.json").read_text())["left_out"]
    }
    assert reasons["biomarker", "no result"] == 1


def test_an_event_blames_a_drug_begun_before_it(odd: Path) -> None:
    blamed = [one for one in _resources(odd, "AdverseEvent") if "suspectEntity" in one]
    assert len(blamed) == int((odd.parent / "suspects").read_text()) > 100
    drugs = {f"urn:uuid:{one['id']}": one["effectivePeriod"] for one in _resources(odd, "MedicationAdministration")}
    assert all(drugs[one["suspectEntity"][0]["instance"]["reference"]]["start"] <= one["date"] for one in blamed)


def test_a_stop_is_coded_only_as_mcode_allows(odd: Path) -> None:
    """Invariants termination-reason-code and termination-reason of mCODE."""
    reasons = OF_THE_HOME["termination"]
    stopped = 0
    for one in _resources(odd, "MedicationAdministration"):
        codes = {coding["code"] for reason in one.get("statusReason", []) for coding in reason.get("coding", [])}
        assert codes <= reasons and (not codes or one["status"] == "stopped")
        stopped += bool(codes)
    assert stopped > 20


def test_the_same_refresh_gives_the_same_files(demo: Path, folder: Path, tmp_path: Path) -> None:
    with permitted.opened(Home(demo)) as (connection, _):
        again = mcode.export(connection, tmp_path)
    first = json.loads((folder / "manifest.json").read_text())
    assert {f["file"]: f["sha256"] for f in first["files"]} == {f["file"]: f["sha256"] for f in again.files.to_dicts()}


EXTENSIONS = {
    "assertedDate": "http://hl7.org/fhir/StructureDefinition/condition-assertedDate",
    "doseDeliveredToVolume": f"{MCODE}mcode-radiotherapy-dose-delivered-to-volume",
    "evidenceType": f"{MCODE}mcode-cancer-disease-status-evidence-type",
    "histologyMorphologyBehavior": f"{MCODE}mcode-histology-morphology-behavior",
    "lateralityQualifier": f"{MCODE}mcode-laterality-qualifier",
    "treatmentIntent": f"{MCODE}mcode-procedure-intent",
}


def _has(piece: Any, steps: list[str]) -> bool:
    """Whether a resource has what lies at the end of a path of elements as the crosswalk writes it."""
    if not steps:
        return piece is not None
    if isinstance(piece, list):
        return any(_has(one, steps) for one in piece)
    name, _, part = steps[0].partition(":")
    if name == "extension":
        return any(one["url"] == EXTENSIONS[part] for one in piece.get("extension", []))
    found = [key for key in piece if key == name or (name.endswith("[x]") and key.startswith(name[:-3]))]
    return any(_has(piece[key], steps[1:]) for key in found)


def test_the_crosswalk_names_what_is_written(odd: Path) -> None:
    profiles = dict(table("mcode").select("profile", "id").unique().iter_rows())
    written: dict[str, list[Resource]] = {}
    for one in _resources(odd):
        for name in _profiles(one):
            written.setdefault(name, []).append(one)
    told = table("crosswalk").filter(pl.col("standard") == "mCODE", pl.col("element") != "none")["element"].unique()
    assert len(told) > 25
    for element in told:
        profile, *steps = element.split(".")
        assert _has(written[profiles[profile]], steps), element


def test_the_committed_elements_are_fhir_s() -> None:
    """schemas/standards/mcode.csv: each element of mCODE is a field of its FHIR resource."""
    from importlib import import_module

    for resource, element in table("mcode").select("resource", "element").iter_rows():
        module = import_module(f"fhir.resources.R4B.{resource.lower()}")
        fields = set(getattr(module, resource).model_fields)
        stem = re.split(r"[.:]", element)[0]
        choices = [name for name in fields if name.startswith(stem.removesuffix("[x]"))]
        assert choices if stem.endswith("[x]") else stem in fields, (resource, element)
