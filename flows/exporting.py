"""Exports of a refresh: written aside, swapped in whole, and told to the journal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.exports.datasets import Written

FORMS = ("parquet", "adam", "omop", "idea4rc", "mcode")
EXPORTED = "exported"
"""The journal's event of an export: form, refresh, purposes, patients left out, and the sha256 of its manifest."""


def export(root: Path, form: str, folder: Path, as_of: str | None = None, purposes: Iterable[str] = ()) -> Written:
    """Write the published refresh (or the kept one `as_of`) to `folder`, which must be empty or not exist.

    Every form reads through `warehouse.permitted`: the rows that may not serve the purposes (else registry.yaml's)
    are left out, and `use` in its manifest says whose and why.
    """
    from dataclasses import replace
    from importlib import import_module

    from flows.survival import aside_of, swap
    from schemas.standards.licensed import licensed
    from warehouse import journal, permitted
    from warehouse.exports.datasets import MANIFEST, empty_folder, with_facts
    from warehouse.home import Home, file_hash, one_writer

    home = Home(root)
    empty_folder(folder)
    settings = {"own": licensed(root)} if form == "mcode" else {}
    with aside_of(folder) as aside:
        with permitted.opened(home, as_of, purposes) as (connection, use):
            written: Written = import_module(f"warehouse.exports.{form}").export(connection, aside, **settings)
        written = replace(with_facts(written, aside, use=use.as_dict()), use=use)
        with one_writer(home):
            permitted.refuse_withdrawn_since(home, use)
            refresh, manifest = written.manifest["refresh_id"], file_hash(aside / MANIFEST)
            # told before it is there: after a crash the journal may name an export too many, never one too few
            told = use.left_out.select("centre", "code", "patients").to_dicts()
            journal.append(
                home.events, EXPORTED, format=form, refresh=refresh, manifest=manifest,
                purposes=list(use.purposes), left_out=told,
            )  # fmt: skip
            swap(aside, folder)
    return written
