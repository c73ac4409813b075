"""From the mart to an outcome: who is analysed for an end point, in which group, and who cannot be.

A patient whose end point is not evaluable is counted with its reason and never enters an estimate; a patient
whose group is unknown is counted and left out of that comparison alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analytics.plan import OF_RESPONDERS, Bounds, Level, Narrowing, Value
from analytics.survival.durations import Durations, durations
from schemas.errors import ConfigurationError, SarcregError


class MartError(SarcregError):
    """mart.cohort and mart.adtte do not hold what their contracts say; the warehouse must be rebuilt."""


@dataclass(frozen=True)
class Frames:
    """What the analyses read of one refresh, as polars frames with the columns of their contracts.

    cohort: mart.cohort. adtte: mart.adtte. exclusion: mart.exclusion. criterion: reference.criterion (the
    order and words of the exclusions). refresh: meta.refresh (one row: id, clock, title, whether synthetic).
    exposure, doubtful, adtte_doubtful: mart's tables of these names, for sensitivity analyses; without one, what
    needs it says so.
    """

    cohort: pl.DataFrame
    adtte: pl.DataFrame
    exclusion: pl.DataFrame
    criterion: pl.DataFrame
    refresh: pl.DataFrame
    exposure: pl.DataFrame | None = None
    doubtful: pl.DataFrame | None = None
    adtte_doubtful: pl.DataFrame | None = None

    @classmethod
    def of(cls, tables: Mapping[str, pl.DataFrame]) -> Frames:
        """From table name -> frame, as `warehouse.read` gives them; TABLES names those needed."""
        return cls(**{field: tables[table] for field, table in TABLES.items() if table in tables})


TABLES: Mapping[str, str] = {
    "cohort": "mart.cohort",
    "adtte": "mart.adtte",
    "exclusion": "mart.exclusion",
    "criterion": "reference.criterion",
    "refresh": "meta.refresh",
    "exposure": "mart.exposure",
    "doubtful": "mart.doubtful_member",
    "adtte_doubtful": "mart.adtte_doubtful",
}
"""Field of Frames -> published table."""


@dataclass(frozen=True)
class Outcome:
    """One end point of some patients. data: patient_id, time_days, is_event and the cohort's columns.

    not_evaluable: reason, n (patients of the same cohort without an evaluable end point).
    """

    param: str
    data: pl.DataFrame
    not_evaluable: pl.DataFrame

    @property
    def n_not_evaluable(self) -> int:
        """How many patients have no evaluable end point."""
        return int(self.not_evaluable["n"].sum())

    def durations(self) -> Durations | None:
        """Times in days and events, checked; None where nobody is evaluable."""
        return durations(self.data["time_days"], self.data["is_event"]) if self.data.height else None


def outcome(cohort: pl.DataFrame, adtte: pl.DataFrame, param: str) -> Outcome:
    """The end point `param` of the patients of `cohort` (rows of mart.cohort, whole or narrowed).

    Of an end point that only responders have, the patients without a row are not meant.
    Raises MartError where a patient has no row or two, an evaluable row lacks CNSR, or time is negative.
    """
    rows = adtte.filter(pl.col("PARAMCD") == param).select("patient_id", "AVAL", "CNSR", "NEREASON")
    _require(f"rows of mart.adtte repeat a patient's {param}", rows.height - rows["patient_id"].n_unique())
    if param in OF_RESPONDERS:
        cohort = cohort.join(rows, on="patient_id", how="semi", maintain_order="left")
    _require(
        f"patients of mart.cohort have no {param} in mart.adtte",
        cohort.join(rows, on="patient_id", how="anti").height,
    )
    evaluable = pl.col("AVAL").is_not_null()
    _require(
        f"rows of mart.adtte ({param}) have AVAL without CNSR, a CNSR below 0, or AVAL below 0",
        rows.filter(evaluable & (pl.col("CNSR").is_null() | (pl.col("CNSR") < 0) | (pl.col("AVAL") < 0))).height,
    )
    joined = cohort.join(rows, on="patient_id", how="inner", maintain_order="left")
    data = joined.filter(evaluable).with_columns(
        time_days=pl.col("AVAL").cast(pl.Float64), is_event=pl.col("CNSR") == 0
    )
    reason = pl.col("NEREASON").fill_null("not stated").alias("reason")
    missing = joined.filter(~evaluable).group_by(reason).agg(n=pl.len().cast(pl.Int64)).sort("reason")
    return Outcome(param, data.drop("AVAL", "CNSR", "NEREASON"), missing)


def narrow(cohort: pl.DataFrame, within: Narrowing) -> pl.DataFrame:
    """The patients of the cohort to whom every condition applies; an unknown value applies to none."""
    for column, wanted in within.items():
        if isinstance(wanted, Bounds):
            lower = pl.lit(True) if wanted.min is None else pl.col(column) >= wanted.min
            upper = pl.lit(True) if wanted.max is None else pl.col(column) <= wanted.max
            cohort = cohort.filter(pl.col(column).is_not_null() & lower & upper)
        else:
            values = wanted if isinstance(wanted, list) else [wanted]
            cohort = cohort.filter(_is_one_of(cohort, column, values))
    return cohort


def grouped(cohort: pl.DataFrame, column: str, levels: Sequence[Level]) -> tuple[pl.DataFrame, int]:
    """The patients in one of the levels, with their `level`, and how many are in none or unknown."""
    named: Mapping[str, Sequence[Value]] = {level.id: level.values for level in levels}
    level = pl.coalesce(
        pl.when(_is_one_of(cohort, column, values)).then(pl.lit(name)) for name, values in named.items()
    )
    found = cohort.with_columns(level=level).filter(pl.col("level").is_not_null())
    return found, cohort.height - found.height


def _is_one_of(cohort: pl.DataFrame, column: str, values: Sequence[Value]) -> pl.Expr:
    dtype = cohort.schema[column]
    kind = bool if dtype == pl.Boolean else str if dtype == pl.String else int
    for value in values:
        if type(value) is not kind:
            raise ConfigurationError(
                f"The plan looks for {value!r} in {column}, which holds {_KINDS[kind]}: write the value as one."
            )
    return pl.col(column).is_in(list(values)).fill_null(False)


_KINDS = {bool: "true or false", str: "text (in quotes, such as '<=2')", int: "whole numbers"}


def _require(what: str, faults: int) -> None:
    if faults:
        raise MartError(f"{faults} {what}: the mart breaks its contract. Rebuild it with `sarcreg refresh`.")
