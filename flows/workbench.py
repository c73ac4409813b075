"""What the commands `sarcreg terms …` do, in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from flows.written import refuse_existing
from schemas.codelist import load
from schemas.errors import ConfigurationError
from schemas.registry import load_centres, load_registry
from warehouse.home import Home, one_writer, secret
from warehouse.query import database_of, refresh_of
from warehouse.workbench import sheet
from warehouse.workbench.compare import Comparison, built_now, compare
from warehouse.workbench.decide import Decided, decide
from warehouse.workbench.open_terms import open_terms
from warehouse.workbench.unused import unused


def export_terms(root: Path, directory: Path, code_list: str | None, centre: str | None) -> dict[str, int]:
    """Write the open terms per list; returns how many of each list."""
    key = secret(load_registry(root))
    centres = load_centres(root)
    if centre is not None and centre not in centres:
        raise ConfigurationError(f"no centre {centre!r}; configured are {', '.join(centres)}.")
    if code_list is not None:
        load(code_list)
    found = dict(open_terms(Home(root), code_list, centre).group_by("list", maintain_order=True))
    refuse_existing(path for (name,) in found for path in sheet.files_of(directory, str(name)))
    written = {}
    for (name,), terms in found.items():
        sheet.write(directory, str(name), terms, key)
        written[str(name)] = terms.height
    return written


def import_terms(root: Path, files: Sequence[Path]) -> Decided:
    """Check and take the decisions of filled-in files, under the home's lock, at one time."""
    registry, centres = load_registry(root), load_centres(root)
    rows = [row for file in files for row in sheet.read(file)]
    home = Home(root)
    with one_writer(home):
        home.make()
        return decide(home, rows, centres, secret(registry), datetime.now(UTC).replace(microsecond=0))


def unused_terms(root: Path) -> pl.DataFrame:
    """Map entries that want a look."""
    load_registry(root)
    return unused(Home(root), list(load_centres(root)))


def compare_terms(root: Path, before: str | None, after: str | None) -> Comparison:
    """The codes of two refreshes; `after` left out is what would be said now of the exports of `before`."""
    home = Home(root)
    load_registry(root)
    refresh = refresh_of(home, before)
    earlier = database_of(home, refresh)
    if after is not None:
        return compare(earlier, database_of(home, after))
    with built_now(home, refresh) as now:
        return compare(earlier, now)
