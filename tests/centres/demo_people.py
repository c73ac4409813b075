"""Everyone who is delivered: the cohort, the others, and one person at two centres, with their numbers and tokens."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from demo_design import CENTRES, design
from demo_draw import Draw
from demo_excluded import outsiders, second_copy
from demo_fit import Achieved, draw_courses, groups, summarise
from demo_history import build
from demo_records import Patient


def _at_two_centres(cohort: list[Patient]) -> Patient:
    """The cohort patient whose treatment went on at another centre: an early line, long enough, dead if possible."""

    def fits(patient: Patient) -> bool:
        truth = patient.truth
        assert truth.index_on is not None and truth.os_days is not None
        given = [item for item in patient.drugs if item.started_on == truth.index_on]
        until = truth.index_on + timedelta(days=120)
        return (
            patient.centre == "hn01"
            and truth.line in (1, 2)
            and all(item.agent != "<PD-1>" and (item.stopped_on is None or item.stopped_on > until) for item in given)
            and bool(given)
        )

    return next(
        iter(
            sorted(
                (p for p in cohort if fits(p)),
                key=lambda p: (not p.truth.os_event, p.truth.histology_group == "ASPS", p.label),
            )
        )
    )


def _numbered(patients: list[Patient], seed: int) -> list[Patient]:
    """Local numbers as each hospital gives them, and in the order of its export."""
    found = []
    for centre in CENTRES:
        draw = Draw(seed, "numbers", centre)
        here = draw.shuffled([patient for patient in patients if patient.centre == centre])
        number = {"hn01": 5203000, "hn02": 181200, "eu03": 0}[centre]
        for patient in here:
            number += 1 if centre == "eu03" else draw.between(37, 990)
            local = {"hn01": str(number), "hn02": f"{number:08d}", "eu03": f"EU-{number:03d}"}[centre]
            token = hashlib.sha256(f"{seed}:{patient.link_token or patient.label}".encode()).hexdigest()[:32]
            found.append(replace(patient, local_id=local, link_token=token))
    return found


def people(seed: int, fit: bool = True) -> tuple[list[Patient], Achieved]:
    """Everyone delivered, in the order of the exports, and the summary their courses show."""
    slots = design(seed)
    courses = draw_courses(seed, slots, fit)
    cohort = [build(slot, course, seed) for slot, course in zip(slots, courses, strict=True)]
    shared = _at_two_centres(cohort)
    others = [*outsiders(seed), replace(second_copy(shared, "hn02"), link_token=shared.label)]
    return _numbered([*cohort, *others], seed), summarise(courses, groups(slots))
