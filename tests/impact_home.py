"""A home whose open queries weigh differently: forty patients of one centre, faults planted in some of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import small_home

from analytics.plan import Plan

N = 40
FAULTY, CLEAN = "aa01", "bb02"
DRUGLESS = 39
"""The patient outside the cohort: no checkpoint inhibitor."""

Edits = Mapping[tuple[int, str], str]
"""(patient, cell) -> what is sent instead. Cells: those of cases.csv, and Seen1, Response1, Status1, Died1 … of visits."""

PLANTED: Edits = {
    # dead, the day not told: the end points are not evaluable as they are
    (3, "Died3"): "",
    # a day that does not exist in the middle of the course, with later signs of life
    (4, "Seen2"): "2022-02-30",
    # a response that cannot be read
    (5, "Response1"): "see letter",
    # the same fault as the first in somebody who is not in the cohort
    (DRUGLESS, "Died3"): "",
}


def _day(day: date) -> str:
    return day.isoformat()


def rows(edits: Edits) -> tuple[list[str], list[str]]:
    """cases.csv and visits.csv: every third patient ASPS, UPS or leiomyosarcoma; every other in third line."""
    cases, visits = [], []
    for i in range(1, N + 1):
        start = date(2021, 1, 10) + timedelta(days=i * 11 % 200)
        days = (50 + i % 7, 110 + i * 17 % 90, 220 + i * 53 % 700)
        is_dead, progresses = i % 4 != 0, i % 3 != 1
        told = {
            "PatNo": f"P{i:03d}", "Sex": "MF"[i * 7 % 3 % 2], "Born": f"19{50 + i}-03-15",
            "Diagnosis": ("ASPS", "UPS", "leiomyosarcoma")[i % 3], "Diagnosed": _day(start - timedelta(days=400)),
            "Metastatic": _day(start - timedelta(days=60)), "Size": str(20 + i), "Line": ("一线", "三线")[i % 2],
            "Drug": "doxorubicin" if i == DRUGLESS else "pembrolizumab", "Started": _day(start),
        }  # fmt: skip
        for number, day in enumerate(days, 1):
            seen = start + timedelta(days=day)
            dies = is_dead and number == 3
            told |= {
                f"Seen{number}": _day(seen), f"Status{number}": "dead" if dies else "alive",
                f"Response{number}": "PD" if progresses and number == 2 else "SD" if number < 3 else "",
                f"Died{number}": _day(seen) if dies else "",
            }  # fmt: skip
        told |= {cell: text for (patient, cell), text in edits.items() if patient == i}
        cases.append(",".join(told[name] for name in small_home.CASES.split(",")))
        visits += [
            ",".join([told["PatNo"], str(k), *(told[f"{name}{k}"] for name in ("Seen", "Response", "Status", "Died"))])
            for k in (1, 2, 3)
        ]
    return cases, visits


def made(root: Path, edits: Edits) -> Path:
    """The home with its plan, the export written with those edits; not refreshed."""
    home = small_home.make_home(root)
    small_home.write_export(home / "incoming" / FAULTY, *rows(edits))
    (home / "plans").mkdir()
    (home / "plans" / "small.yaml").write_text(plan().model_dump_json(exclude_none=True), encoding="utf-8")
    return home


def plan() -> Plan:
    """Two comparisons, three covariates, two end points."""
    words = {"en": "words", "zh": "词"}
    histology = [
        {"id": "asps", "label": words, "values": ["ASPS"]},
        {"id": "rest", "label": words, "values": ["potentially sensitive", "other"]},
    ]
    line = [{"id": "early", "label": words, "values": ["<=2"]}, {"id": "later", "label": words, "values": [">2"]}]
    sex = [{"id": "male", "label": words, "values": ["M"]}, {"id": "female", "label": words, "values": ["F"]}]
    ends = {"OS": None, "PFSEMA": None}
    return Plan.model_validate(
        {
            "id": "small", "title": words, "endpoints": ["OS", "PFSEMA"], "follow_up": "OS", "rmst_months": [12, 24],
            "variables": [
                {"id": "age", "column": "age_years", "per": 10}, {"id": "sex", "column": "sex_code", "levels": sex},
                {"id": "line", "column": "line_group", "levels": line},
            ],
            "covariates": ["age", "sex", "line"],
            "comparisons": [
                {"id": "histology", "title": words, "group": "histology_group", "levels": histology, "endpoints": ends},
                {"id": "line_of_asps", "title": words, "within": {"histology_group": "ASPS"}, "group": "line_group",
                 "levels": line, "endpoints": {"OS": None}},
            ],
        }
    )  # fmt: skip
