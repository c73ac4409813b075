"""The delivered patients who are not in the cohort: each fails one criterion and no other.

They are also the hosts of every planted fault that could decide eligibility, a group or an end point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from demo_course import Course, draw_course
from demo_design import ACCRUAL, CUT_OFF, Slot
from demo_draw import Draw
from demo_history import build
from demo_records import Line, Patient, Truth, Tumour
from demo_treatment import drug
from demo_words import DIAGNOSES_ZH

Change = Callable[[Patient, Draw], Patient]


def _tumour(patient: Patient, **changes: object) -> Patient:
    index = replace(patient.tumours[0], **changes)  # type: ignore[arg-type]
    return replace(patient, tumours=(index, *patient.tumours[1:]))


def _diagnosis(text: str, icdo: str, site: str | None = None, grade: str | None = "not_applicable") -> Change:
    def change(patient: Patient, draw: Draw) -> Patient:
        return _tumour(patient, text=text, icdo=icdo, site=site or patient.tumours[0].site, grade=grade)

    return change


def _local_only(patient: Patient, draw: Draw) -> Patient:
    return replace(_tumour(patient, metastatic_on=None, is_synchronous=False), metastases=())


def _unresectable(patient: Patient, draw: Draw) -> Patient:
    return _tumour(_local_only(patient, draw), is_locally_advanced_only=True)


def _instead_of_inhibitor(*agents: str) -> Change:
    """The index line holds other drugs: no checkpoint inhibitor was ever given."""

    def change(patient: Patient, draw: Draw) -> Patient:
        first = patient.truth.index_on
        assert first is not None
        given = next(item for item in patient.drugs if item.started_on == first)
        others = tuple(item for item in patient.drugs if item.started_on != first)
        instead = tuple(drug(agent, first, given.stopped_on, stop_reason=given.stop_reason) for agent in agents)
        events = tuple(replace(item, agent=agents[0], is_immune_related=False) for item in patient.adverse_events)
        ordered = sorted((*others, *instead), key=lambda item: item.started_on)
        return replace(patient, drugs=tuple(ordered), adverse_events=events)

    return change


def _only_perioperative(patient: Patient, draw: Draw) -> Patient:
    """A neoadjuvant inhibitor well before the relapse, chemotherapy after it."""
    patient = _instead_of_inhibitor("gemcitabine")(patient, draw)
    metastatic_on = patient.tumours[0].metastatic_on
    assert metastatic_on is not None
    start = metastatic_on - timedelta(days=420)
    stop = start + timedelta(days=63)
    line = Line("neoadjuvant", "neoadjuvant", start, stop, "completed", 0, start)
    agent = "pembrolizumab" if patient.centre == "eu03" else "toripalimab"
    return replace(
        _tumour(
            patient,
            is_synchronous=False,
            diagnosed=replace(patient.tumours[0].diagnosed, day=start - timedelta(days=20), precision="day"),
        ),
        lines=(line, *(item for item in patient.lines if item.setting == "palliative")),
        drugs=(
            drug(agent, start, stop, stop_reason="completed"),
            *(item for item in patient.drugs if item.started_on > metastatic_on),
        ),
        procedures=(),
    )


def _other_cancer(patient: Patient, draw: Draw) -> Patient:
    return _tumour(patient, is_other_malignancy_active=True)


def _no_basis(patient: Patient, draw: Draw) -> Patient:
    return replace(patient, legal_basis="none")


def _withdrawn(patient: Patient, draw: Draw) -> Patient:
    last = max(contact.contact_on for contact in patient.contacts)
    return replace(patient, withdrawal_on=min(last, CUT_OFF[patient.centre]), withdrawal_scope="no_further_use")


def _second_tumour(text: str) -> Change:
    """Another, harmless tumour beside the index tumour."""

    def change(patient: Patient, draw: Draw) -> Patient:
        first = patient.tumours[0]
        other = Tumour(text, "", first.diagnosed, "thigh", None, is_index=False, sequence=2, depth=None)
        return replace(patient, tumours=(first, other))

    return change


def _unchanged(patient: Patient, draw: Draw) -> Patient:
    return patient


@dataclass(frozen=True)
class Outsider:
    """One patient outside the cohort: the reason, the change that makes it true, and what her course must be."""

    label: str
    centre: str
    reason: str
    entity: str
    line: int
    regimen: str
    dies: bool
    change: Change
    least_days: int = 150
    index_on: date | None = None
    age: tuple[int, int] | None = None
    most_days: int = 900


OUTSIDERS = (
    Outsider(
        "gist",
        "hn01",
        "not_soft_tissue_sarcoma",
        "LMS",
        2,
        "io_antiangiogenic",
        True,
        _diagnosis("胃肠道间质瘤", "8936/3", "stomach", None),
        index_on=date(2020, 3, 9),
    ),
    Outsider(
        "mfh", "hn01", "histology_unresolved", "UPS", 2, "io_alone", False, _diagnosis("恶性纤维组织细胞瘤", "8830/3")
    ),
    Outsider(
        "poorly-differentiated",
        "hn01",
        "histology_unresolved",
        "UPS",
        1,
        "io_cytotoxic",
        False,
        _diagnosis("低分化肉瘤", "8800/3"),
    ),
    Outsider("local-relapse", "hn01", "not_metastatic", "LMS", 2, "io_alone", True, _local_only),
    Outsider("unresectable", "hn01", "unresectable_only", "DDLPS", 1, "io_antiangiogenic", True, _unresectable),
    Outsider(
        "chemotherapy-only",
        "hn01",
        "no_qualifying_dose",
        "LMS",
        2,
        "io_alone",
        True,
        _instead_of_inhibitor("dacarbazine"),
    ),
    Outsider("neoadjuvant-only", "hn01", "io_perioperative_only", "UPS", 1, "io_alone", False, _only_perioperative),
    Outsider("breast-cancer", "hn01", "other_active_malignancy", "SS", 2, "io_alone", True, _other_cancer),
    Outsider(
        "too-early", "hn01", "outside_accrual", "ASPS", 2, "io_alone", True, _unchanged, index_on=date(2016, 5, 17)
    ),
    Outsider("child", "hn01", "age_outside", "ASPS", 1, "io_antiangiogenic", False, _unchanged, age=(12, 12)),
    Outsider("no-consent", "hn01", "no_legal_basis", "SS", 2, "io_cytotoxic", True, _no_basis),
    Outsider("withdrawn", "hn01", "withdrawn", "MFS", 2, "io_alone", False, _withdrawn),
    Outsider(
        "chordoma",
        "hn02",
        "not_soft_tissue_sarcoma",
        "MPNST",
        2,
        "io_antiangiogenic",
        True,
        _diagnosis("脊索瘤", "9370/3", "sacrum", None),
    ),
    Outsider(
        "undifferentiated",
        "hn02",
        "histology_unresolved",
        "UPS",
        1,
        "io_alone",
        True,
        _diagnosis("未分化肉瘤", "8805/3"),
    ),
    Outsider(
        "spindle-cell",
        "hn02",
        "histology_unresolved",
        "MPNST",
        2,
        "io_alone",
        False,
        _diagnosis("梭形细胞肉瘤", "8801/3"),
    ),
    Outsider("local-relapse-2", "hn02", "not_metastatic", "MFS", 2, "io_alone", False, _local_only),
    Outsider("unresectable-2", "hn02", "unresectable_only", "DDLPS", 1, "io_cytotoxic", True, _unresectable),
    Outsider(
        "anlotinib-only", "hn02", "no_qualifying_dose", "SS", 1, "io_alone", True, _instead_of_inhibitor("anlotinib")
    ),
    Outsider("colon-cancer", "hn02", "other_active_malignancy", "AS", 2, "io_alone", True, _other_cancer),
    Outsider(
        "too-early-2",
        "hn02",
        "outside_accrual",
        "UPS",
        2,
        "io_alone",
        True,
        _second_tumour("脂肪瘤"),
        index_on=date(2016, 9, 6),
    ),
    Outsider("child-2", "hn02", "age_outside", "ASPS", 1, "io_alone", False, _unchanged, age=(13, 13)),
    Outsider("no-consent-2", "hn02", "no_legal_basis", "LMS", 2, "io_cytotoxic", True, _no_basis),
    Outsider(
        "kaposi",
        "eu03",
        "not_soft_tissue_sarcoma",
        "AS",
        1,
        "io_alone",
        True,
        _diagnosis("Kaposi sarcoma", "9140/3", "skin_of_leg", None),
    ),
    Outsider(
        "sarcoma-nos",
        "eu03",
        "histology_unresolved",
        "SS",
        1,
        "io_cytotoxic",
        False,
        _diagnosis("Sarcoma NOS", "8800/3"),
    ),
    Outsider(
        "favour-lms",
        "eu03",
        "histology_unresolved",
        "LMS",
        2,
        "io_alone",
        False,
        _diagnosis("favour leiomyosarcoma", "8890/3"),
    ),
    Outsider("local-relapse-3", "eu03", "not_metastatic", "UPS", 2, "io_alone", True, _local_only),
    Outsider(
        "interleukin", "eu03", "no_qualifying_dose", "SS", 2, "io_alone", True, _instead_of_inhibitor("aldesleukin")
    ),
    Outsider("neoadjuvant-only-2", "eu03", "io_perioperative_only", "UPS", 1, "io_alone", False, _only_perioperative),
    Outsider(
        "too-late",
        "eu03",
        "outside_accrual",
        "LMS",
        2,
        "io_alone",
        True,
        _unchanged,
        index_on=date(2024, 1, 23),
        least_days=100,
        most_days=240,
    ),
    Outsider("withdrawn-2", "eu03", "withdrawn", "MFS", 1, "io_alone", False, _withdrawn),
)


_HAVE_TIME_ZERO = (
    "not_soft_tissue_sarcoma",
    "histology_unresolved",
    "other_active_malignancy",
    "outside_accrual",
    "age_outside",
    "no_legal_basis",
    "withdrawn",
)


def _course(draw: Draw, outsider: Outsider, slot: Slot) -> Course:
    """A course from the model that dies or lives as asked, within the length asked."""
    while True:
        course = draw_course(draw, slot.group, slot.line, slot.is_combination)
        dies = course.death_day is not None
        if dies == outsider.dies and outsider.least_days <= course.last_day <= outsider.most_days:
            return course


def outsiders(seed: int) -> list[Patient]:
    """All patients outside the cohort but the second copy of a person seen at two centres."""
    found = []
    for outsider in OUTSIDERS:
        draw = Draw(seed, "outside", outsider.label)
        slot = Slot(outsider.label, outsider.centre, outsider.entity, outsider.line, outsider.regimen)
        course = _course(draw, outsider, slot)
        room = timedelta(days=course.last_day + draw.between(150, 700))
        index_on = outsider.index_on or max(ACCRUAL[0], CUT_OFF[slot.centre] - room)
        patient = build(slot, course, seed, index_on, outsider.age)
        changed = outsider.change(patient, draw)
        entity = slot.entity if changed.tumours[0].text == patient.tumours[0].text else None
        known = index_on if outsider.reason in _HAVE_TIME_ZERO else None
        found.append(replace(changed, truth=Truth(False, (outsider.reason,), known, entity=entity)))
    return found


def second_copy(patient: Patient, centre: str) -> Patient:
    """The same person at another centre, where the treatment that began at the first went on.

    It holds the lines up to the index line (with the later first dose given there), and of the rest only what the
    first centre also knows, so that its evidence changes nothing.
    """
    index_on = patient.truth.index_on
    assert index_on is not None and patient.truth.line is not None
    here_on = index_on + timedelta(days=42)
    index_line = next(item for item in patient.lines if item.stated == str(patient.truth.line))
    earlier = tuple(item for item in patient.lines if item.started_on < index_line.started_on)
    given = [
        replace(item, started_on=here_on, cycles=None)
        for item in patient.drugs
        if item.started_on == index_on and (item.stopped_on is None or item.stopped_on > here_on)
    ]
    return replace(
        patient,
        label="second-copy",
        centre=centre,
        local_id="",
        truth=Truth(False, ("same_person_counted",), here_on, entity=patient.truth.entity),
        registered_on=here_on,
        tumours=tuple(replace(item, text=DIAGNOSES_ZH[str(patient.truth.entity)][0]) for item in patient.tumours),
        lines=(*earlier, replace(index_line, started_on=here_on, ecog_on=here_on)),
        drugs=(*(item for item in patient.drugs if item.started_on < index_line.started_on), *given),
        assessments=tuple(
            item
            for item in patient.assessments
            if item.assessed_on > here_on or item.assessed_on < index_line.started_on
        ),
        adverse_events=(),
        contacts=tuple(
            item for item in patient.contacts if item.contact_on > here_on and item.kind != "relative_fetched_drugs"
        ),
    )
