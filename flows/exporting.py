"""Exports of a refresh: written aside, swapped in whole, and told to the journal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.exports.datasets import Written

FORMS = ("parquet", "adam")


def export(root: Path, form: str, folder: Path, as_of: str | None = None) -> Written:
    """Write the published refresh (or the kept one `as_of`) to `folder`, which must be empty or not exist."""
    from importlib import import_module

    from flows.survival import aside_of, swap
    from warehouse.exports.datasets import empty_folder
    from warehouse.home import Home
    from warehouse.query import opened

    empty_folder(folder)
    aside = aside_of(folder)
    with opened(Home(root), as_of) as connection:
        written: Written = import_module(f"warehouse.exports.{form}").export(connection, aside)
    swap(aside, folder)
    return written
