"""Who draws the pack's figures: each gets the material of one language and gives pictures."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.paper.material import Material
from analytics.paper.pack import Figures
from analytics.survival.drawings import pictures
from analytics.survival.figures.style import Picture


def of_the_plan(m: Material) -> Iterator[Picture]:
    """Attrition, design, curves, forests, swimmer and waterfall."""
    yield from pictures(m.frames, m.results, m.w, m.tables.get("mart.assessment"), m.tables.get("mart.best_response"))


DRAWN: tuple[Figures, ...] = (of_the_plan,)
"""In the order of a paper."""
