"""The search for a cohort that looks like the founding study's published summary.

Courses are drawn from the model of demo_course; then single patients are drawn again, and a new draw is kept when
the distance to the targets does not grow. Agreement shows only that a pipeline reads back what was put in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from demo_course import MONTH, NEVER_SEEN_AGAIN, Course, draw_course
from demo_design import Slot
from demo_draw import Draw

Bools = np.ndarray
Times = np.ndarray
MEDIANS = {"follow-up": (14.2, 0.3), "PFS": (7.5, 0.3), "OS": (19.5, 0.5)}
"""Published medians in months and the tolerance."""
MARGIN = 0.7
"""Share of a target's tolerance the search uses, so that the result does not lie on the edge."""


@dataclass(frozen=True)
class Comparison:
    """A published comparison: who against whom, on which end point, with the range of P; the first is better."""

    name: str
    end_point: str
    p_low: float
    p_high: float


COMPARISONS = (
    Comparison("ASPS v rest", "PFS", 0.0, 0.01),
    Comparison("ASPS v rest", "OS", 0.0, 0.01),
    Comparison("line <=2 v >2", "PFS", 0.0, 0.01),
    Comparison("line <=2 v >2", "OS", 0.0, 0.01),
    Comparison("ASPS: combination v monotherapy", "PFS", 0.0, 0.01),
    Comparison("ASPS: line <=2 v >2", "PFS", 0.01, 0.05),
    Comparison("ASPS: line <=2 v >2", "OS", 0.0, 0.01),
    Comparison("non-ASPS: potentially sensitive v rest", "PFS", 0.01, 0.05),
    Comparison("non-ASPS: potentially sensitive v rest", "OS", 0.01, 0.05),
    Comparison("potentially sensitive: line <=2 v >2", "OS", 0.01, 0.05),
)


def groups(slots: Sequence[Slot]) -> dict[str, tuple[Bools, Bools]]:
    """For each comparison's name: who is in it, and who is in its first group."""
    asps = np.array([slot.group == "ASPS" for slot in slots])
    sensitive = np.array([slot.group == "potentially sensitive" for slot in slots])
    early = np.array([slot.line <= 2 for slot in slots])
    combined = np.array([slot.is_combination for slot in slots])
    everyone = np.ones(len(slots), dtype=bool)
    return {
        "ASPS v rest": (everyone, asps),
        "line <=2 v >2": (everyone, early),
        "ASPS: combination v monotherapy": (asps, combined),
        "ASPS: line <=2 v >2": (asps, early),
        "non-ASPS: potentially sensitive v rest": (~asps, sensitive),
        "potentially sensitive: line <=2 v >2": (sensitive, early),
    }


def log_rank(times: Times, events: Bools, first: Bools) -> tuple[float, bool]:
    """Two-sided P of the log-rank test, and whether the first group has fewer events than expected."""
    points = np.unique(times[events])
    at_risk = times[:, None] >= points
    failing = (times[:, None] == points) & events[:, None]
    n, d = at_risk.sum(axis=0), failing.sum(axis=0)
    n1, d1 = at_risk[first].sum(axis=0), failing[first].sum(axis=0)
    excess = float((d1 - d * n1 / n).sum())
    several = n > 1
    n, d, n1 = n[several], d[several], n1[several]
    variance = float((d * (n1 / n) * (1 - n1 / n) * (n - d) / (n - 1)).sum())
    if variance <= 0:
        return 1.0, excess < 0
    return math.erfc(math.sqrt(excess**2 / variance / 2)), excess < 0


def median_time(times: Times, events: Bools) -> float:
    """Kaplan-Meier median; on a flat stretch at 0.5 its middle, as R has it; inf when it is not reached."""
    points = np.unique(times[events])
    if not len(points):
        return math.inf
    at_risk = (times[:, None] >= points).sum(axis=0)
    failing = ((times[:, None] == points) & events[:, None]).sum(axis=0)
    surviving = np.cumprod(1 - failing / at_risk)
    reached = np.flatnonzero(surviving <= 0.5 + 1e-9)
    if not len(reached):
        return math.inf
    place = int(reached[0])
    if abs(surviving[place] - 0.5) < 1e-9 and place + 1 < len(points):
        return float(points[place] + points[place + 1]) / 2
    return float(points[place])


@dataclass(frozen=True)
class Achieved:
    """What a drawn cohort shows: medians in months, and P with the direction for each comparison."""

    medians: dict[str, float]
    comparisons: tuple[tuple[Comparison, float, bool], ...]


def summarise(courses: Sequence[Course], split: dict[str, tuple[Bools, Bools]]) -> Achieved:
    """The published summary of these courses."""
    ends = {
        "OS": np.array([course.os for course in courses]),
        "PFS": np.array([course.pfs for course in courses]),
    }
    times = {name: values[:, 0] for name, values in ends.items()}
    events = {name: values[:, 1].astype(bool) for name, values in ends.items()}
    medians = {
        "follow-up": median_time(times["OS"], ~events["OS"]) / MONTH,
        "PFS": median_time(times["PFS"], events["PFS"]) / MONTH,
        "OS": median_time(times["OS"], events["OS"]) / MONTH,
    }
    compared = []
    for comparison in COMPARISONS:
        inside, first = split[comparison.name]
        p, first_better = log_rank(
            times[comparison.end_point][inside], events[comparison.end_point][inside], first[inside]
        )
        compared.append((comparison, p, first_better))
    return Achieved(medians, tuple(compared))


def distance(achieved: Achieved) -> float:
    """How far from the targets, 0 when all are met with the margin."""
    total = 0.0
    for name, (target, tolerance) in MEDIANS.items():
        off = min(abs(achieved.medians[name] - target), 40.0)
        total += max(0.0, off - MARGIN * tolerance) / tolerance
    for comparison, p, first_better in achieved.comparisons:
        place = math.log10(max(p, 1e-12))
        high = math.log10(comparison.p_high) + (MARGIN - 1) / 2
        low = math.log10(comparison.p_low) + (1 - MARGIN) / 2 if comparison.p_low else -math.inf
        total += 3 * max(0.0, place - high) + 3 * max(0.0, low - place)
        total += 0.0 if first_better else 2.0 - place
    return total


def is_met(achieved: Achieved) -> bool:
    """All targets met as published."""
    return all(
        abs(achieved.medians[name] - target) <= tolerance for name, (target, tolerance) in MEDIANS.items()
    ) and all(
        first_better and comparison.p_low <= p < comparison.p_high
        for comparison, p, first_better in achieved.comparisons
    )


def _course(draw: Draw, slot: Slot) -> Course:
    if slot.role == "never_seen_again":
        return NEVER_SEEN_AGAIN
    return draw_course(draw, slot.group, slot.line, slot.is_combination)


def draw_courses(seed: int, slots: Sequence[Slot], fit: bool, tries: int = 6000) -> list[Course]:
    """One course per place; with `fit` the best cohort the search finds in at most `tries` new draws."""
    draw = Draw(seed, "courses")
    courses = [_course(draw, slot) for slot in slots]
    if not fit:
        return courses
    split = groups(slots)
    best = distance(summarise(courses, split))
    for _ in range(tries):
        if best == 0:
            break
        place = draw.between(0, len(slots) - 1)
        before = courses[place]
        courses[place] = _course(draw, slots[place])
        now = distance(summarise(courses, split))
        if now <= best:
            best = now
        else:
            courses[place] = before
    return courses
