"""The synthetic demo: three hospitals' exports and the key to everything that is true and wrong in them.

    OPENPYXL_LXML=False python tests/centres/demo_generate.py --seed N --out DIR [--clean] [--no-fit] [--key FILE]

Written to DIR/<centre>/. Nothing here imports the packages under test.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import demo_eu03
import demo_faults_by_centre
import demo_hn01
import demo_hn02
import demo_quirks
from demo_bytes import delimited, workbook
from demo_delivery import Delivery, counts
from demo_design import ACCRUAL, CENTRES, CUT_OFF
from demo_endpoints import end_points
from demo_fit import MEDIANS, Achieved, is_met
from demo_people import people
from demo_planter import Planter, at_two_centres, natural
from demo_records import Patient
from demo_treatment import SUPPORTIVE
from demo_words import NOTICE

SEED = 20250117
"""The seed of the committed exports."""
WORDING = (
    "Fitted to the published summary; agreement shows that the pipeline reads back what was put in; "
    "no evidence about any treatment."
)
_WRITERS = {"hn01": demo_hn01.write, "hn02": demo_hn02.write, "eu03": demo_eu03.write}


@dataclass(frozen=True)
class Answer:
    """The key: patients' truths, every finding a correct system raises, quirks, rows per sheet, and the fit.

    Each part is a list of plain dictionaries, as in answer_key.json. `faults` and `natural` must be found; `implied`
    follows from a planted fault and may be found: neither a miss nor a false alarm. Any other is a false alarm.
    """

    seed: int
    patients: list[dict[str, Any]]
    faults: list[dict[str, Any]]
    implied: list[dict[str, Any]]
    natural: list[dict[str, Any]]
    quirks: list[dict[str, Any]]
    delivered: list[dict[str, Any]]
    fit: dict[str, Any]

    def text(self) -> str:
        """The key as JSON, one entry a line."""
        parts = [
            f'"notice": {json.dumps(NOTICE, ensure_ascii=False)}',
            f'"wording": {json.dumps(WORDING)}',
            f'"seed": {self.seed}',
            f'"accrual": {json.dumps([day.isoformat() for day in ACCRUAL])}',
            f'"cut_off": {json.dumps({centre: day.isoformat() for centre, day in CUT_OFF.items()})}',
            f'"fit": {json.dumps(self.fit, ensure_ascii=False)}',
        ]
        for name in ("patients", "faults", "implied", "natural", "quirks", "delivered"):
            entries = ",\n  ".join(json.dumps(entry, ensure_ascii=False) for entry in getattr(self, name))
            parts.append(f'"{name}": [\n  {entries}\n ]')
        return "{\n " + ",\n ".join(parts) + "\n}\n"


def _derived_lines(patient: Patient) -> list[dict[str, Any]]:
    """Number and first dose of every palliative line a correct system derives from the drugs.

    A palliative line as the generator means it, in their order; (neo)adjuvant treatment always ended long before.
    """
    if patient.tumours[0].metastatic_on is None:
        return []
    given = sorted(item.started_on for item in patient.drugs if item.is_administered and item.agent != SUPPORTIVE)
    starts = sorted(line.started_on for line in patient.lines if line.setting == "palliative")
    first_doses = [next(day for day in given if day >= start) for start in starts]
    return [{"line": number, "started_on": day.isoformat()} for number, day in enumerate(first_doses, 1)]


def _truth(patient: Patient) -> dict[str, Any]:
    truth = patient.truth
    return {
        "label": patient.label,
        "centre": patient.centre,
        "local_id": patient.local_id,
        "in_cohort": truth.in_cohort,
        "first_reason": truth.reasons[0] if truth.reasons else None,
        "all_reasons": list(truth.reasons),
        "index_on": truth.index_on.isoformat() if truth.index_on else None,
        "os_days": truth.os_days,
        "os_event": truth.os_event,
        "pfs_days": truth.pfs_days,
        "pfs_event": truth.pfs_event,
        "histology_group": truth.histology_group,
        "entity": truth.entity,
        "line": truth.line,
        "line_group": None if truth.line is None else "<=2" if truth.line <= 2 else ">2",
        "regimen_group": truth.regimen_group,
        "derived_lines": _derived_lines(patient),
        "end_points": end_points(patient) if truth.in_cohort else None,
    }


def _fit(achieved: Achieved) -> dict[str, Any]:
    return {
        "is_met": is_met(achieved),
        "medians": [
            {
                "name": name,
                "target_months": target,
                "tolerance": tolerance,
                "achieved_months": round(achieved.medians[name], 2),
            }
            for name, (target, tolerance) in MEDIANS.items()
        ],
        "comparisons": [
            {
                "name": comparison.name,
                "end_point": comparison.end_point,
                "target_p": [comparison.p_low, comparison.p_high],
                "achieved_p": float(f"{p:.4g}"),
                "first_better": first_better,
            }
            for comparison, p, first_better in achieved.comparisons
        ],
    }


def deliveries(seed: int, faults: bool, fit: bool) -> tuple[list[Delivery], list[Planter], list[Patient], Achieved]:
    """The three exports as written sheets, with what was planted in them."""
    everyone, achieved = people(seed, fit)
    written, planters = [], []
    for centre in CENTRES:
        here = [patient for patient in everyone if patient.centre == centre]
        delivery = _WRITERS[centre](here, seed)
        planter = Planter(delivery, here, seed)
        demo_quirks.PLANTED_AT[centre](planter)
        natural(planter)
        written.append(delivery)
        planters.append(planter)
    at_two_centres(planters)
    if faults:
        for planter in planters:
            demo_faults_by_centre.PLANTED_AT[planter.delivery.centre](planter)
    return written, planters, everyone, achieved


def files(delivery: Delivery) -> dict[str, bytes]:
    """Name and bytes of every file of an export."""
    books = {sheet.file for sheet in delivery.sheets if sheet.file.endswith(".xlsx")}
    found = {name: workbook([sheet for sheet in delivery.sheets if sheet.file == name]) for name in sorted(books)}
    return found | {sheet.file: delimited(sheet) for sheet in delivery.sheets if sheet.file not in books}


def generate(seed: int, out: Path | None, faults: bool = True, fit: bool = True) -> Answer:
    """Write the three exports to `out`/<centre>/ (nowhere where `out` is None) and return the key to them."""
    written, planters, everyone, achieved = deliveries(seed, faults, fit)
    if out is not None:
        for delivery in written:
            folder = out / delivery.centre
            folder.mkdir(parents=True, exist_ok=True)
            for name, body in files(delivery).items():
                (folder / name).write_bytes(body)
    found: dict[str, list[dict[str, Any]]] = {"planted": [], "implied": [], "natural": []}
    quirks = []
    for planter in planters:
        centre = planter.delivery.centre
        for finding in planter.findings:
            number = 1 + sum(entry["centre"] == centre for entry in found["planted"])
            found[finding.origin].append(finding.entry(centre, number if finding.origin == "planted" else None))
        quirks += [quirk.entry(centre) for quirk in planter.quirks]
    return Answer(
        seed=seed,
        patients=[_truth(patient) for patient in everyone],
        faults=found["planted"],
        implied=found["implied"],
        natural=found["natural"],
        quirks=quirks,
        delivered=counts(written),
        fit=_fit(achieved),
    )


def main(words: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write the synthetic exports of three hospitals.")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, required=True, help="folder that gets one folder per centre")
    parser.add_argument("--clean", action="store_true", help="plant no faults")
    parser.add_argument("--no-fit", action="store_true", help="do not search for the published summary")
    parser.add_argument("--key", type=Path, help="write the answer key to this file")
    given = parser.parse_args(words)
    answer = generate(given.seed, given.out, faults=not given.clean, fit=not given.no_fit)
    if given.key:
        given.key.write_text(answer.text(), encoding="utf-8")
    kinds = {fault["rule"] for fault in answer.faults}
    sys.stdout.write(
        f"{len(answer.patients)} patients, {len(answer.faults)} faults under {len(kinds)} rules, "
        f"fit met: {answer.fit['is_met']}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
