"""The course of a disease: when it progresses, when imaging shows it, when the patient dies or is last seen.

Progression and survival after it are Weibull, follow-up is lognormal; the medians depend on group, line and regimen.
The figures are chosen for the demo alone: they are evidence about no treatment.
"""

from __future__ import annotations

from dataclasses import dataclass

from demo_draw import Draw

MONTH = 30.4375
PROGRESSION = {"ASPS": 15.0, "potentially sensitive": 8.0, "other": 4.5}
"""Median months to progression on an early line, by histology group."""
AFTER = {"ASPS": 26.0, "potentially sensitive": 12.0, "other": 7.5}
"""Median months from progression to death on an early line."""
LATE_LINE = 0.55
ASPS_ALONE = 0.5
FOLLOW_UP = (15.0, 0.6)
LONGEST_DAYS = 1900
INTERVAL_DAYS = 56


@dataclass(frozen=True)
class Course:
    """Days from time zero. `visits` are (day, is adequate); progression_day is the imaging that shows it."""

    visits: tuple[tuple[int, bool], ...]
    progression_day: int | None
    death_day: int | None
    last_day: int

    @property
    def os(self) -> tuple[int, bool]:
        """Overall survival: days, died."""
        return self.last_day, self.death_day is not None

    @property
    def pfs(self) -> tuple[int, bool]:
        """Progression-free survival as EMA has it: days, event; censored at the last adequate assessment."""
        if self.progression_day is not None:
            return self.progression_day, True
        if self.death_day is not None:
            return self.death_day, True
        return max((day for day, adequate in self.visits if adequate), default=0), False


NEVER_SEEN_AGAIN = Course(visits=(), progression_day=None, death_day=None, last_day=0)


def draw_course(draw: Draw, group: str, line: int, is_combination: bool) -> Course:
    """One course from the model."""
    factor = LATE_LINE if line > 2 else 1.0
    alone = ASPS_ALONE if group == "ASPS" and not is_combination else 1.0
    progresses = draw.weibull(PROGRESSION[group] * MONTH * factor * alone, 1.3)
    dies = progresses + draw.weibull(AFTER[group] * MONTH * factor, 1.2)
    dies = round(max(8.0, min(dies, draw.weibull(120 * MONTH, 1.0))))
    followed = round(min(LONGEST_DAYS, max(20.0, draw.lognormal(FOLLOW_UP[0] * MONTH, FOLLOW_UP[1]))))
    death = dies if dies <= followed else None
    last = min(dies, followed)
    visits, shown, day = [], None, 0
    while True:
        day += INTERVAL_DAYS + draw.between(-6, 9)
        adequate = not draw.chance(0.04)
        if day >= dies or day > followed:
            break
        visits.append((day, adequate))
        if shown is None and adequate and day >= progresses:
            shown = day
    return Course(tuple(visits), shown, death, last)
