"""The methods section of a paper, written from the plan."""

from __future__ import annotations

from collections.abc import Callable

from analytics.paper.material import Material
from analytics.paper.profile import OVERALL
from analytics.survival import methods
from analytics.survival.wording import Wording

_PARTS: tuple[tuple[str, Callable[[Wording], list[str]]], ...] = (
    ("population", methods.population),
    ("endpoints", methods.endpoints),
    ("estimation", methods.estimation),
    ("comparison", methods.comparison),
    ("doubts", methods.doubts),
)


def markdown(m: Material) -> str:
    """Methods as Markdown: who, end points, estimates, comparisons, doubts, software."""
    between = " " if m.lang == "en" else ""
    centres, n = len(m.profile.groups("centre")), m.profile.size(OVERALL)
    refresh = m.frames.refresh.row(0, named=True)
    first = m.text("methods.cohort", n=m.count(n), centres=centres, refresh=refresh["refresh_id"])
    cut_off = m.tables["meta.centre"].select("centre", "cut_off_on").sort("centre")
    dates = [f"{centre} {day}" for centre, day in cut_off.iter_rows()]
    parts = [f"# {m.w.text('methods.title')}", ""]
    for name, say in _PARTS:
        said = say(m.w)
        if name == "population":
            said = [first, m.text("methods.cut_off", dates=m.text("comma").join(dates)), *said]
        if name == "endpoints":
            said.append(m.text("methods.months"))
        if said:
            parts += [f"**{m.text(f'methods.{name}')}.** " + between.join(said), ""]
    parts += [m.w.text("methods.unadjusted"), ""]
    parts += [m.text("methods.software", code=refresh["code_version"])]
    return "\n".join(parts) + "\n"
