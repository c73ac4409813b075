"""What the paper pack is made from: one refresh's tables, a plan and its results, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from analytics.paper.profile import Profile, profile_of
from analytics.plan import Plan, Variable
from analytics.survival.contracts import Results
from analytics.survival.outcome import TABLES as SURVIVAL
from analytics.survival.outcome import Frames, narrow
from analytics.survival.wording import Wording
from schemas.canonical.base import columns
from schemas.canonical.mart import Cohort
from warehouse.lock import Cut

TABLES = (
    *SURVIVAL.values(),
    "mart.exposure",
    "mart.adverse_event",
    "mart.assessment",
    "mart.best_response",
    "quality.check_result",
    "quality.finding",
    "reference.code",
    "reference.rule",
    "reference.term_map",
    "meta.centre",
)
"""Published tables that the pack reads."""

CODE_LISTS: Mapping[str, str] = {c.name: c.code_list for c in columns(Cohort) if c.code_list}
"""Column of mart.cohort -> code list that names its values."""

UNITS: Mapping[str, str] = {c.name: c.unit for c in columns(Cohort) if c.unit}
"""Column of mart.cohort -> unit of its numbers."""


@dataclass(frozen=True)
class Material:
    """One plan's pack. tables: by `schema.table` (see TABLES). manifest: the refresh's. lang: of the words. cut: how
    the refresh's data cut stands.

    released: the cleared counts, of a pack that may leave; then `tables` holds no patient (see paper.release).
    """

    tables: Mapping[str, pl.DataFrame]
    plan: Plan
    results: Results
    manifest: Mapping[str, Any]
    lang: str
    released: Profile | None = None
    cut: Cut | None = None

    @cached_property
    def frames(self) -> Frames:
        """What the analyses read."""
        return Frames.of(self.tables)

    @cached_property
    def profile(self) -> Profile:
        """What was counted in the cohort, cleared where the pack may leave."""
        return self.released or profile_of(self)

    @cached_property
    def w(self) -> Wording:
        """How results are written in the language."""
        return Wording(self.lang, self.plan)

    @cached_property
    def cohort(self) -> pl.DataFrame:
        """The plan's patients, sorted, so that the order of rows in the mart moves nothing."""
        return narrow(self.frames.cohort, self.plan.within).sort("patient_id")

    def of_cohort(self, table: str) -> pl.DataFrame:
        """Rows of a mart table about the plan's patients."""
        return self.tables[table].join(self.cohort.select("patient_id"), on="patient_id", how="semi")

    def title(self, analysis: str) -> str:
        """How the plan calls one of its analyses: the whole cohort, or a comparison."""
        if analysis == "overall":
            return self.w.text("follow_up.all")
        return self.w.own(next(c.title for c in self.plan.comparisons if c.id == analysis))

    def text(self, key: str, **values: object) -> str:
        """The text `paper.<key>`."""
        return self.w.words.text(f"paper.{key}", **values)

    def count(self, n: int | None) -> str:
        """A count of the profile, or that it is withheld."""
        return self.w.text("withheld") if n is None else self.w.count(n)

    @cached_property
    def _codes(self) -> Mapping[tuple[str, str], str]:
        rows = self.tables["reference.code"].select("list", "code", f"label_{self.lang}").iter_rows()
        return {(code_list, code): label for code_list, code, label in rows if label}

    def code(self, code_list: str, code: str | None) -> str:
        """The label of a code; 'unknown' for none."""
        if code is None:
            return self.w.text("population.unknown")
        return self._codes.get((code_list, code), code)

    def value(self, column: str, value: object) -> str:
        """A value of a column of the cohort in words."""
        if value is None:
            return self.w.text("population.unknown")
        written = str(value).lower() if isinstance(value, bool) else str(value)
        named = self.w.words.label("group_value", written)
        if named == written and column in CODE_LISTS:
            return self.code(CODE_LISTS[column], written)
        return named

    def variable(self, variable: Variable) -> str:
        """The name of a variable."""
        return self.w.own(variable.label) or self.w.words.label("variable", variable.column)

    def with_unit(self, variable: Variable) -> str:
        """The name of a number with its unit."""
        unit = UNITS.get(variable.column)
        return (
            self.text("with_unit", variable=self.variable(variable), unit=self.text(f"unit.{unit}"))
            if unit
            else (self.variable(variable))
        )

    def described(self) -> list[Variable]:
        """The variables of the baseline tables: the plan's, else what it cross-tabulates."""
        return self.plan.variables or [Variable(id=c, column=c) for c in self.plan.cross_tabulate if c != "centre"]
