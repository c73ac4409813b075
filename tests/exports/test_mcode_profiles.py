"""Every resource against mCODE's own profiles (mcode_profiles.mjs), after that has found every kind of planted fault."""

from __future__ import annotations

import copy
import json
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import needs
import polars as pl
import pytest
from mcode_home import export_odd

from schemas.standards import licensed

pytestmark = pytest.mark.slow
Resource = dict[str, Any]
MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
NOT_HERE = {"us-core-procedure", "us-core-observation-lab"}
"""Profiles of US Core that no package at hand has; what claims them is held to FHIR R4 alone."""

NOT_ENUMERABLE = {
    "all-languages",
    "us-core-problem-or-health-concern",
    "us-core-clinical-result-observation-category",
    "mcode-cancer-disease-status-evidence-type-vs",
    "mcode-body-location-and-laterality-qualifier-vs",
}
"""Value sets with a required binding of which the packages have no list: SNOMED CT by filter, US Core's, languages."""


NAMES = ("demo", "odd without", "odd with")
"""The demo's home, and the odd one without and with a file of SNOMED CT identifiers."""

BEYOND_THE_LIBRARY = {"mcode-genomics-report", "mcode-tnm-stage-group"}
"""Profiles it cannot load; nothing of ours claims them."""


def _validate(folder: Path) -> Resource:
    node, packages = needs.mcode_profiles()
    script = Path(__file__).with_name("mcode_profiles.mjs")
    ran = subprocess.run([node, script, packages, folder], capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    found: Resource = json.loads(ran.stdout)
    return found


def _from_the_package() -> pl.DataFrame:
    """An identifier for every place, any that mCODE's value set or profile names; held here while the test runs."""
    _, packages = needs.mcode_profiles()

    def ids(url: str) -> list[str]:
        one = json.loads((packages / "package" / f"{'-'.join(url.split('/')[-2:])}.json").read_text(encoding="utf-8"))
        if one["resourceType"] == "StructureDefinition":
            (code,) = [e for e in one["snapshot"]["element"] if e["id"] == "Procedure.code"]
            return [code["patternCodeableConcept"]["coding"][0]["code"]]
        parts = [part for part in one["compose"]["include"] if part.get("system") == licensed.SYSTEM]
        return [c["code"] for p in parts for c in p.get("concept", [])] or [p["filter"][0]["value"] for p in parts]

    rows = []
    for n, (use, code, _, url) in enumerate(licensed.places().iter_rows()):
        found = ids(url)
        rows.append((use, code, licensed.SYSTEM, found[n % len(found)]))
    return pl.DataFrame(rows, dict.fromkeys(licensed.COLUMNS, pl.String), orient="row")


@pytest.fixture(scope="module")
def exports(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    from flows.exporting import export

    where = tmp_path_factory.mktemp("profiles")
    export_odd(demo, {where / "odd without": None, where / "odd with": _from_the_package()})
    export(demo, "mcode", where / "demo")
    return {name: where / name for name in NAMES}


def _resources(folder: Path) -> list[Resource]:
    return [json.loads(line) for path in sorted(folder.glob("*.ndjson")) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("name", NAMES)
def test_every_resource_is_valid_against_what_it_claims(exports: dict[str, Path], name: str) -> None:
    found = _validate(exports[name])
    assert found["faults"] == []
    base = "http://hl7.org/fhir/StructureDefinition/"
    claims = Counter(
        url
        for one in _resources(exports[name])
        for url in one.get("meta", {}).get("profile", [base + one["resourceType"]])
    )
    assert found["valid"] == dict(claims)
    assert {url.split("/")[-1] for url in found["unknown"]} <= NOT_HERE
    assert {url.split("/")[-1] for url in found["unchecked"]} <= NOT_ENUMERABLE


def test_mcode_s_own_examples_raise_no_false_alarm(tmp_path: Path) -> None:
    _, packages = needs.mcode_profiles()
    examples = [json.loads(path.read_text()) for path in sorted((packages / "package" / "example").glob("*.json"))]
    (tmp_path / "all.ndjson").write_text("".join(f"{json.dumps(one)}\n" for one in examples))
    alarms = {(fault["id"], fault["profile"].split("/")[-1]) for fault in _validate(tmp_path)["faults"]}
    assert {profile for _, profile in alarms} == BEYOND_THE_LIBRARY
    assert len(examples) == 179 and len(alarms) == 6


Change = Callable[[Resource], object]


def _extension(one: Resource, name: str) -> Resource:
    found: Resource = next(e for e in one["extension"] if e["url"] == MCODE + name)
    return found


def _claim(name: str) -> Change:
    return lambda one: one.update(meta={"profile": [MCODE + name]})


OWN = {"coding": [{"system": "urn:own", "code": "x"}]}
FAULTS: list[tuple[str, str, Change]] = [
    # what is wrong, of which profile (or resource), how it is made so
    ("a required element is missing", "primary-cancer-condition", lambda r: r.pop("subject")),
    ("a required element is missing", "histologic-grade", lambda r: r.pop("status")),
    ("a required element is missing", "cancer-related-medication-administration", lambda r: r.pop("medicationCodeableConcept")),
    ("a required element of US Core's is missing", "cancer-patient", lambda r: r.pop("identifier")),
    ("a required element is only empty", "cancer-disease-status", lambda r: r.update(code={})),
    ("a text where a number must be", "ecog-performance-status", lambda r: r.update(valueInteger="1")),
    ("a fraction where an integer must be", "ecog-performance-status", lambda r: r.update(valueInteger=1.5)),
    ("a list where one value must be", "cancer-patient", lambda r: r.update(gender=["male"])),
    ("a type that the profile does not allow", "ecog-performance-status", lambda r: r.update(valueString=str(r.pop("valueInteger")))),
    ("two values of a choice", "cancer-disease-status", lambda r: r.update(effectiveInstant="2020-01-01T00:00:00Z")),
    ("another fixed code", "tumor-size", lambda r: r["code"]["coding"][0].update(code="21889-2")),
    ("another fixed code in a slice", "tumor-size", lambda r: r["component"][0]["code"]["coding"][0].update(code="1-8")),
    ("another code in a required slice", "histologic-grade", lambda r: r["category"][0]["coding"][0].update(code="exam")),
    ("a required slice is missing", "tumor", lambda r: r["identifier"][0]["type"]["coding"][0].update(code="Patient")),
    ("a value out of a slice's units", "tumor-size", lambda r: r["component"][0]["valueQuantity"].update(code="km")),
    ("a code that is not the fixed one", "radiotherapy-course-summary", lambda r: r["code"]["coding"].pop(0)),
    ("a profile claimed without its code", "cancer-disease-status", lambda r: r["valueCodeableConcept"].update(OWN)),
    ("a date that is none", "cancer-patient", lambda r: r.update(birthDate="1970-02-30")),
    ("a date as people write it", "cancer-patient", lambda r: r.update(birthDate="1.2.1970")),
    ("a month where a day must be", "ecog-performance-status", lambda r: r.update(effectiveDateTime="2020-05")),
    ("a period that ends before it begins", "cancer-related-medication-administration", lambda r: r.update(effectivePeriod={"start": "2020-02-01", "end": "2020-01-01"})),
    ("a code out of a required value set", "cancer-patient", lambda r: r.update(gender="M")),
    ("a code out of a required value set", "primary-cancer-condition", lambda r: r.update(clinicalStatus=OWN)),
    ("words where a required binding wants a code", "primary-cancer-condition", lambda r: r.update(clinicalStatus={"text": "active"})),
    ("an extension's code out of its value set", "cancer-related-medication-administration", lambda r: _extension(r, "normalization-basis").update(valueCodeableConcept=OWN)),
    ("an extension's value of another type", "histologic-grade", lambda r: _extension(r, "related-condition").update(valueReference=None, valueString="x")),
    ("an extension without a value", "cancer-related-medication-administration", lambda r: _extension(r, "procedure-intent").pop("valueCodeableConcept")),
    ("another unit within an extension", "radiotherapy-course-summary", lambda r: _extension(r, "radiotherapy-dose-delivered-to-volume")["extension"][1]["valueQuantity"].update(code="Gy")),
    ("an invariant of mCODE's: own code of a stop", "cancer-related-medication-administration", lambda r: r.update(status="stopped", statusReason=[OWN])),
    ("an invariant of mCODE's: no focus", "tumor-size", lambda r: r.pop("focus")),
    ("an invariant of US Core's: no time of what is done", "cancer-related-surgical-procedure", lambda r: [r.update(status="completed"), *(r.pop(k) for k in [*r] if k.startswith("performed"))]),
    ("a reference that leads nowhere", "cancer-disease-status", lambda r: r["subject"].update(reference="Patient/none")),
    ("a reference to another type", "cancer-stage", lambda r: r.update(focus=[r["subject"]])),
    ("a reference to another profile", "primary-cancer-condition", lambda r: r.update(stage=[{"assessment": [{"reference": "grade"}]}])),
    ("a property that FHIR does not have", "cancer-patient", lambda r: r.update(sex="male")),
    ("a property of another resource", "cancer-stage", lambda r: r.update(onsetDateTime="2020-01-01")),
    ("another profile's resource", "cancer-stage", _claim("ecog-performance-status")),
    ("a bundle of another type", "patient-bundle", lambda r: r.update(type="transaction")),
    ("a bundle without its patient", "patient-bundle", lambda r: r["entry"].pop(0)),
    ("a bundle with two patients", "patient-bundle", lambda r: r["entry"].append(copy.deepcopy(r["entry"][0]))),
    ("an event without its subject", "AdverseEvent", lambda r: r.pop("subject")),
    ("an event of an unknown kind", "AdverseEvent", lambda r: r.update(actuality="perhaps")),
    ("a list of codes without a state", "CodeSystem", lambda r: r.pop("status")),
]  # fmt: skip
"""43 faults. Each is planted alone into a copy of a resource that is valid without it."""


def test_every_planted_fault_is_found(exports: dict[str, Path], tmp_path: Path) -> None:
    whole = _resources(exports["odd with"])
    grade = next(one["id"] for one in whole if one.get("meta", {}).get("profile") == [MCODE + "histologic-grade"])
    planted = []
    for n, (what, kind, change) in enumerate(FAULTS):
        fit = [
            one
            for one in whole
            if kind in (one["resourceType"], *(u.removeprefix(MCODE) for u in one.get("meta", {}).get("profile", [])))
        ]
        for candidate in fit:
            one = copy.deepcopy(candidate) | {"id": f"fault-{n}"}
            try:
                change(one)
            except (KeyError, StopIteration, IndexError):
                continue  # this resource has not what is to be spoilt
            planted.append(
                json.loads(json.dumps(one).replace('"reference": "grade"', f'"reference": "Observation/{grade}"'))
            )
            break
        else:
            raise AssertionError(f"no {kind} to plant into: {what}")
    folder = tmp_path / "faulty"
    folder.mkdir()
    lines = [
        json.dumps(one)
        for one in [*whole, *planted]
        if one["resourceType"] != "Bundle" or one["id"].startswith("fault")
    ]
    (folder / "all.ndjson").write_text("\n".join(lines) + "\n")
    found = {fault["id"] for fault in _validate(folder)["faults"]}
    missed = [FAULTS[n][:2] for n in range(len(FAULTS)) if f"fault-{n}" not in found]
    assert missed == []
    assert found == {one["id"] for one in planted}  # and nothing that was not planted
