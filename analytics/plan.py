"""The analysis plan: a YAML file that says, before the numbers are seen, what is compared with what and how.

A plan narrows the registry's cohort and groups it; it never redefines who is in or when time begins. It may
group only by what is known on day zero: a group that looks into the future gives its members the time they
needed to get there (immortal time).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from analytics.survival.estimates import ConfType
from schemas.canonical.base import columns
from schemas.canonical.mart import Cohort
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

NUMBER_COLUMNS = frozenset(c.name for c in columns(Cohort) if c.sql_type in ("BIGINT", "INTEGER", "DOUBLE"))
"""Columns of mart.cohort that hold a number, so that a hazard ratio can be per unit of it."""

END_POINTS = ("OS", "PFSEMA", "PFSFDA", "PFSRWD", "IPFS", "TTNT", "TTD", "DOR")
"""PARAMCD of mart.adtte; a rule set of progression is an end point of its own."""

OF_RESPONDERS = frozenset({"DOR"})
"""End points that only patients with a response have: they are described, never compared (see Plan)."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Months = Annotated[float, Field(gt=0)]
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
        ids = _apart(self.id, self.levels)
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

    label, event: the registry's own words where left out. qualifier: follows the name wherever it stands (which
    rule set, which assumption). note: a sentence.
    """

    param: str
    label: Both | None = None
    event: Both | None = None
    qualifier: Both | None = None
    note: Both | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_name_alone(cls, given: Any) -> Any:
        return {"param": given} if isinstance(given, str) else given

    @field_validator("param")
    @classmethod
    def _is_an_end_point(cls, param: str) -> str:
        if param not in END_POINTS:
            raise ValueError(f"no end point {param!r}.{nearest(param, END_POINTS)} Use {', '.join(END_POINTS)}.")
        return param


class Variable(_Part):
    """What is known on day zero, as the tables, the regression and the forest use it.

    column: of mart.cohort. levels: groups of its values, the last one the reference; a number without levels
    enters a regression as it is, its hazard ratio being per `per` units.
    """

    id: Name
    column: str
    label: Both | None = None
    levels: list[Level] = Field(default_factory=list)
    per: float = Field(default=1.0, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _a_column_alone(cls, given: Any) -> Any:
        return {"id": given, "column": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _levels_are_apart(self) -> Self:
        _apart(self.id, self.levels)
        if len(self.levels) == 1:
            raise ValueError(f"{self.id}: one level compares nothing; write a second one.")
        if self.levels and self.per != 1:
            raise ValueError(f"{self.id}: `per` is for a number without levels; remove one of the two.")
        return self

    @property
    def is_number(self) -> bool:
        """Whether it enters a regression as a number."""
        return not self.levels and self.column in NUMBER_COLUMNS


class Multiplicity(_Part):
    """Which P values are one family, and how they are adjusted; the raw P stands beside.

    published: those that a target gives a published P. all: every comparison and end point, on day zero.
    """

    method: Literal["holm", "none"] = "holm"
    family: Literal["published", "all"] = "published"


class Sensitivity(_Part):
    """What is computed again under another choice; a key left out is not done.

    rule_sets: end point -> end points in its stead. partial_dates: dates known in part taken at that end of
    their bounds. line_definition: the index line as stated by the centre, or as derived from drug records.
    index_line_days: only those whose line began at most so many days before time zero. landmark_day: those
    event-free on that day, counted from there. combination_window_days: partners started within so many days
    instead. bispecific_alone: a bispecific without partner counts as immunotherapy alone.
    harmonisation_doubt: every admissible coding of the doubtful patients. discharge_is_death_after_days: a
    discharge against advice or to die at home counts as a death so many days later.
    """

    rule_sets: dict[str, list[str]] = Field(default_factory=dict)
    partial_dates: list[Literal["earliest", "latest"]] = Field(default_factory=list)
    leave_one_centre_out: bool = False
    line_definition: list[Literal["stated", "derived"]] = Field(default_factory=list)
    index_line_days: int | None = Field(default=None, ge=0)
    landmark_day: int | None = Field(default=None, ge=1)
    combination_window_days: int | None = Field(default=None, ge=0)
    bispecific_alone: bool = False
    harmonisation_doubt: bool = False
    discharge_is_death_after_days: int | None = Field(default=None, ge=0)

    def chosen(self) -> dict[str, Any]:
        """Key -> setting of each that is done, in the order above."""
        return {
            name: value
            for name in type(self).model_fields
            if (value := getattr(self, name)) not in (None, False, [], {})
        }


class Disclosure(_Part):
    """How much may be told of few people. smallest_cell: counts from 1 below it are not shown in what leaves.

    smallest_at_risk: a curve that leaves ends where fewer are at risk. note: what every page says about it; the
    registry's words where left out.
    """

    smallest_cell: int = Field(default=5, ge=1)
    smallest_at_risk: int = Field(default=5, ge=1)
    note: Both | None = None


class Plan(_Part):
    """A whole plan: id, title, endpoints, follow_up and comparisons are asked for, the rest has a default.

    within: narrows the registry's cohort. index: time zero, which is the registry's alone. follow_up: the end
    point whose reversed Kaplan-Meier estimate is the follow-up. strata: columns of the stratified test and
    model. variables: see Variable; covariates, multivariable and subgroups name some of them: each covariate
    alone, those of `multivariable` (else all covariates) together, and the rows of the forest.
    """

    id: Name
    title: Both
    source: Both | None = None
    disclosure: Disclosure = Disclosure()
    within: Narrowing = Field(default_factory=dict)
    index: Literal["first_qualifying_dose"] = "first_qualifying_dose"
    endpoints: list[EndPoint] = Field(min_length=1)
    follow_up: str
    conf_type: ConfType = "log-log"
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    landmarks_months: list[Months] = Field(default=[6, 12, 24])
    rmst_months: list[Months] = Field(default=[12, 24])
    grace_window_days: int = Field(default=28, ge=0)
    small_groups: SmallGroups = SmallGroups()
    multiplicity: Multiplicity = Multiplicity()
    strata: list[str] = Field(default=["centre"])
    cross_tabulate: list[str] = Field(default=["histology_group", "line_group", "regimen_group", "centre"])
    variables: list[Variable] = Field(default_factory=list)
    covariates: list[Name] = Field(default_factory=list)
    multivariable: list[Name] = Field(default_factory=list)
    subgroups: list[Name] = Field(default_factory=list)
    sensitivity: Sensitivity = Sensitivity()
    targets: Targets = Targets()
    comparisons: list[Comparison]

    @field_validator("landmarks_months", "rmst_months")
    @classmethod
    def _months_rise(cls, months: list[float]) -> list[float]:
        if sorted(set(months)) != months:
            raise ValueError("must rise, each once.")
        return months

    @field_validator("index", mode="before")
    @classmethod
    def _time_zero_is_the_registrys(cls, index: object) -> object:
        if index != "first_qualifying_dose":
            raise ValueError(
                "time zero is the registry's, the same for every plan; write first_qualifying_dose or leave the key "
                "out. A plan narrows by `within`; registry.yaml says which dose qualifies."
            )
        return index

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        params = [endpoint.param for endpoint in self.endpoints]
        ids = [comparison.id for comparison in self.comparisons]
        if len(set(ids)) < len(ids) or len(set(params)) < len(params):
            raise ValueError("two comparisons, or two endpoints, have one name; rename one.")
        for place, param in self._named_end_points():
            if param not in params:
                raise ValueError(f"{place}: {param!r} is not among endpoints; use {', '.join(params)}.")
            if param in OF_RESPONDERS and place.startswith(("comparisons", "follow_up", "targets")):
                raise ValueError(
                    f"{place}: only patients with a response have {param}, and who responds is known after time "
                    "zero. It is described among responders; to compare, take a landmark analysis."
                )
        for column, standing in self.sensitivity.rule_sets.items():
            for param in (column, *standing):
                if param not in END_POINTS or param in OF_RESPONDERS:
                    usable = [one for one in END_POINTS if one not in OF_RESPONDERS]
                    raise ValueError(
                        f"sensitivity.rule_sets: no end point {param!r}.{nearest(param, usable)} "
                        f"Use {', '.join(usable)}."
                    )
        return self

    @model_validator(mode="after")
    def _variables_are_usable(self) -> Self:
        known = [variable.id for variable in self.variables]
        if len(set(known)) < len(known):
            raise ValueError("variables: two have one id; rename one.")
        for key in ("covariates", "multivariable", "subgroups"):
            for name in getattr(self, key):
                if name not in known:
                    said = f"Use {', '.join(known)}." if known else "Write it under `variables`."
                    raise ValueError(f"{key}: {name!r} is not among variables.{nearest(name, known)} {said}")
                variable = self.variable(name)
                if not variable.levels and not (variable.is_number and key != "subgroups"):
                    what = "a subgroup" if key == "subgroups" else "a covariate that is no number"
                    raise ValueError(f"variables.{name}: {what} takes levels; write which values make each.")
        return self

    @model_validator(mode="after")
    def _nothing_looks_ahead(self) -> Self:
        for place, used in self._used_columns():
            _refuse_the_future(place, used)
        return self

    def endpoint(self, param: str) -> EndPoint:
        """The end point with this PARAMCD."""
        return next(endpoint for endpoint in self.endpoints if endpoint.param == param)

    def variable(self, name: str) -> Variable:
        """The variable with this id."""
        return next(variable for variable in self.variables if variable.id == name)

    def together(self) -> list[Variable]:
        """The variables of the multivariable model."""
        return [self.variable(name) for name in self.multivariable or self.covariates]

    def _named_end_points(self) -> Iterator[tuple[str, str]]:
        yield "follow_up", self.follow_up
        for param in self.targets.median_months:
            yield f"targets.median_months.{param}", param
        for comparison in self.comparisons:
            for param in comparison.endpoints:
                yield f"comparisons.{comparison.id}.endpoints.{param}", param

    def _used_columns(self) -> Iterator[tuple[str, Iterable[str]]]:
        yield "within", self.within
        yield "cross_tabulate", self.cross_tabulate
        yield "strata", self.strata
        for variable in self.variables:
            yield f"variables.{variable.id}.column", [variable.column]
        for comparison in self.comparisons:
            yield f"comparisons.{comparison.id}.group", [comparison.group]
            yield f"comparisons.{comparison.id}.within", comparison.within


def load_plan(path: Path) -> Plan:
    """Read a plan; ConfigurationError says file, key and remedy, one line per fault."""
    return load_yaml(path, Plan, f"plans/{path.name}")


def _apart(name: str, levels: list[Level]) -> list[str]:
    """Ids of the levels; refuses an id or a value that stands in two."""
    ids = [level.id for level in levels]
    values = [(type(v), v) for level in levels for v in level.values]
    if len(set(ids)) < len(ids) or len(set(values)) < len(values):
        raise ValueError(f"{name}: an id or a value stands in two levels; give each to one level.")
    return ids


def _refuse_the_future(place: str, used: Iterable[str]) -> None:
    for column in used:
        if column not in TIME_ZERO_COLUMNS:
            raise ValueError(
                f"{place}: '{column}' is not fixed at time zero, so its groups would look into the future."
                f"{nearest(column, TIME_ZERO_COLUMNS)} Group by one of {', '.join(TIME_ZERO_COLUMNS)}; what is "
                "known only later (a response, a toxicity, a partner added) takes a landmark analysis: choose a "
                "day, keep those still at risk on it, group by what was known then, and count time from there."
            )
