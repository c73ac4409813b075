"""The analysis plan: a YAML file that says, before the numbers are seen, what is compared with what and how.

A plan narrows the registry's cohort and groups it; it never redefines who is in or when time begins. It may
group only by what is known on day zero: a group that looks into the future gives its members the time they
needed to get there (immortal time).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from analytics.survival.estimates import ConfType
from schemas.configuration import load_yaml, nearest

TIME_ZERO_COLUMNS = (
    "centre",
    "index_agent_code",
    "index_class_code",
    "line",
    "line_min",
    "line_max",
    "line_basis_code",
    "line_group",
    "line_start_to_io_days",
    "entity_code",
    "histology_group",
    "regimen_group",
    "is_combination",
    "sex_code",
    "age_years",
    "ecog",
    "topography_code",
)
"""Columns of mart.cohort by which a plan may group or narrow: each is fixed at time zero."""

WINDOW_COLUMNS = frozenset({"regimen_group", "is_combination"})
"""Of these, the ones read within a grace window after time zero (see Plan.grace_window_days)."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Value = bool | int | str


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Both(_Part):
    """A text of the plan in English and Chinese."""

    en: str
    zh: str


class Bounds(_Part):
    """A range of a number, both ends included; either may be left out."""

    min: float | None = None
    max: float | None = None


Narrowing = dict[str, Value | list[Value] | Bounds]


class Level(_Part):
    """One group: the values of the grouping column that make it."""

    id: Name
    label: Both
    values: list[Value] = Field(min_length=1)


class Direction(_Part):
    """What a published study found: which group did better, and the range of its P value (min <= P < max)."""

    better: Name
    published_p: str
    p_min: float = Field(default=0.0, ge=0, le=1)
    p_max: float = Field(ge=0, le=1)


class Comparison(_Part):
    """Groups to compare, the first named one first, for each end point with or without a target."""

    id: Name
    title: Both
    within: Narrowing = Field(default_factory=dict)
    group: str
    levels: list[Level] = Field(min_length=2)
    endpoints: dict[str, Direction | None]
    note: Both | None = None

    @model_validator(mode="after")
    def _levels_are_apart(self) -> Self:
        ids = [level.id for level in self.levels]
        values = [(type(v), v) for level in self.levels for v in level.values]
        if len(set(ids)) < len(ids) or len(set(values)) < len(values):
            raise ValueError(f"{self.id}: an id or a value stands in two levels; give each to one level.")
        for endpoint, target in self.endpoints.items():
            if target is not None and target.better not in ids:
                raise ValueError(f"{self.id}: endpoints.{endpoint}.better names no level; use {', '.join(ids)}.")
        return self


class Figure(_Part):
    """A published number and how near to it is near enough."""

    value: float
    tolerance: float = Field(ge=0)


class Targets(_Part):
    """What the published study reports of the whole cohort; months are days / 30.4375."""

    n: int | None = None
    median_follow_up_months: Figure | None = None
    median_months: dict[str, Figure] = Field(default_factory=dict)


class Threshold(_Part):
    """Below either number a rule of small groups holds: subjects in the smallest group, events in all."""

    group: int = Field(ge=1)
    events: int = Field(ge=1)


class SmallGroups(_Part):
    """Fixed in the plan, so that no result decides how it is judged."""

    no_p: Threshold = Threshold(group=5, events=5)
    descriptive: Threshold = Threshold(group=10, events=10)
    permutation_draws: int = Field(default=9999, ge=999)
    seed: int = 20250101


class EndPoint(_Part):
    """An end point of mart.adtte: its PARAMCD, its name and event, and what must be said beside it.

    qualifier: follows the name wherever it stands (which rule set, which assumption). note: a sentence.
    """

    param: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
    label: Both
    event: Both
    qualifier: Both | None = None
    note: Both | None = None


class Plan(_Part):
    """A whole plan. follow_up: the end point whose reversed Kaplan-Meier estimate is the follow-up."""

    id: Name
    title: Both
    source: Both | None = None
    disclosure: Both
    within: Narrowing = Field(default_factory=dict)
    endpoints: list[EndPoint] = Field(min_length=1)
    follow_up: str
    conf_type: ConfType = "log-log"
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    landmarks_months: list[float] = Field(default=[6, 12, 24])
    grace_window_days: int = Field(default=28, ge=0)
    small_groups: SmallGroups = SmallGroups()
    cross_tabulate: list[str] = Field(default=["histology_group", "line_group", "regimen_group", "centre"])
    targets: Targets = Targets()
    comparisons: list[Comparison]

    @field_validator("landmarks_months")
    @classmethod
    def _landmarks_rise(cls, months: list[float]) -> list[float]:
        if any(m <= 0 for m in months) or sorted(set(months)) != months:
            raise ValueError("must rise from above 0, each once.")
        return months

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        params = [endpoint.param for endpoint in self.endpoints]
        ids = [comparison.id for comparison in self.comparisons]
        if len(set(ids)) < len(ids) or len(set(params)) < len(params):
            raise ValueError("two comparisons, or two endpoints, have one name; rename one.")
        named = [("follow_up", self.follow_up)]
        named += [(f"targets.median_months.{p}", p) for p in self.targets.median_months]
        named += [(f"comparisons.{c.id}.endpoints.{p}", p) for c in self.comparisons for p in c.endpoints]
        for place, param in named:
            if param not in params:
                raise ValueError(f"{place}: {param!r} is not among endpoints; use {', '.join(params)}.")
        _refuse_the_future("within", self.within)
        _refuse_the_future("cross_tabulate", self.cross_tabulate)
        for comparison in self.comparisons:
            _refuse_the_future(f"comparisons.{comparison.id}.group", [comparison.group])
            _refuse_the_future(f"comparisons.{comparison.id}.within", comparison.within)
        return self

    def endpoint(self, param: str) -> EndPoint:
        """The end point with this PARAMCD."""
        return next(endpoint for endpoint in self.endpoints if endpoint.param == param)


def load_plan(path: Path, shown_as: str | None = None) -> Plan:
    """Read a plan; ConfigurationError says file (as `shown_as`), key and remedy, one line per fault."""
    return load_yaml(path, Plan, shown_as or f"plans/{path.name}")


def _refuse_the_future(place: str, columns: Narrowing | list[str]) -> None:
    for column in columns:
        if column not in TIME_ZERO_COLUMNS:
            raise ValueError(
                f"{place}: '{column}' is not fixed at time zero, so its groups would look into the future."
                f"{nearest(column, TIME_ZERO_COLUMNS)} Group by one of {', '.join(TIME_ZERO_COLUMNS)}; what is "
                "known only later (a response, a toxicity, a partner added) takes a landmark analysis: choose a "
                "day, keep those still at risk on it, group by what was known then, and count time from there."
            )
