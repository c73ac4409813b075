"""A refresh made again: the same tables from its manifest, its kept configuration and the landing's text rows."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas.errors import SarcregError
from schemas.registry import load_centres, load_registry
from warehouse import gate, journal, publish
from warehouse.build import Contribution
from warehouse.centre_rows import type_centre
from warehouse.home import Home, secret
from warehouse.landing import delivery_of
from warehouse.refresh import Job, Part, build_file, configuration_hash, read_before
from warehouse.version import code_version
from warehouse.withdrawal import from_text, refuse_unfinished


@dataclass(frozen=True)
class Rebuilt:
    """differing: tables that are not as they were when the refresh was published. is_restored: its file was gone."""

    refresh: str
    tables: int
    differing: tuple[str, ...]
    is_restored: bool


def rebuild(home: Home, refresh: str) -> Rebuilt:
    """Make a published refresh's warehouse again and compare every table with its fingerprint in the manifest.

    Where retention has removed the file and nothing differs, the new one takes its place. Raises SarcregError where
    code, configuration, secret or deliveries are not those of the refresh, or an erasure waits to be completed.
    """
    refuse_unfinished(journal.events(home.events))
    manifest = publish.manifest(home, refresh)
    kept = home.refreshes / refresh
    if manifest["code_version"] != code_version():
        raise SarcregError(
            f"{refresh} was made by sarcreg {manifest['code_version']}, this is {code_version()}; "
            "check out that version of the code and rebuild with it."
        )
    if configuration_hash(kept / publish.CONFIGURATION) != manifest["configuration"]:
        raise SarcregError(f"{kept / publish.CONFIGURATION}: no longer what the manifest names; restore a backup.")
    aside = publish.start(home, refresh)
    try:
        shutil.copytree(kept / publish.CONFIGURATION, aside / publish.CONFIGURATION)
        job = job_of(home, aside / publish.CONFIGURATION, manifest)
        database = build_file(aside, job, list(_parts(job, manifest)), manifest, refresh)
        gate.judge(database, job.registry, manifest["patients_before"])
        differing = publish.differing(home, refresh, database)
        place = kept / publish.DATABASE
        is_restored = not place.exists() and not differing
        if is_restored:
            database.chmod(0o440)
            database.replace(place)
        return Rebuilt(refresh, len(manifest["tables"]), differing, is_restored)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def job_of(home: Home, configuration: Path, manifest: Mapping[str, Any]) -> Job:
    """The job of a refresh as it was, from its kept configuration and its manifest."""
    registry = load_registry(configuration, is_kept=True)
    as_of = datetime.fromisoformat(manifest["as_of"])
    withdrawn = {code: from_text(entry["withdrawn"]) for code, entry in manifest["centres"].items()}
    return Job(home, registry, load_centres(configuration), secret(registry), None, as_of, withdrawn=withdrawn)


def _parts(job: Job, manifest: Mapping[str, Any]) -> Iterable[Part]:
    for code, entry in manifest["centres"].items():
        delivery = delivery_of(entry)
        contribution = Contribution(job.centres[code], None, entry["state"], entry["reason"])
        if entry["typed"] is None:
            yield Part(contribution, delivery)
            continue
        if delivery is None:
            raise SarcregError(f"{code}: the manifest names no files of its export; restore it from a backup.")
        withdrawn, names = job.withdrawn[code], entry["names_before"]
        folder = type_centre(job.centres[code], delivery, job.home.landing, job.secret, names, withdrawn).folder
        if folder.name != entry["typed"]:
            raise SarcregError(f"{code}: SARCREG_SECRET is not the one this refresh was made with; set that one.")
        earlier, before = read_before(job, job.centres[code], entry["before"])
        if before != entry["before"]:
            raise SarcregError(f"{code}: its delivery before this one cannot be read as it was; restore a backup.")
        yield Part(replace(contribution, folder=folder, before=earlier), delivery, before=before)
