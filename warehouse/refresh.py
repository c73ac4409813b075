"""The steps of a refresh, each callable by itself: what the flow puts in order."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from schemas.centre import Centre
from schemas.errors import ConfigurationError, ExportRefused, SarcregError
from schemas.links import load_links
from schemas.registry import Registry, load_centres, load_registry
from schemas.thresholds import load_thresholds
from warehouse import criteria, erasing, journal, ledger, publish, recovery, unnamed
from warehouse.before import Before, entry_before
from warehouse.build import BuildInputs, Contribution, build, rule_book
from warehouse.centre_rows import texts_of, type_centre, typed_key
from warehouse.harmonise.coder import refuse_stray_maps
from warehouse.home import Home, file_hash, secret, tree_hash
from warehouse.identifiers.delivery import refuse_identifiers
from warehouse.landing import Delivery, delivery_of, land, text_files
from warehouse.permitted import not_to_be_published, use_fault
from warehouse.rights import PRIVATE
from warehouse.sources.file import pull as pull_files
from warehouse.version import ROOT, code_version
from warehouse.withdrawal import ERASE, Withdrawal, as_text, refuse_unfinished, withdrawals

FRESH, CARRIED, ABSENT = "fresh", "carried_forward", "absent"
CONFIGURATION = ("registry.yaml", "links.yaml", "maps/*.csv", "centres/*/*.yaml", "centres/*/maps/*.csv")
"""What people write in a home that tables are made from; a refresh keeps a copy of it."""

INPUTS = ("code_version", "lock", "configuration", "centres")
"""The parts of a manifest that the tables depend on; the clock is none, for it alone makes no new refresh."""


@dataclass(frozen=True)
class Job:
    """What a refresh starts from. last: the manifest of the published refresh, if there is one.

    named: each centre's entry in the manifest that gave record names last; a roll-back does not rewind them.
    withdrawn: each centre's withdrawals, as the journal tells them.
    """

    home: Home
    registry: Registry
    centres: Mapping[str, Centre]
    secret: bytes
    last: Mapping[str, Any] | None
    as_of: datetime
    named: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    withdrawn: Mapping[str, tuple[Withdrawal, ...]] = field(default_factory=dict)

    @property
    def patients_before(self) -> dict[str, int]:
        """Centre -> its patients in the published refresh."""
        return dict((self.last or {}).get("patients", {}))


@dataclass(frozen=True)
class Part:
    """One centre's part of this refresh: what the build takes, and what the manifest says of it.

    names_before, names: hashes of the record names it started from and leaves (warehouse/record_names.py).
    before: what the manifest says of the delivery before this one (warehouse/before.py).
    """

    contribution: Contribution
    delivery: Delivery | None
    was_read: bool = False
    rows: int = 0
    names_before: str | None = None
    names: str | None = None
    before: Mapping[str, Any] | None = None

    @property
    def code(self) -> str:
        """The centre."""
        return self.contribution.centre.code


def configuration(root: Path) -> tuple[Registry, dict[str, Centre]]:
    """What people wrote for a refresh. ConfigurationError names a fault in any of it, also in what is read late."""
    registry = load_registry(root)
    centres = load_centres(root)
    criteria.refuse_faults(registry.cohort)
    refuse_stray_maps(root, list(centres))
    load_links(root)
    load_thresholds(root, rule_book(), centres)
    return registry, centres


def prepare(root: Path) -> Job:
    """Configuration, secret and clock of a refresh; called by the one writer, who also sweeps what a crash left."""
    registry, centres = configuration(root)
    home = Home(root)
    key = secret(registry)
    home.make(registry.group)
    recovery.sweep(home)
    current = publish.current_refresh(home)
    last = publish.manifest(home, current) if current else None
    as_of = registry.as_of or datetime.now(UTC).replace(microsecond=0)
    told = journal.events(home.events)
    refuse_unfinished(told)
    erasing.end(home)
    tidy(home)
    return Job(home, registry, centres, key, last, as_of, _last_named(home), withdrawals(told))


def tidy(home: Home) -> None:
    """Take what was refused out of the landing; before the first refresh is published all of it waits there."""
    if publish.current_refresh(home):
        unnamed.remove(home)


def _last_named(home: Home) -> dict[str, Mapping[str, Any]]:
    """Centre -> its entry in the newest manifest that gave its records names."""
    found: dict[str, Mapping[str, Any]] = {}
    for refresh in publish.by_first_publication(home):
        entries = publish.manifest(home, refresh)["centres"]
        found |= {code: entry for code, entry in entries.items() if entry.get("names")}
    return found


def pull(job: Job, code: str) -> Delivery:
    """The centre's export, landed. Raises ExportRefused where there is none."""
    centre = job.centres[code]
    if fault := uncovered(job, code):
        raise ExportRefused(fault)
    return land(pull_files(job.home.root / centre.source.path), job.home.landing)


def uncovered(job: Job, code: str) -> str | None:
    """Why the law that a centre declares does not cover its rows in this registry; None where it does."""
    fault = use_fault(job.registry, job.centres[code], job.registry.purpose, job.as_of.date())
    return f"its rows are not pooled: {fault}" if fault else None


def read_rows(job: Job, code: str, delivery: Delivery) -> Part:
    """The centre's export as typed rows. Raises ExportRefused where its structure is at fault or names a person."""
    centre = job.centres[code]
    before = _names_before(job, centre, delivery)
    if delivery != last_delivery(job, code):
        refuse_identifiers(centre, delivery, job.home.landing, unnamed.named(job.home))
    withdrawn = job.withdrawn.get(code, ())
    is_any_erased = any(item.scope == ERASE for item in withdrawn)
    readers = erasing.readers_of(job.home, code) if is_any_erased else None
    done = type_centre(centre, delivery, job.home.landing, job.secret, before, withdrawn, readers)
    export = pl.read_parquet(done.folder / "export.parquet").row(0, named=True)
    earlier, entry = read_before(job, centre, entry_before(_published(job, code), delivery.export_hash))
    contribution = Contribution(centre, done.folder, FRESH, before=earlier)
    return Part(contribution, delivery, done.was_read, export["rows"], before, export["names"], entry)


def _published(job: Job, code: str) -> Mapping[str, Any] | None:
    """The centre's entry in the manifest of the published refresh."""
    entry: Mapping[str, Any] | None = (job.last or {}).get("centres", {}).get(code)
    return entry


def read_before(
    job: Job, centre: Centre, entry: Mapping[str, Any] | None
) -> tuple[Before | None, Mapping[str, Any] | None]:
    """The typed rows of a centre's last delivery, and its entry with their name; no rows where they cannot be read."""
    delivery = delivery_of(entry or {})
    if entry is None or delivery is None:
        return None, entry
    try:
        withdrawn = job.withdrawn.get(centre.code, ())
        folder = type_centre(centre, delivery, job.home.landing, job.secret, entry["names_before"], withdrawn).folder
    except ExportRefused:  # its layout is one that today's configuration does not describe
        return None, {**entry, "typed": None}
    cut_off = entry["cut_off_on"]
    return Before(folder, date.fromisoformat(cut_off) if cut_off else None), {**entry, "typed": folder.name}


def _names_before(job: Job, centre: Centre, delivery: Delivery) -> str | None:
    """The record names a reading starts from: those of the last reading, or its own start where nothing is new."""
    last = job.named.get(centre.code)
    if last is None:
        return None
    withdrawn = job.withdrawn.get(centre.code, ())
    is_as_it_was = last["typed"] == typed_key(centre, delivery, job.secret, last["names_before"], withdrawn)
    return last["names_before"] if is_as_it_was else last["names"]


def carry_forward(job: Job, code: str, reason: str, state: str = CARRIED) -> Part:
    """The centre's last good export, marked stale; absent where there never was one."""
    if fault := uncovered(job, code):  # its last good export is not covered either
        return Part(Contribution(job.centres[code], None, ABSENT, fault), None)
    delivery = last_delivery(job, code)
    if delivery is not None:
        try:
            part = read_rows(job, code, delivery)
            return replace(part, contribution=replace(part.contribution, state=state, reason=reason))
        except ExportRefused:
            reason = f"{reason}\nIts last good export cannot be read with the configuration as it is now."
    return Part(
        Contribution(job.centres[code], None, ABSENT, reason), None, before=entry_before(_published(job, code), "")
    )


def last_delivery(job: Job, code: str) -> Delivery | None:
    """The export the published refresh used for a centre."""
    return delivery_of(_published(job, code) or {})


def not_asked(job: Job, code: str) -> Part:
    """The part of a centre that this refresh leaves as it was: its last export, in the state it had."""
    entry = _published(job, code)
    if not entry:
        return carry_forward(job, code, "not pulled yet")
    return carry_forward(job, code, entry["reason"] or "", entry["state"])


def choose(centres: Iterable[str], asked: Iterable[str] | None) -> tuple[list[str], list[str]]:
    """The centres to pull and those to leave as they were."""
    known = list(centres)
    wanted = list(asked or known)
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise ConfigurationError(f"no centre {unknown[0]!r}; configured are {', '.join(known)}.")
    return wanted, [code for code in known if code not in wanted]


def manifest_of(job: Job, parts: Iterable[Part]) -> dict[str, Any]:
    """All the published file depends on; `inputs_hash` is over everything but the clock."""
    body: dict[str, Any] = {
        "code_version": code_version(),
        "lock": file_hash(ROOT / "requirements.lock"),
        "configuration": configuration_hash(job.home.root),
        "centres": {
            part.code: {
                "state": part.contribution.state,
                "reason": part.contribution.reason,
                "typed": part.contribution.folder.name if part.contribution.folder else None,
                "export_hash": part.delivery.export_hash if part.delivery else None,
                "names_before": part.names_before,
                "names": part.names,
                "cut_off_on": part.contribution.centre.cut_off_on.isoformat(),
                "before": part.before,
                "withdrawn": as_text(job.withdrawn.get(part.code, ())),
                "files": [
                    {"name": file.name, "sha256": file.sha256, "bytes": file.bytes}
                    for file in (part.delivery.files if part.delivery else ())
                ],
            }
            for part in parts
        },
    }
    told = journal.events(job.home.events)
    return {
        **body,
        "inputs_hash": inputs_hash(body),
        "as_of": job.as_of.astimezone(UTC).isoformat(),
        "patients_before": job.patients_before,
        "journal": len(told),
        "journal_head": told[-1]["hash"] if told else "",
        "done": ledger.head_of_people(job.home),
    }


def inputs_hash(body: Mapping[str, Any]) -> str:
    """sha256 over the inputs that a manifest names."""
    told = {name: body[name] for name in INPUTS}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def configuration_hash(root: Path) -> str:
    """sha256 over what people wrote that a table can depend on."""
    return tree_hash(root, CONFIGURATION)


def is_new(job: Job, manifest: Mapping[str, Any]) -> bool:
    """Whether inputs or answers differ from those of the published refresh, and the inputs from those rolled back.

    Inputs that were rolled back are taken all the same where the published refresh has what may not be published.
    """
    if manifest["inputs_hash"] in publish.rolled_back_inputs(job.home):
        current = publish.current_refresh(job.home)
        return current is not None and bool(not_to_be_published(job.home, current))
    parts = ("inputs_hash", "done")
    return job.last is None or any(manifest[part] != job.last.get(part) for part in parts)


def refresh_id(job: Job, manifest: Mapping[str, Any]) -> str:
    """The clock and the first digits of the inputs' hash; numbered where the same was published before."""
    name = f"{job.as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}-{manifest['inputs_hash'][:8]}"
    kept = {folder.name for folder in job.home.refreshes.glob(f"{name}*")}
    return next(
        candidate
        for candidate in (name, *(f"{name}-{number}" for number in range(2, len(kept) + 3)))
        if candidate not in kept
    )


def build_aside(job: Job, parts: Iterable[Part], manifest: Mapping[str, Any], refresh: str) -> Path:
    """Build the warehouse of a refresh in its folder aside; returns the file."""
    folder = publish.start(job.home, refresh)
    _keep_configuration(job.home.root, folder, manifest)
    return build_file(folder, job, parts, manifest, refresh)


def build_file(folder: Path, job: Job, parts: Iterable[Part], manifest: Mapping[str, Any], refresh: str) -> Path:
    """The warehouse that a manifest describes, in `folder`, from the configuration kept there."""
    every = sorted(parts, key=lambda part: part.code)
    folders = [part.contribution.folder for part in every if part.contribution.folder]
    if not folders:
        raise SarcregError("no centre has an export that can be read, so there is nothing to publish.")
    inputs = BuildInputs(
        home=folder / publish.CONFIGURATION,
        registry=job.registry,
        contributions=tuple(part.contribution for part in every),
        text_files=tuple(text_files(job.home.landing, [one for folder in folders for one in texts_of(folder)])),
        refresh_id=refresh,
        as_of=job.as_of.astimezone(UTC),
        code_version=manifest["code_version"],
        manifest_hash=manifest["inputs_hash"],
        secret=job.secret,
        ledger=ledger.told(job.home, manifest["journal"]),
    )
    database = folder / publish.DATABASE
    build(database, inputs)
    return database


def _keep_configuration(root: Path, folder: Path, manifest: Mapping[str, Any]) -> None:
    """Copy what people wrote beside the file made from it, so that the refresh can be made again."""
    kept = folder / publish.CONFIGURATION
    kept.mkdir(mode=PRIVATE)
    for pattern in CONFIGURATION:
        for path in root.glob(pattern):
            place = kept / path.relative_to(root)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    if configuration_hash(kept) != manifest["configuration"]:
        raise SarcregError("the configuration was changed while the refresh ran; nothing was published. Run it again.")


def discard(job: Job, refresh: str) -> None:
    """Throw away a refresh that is not published."""
    shutil.rmtree(job.home.refreshes / f".tmp-{refresh}", ignore_errors=True)
