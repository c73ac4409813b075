"""registry.yaml, `lines`: how lines of therapy are derived from dated drug records, as docs/lines.md explains."""

from __future__ import annotations

import hashlib
import json

from pydantic import BaseModel, ConfigDict, Field

RULES_VERSION = "1.0.0"
"""Of the rules as written in warehouse/models/staging/line_*.sql; raised when they change."""

_FROZEN = ConfigDict(frozen=True, extra="forbid")


class LineGrid(BaseModel):
    """The settings mart.line_sensitivity tries, each gap with each window, beside the registry's own."""

    model_config = _FROZEN

    gap_days: tuple[int, ...] = (60, 90, 120, 180, 240)
    window_days: tuple[int, ...] = (14, 21, 28, 42, 56)


class LineRules(BaseModel):
    """The settings of the rules. R1's tolerance is the registry's `metastatic_tolerance_days`."""

    model_config = _FROZEN

    window_days: int = Field(
        default=28, ge=0, description="R3: a drug started within this many days of the line's start joins its regimen"
    )
    swaps: tuple[tuple[str, ...], ...] = Field(
        default=(
            ("doxorubicin", "liposomal_doxorubicin", "epirubicin", "pirarubicin"),
            ("cisplatin", "carboplatin", "nedaplatin", "lobaplatin", "oxaliplatin"),
            ("paclitaxel", "nab-paclitaxel", "liposomal_paclitaxel"),
        ),
        description="R5: agents that stand for one another; a swap never advances the line",
    )
    swap_classes: tuple[str, ...] = Field(
        default=("PD-1",), description="R5: classes whose agents may be swapped within swap_days without progression"
    )
    swap_days: int = Field(
        default=60, ge=0, description="R5: longest time from the last dose of one to the first dose of the other"
    )
    gap_days: int = Field(
        default=120, ge=0, description="R7: the same drug again after more than this many days is a rechallenge"
    )
    progression_before_stop_days: int = Field(
        default=28, ge=0, description="R7: a progression up to this many days before the last dose is why it stopped"
    )
    relapse_months: int = Field(
        default=6,
        ge=0,
        description="R9: treatment before metastases is line 1 if it ended at most this many months before them",
    )
    course_gap_days: int = Field(
        default=42, ge=0, description="Doses of one drug at most this many days apart are one course"
    )
    grid: LineGrid = LineGrid()

    def version(self, metastatic_tolerance_days: int) -> str:
        """The rule-set version on every derived row: that of the rules and a digest of the settings."""
        settings = {**self.model_dump(mode="json", exclude={"grid"}), "tolerance": metastatic_tolerance_days}
        text = json.dumps(settings, sort_keys=True)
        return f"{RULES_VERSION}+{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    def faults(self) -> list[str]:
        """What is wrong with the agents and classes named, in words."""
        from schemas.codelist import load
        from schemas.configuration import nearest

        drugs = load("drug").codes
        agents, classes = (set(drugs[name].drop_nulls()) for name in ("agent_code", "class_code"))
        named = [(f"swaps.{n}", agent, agents) for n, group in enumerate(self.swaps, 1) for agent in group]
        named += [("swap_classes", name, classes) for name in self.swap_classes]
        found = [
            f"registry.yaml: lines.{place}: {name!r} is not a code of the drug list.{nearest(name, known)}"
            for place, name, known in named
            if name not in known
        ]
        flat = [agent for group in self.swaps for agent in group]
        twice = sorted({agent for agent in flat if flat.count(agent) > 1})
        return found + [f"registry.yaml: lines.swaps: {agent!r} stands in two groups; keep one." for agent in twice]
