"""A home in which the first patients of aa01 and bb02 are decided to be one person, who counts at aa01."""

from __future__ import annotations

from pathlib import Path

import small_home

from warehouse.home import Home
from warehouse.query import sql

COUNTED_ONCE = (
    "  - {code: same_person_counted, sentence: {en: elsewhere, zh: 他处}, exclude_when: is_counted_elsewhere}\n"
)


def decide(root: Path, pair: tuple[str, str], decision: str) -> None:
    """Write links.yaml with one decision."""
    agreed = "agreed_by: both centres, agreed_on: 2024-06-01, reason: asked"
    (root / "links.yaml").write_text(
        f"pairs:\n- {{pair: [{', '.join(pair)}], decision: {decision}, {agreed}}}\n", encoding="utf-8"
    )


def count_once(root: Path) -> None:
    """Give registry.yaml the criterion by which a person counts at one centre alone."""
    place = root / "registry.yaml"
    place.write_text(place.read_text(encoding="utf-8").replace("gate:", f"{COUNTED_ONCE}gate:"), encoding="utf-8")


def made(root: Path, told_there: str) -> tuple[str, str]:
    """A home refreshed twice, before and after the decision; the patient of aa01 and the record at bb02.

    told_there: response, status and day of death of bb02's second visit; aa01 says PR and alive on 2023-02-01.
    """
    small_home.make_home(root)
    count_once(root)
    visits = [row.replace("PR,alive,", told_there) if row.startswith("P001,2") else row for row in small_home.visits()]
    small_home.write_export(root / "incoming" / "bb02", None, visits)
    small_home.refresh(root)
    one, other = sql(
        Home(root), "select patient_id from core.patient where year(born_on) = 1961 order by centre"
    ).rows()
    decide(root, (one[0], other[0]), "same")
    small_home.refresh(root)
    return one[0], other[0]
