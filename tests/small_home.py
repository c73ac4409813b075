"""A registry's home small enough to break in every way: two centres, CSV, synthetic, made by the test itself."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

REGISTRY = """
title: {en: Small registry (synthetic), zh: 小型登记（合成）}
study_id: SMALL
synthetic: true
as_of: 2024-07-01T00:00:00Z
histology_groups: {ASPS: [ASPS], potentially sensitive: [UPS]}
cohort:
  - {code: histology_unresolved, sentence: {en: unresolved, zh: 未明}, exclude_when: not is_histology_resolved}
  - {code: no_qualifying_dose, sentence: {en: none, zh: 无}, exclude_when: index_on is null}
gate: {min_patients_per_centre: 3, min_cohort: 1}
"""

CENTRE = """
code: {code}
title: {{en: Hospital {code} (synthetic), zh: 医院{code}（合成）}}
language: en
timezone: Europe/Berlin
jurisdiction: DE
legal_basis: synthetic data
cut_off_on: 2024-06-30
source: {{kind: file, path: incoming/{code}}}
encoding: [utf-8, cp1252]
tables:
  patient:
    file: cases.csv
    patient: PatNo
    key: PatNo
    columns: {{sex: Sex, born_on: Born}}
  tumour:
    file: cases.csv
    patient: PatNo
    key: PatNo
    columns: {{histology: Diagnosis, diagnosed_on: Diagnosed, metastatic_on: Metastatic, size_mm: Size}}
  treatment_line:
    file: cases.csv
    patient: PatNo
    key: PatNo
    columns: {{line_stated: Line, started_on: Started}}
  drug_exposure:
    file: cases.csv
    patient: PatNo
    key: PatNo
    columns: {{agent: Drug, started_on: Started}}
  response_assessment:
    file: visits.csv
    patient: PatNo
    key: [PatNo, Visit]
    columns: {{assessed_on: Seen, overall: Response}}
  follow_up:
    file: visits.csv
    patient: PatNo
    key: [PatNo, Visit]
    columns: {{contact_on: Seen, status: Status, death_on: Died}}
"""

CASES = "PatNo,Sex,Born,Diagnosis,Diagnosed,Metastatic,Size,Line,Drug,Started"
VISITS = "PatNo,Visit,Seen,Response,Status,Died"


def cases(n: int = 6) -> list[str]:
    """Rows of cases.csv: half of them ASPS, all on pembrolizumab, in first and third line."""
    return [
        f"P{i:03d},{'MF'[i % 2]},19{60 + i}-01-15,{('ASPS', 'leiomyosarcoma')[i % 2]},2020-0{1 + i % 9}-10,"
        f"2021-0{1 + i % 9}-10,{20 + i},{1 + 2 * (i % 2)},pembrolizumab,2021-0{1 + i % 9}-20"
        for i in range(1, n + 1)
    ]


def visits(n: int = 6) -> list[str]:
    """Rows of visits.csv: two per person; even ones die at the second."""
    rows = []
    for i in range(1, n + 1):
        rows.append(f"P{i:03d},1,2022-0{1 + i % 9}-01,SD,alive,")
        dead = i % 2 == 0
        died = f"2023-0{1 + i % 9}-01" if dead else ""
        rows.append(f"P{i:03d},2,2023-0{1 + i % 9}-01,{'PD' if dead else 'PR'},{'dead' if dead else 'alive'},{died}")
    return rows


def write_export(folder: Path, case_rows: list[str] | None = None, visit_rows: list[str] | None = None) -> None:
    """cases.csv and visits.csv of a centre."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, head, rows in (
        ("cases.csv", CASES, case_rows or cases()),
        ("visits.csv", VISITS, visit_rows or visits()),
    ):
        (folder / name).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def make_home(root: Path, codes: tuple[str, ...] = ("aa01", "bb02")) -> Path:
    """A home with the centres named."""
    root.mkdir(parents=True)
    (root / "registry.yaml").write_text(REGISTRY, encoding="utf-8")
    for code in codes:
        (root / "centres" / code).mkdir(parents=True)
        (root / "centres" / code / "centre.yaml").write_text(CENTRE.format(code=code), encoding="utf-8")
        write_export(root / "incoming" / code)
    return root


def pack_in_place(root: Path, code: str) -> None:
    """A centre's export replaced by its package, as the centre would deliver it."""
    from schemas.centre import load_centre
    from warehouse.identifiers.pack import pack

    place, out = root / "incoming" / code, root / "incoming" / f"{code}-packed"
    pack(load_centre(root / "centres" / code), place, out, mask=True)
    for path in place.iterdir():
        path.unlink()
    for path in out.iterdir():
        path.rename(place / path.name)
    out.rmdir()


def refresh(root: Path) -> tuple[str | None, dict[str, str]]:
    """The steps of a refresh in order, without Prefect: the published refresh and every centre's state."""
    from schemas.errors import ExportRefused
    from warehouse import gate, publish
    from warehouse import refresh as steps
    from warehouse.home import Home, one_writer

    with one_writer(Home(root), 1):
        job = steps.prepare(root)
        parts = []
        for code in job.centres:
            try:
                parts.append(steps.read_rows(job, code, steps.pull(job, code)))
            except ExportRefused as fault:
                parts.append(steps.carry_forward(job, code, str(fault)))
        states = {part.code: part.contribution.state for part in parts}
        manifest = steps.manifest_of(job, parts)
        if not steps.is_new(job, manifest):
            return publish.current_refresh(job.home), states
        name = steps.refresh_id(job, manifest)
        database = steps.build_aside(job, parts, manifest, name)
        if gate.failed(gate.judge(database, job.registry, job.patients_before)):
            steps.discard(job, name)
            steps.tidy(job.home)
            return None, states
        publish.commit(job.home, name, manifest, job.registry.snapshots)
        steps.tidy(job.home)
        return name, states


def deliver(root: Path, n: int) -> str:
    """A delivery of n patients by the centre aa01, refreshed; the refresh that stands published."""
    write_export(root / "incoming" / "aa01", cases(n), visits(n))
    published, _ = refresh(root)
    assert published
    return published


def made_once(root: Path, make: Callable[[Path], None]) -> Path:
    """What `make` makes at `root`, made by whichever process asks first while the others wait."""
    with root.with_name(f"{root.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists():
            made = root.with_name(f"{root.name}.made")
            shutil.rmtree(made, ignore_errors=True)
            make(made)
            made.rename(root)
    return root


@dataclass(frozen=True)
class Homes:
    """Homes that were refreshed before, each made once in a folder of the session and copied to who asks for it."""

    folder: Path

    def copy(self, place: Path, *deliveries: int, codes: tuple[str, ...] = ("aa01", "bb02")) -> list[str]:
        """Copy to `place` a home whose aa01 delivered so many patients, one after the other; its refreshes."""
        from warehouse import publish
        from warehouse.home import Home

        shutil.copytree(self._made(deliveries, codes), place)
        return publish.published_chain(Home(place))

    def _made(self, deliveries: tuple[int, ...], codes: tuple[str, ...]) -> Path:
        def make(root: Path) -> None:
            if len(deliveries) == 1:
                make_home(root, codes)
            else:
                shutil.copytree(self._made(deliveries[:-1], codes), root)
            deliver(root, deliveries[-1])

        return made_once(self.folder / "-".join(map(str, (*codes, *deliveries))), make)
