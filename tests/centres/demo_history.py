"""One patient's whole history, written so that the delivered records give exactly the true end points.

Dates that decide an end point, a group or eligibility are known to the day; only diagnosis and birth may be partial.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from demo_course import NEVER_SEEN_AGAIN, Course
from demo_design import ACCRUAL, CUT_OFF, Slot
from demo_draw import Draw
from demo_records import (
    AdverseEvent,
    Assessment,
    Contact,
    Drug,
    Line,
    Metastasis,
    Patient,
    Procedure,
    Truth,
    Tumour,
    When,
)
from demo_treatment import Treatment, drug, region, treat
from demo_words import DIAGNOSES_EN, DIAGNOSES_ZH, MORPHOLOGY

_AGES = {
    "ASPS": (17, 42),
    "UPS": (45, 78),
    "DDLPS": (45, 75),
    "MFS": (50, 79),
    "AS": (46, 75),
    "LMS": (36, 70),
    "SS": (21, 52),
    "MPNST": (24, 60),
    "EPIS": (20, 45),
    "MSFT": (42, 70),
}
_SITES = {
    "ASPS": ("thigh", "thigh", "calf", "upper_arm", "buttock"),
    "UPS": ("thigh", "upper_arm", "chest_wall", "buttock"),
    "DDLPS": ("retroperitoneum",),
    "MFS": ("thigh", "upper_arm", "shoulder"),
    "AS": ("scalp", "breast"),
    "LMS": ("retroperitoneum", "thigh"),
    "SS": ("knee", "foot", "thigh"),
    "MPNST": ("paraspinal", "thigh"),
    "EPIS": ("forearm",),
    "MSFT": ("chest_wall", "retroperitoneum"),
}
_NOT_GRADED = ("ASPS", "EPIS")
_ALWAYS_HIGH = ("AS", "UPS", "DDLPS")
_IMMUNE_EVENTS = ("Hypothyroidism", "Pruritus", "Pneumonitis", "Alanine aminotransferase increased", "Fatigue")
_TOXIC_EVENTS = ("Anemia", "Neutrophil count decreased", "Platelet count decreased", "Nausea", "Fever")
_VASCULAR_EVENTS = ("Hypertension", "Palmar-plantar erythrodysesthesia syndrome", "Diarrhea", "Anorexia")


def index_date(draw: Draw, centre: str, course: Course) -> date:
    """Time zero such that the course ends on or before the centre's cut-off, inside the accrual window."""
    gap = (
        draw.between(0, 900)
        if course.death_day is not None
        else draw.weighted((draw.between(0, 70), 3), (draw.between(190, 900), 1))
    )
    found = CUT_OFF[centre] - timedelta(days=course.last_day + gap)
    first, last = ACCRUAL
    if found > last:
        return last - timedelta(days=draw.between(0, 240))
    return max(found, first + timedelta(days=draw.between(0, 200)))


def _tumour(draw: Draw, slot: Slot, sex: str, first_line_on: date) -> Tumour:
    metastatic_on = first_line_on - timedelta(days=draw.between(3, 40))
    synchronous = draw.chance(0.3) and slot.role != "adjuvant_inhibitor"
    since = draw.between(760, 1500) if slot.role == "adjuvant_inhibitor" else draw.between(450, 1500)
    diagnosed = When(metastatic_on if synchronous else metastatic_on - timedelta(days=since))
    if not synchronous and diagnosed.day.year < metastatic_on.year - 1:
        diagnosed = replace(diagnosed, precision=draw.weighted(("day", 6), ("month", 3), ("year", 1)))
    names = DIAGNOSES_EN if region(slot.centre) == "EU" else DIAGNOSES_ZH
    site = draw.pick(_SITES[slot.entity])
    text = names[slot.entity][0] if slot.centre == "hn02" else draw.pick(names[slot.entity])
    if slot.role == "uterine":
        site, text = "uterus", "子宫平滑肌肉瘤"
    if site == "breast" and sex == "M":
        site = "scalp"
    grade: str | None = draw.weighted(("3", 6), ("2", 3 if slot.entity not in _ALWAYS_HIGH else 0), (None, 1))
    return Tumour(
        text=text,
        icdo=MORPHOLOGY[slot.entity],
        diagnosed=diagnosed,
        site=site,
        metastatic_on=metastatic_on,
        review=draw.weighted(("local", 6), ("expert", 3), ("central", 1)),
        depth=draw.weighted(("deep", 8), ("superficial", 1), (None, 1)),
        size_mm=draw.weighted((draw.between(3, 18) * 10, 9), (None, 1)),
        grade="not_applicable" if slot.entity in _NOT_GRADED else grade,
        is_synchronous=synchronous,
    )


def _grown(total: float) -> float:
    """A sum of lesions that has progressed over `total`."""
    return max(total * 1.3, total + 8)


def _assessments(draw: Draw, course: Course, treatment: Treatment, index_on: date) -> list[Assessment]:
    """Progressions of earlier lines, the baseline, and the imaging of the course; later imaging is of later lines.

    Sums agree with responses as RECIST 1.1 has them: a response is 30% below the baseline, a progression 20% and 5 mm
    above the least sum, and until then nothing grows so far.
    """
    found: list[Assessment] = []

    def add(number: int, overall: str | None, total: float, new_lesion: bool | None) -> None:
        on = index_on + timedelta(days=number)
        found.append(
            Assessment(
                on,
                on + timedelta(days=draw.between(0, 4)),
                overall,
                round(total),
                new_lesion,
                draw.weighted(("CT", 7), ("MRI", 2), ("PET-CT", 1)),
            )
        )

    before = 0.0
    for end in treatment.prior_ends:
        number, total = end - draw.between(0, 3), draw.between(40, 160)
        before = max(total, _grown(before))
        add(number, "PD", before, draw.chance(0.5))
    baseline = draw.between(30, 170)
    gap_before = 14 if not treatment.prior_ends else min(14, -treatment.prior_ends[-1] - 1)
    add(-draw.between(1, gap_before), None, baseline, None)
    responds = draw.chance(0.3)
    best, after = float(baseline), 0
    for seen, (number, adequate) in enumerate(course.visits, 1):
        if course.progression_day is None or number < course.progression_day:
            if not adequate:
                add(number, "NE", best, False)
            elif responds and seen > 1:
                total = min(baseline * (0.5 + 0.15 * draw.uniform()), 1.15 * best)
                best = min(best, total)
                add(number, "PR", total, False)
            else:
                total = min(baseline * (0.85 + 0.2 * draw.uniform()), 1.15 * best)
                best = min(best, total)
                add(number, "SD", total, False)
        elif number == course.progression_day:
            best = _grown(best)
            add(number, "PD", best, draw.chance(0.4))
        elif after < 5:
            after += 1
            overall = "NE" if not adequate else draw.weighted(("SD", 1), ("PD", 1))
            best = _grown(best) if overall == "PD" else best
            add(number, overall, best, False)
    last = max((course.visits or ((0, True),))[-1][0], 0)
    limit = index_on + timedelta(days=max(last, course.last_day))
    return [replace(item, reported_on=min(item.reported_on, max(limit, item.assessed_on))) for item in found]


def _contacts(draw: Draw, centre: str, course: Course, index_on: date) -> list[Contact]:
    if course == NEVER_SEEN_AGAIN:
        return []
    found: list[Contact] = []
    number = draw.between(60, 100)
    while number < course.last_day - 15:
        found.append(
            Contact(index_on + timedelta(days=number), draw.pick(("visit", "inpatient", "visit", "phone")), "alive")
        )
        number += draw.between(70, 110)
    last_on = index_on + timedelta(days=course.last_day)
    room = (CUT_OFF[centre] - last_on).days
    if course.death_day is not None:
        if course.last_day > 40 and draw.chance(0.12):
            left_on = last_on - timedelta(days=draw.between(5, 12))
            found.append(Contact(left_on, "discharged_against_advice", "alive"))
        heard_on = last_on + timedelta(days=min(room, draw.between(5, 40)) if draw.chance(0.4) else 0)
        kind = "inpatient" if heard_on == last_on else "phone"
        cause = draw.weighted(("tumour", 9), ("other", 1))
        return [*found, Contact(heard_on, kind, "dead", last_on, cause)]
    found.append(Contact(last_on, draw.pick(("visit", "phone")), "alive"))
    if room > 45 and draw.chance(0.25):
        found.append(Contact(last_on + timedelta(days=draw.between(10, 40)), "relative_fetched_drugs", "alive"))
    if room > 180:
        found.append(Contact(last_on + timedelta(days=draw.between(90, 170)), "phone", "lost"))
    return found


def _adverse_events(draw: Draw, slot: Slot, course: Course, treatment: Treatment, index_on: date) -> list[AdverseEvent]:
    until = min(course.last_day - 1, 300 if treatment.end_day is None else treatment.end_day)
    if course == NEVER_SEEN_AGAIN or until < 8:
        return []
    terms = [*_IMMUNE_EVENTS]
    if slot.regimen in ("io_cytotoxic", "io_both"):
        terms += _TOXIC_EVENTS
    if slot.regimen in ("io_antiangiogenic", "io_both"):
        terms += _VASCULAR_EVENTS
    given = [item.agent for item in treatment.drugs if item.started_on == index_on and item.is_administered]
    agent = next((name for name in given if not name.startswith("<")), None)
    found = []
    for term in draw.shuffled(terms)[: draw.weighted((1, 3), (2, 3), (3, 2), (4, 1))]:
        start = draw.between(4, until)
        stop = start + draw.between(5, 60)
        over = stop < course.last_day
        immune = term in ("Hypothyroidism", "Pneumonitis", "Pruritus")
        severe = term in _TOXIC_EVENTS and term not in ("Nausea",) and draw.chance(0.25)
        grade = 3 if severe else draw.weighted((1, 5), (2, 4))
        found.append(
            AdverseEvent(
                term,
                grade,
                index_on + timedelta(days=start),
                index_on + timedelta(days=stop) if over else None,
                immune,
                agent,
                "resolved" if over else draw.pick(("resolving", "not_resolved")),
                is_serious=severe and draw.chance(0.5),
                has_steroid=term == "Pneumonitis",
            )
        )
    return found


def _procedures(draw: Draw, tumour: Tumour, metastatic_on: date) -> list[Procedure]:
    found = []
    if not tumour.is_synchronous:
        on = tumour.diagnosed.day + timedelta(days=draw.between(8, 40))
        found.append(
            Procedure("surgery", "curative", tumour.site, on, margin=draw.weighted(("R0", 6), ("R1", 3), ("R2", 1)))
        )
        if draw.chance(0.4):
            start = on + timedelta(days=draw.between(30, 60))
            found.append(
                Procedure(
                    "radiotherapy", "curative", tumour.site, start, start + timedelta(days=42), dose_gy=60, fractions=30
                )
            )
    elif draw.chance(0.4):
        start = metastatic_on + timedelta(days=1)
        found.append(
            Procedure(
                "radiotherapy", "palliative", tumour.site, start, start + timedelta(days=13), dose_gy=30, fractions=10
            )
        )
    return found


def _before_metastasis(draw: Draw, slot: Slot, tumour: Tumour) -> tuple[list[Line], list[Drug]]:
    """Adjuvant treatment, over more than six months before the relapse, so that no count of lines changes."""
    if tumour.is_synchronous or (slot.entity == "ASPS" and slot.role != "adjuvant_inhibitor"):
        return [], []
    start = tumour.diagnosed.day + timedelta(days=draw.between(60, 80))
    if slot.role == "adjuvant_inhibitor":
        stop = start + timedelta(days=365)
        agents = ["pembrolizumab"]
    elif draw.chance(0.25):
        stop = start + timedelta(days=draw.between(63, 90))
        agents = ["epirubicin"]
    else:
        return [], []
    line = Line("adjuvant", "adjuvant", start, stop, "completed", 0, start)
    return [line], [drug(agent, start, stop, stop_reason="completed") for agent in agents]


def build(
    slot: Slot, course: Course, seed: int, index_on: date | None = None, age: tuple[int, int] | None = None
) -> Patient:
    """The patient of a slot. `index_on` and `age` (range in years at time zero) override the usual draws."""
    draw = Draw(seed, "history", slot.label)
    if index_on is None:
        index_on = index_date(draw, slot.centre, course)
    low, high = age or _AGES[slot.entity]
    sex = "F" if slot.role == "uterine" else draw.pick(("F", "M"))
    age_days = round(draw.between(low, high) * 365.25) + draw.between(10, 350)
    born = When(index_on - timedelta(days=age_days), "day")
    if slot.centre == "eu03":
        born = replace(born, precision=draw.weighted(("month", 3), ("year", 1)))
    last_on = index_on + timedelta(days=course.last_day)
    closely = (CUT_OFF[slot.centre] - last_on).days <= 75
    treatment = treat(draw, slot, course, index_on, closely)
    tumour = _tumour(draw, slot, sex, index_on + timedelta(days=treatment.first_day))
    assert tumour.metastatic_on is not None
    early_lines, early_drugs = _before_metastasis(draw, slot, tumour)
    sites = draw.shuffled(("lung", "lungs", "liver", "pleura", "brain"))[: draw.weighted((1, 3), (2, 1))]
    if {"lung", "lungs"} <= set(sites):
        sites = ["lungs"]
    os_days, os_event = course.os
    pfs_days, pfs_event = course.pfs
    return Patient(
        label=slot.label,
        centre=slot.centre,
        local_id="",
        sex=sex,
        born=born,
        registered_on=index_on - timedelta(days=draw.between(0, 10)),
        link_token="",
        truth=Truth(
            True, (), index_on, os_days, os_event, pfs_days, pfs_event, slot.entity, slot.group, slot.line, slot.regimen
        ),
        tumours=(tumour,),
        lines=(*early_lines, *treatment.lines),
        drugs=(*early_drugs, *treatment.drugs),
        assessments=tuple(_assessments(draw, course, treatment, index_on)),
        adverse_events=tuple(_adverse_events(draw, slot, course, treatment, index_on)),
        contacts=tuple(_contacts(draw, slot.centre, course, index_on)),
        procedures=tuple(_procedures(draw, tumour, tumour.metastatic_on)),
        metastases=tuple(Metastasis(site, tumour.metastatic_on) for site in sites),
        legal_basis=draw.weighted(("study_consent", 4), ("ethics_waiver", 1)),
    )
