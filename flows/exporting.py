"""Exports of a refresh: written aside, swapped in whole, and told to the journal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.exports.datasets import Written

FORMS = ("parquet", "adam", "omop", "idea4rc")
EXPORTED = "exported"
"""The journal's event of an export: its form, refresh and the sha256 of its manifest."""


def export(root: Path, form: str, folder: Path, as_of: str | None = None) -> Written:
    """Write the published refresh (or the kept one `as_of`) to `folder`, which must be empty or not exist."""
    from importlib import import_module

    from flows.keeping import WAIT_SECONDS
    from flows.survival import aside_of, swap
    from warehouse import journal
    from warehouse.exports.datasets import MANIFEST, empty_folder
    from warehouse.home import Home, file_hash, one_writer
    from warehouse.query import opened

    home = Home(root)
    empty_folder(folder)
    aside = aside_of(folder)
    with opened(home, as_of) as connection:
        written: Written = import_module(f"warehouse.exports.{form}").export(connection, aside)
    with one_writer(home, WAIT_SECONDS):
        refresh, manifest = written.manifest["refresh_id"], file_hash(aside / MANIFEST)
        # told before it is there: after a crash the journal may name an export too many, never one too few
        journal.append(home.events, EXPORTED, format=form, refresh=refresh, manifest=manifest)
        swap(aside, folder)
    return written
