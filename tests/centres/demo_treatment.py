"""The treatment of one patient: lines before time zero, the index line, lines after it, each with its drugs.

Days count from time zero. Lines never share an agent and never overlap; a line before time zero ends with a
progression on imaging, so that drug records alone give the line's number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from demo_course import NEVER_SEEN_AGAIN, Course
from demo_design import Slot
from demo_draw import Draw
from demo_records import Drug, Line

Regimen = tuple[str, ...]
_ASPS_LINES: dict[str, tuple[Regimen, ...]] = {
    "CN": (("anlotinib",), ("pazopanib",), ("doxorubicin", "ifosfamide"), ("sunitinib",), ("apatinib",)),
    "EU": (("pazopanib",), ("sunitinib",), ("doxorubicin", "ifosfamide"), ("cabozantinib",), ("trabectedin",)),
}
_OTHER_LINES: dict[str, tuple[Regimen, ...]] = {
    "CN": (
        ("doxorubicin", "ifosfamide"),
        ("gemcitabine", "docetaxel"),
        ("anlotinib",),
        ("eribulin",),
        ("trabectedin",),
        ("dacarbazine",),
        ("apatinib",),
    ),
    "EU": (
        ("doxorubicin", "ifosfamide"),
        ("gemcitabine", "docetaxel"),
        ("trabectedin",),
        ("pazopanib",),
        ("eribulin",),
        ("dacarbazine",),
        ("regorafenib",),
    ),
}
_INHIBITORS = {
    "CN": ("sintilimab", "camrelizumab", "toripalimab", "tislelizumab", "penpulimab", "pembrolizumab"),
    "EU": ("pembrolizumab", "nivolumab", "atezolizumab", "durvalumab"),
}
_FIRST_INHIBITORS = ("pembrolizumab", "nivolumab")
_ANTIANGIOGENIC = {
    "CN": ("anlotinib", "anlotinib", "apatinib", "bevacizumab"),
    "EU": ("axitinib", "pazopanib", "bevacizumab"),
}
_CYTOTOXIC = {
    "CN": ("gemcitabine", "dacarbazine", "nab-paclitaxel", "temozolomide"),
    "EU": ("gemcitabine", "dacarbazine", "eribulin", "temozolomide"),
}
_DOSES: dict[str, tuple[float, str]] = {
    "anlotinib": (12, "mg"),
    "apatinib": (250, "mg"),
    "pazopanib": (800, "mg"),
    "sunitinib": (37.5, "mg"),
    "axitinib": (5, "mg"),
    "cabozantinib": (60, "mg"),
    "regorafenib": (160, "mg"),
    "bevacizumab": (7.5, "mg/kg"),
    "doxorubicin": (60, "mg/m2"),
    "epirubicin": (75, "mg/m2"),
    "ifosfamide": (1800, "mg/m2"),
    "gemcitabine": (1000, "mg/m2"),
    "docetaxel": (75, "mg/m2"),
    "dacarbazine": (800, "mg/m2"),
    "trabectedin": (1.5, "mg/m2"),
    "eribulin": (1.4, "mg/m2"),
    "nab-paclitaxel": (260, "mg/m2"),
    "temozolomide": (200, "mg/m2"),
    "zoledronic acid": (4, "mg"),
    "atezolizumab": (1200, "mg"),
    "durvalumab": (1500, "mg"),
    "ipilimumab": (1, "mg/kg"),
    "aldesleukin": (18, "MIU"),
}
SUPPORTIVE = "zoledronic acid"
MOST_LINES = 6


@dataclass(frozen=True)
class Treatment:
    """Lines and drugs in order; `first_day` is the day of the first palliative line, `end_day` of the index line."""

    lines: tuple[Line, ...]
    drugs: tuple[Drug, ...]
    first_day: int
    end_day: int | None
    prior_ends: tuple[int, ...]


def region(centre: str) -> str:
    """Which drugs a centre has."""
    return "EU" if centre.startswith("eu") else "CN"


def drug(agent: str, started_on: date, stopped_on: date | None, **more: object) -> Drug:
    """A drug record with the usual dose, and three-week cycles where the stop is known."""
    dose, unit = _DOSES.get(agent, (200.0, "mg"))
    cycles = None if stopped_on is None else (stopped_on - started_on).days // 21 + 1
    made = Drug(agent, started_on, stopped_on, dose=dose, unit=unit, cycles=cycles)
    return replace(made, **more)  # type: ignore[arg-type]


def lines_for(slot: Slot) -> tuple[Regimen, ...]:
    """The regimens of other lines in the order they are usually given."""
    return (_ASPS_LINES if slot.entity == "ASPS" else _OTHER_LINES)[region(slot.centre)]


def _index_agents(draw: Draw, slot: Slot, index_on: date) -> tuple[list[str], list[str]]:
    """Inhibitors and partners of the index line."""
    where = region(slot.centre)
    inhibitors = [draw.pick(_FIRST_INHIBITORS if index_on.year < 2019 else _INHIBITORS[where])]
    if slot.role == "class_only":
        inhibitors = ["<PD-1>"]
    elif slot.role == "dual_inhibition":
        inhibitors = ["nivolumab", "ipilimumab"]
    elif slot.role == "bispecific":
        inhibitors = ["cadonilimab"]
    partners = []
    if slot.regimen in ("io_cytotoxic", "io_both"):
        partners.append(draw.pick(_CYTOTOXIC[where]))
    if slot.regimen in ("io_antiangiogenic", "io_both"):
        partners.append(draw.pick(_ANTIANGIOGENIC[where]))
    return inhibitors, partners


def _end_of_index_line(draw: Draw, course: Course, followed_closely: bool) -> tuple[int | None, str | None]:
    """Day and reason; (None, None) while it goes on or nothing more is known."""
    if course == NEVER_SEEN_AGAIN:
        return None, None
    last = course.last_day - (1 if course.death_day is not None else 0)
    if course.progression_day is not None:
        beyond = draw.between(40, 90) if draw.chance(0.15) else draw.between(0, 10)
        return min(course.progression_day + beyond, last), "progression"
    if course.death_day is not None:
        return max(0, last - draw.between(0, 18)), "death"
    if draw.chance(0.2):
        return max(1, last - draw.between(0, last // 2)), "toxicity"
    if followed_closely:
        return None, None
    return max(0, last - draw.between(0, 18)), draw.pick(("completed", "patient_choice"))


def treat(draw: Draw, slot: Slot, course: Course, index_on: date, followed_closely: bool) -> Treatment:
    """The whole systemic treatment of metastatic disease."""
    inhibitors, partners = _index_agents(draw, slot, index_on)
    open_regimens = [
        regimen
        for regimen in lines_for(slot)
        if not set(regimen) & {*partners, "anlotinib" if slot.role == "partner_too_late" else ""}
    ]
    lead = {"partner_first": draw.between(3, 10), "ordered_before": 5}.get(slot.role, 0)
    lines: list[Line] = []
    drugs: list[Drug] = []

    def day(number: int) -> date:
        return index_on + timedelta(days=number)

    def add_line(number: int, start: int, stop: int | None, reason: str | None) -> None:
        lines.append(
            Line(
                stated=str(number),
                setting="palliative",
                started_on=day(start),
                stopped_on=None if stop is None else day(stop),
                stop_reason=reason,
                ecog=draw.weighted((0, 3), (1, 5), (2, 1 + number / 2)),
                ecog_on=day(start),
                is_trial=draw.chance(0.12),
            )
        )

    prior_ends: list[int] = []
    start_of_next = -lead
    earlier: list[tuple[int, int, int, Regimen]] = []
    first_regimens = [open_regimens.pop(0) for _ in range(slot.line - 1)]
    for number in range(slot.line - 1, 0, -1):
        stop = start_of_next - draw.between(15, 35)
        start = stop - draw.between(63, 200)
        earlier.insert(0, (number, start, stop, first_regimens[number - 1]))
        start_of_next = start
    for number, start, stop, regimen in earlier:
        add_line(number, start, stop, "progression")
        prior_ends.append(stop)
        drugs += [drug(agent, day(start), day(stop), stop_reason="progression") for agent in regimen]

    end, reason = _end_of_index_line(draw, course, followed_closely)
    add_line(slot.line, -lead, end, reason)
    goes_on = end is None and course != NEVER_SEEN_AGAIN
    if slot.role == "ordered_before":
        drugs.append(Drug(inhibitors[0], day(-lead), None, dose=200.0, is_administered=False))
    for agent in inhibitors:
        drugs.append(drug(agent, day(0), None if end is None else day(end), is_ongoing=goes_on, stop_reason=reason))
    for agent in partners:
        start = -lead
        if slot.role == "partner_on_day_28" and (end is None or end > 40):
            start = 28
        elif not lead and draw.chance(0.15) and (end is None or end > 40):
            start = draw.between(1, 14)
        stop_day, why = end, reason
        if agent not in ("anlotinib", "apatinib", "bevacizumab", "axitinib", "pazopanib"):
            planned = start + draw.between(63, 126)
            if planned < (course.last_day if end is None else end):
                stop_day, why = planned, "completed"
        ongoing = stop_day is None and course != NEVER_SEEN_AGAIN
        drugs.append(
            drug(agent, day(start), None if stop_day is None else day(stop_day), is_ongoing=ongoing, stop_reason=why)
        )
    drugs += _late_partner(slot, course, end, goes_on, index_on)
    if draw.chance(0.08) and end is not None and end > 60:
        drugs.append(drug(SUPPORTIVE, day(0), day(end), stop_reason="completed"))

    number, stop_of_last = slot.line, end
    for regimen in open_regimens[:2]:
        if stop_of_last is None or number == MOST_LINES:
            break
        start = stop_of_last + draw.between(15, 35)
        last = course.last_day - (1 if course.death_day is not None else 0)
        if start + 20 > last:
            break
        number += 1
        planned = start + draw.between(50, 160)
        if planned > last and course.death_day is None and followed_closely:
            stop_of_last, why, ongoing = None, None, True
        else:
            stop_of_last, ongoing = min(planned, last), False
            why = "progression" if planned <= last else ("death" if course.death_day is not None else "patient_choice")
        add_line(number, start, stop_of_last, why)
        drugs += [
            drug(
                agent,
                day(start),
                None if stop_of_last is None else day(stop_of_last),
                is_ongoing=ongoing,
                stop_reason=why,
            )
            for agent in regimen
        ]
    return Treatment(tuple(lines), tuple(drugs), start_of_next, end, tuple(prior_ends))


def _late_partner(slot: Slot, course: Course, end: int | None, goes_on: bool, index_on: date) -> list[Drug]:
    """A partner added after the first good imaging: too late to change the group."""
    seen = [visit for visit, adequate in course.visits if adequate]
    until = course.last_day if end is None else end
    if slot.role != "partner_too_late" or not seen or seen[0] == course.progression_day or seen[0] + 20 > until:
        return []
    agent = "axitinib" if region(slot.centre) == "EU" else "anlotinib"
    stopped_on = None if end is None else index_on + timedelta(days=end)
    return [drug(agent, index_on + timedelta(days=seen[0] + 4), stopped_on, is_ongoing=goes_on, stop_reason=None)]
