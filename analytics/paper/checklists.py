"""STROBE and RECORD, filled: for each item where in the pack it is answered, or that an author must write it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from analytics.paper.material import Material
from analytics.tables import Table
from schemas.rules import parse_yaml

FILE = Path(__file__).with_suffix(".yaml")


@cache
def items() -> dict[str, list[dict[str, Any]]]:
    """strobe and record -> items with their number, words in both languages and where they are answered."""
    return {name: list(rows) for name, rows in parse_yaml(FILE.read_text(encoding="utf-8")).items()}


def markdown(m: Material, numbered: Sequence[tuple[str, Table]]) -> str:
    """Both checklists as Markdown tables; numbered: the pack's tables by name."""
    names = {table.id: name for name, table in numbered}
    parts: list[str] = []
    for checklist, rows in items().items():
        heads = [m.text(f"checklist.{head}") for head in ("item", "asks", "where")]
        parts += [f"# {m.text(f'checklist.{checklist}')}", "", f"| {' | '.join(heads)} |", "|---|---|---|"]
        for row in rows:
            places = [_place(m, place, names) for place in row["where"]]
            parts.append(f"| {row['item']} | {row[m.lang]} | {m.text('comma').join(places)} |")
        parts.append("")
    return "\n".join(parts)


def _place(m: Material, place: str, names: dict[str, str]) -> str:
    kind, _, name = place.partition(":")
    if kind == "table":
        return names.get(name) or m.text("checklist.not_made")
    return m.text(f"checklist.{kind}")
