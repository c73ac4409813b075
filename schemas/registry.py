"""registry.yaml: the registry's name, who is in its cohort, and when it may be published."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.centre import Centre, load_centre
from schemas.configuration import load_yaml
from schemas.endpoints import EndPoints
from schemas.errors import ConfigurationError
from schemas.lines import LineRules
from schemas.privacy import Purpose

_FROZEN = ConfigDict(frozen=True, extra="forbid")


class CriterionOfExclusion(BaseModel):
    """A named reason to be outside the cohort: a condition over the columns of mart.time_zero."""

    model_config = _FROZEN

    code: str
    sentence: dict[Literal["en", "zh"], str]
    exclude_when: str


class Gate(BaseModel):
    """What the whole must look like before it is published; shares are between 0 and 1."""

    model_config = _FROZEN

    min_patients_per_centre: int = Field(default=5, ge=0)
    max_quarantined_share: float = Field(default=0.1, ge=0, le=1)
    max_unresolved_histology_share: float = Field(default=0.3, ge=0, le=1)
    max_shrinkage_share: float = Field(default=0.2, ge=0, le=1)
    min_cohort: int = Field(default=10, ge=0)


class Queries(BaseModel):
    """How questions go to the centres: in batches, none of them longer than a centre can answer.

    batch_days: days between two batches of a centre. per_centre: queries in a batch. per_record: queries of one record
    that a centre has at a time. due_days: days a centre has to answer, those with a stale export not counted.
    """

    model_config = _FROZEN

    batch_days: int = Field(default=28, ge=0)
    per_centre: int = Field(default=50, ge=1)
    per_record: int = Field(default=1, ge=1)
    due_days: int = Field(default=30, ge=1)


class Registry(BaseModel):
    """registry.yaml. `as_of` fixes the clock of a refresh; without it the refresh takes the time it starts. `group` is
    the group of accounts that may read what is published."""

    model_config = _FROZEN

    title: dict[Literal["en", "zh"], str]
    study_id: str
    synthetic: bool = False
    as_of: datetime | None = None
    jurisdiction: str | None = None
    purpose: tuple[Purpose, ...] = ("research",)
    combination_window_days: int = Field(default=28, ge=0)
    metastatic_tolerance_days: int = Field(default=14, ge=0)
    lines: LineRules = LineRules()
    endpoints: EndPoints = EndPoints()
    histology_groups: dict[str, tuple[str, ...]]
    cohort: tuple[CriterionOfExclusion, ...]
    gate: Gate = Gate()
    queries: Queries = Queries()
    snapshots: int = Field(default=10, ge=1)
    group: str | None = None


def load_registry(home: Path, *, is_kept: bool = False) -> Registry:
    """registry.yaml of a home; a folder without one is not a home.

    is_kept: it is the copy that a refresh keeps, and stands as it was, whatever is asked of a home since.
    """
    if not (home / "registry.yaml").is_file():
        raise ConfigurationError(
            f"{home} is not a registry's home: it has no registry.yaml. "
            "Name one with --home or SARCREG_HOME, or make a demo with `sarcreg demo DIR`."
        )
    registry = load_yaml(home / "registry.yaml", Registry, "registry.yaml")
    _check_groups(registry)
    if faults := registry.lines.faults():
        raise ConfigurationError("\n".join(faults))
    if not (registry.jurisdiction or registry.synthetic or is_kept):
        raise ConfigurationError(
            "registry.yaml: `jurisdiction` is missing: say whose law the registry is under, such as "
            "`jurisdiction: CN`; without it nothing tells which rows cross a border."
        )
    return registry


def _check_groups(registry: Registry) -> None:
    from schemas.codelist import load
    from schemas.configuration import nearest

    codes = load("histology").valid
    faults = [
        f"registry.yaml: histology_groups.{group}: {entity!r} is not an entity.{nearest(entity, codes)}"
        for group, entities in registry.histology_groups.items()
        for entity in entities
        if entity not in codes
    ]
    if faults:
        raise ConfigurationError("\n".join(faults))


def load_centres(home: Path) -> dict[str, Centre]:
    """Every centre of a home by code, in order of code; two folders with one code are refused."""
    folders = sorted(path.parent for path in (home / "centres").glob("*/centre.yaml"))
    if not folders:
        raise ConfigurationError("centres/: no centre is configured; write centres/<code>/centre.yaml.")
    centres: dict[str, Centre] = {}
    origin: dict[str, str] = {}
    for folder in folders:
        centre = load_centre(folder)
        if centre.code in centres:
            raise ConfigurationError(
                f"centres/{folder.name}/centre.yaml and centres/{origin[centre.code]}/centre.yaml both have the "
                f"code {centre.code!r}; give each centre its own."
            )
        centres[centre.code], origin[centre.code] = centre, folder.name
    for code, folder_name in origin.items():
        if code != folder_name:
            raise ConfigurationError(
                f"centres/{folder_name}/centre.yaml: code is {code!r}, its folder {folder_name!r}; make them equal."
            )
    return centres
