"""Who is in the demo cohort: 79 patients over three centres, by histology, line and regimen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from demo_draw import Draw

CENTRES = ("hn01", "hn02", "eu03")
COHORT = {"hn01": 38, "hn02": 24, "eu03": 17}
CUT_OFF = {"hn01": date(2024, 6, 30), "hn02": date(2024, 5, 31), "eu03": date(2024, 9, 30)}
ACCRUAL = (date(2017, 1, 1), date(2023, 12, 31))
GROUPS = {"ASPS": "ASPS", **dict.fromkeys(("UPS", "DDLPS", "MFS", "AS"), "potentially sensitive")}
"""Histology group by entity; every other entity is 'other'."""

_ENTITIES = {
    "ASPS": {"ASPS": 30},
    "potentially sensitive": {"UPS": 11, "DDLPS": 6, "MFS": 4, "AS": 6},
    "other": {"LMS": 9, "SS": 6, "MPNST": 3, "EPIS": 2, "MSFT": 2},
}
_LINES = {
    "ASPS": {1: 10, 2: 8, 3: 8, 4: 3, 5: 1},
    "potentially sensitive": {1: 7, 2: 7, 3: 9, 4: 4},
    "other": {1: 5, 2: 6, 3: 8, 4: 3},
}
_REGIMENS = {
    "ASPS": {"io_alone": 10, "io_antiangiogenic": 16, "io_cytotoxic": 2, "io_both": 2},
    "potentially sensitive": {"io_alone": 7, "io_cytotoxic": 8, "io_antiangiogenic": 8, "io_both": 4},
    "other": {"io_alone": 6, "io_cytotoxic": 6, "io_antiangiogenic": 7, "io_both": 3},
}


@dataclass(frozen=True)
class Slot:
    """A place in the cohort (or outside it), fixed at time zero. `role` marks the few with a special part."""

    label: str
    centre: str
    entity: str
    line: int
    regimen: str
    role: str = ""

    @property
    def group(self) -> str:
        """Histology group."""
        return GROUPS.get(self.entity, "other")

    @property
    def is_combination(self) -> bool:
        """A cytotoxic or antiangiogenic partner counts."""
        return self.regimen != "io_alone"


def _spread(counts: dict[str, int] | dict[int, int]) -> list[str | int]:
    return [value for value, count in counts.items() for _ in range(count)]


def design(seed: int) -> list[Slot]:
    """The 79 places of the cohort, the same numbers for every seed, joined and dealt to the centres at random."""
    draw = Draw(seed, "design")
    dealt: list[tuple[str, int, str]] = []
    for group, entities in _ENTITIES.items():
        columns = zip(
            draw.shuffled(_spread(entities)),
            draw.shuffled(_spread(_LINES[group])),
            draw.shuffled(_spread(_REGIMENS[group])),
            strict=True,
        )
        dealt += [(str(entity), int(line), str(regimen)) for entity, line, regimen in columns]
    total = len(dealt)
    wanted = [(centre, (place + 0.5) / size) for centre, size in COHORT.items() for place in range(size)]
    centres = [centre for centre, _ in sorted(wanted, key=lambda item: (item[1], item[0]))]
    slots = [
        Slot(f"cohort-{number + 1:02d}", centres[number], entity, line, regimen)
        for number, (entity, line, regimen) in enumerate(dealt)
    ]
    assert total == sum(COHORT.values())
    return _with_roles(slots)


def _with_roles(slots: list[Slot]) -> list[Slot]:
    """Give the special parts to the first places that fit them."""
    parts: list[tuple[str, int, dict[str, object]]] = [
        ("never_seen_again", 1, {"centre": "hn02", "regimen": "io_alone"}),
        ("class_only", 2, {"centre": "hn01", "regimen": "io_antiangiogenic"}),
        ("class_only", 1, {"centre": "hn02", "regimen": "io_antiangiogenic"}),
        ("ordered_before", 1, {"centre": "hn02", "regimen": "io_cytotoxic"}),
        ("dual_inhibition", 1, {"centre": "eu03", "regimen": "io_alone"}),
        ("bispecific", 1, {"centre": "hn01", "regimen": "io_alone"}),
        ("adjuvant_inhibitor", 1, {"centre": "eu03", "regimen": "io_antiangiogenic"}),
        ("partner_first", 1, {"centre": "hn01", "regimen": "io_cytotoxic"}),
        ("partner_first", 1, {"centre": "hn02", "regimen": "io_antiangiogenic"}),
        ("partner_first", 1, {"centre": "eu03", "regimen": "io_antiangiogenic"}),
        ("partner_on_day_28", 1, {"centre": "hn01", "regimen": "io_antiangiogenic"}),
        ("partner_too_late", 2, {"centre": "hn01", "regimen": "io_alone"}),
        ("partner_too_late", 1, {"centre": "hn02", "regimen": "io_alone"}),
        ("partner_too_late", 1, {"centre": "eu03", "regimen": "io_alone"}),
    ]
    out = list(slots)
    others = [place for place, slot in enumerate(out) if slot.centre == "hn01" and slot.group == "other"]
    uterine = min(others, key=lambda place: (out[place].entity != "LMS", place))
    out[uterine] = replace(out[uterine], entity="LMS", role="uterine")
    for role, count, wanted in parts:
        fitting = [
            place
            for place, slot in enumerate(out)
            if not slot.role and all(getattr(slot, name) == value for name, value in wanted.items())
        ]
        for place in fitting[:count]:
            out[place] = replace(out[place], role=role)
    return out
