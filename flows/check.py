"""`sarcreg check`: what a centre does before it sends, offline, with the rules that need nobody else."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import polars as pl

from schemas.errors import ConfigurationError
from schemas.registry import Registry, load_centres, load_registry
from warehouse.build import BuildInputs, Contribution, build, rule_book
from warehouse.centre_rows import texts_of, type_centre
from warehouse.harmonise.coder import refuse_stray_maps
from warehouse.home import secret
from warehouse.identifiers.delivery import identifiers_in
from warehouse.landing import land, text_files
from warehouse.query import read_file
from warehouse.sources.file import pull
from warehouse.version import code_version

NEEDS_OTHERS = ("cross_centre", "last_delivery")
PLACES_SHOWN = 3


@dataclass(frozen=True)
class CheckReport:
    """counts: rule -> (severity, findings). not_run: rules that need other centres or the last delivery.

    places: rule -> where its first findings lie, as file, line and column. identifiers: columns for which the landing
    will refuse the export, each with kind and count.
    """

    centre: str
    counts: Mapping[str, tuple[str, int]]
    places: Mapping[str, tuple[str, ...]]
    not_run: tuple[str, ...]
    page: Path | None
    identifiers: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        """0 no errors, 3 errors found."""
        return 3 if self.identifiers or any(severity == "error" for severity, _ in self.counts.values()) else 0

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "centre": self.centre,
            "findings": {
                rule: {"severity": severity, "count": n, "first": list(self.places[rule])}
                for rule, (severity, n) in self.counts.items()
            },
            "identifiers": list(self.identifiers),
            "not_run": list(self.not_run),
            "page": str(self.page) if self.page else None,
        }

    def lines(self) -> list[str]:
        """For a terminal: counts and places, no values."""
        book = rule_book()
        found = []
        for rule, (severity, n) in self.counts.items():
            first = "; ".join(self.places[rule])
            found.append(f"{severity:<8} {n:>5}  {rule}: {book[rule].sentence['en']} {book[rule].advice['en']}")
            found += [f"{'':16}{first}"] if first else []
        total = sum(n for _, n in self.counts.values())
        return [
            f"{self.centre}: {total} finding(s) by {len(self.counts)} rule(s)",
            *found,
            *(f"identifier: {one}" for one in self.identifiers),
            *(["the registry will refuse this export; `sarcreg pack` takes them out"] if self.identifiers else []),
            f"not run here (they need other centres or the last delivery): {', '.join(self.not_run)}",
            *([f"page: {self.page}"] if self.page else []),
        ]


def check_centre(root: Path, code: str, export: Path | None, html: Path | None) -> CheckReport:
    """Check one centre's export by itself. Raises ExportRefused where it cannot be read."""
    registry, centres = load_registry(root), load_centres(root)
    if code not in centres:
        raise ConfigurationError(f"no centre {code!r}; configured are {', '.join(centres)}.")
    refuse_stray_maps(root, [code])
    centre, key = centres[code], _key(registry)
    with tempfile.TemporaryDirectory(prefix="sarcreg-check-") as folder:
        place = Path(folder)
        landing = place / "landing"
        delivery = land(pull(export or root / centre.source.path), landing)
        told = tuple(identifiers_in(centre, delivery, landing))
        rows = type_centre(centre, delivery, landing, key)
        database = place / "check.duckdb"
        as_of = registry.as_of or datetime.combine(centre.cut_off_on, time(), UTC)
        build(
            database,
            BuildInputs(
                home=root, registry=registry, contributions=(Contribution(centre, rows.folder, "fresh"),),
                text_files=tuple(text_files(landing, texts_of(rows.folder))), refresh_id="check", as_of=as_of,
                code_version=code_version(), manifest_hash="check", secret=key,
            ),
        )  # fmt: skip
        not_run = tuple(sorted(name for name, rule in rule_book().items() if rule.scope in NEEDS_OTHERS))
        page = _page(database, html, not_run) if html else None
        found = read_file(database, ["quality.finding"])["quality.finding"].filter(~pl.col("rule").is_in(not_run))
    counts = found.group_by("rule", "severity").len().sort("severity", "rule")
    per_rule = {rule: (severity, n) for rule, severity, n in counts.iter_rows()}
    return CheckReport(code, per_rule, {rule: _first_places(found, rule) for rule in per_rule}, not_run, page, told)


def _key(registry: Registry) -> bytes:
    """The registry's secret where it is at hand. A centre never has it: there any key serves, for nothing is kept."""
    is_given = registry.synthetic or os.environ.get("SARCREG_SECRET")
    return secret(registry) if is_given else secrets.token_bytes(32)


def _first_places(found: pl.DataFrame, rule: str) -> tuple[str, ...]:
    """Where the first findings of a rule lie, each as `cases.xlsx, sheet "A", line 7, column "Sex"`; no values."""
    places = (
        found.filter((pl.col("rule") == rule) & pl.col("file").is_not_null())
        .select("file", "sheet", "line", "source_column")
        .unique()
        .sort(pl.all())
    )
    texts = []
    for file, sheet, line, column in places.head(PLACES_SHOWN).iter_rows():
        named = [file, f'sheet "{sheet}"' if sheet else "", f"line {line}", f'column "{column}"' if column else ""]
        texts.append(", ".join(part for part in named if part))
    rest = places.height - len(texts)
    return (*texts, f"and {rest} more") if rest else tuple(texts)


def _page(database: Path, html: Path, not_run: tuple[str, ...]) -> Path:
    """The centre's page of the validation report, alone in one file."""
    from analytics.quality.inputs import COLUMNS, facts_of
    from analytics.quality.validation import centre_page

    tables = read_file(database, [*COLUMNS, "meta.refresh"])
    for name in ("quality.finding", "quality.check_result"):
        tables[name] = tables[name].filter(~pl.col("rule").is_in(not_run))
    centre = tables["meta.centre"].row(0, named=True)
    html.parent.mkdir(parents=True, exist_ok=True)
    return centre_page(tables, facts_of(tables["meta.refresh"]), centre["centre"], centre["language"], html)
