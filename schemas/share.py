"""share.yaml of a home: how far the records of a safe share are made coarse. Every setting has a default."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.configuration import load_yaml

FILE = "share.yaml"
_FROZEN = ConfigDict(frozen=True, extra="forbid")

Column = Literal["age_years", "sex_code", "centre", "histology_group", "line_group", "regimen_group", "ecog"]
"""Columns of mart.cohort that a share may tell; each that it tells is a quasi-identifier."""

EndPoint = Literal["OS", "PFSEMA", "PFSFDA", "PFSRWD", "TTNT", "TTD"]
"""End points that everybody in the cohort has, counted from time zero."""


class Generalisation(BaseModel):
    """Levels of one column, from fine to coarse; after the last it is withheld.

    bands: of a number, the lower bounds of its bands. groups: of a code, name -> codes; one in no group is null.
    """

    model_config = _FROZEN

    bands: tuple[tuple[int, ...], ...] = ()
    groups: tuple[dict[str, tuple[str, ...]], ...] = ()

    @property
    def levels(self) -> int:
        """Steps from the finest level to the withheld column."""
        return len(self.bands) or 1 + len(self.groups)

    @model_validator(mode="after")
    def _nested(self) -> Generalisation:
        if self.bands and self.groups:
            raise ValueError("`bands` are for a number and `groups` for a code: write one of them.")
        for fine, coarse in zip(self.bands, self.bands[1:], strict=False):
            if not set(coarse) <= set(fine):
                raise ValueError(f"bands {list(coarse)} begin where the finer ones do not: take bounds of those.")
        return self


_AGE = Generalisation(bands=((20, 30, 40, 50, 60, 70, 80), (40, 60), (60,)))
_HISTOLOGY = Generalisation(groups=({"ASPS": ("ASPS",), "not ASPS": ("potentially sensitive", "other")},))
_REGIMEN = Generalisation(
    groups=({"io_alone": ("io_alone",), "io_combination": ("io_cytotoxic", "io_antiangiogenic", "io_both")},)
)
_PLAIN = Generalisation()


class Share(BaseModel):
    """k: no fewer persons look the same. ladder: which column is made coarser by one level, in order, until no more
    than `max_suppressed` of the persons (a share) have to be left out. round_days: durations are told up to the end of
    such a span. cut_off_days: everybody's follow-up ends up to so many days before the centre's cut-off."""

    model_config = _FROZEN

    k: int = Field(default=5, ge=2)
    max_suppressed: float = Field(default=0.15, ge=0, lt=1)
    columns: dict[Column, Generalisation] = {
        "centre": _PLAIN,
        "age_years": _AGE,
        "sex_code": _PLAIN,
        "histology_group": _HISTOLOGY,
        "line_group": _PLAIN,
        "regimen_group": _REGIMEN,
    }
    ladder: tuple[Column, ...] = (
        "age_years", "centre", "regimen_group", "age_years", "sex_code", "age_years", "regimen_group",
        "line_group", "histology_group", "histology_group",
    )  # fmt: skip
    endpoints: tuple[EndPoint, ...] = ("OS", "PFSEMA")
    round_days: int = Field(default=7, ge=1)
    cut_off_days: int = Field(default=90, ge=0)

    @model_validator(mode="after")
    def _whole(self) -> Share:
        steps = Counter(self.ladder)
        for column in get_args(Column):
            generalisation = self.columns.get(column)
            wanted = generalisation.levels if generalisation else 0
            if steps[column] != wanted:
                raise ValueError(
                    f"ladder: {column} has {steps[column]} step(s) and needs {wanted}, the last of which withholds it."
                )
        return self


def load_share(home: Path) -> Share:
    """share.yaml of a home, else the defaults."""
    return load_yaml(home / FILE, Share, FILE) if (home / FILE).is_file() else Share()
