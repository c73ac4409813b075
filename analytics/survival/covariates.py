"""From the plan's variables to the numeric columns of a regression, and back to the words for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics.plan import Variable
from analytics.survival.outcome import grouped


@dataclass(frozen=True)
class Term:
    """One column of a regression: a level against the last one, or a number per `per` units (level is null)."""

    name: str
    variable: Variable
    level: str | None

    @property
    def reference(self) -> str | None:
        """The level it is compared with."""
        return self.variable.levels[-1].id if self.level else None


def terms_of(variables: Sequence[Variable]) -> list[Term]:
    """The columns that the variables make, in order."""
    found: list[Term] = []
    for variable in variables:
        if variable.is_number:
            found.append(Term(variable.id, variable, None))
        found += [Term(f"{variable.id}:{level.id}", variable, level.id) for level in variable.levels[:-1]]
    return found


def design_of(patients: pl.DataFrame, variables: Sequence[Variable]) -> pl.DataFrame:
    """One numeric column per term, one row per patient; null where the patient's value is in no level or unknown."""
    columns: list[pl.Series] = []
    for variable in variables:
        if variable.is_number:
            columns.append((patients[variable.column] / variable.per).cast(pl.Float64).alias(variable.id))
            continue
        level = level_of(patients, variable)
        columns += [(level == one.id).cast(pl.Float64).alias(f"{variable.id}:{one.id}") for one in variable.levels[:-1]]
    return pl.DataFrame(columns)


def level_of(patients: pl.DataFrame, variable: Variable) -> pl.Series:
    """Each patient's level of a variable; null where in none."""
    found, _ = grouped(patients.with_row_index("_row"), variable.column, variable.levels)
    every = patients.select(_row=pl.int_range(pl.len(), dtype=pl.UInt32))
    return every.join(found.select("_row", "level"), on="_row", how="left", maintain_order="left")["level"]
