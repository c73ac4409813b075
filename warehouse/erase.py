"""Erasing one patient from a registry's home, and the proof of it.

The journal's retraction is the tombstone: it keeps the keyed hash, so that a re-delivery is refused and counted. Landed
rows are blanked and their bytes removed, record names, corrections and links rewritten, every refresh made again from
what is left and marked `amended_by`; its results and reports go, and Prefect's records. Then the whole home is
searched: what a killed run left there goes, and any other file with a value of the patient is told, for it is people's.
Every step can be done twice and acts on what was kept before the first (warehouse/erasing.py), so that an erasure that
was cut short is completed by the same command.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import polars as pl

from schemas import corrections as agreed
from schemas.errors import ConfigurationError
from schemas.links import FILE as LINKS
from schemas.registry import load_centres, load_registry
from warehouse import (
    erasing,
    gate,
    journal,
    ledger_acts,
    mentions,
    patient_rows,
    private,
    publish,
    record_names,
    recovery,
    redaction,
    releases,
    search,
    unnamed,
)  # fmt: skip
from warehouse.build import Contribution
from warehouse.centre_rows import type_centre
from warehouse.digest import digests
from warehouse.erasing import Erasing
from warehouse.home import Home, file_hash, secret
from warehouse.landing import delivery_of
from warehouse.parse import plain
from warehouse.query import opened
from warehouse.rebuild import job_of
from warehouse.refresh import Job, Part, build_file, configuration_hash, inputs_hash, read_before
from warehouse.text_door import PSEUDONYM_DIGITS, pseudonym
from warehouse.version import ROOT, code_version
from warehouse.withdrawal import ERASED, RETRACTED, Withdrawal, as_text, from_text

SENT_OUT = (releases.RELEASED, "query issued", "exported")
"""Events after which something of the registry may lie with other people."""

PREFECT = ".prefect"
_HEX = re.compile("[0-9a-f]+")
OWN = ("landing", "refreshes", "events", "answers", "releases")
"""Folders that the program alone writes: a dot-file in them, or in a dot-folder of theirs, is left of a killed run."""


@dataclass
class Proof:
    """What an erasure did. places: (what, where, count); values: how many values only this patient had; found: where
    one of them still lies, with the number of such values; mentions: cells of other patients' rows that a person has to
    look at; unread: files where the centre delivers that a person has to look into; elsewhere: records that may be the
    same person; is_nowhere: there was nothing of the patient; sent_out: what people have to look after."""

    patient: str
    places: list[tuple[str, str, int]] = field(default_factory=list)
    values: int = 0
    files: int = 0
    found: list[tuple[str, int]] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    elsewhere: tuple[str, ...] = ()
    is_nowhere: bool = False
    sent_out: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """The patient was there, and nothing is found afterwards, no cell that mentions the patient, no file unread."""
        return not (self.found or self.mentions or self.unread or self.is_nowhere)

    def add(self, what: str, where: str, count: int) -> None:
        """One place more."""
        if count:
            self.places.append((what, where, count))


class Meant(NamedTuple):
    """A patient whom somebody means. is_known: in a kept refresh, or retracted before."""

    centre: str
    patient_id: str
    is_known: bool = True


def find(home: Home, word: str, centre: str | None = None) -> Meant:
    """The patient meant by an id or its beginning; of one that nothing kept knows, by the whole id.

    centre: the word is not an id, but the patient's number in the exports of this centre.
    """
    centres = load_centres(home.root)
    if centre is not None:
        if centre not in centres:
            raise ConfigurationError(f"no centre {centre!r}; configured are {', '.join(centres)}.")
        word = pseudonym(secret(load_registry(home.root)), centre, plain(word))
    known = {
        (event["centre"], event["patient"])
        for event in journal.events(home.events)
        if event["event"] == RETRACTED and event["patient"].startswith(word)
    }
    for refresh in publish.kept(home):
        with opened(home, refresh) as connection:
            rows = connection.execute(
                "select centre, patient_id from core.patient where starts_with(patient_id, ?)", [word]
            ).fetchall()
        known |= {(centre, patient) for centre, patient in rows}
    if not known and word[:-PSEUDONYM_DIGITS] in centres and _HEX.fullmatch(word[-PSEUDONYM_DIGITS:]):
        return Meant(word[:-PSEUDONYM_DIGITS], word, is_known=False)
    if len(known) != 1:
        fault = f"{len(known)} patients begin with" if known else "no patient of a kept refresh is"
        raise ConfigurationError(
            f"{fault} {word!r}; ids stand in core.patient. A whole id is looked for in every delivery, and with "
            "`--centre CODE` the patient's number in that centre's exports."
        )
    return Meant(*known.pop())


def erase(home: Home, centre: str, item: Withdrawal, report: Callable[[str], object]) -> Proof:
    """Take the patient out of everything under the home. Called by the one writer, after the retraction's event.

    report: writes the validation report of a refresh, called for each that had one, oldest first.
    """
    recovery.sweep(home)
    key = secret(load_registry(home.root))
    known = erasing.begin(home, centre, item.patient_id, key)
    proof = Proof(item.patient_id, elsewhere=known.elsewhere)
    proof.is_nowhere = not (known.is_somewhere or _was_erased(home, item.patient_id))
    both = "a merged cell that reaches over rows of the patient and of others"
    proof.mentions += [f"{place}: {both}" for place in known.merged]
    _landing(home, centre, known, key, proof)
    _drop_folder(home, centre, known, proof)
    _corrections(home, centre, item.patient_id, proof)
    _links(home, item.patient_id, proof)
    _queries(home, known, proof)
    for name, rows in releases.forget(home, key, item.patient_id, known.nobody).items():
        proof.add("place in a release given to nobody", f"releases/{name}.parquet", rows)
    for folder in home.landing.glob("typed/*"):
        shutil.rmtree(folder)
    if (home.root / PREFECT).exists():
        proof.add("records of runs removed", PREFECT, 1)
        shutil.rmtree(home.root / PREFECT, ignore_errors=True)
    _amend(home, centre, item, known.manifests, proof)
    for refresh in known.reported:
        report(refresh)
    needles = known.texts - erasing.cells(home.landing)
    proof.values = len(needles)
    _mentions(home, centre, known, needles, proof)
    _search(home, item.patient_id, needles, proof)
    proof.sent_out += _sent_out(home, known)
    return proof


def _was_erased(home: Home, patient: str) -> bool:
    """Whether an erasure of the patient was completed before."""
    return any(event["event"] == ERASED and event["patient"] == patient for event in journal.events(home.events))


def _search(home: Home, patient: str, needles: Collection[str], proof: Proof) -> None:
    """Look through the home for the values and the pseudonym; what a killed run left goes, all else is told."""
    proof.files, found = search.search(home.root, {*needles, patient})
    under_way = erasing.kept_in(home).relative_to(home.root).as_posix()
    for name, hits in found:
        if name == under_way:  # goes last
            continue
        if _is_left_over(name):
            (home.root / name).unlink()
            proof.add("leftover of a run with the patient's values removed", name, 1)
        elif hits > _told_by_name(home, name, patient):
            proof.found.append((name, hits))


def _is_left_over(name: str) -> bool:
    """Whether the program made the file for itself alone and needs it no more."""
    top, *below = name.split("/")
    is_aside = top in OWN and any(part.startswith(".") for part in below)
    return is_aside or top == PREFECT or name == f".{publish.DATABASE}.new"


def _told_by_name(home: Home, name: str, patient: str) -> int:
    """1 where a file keeps the pseudonym for good: the journal's tombstone, and the manifests that act on it."""
    keeps = name.startswith("events/") or name.endswith(f"/{publish.MANIFEST}")
    return int(keeps and patient in (home.root / name).read_text(encoding="utf-8"))


def _sent_out(home: Home, known: Erasing) -> Iterator[str]:
    """What may lie with other people: of the refreshes that had the patient, and of those that cannot be asked."""
    yield from (f"reports and results of {one}, as far as they were copied or sent" for one in known.having)
    if (home.root / search.HISTORY).exists():
        yield f"{search.HISTORY}: the history is packed and was not looked through"
    for event in journal.events(home.events):
        about = event.get("queries")
        if event["event"] not in SENT_OUT or (about and known.queries and known.queries.isdisjoint(about)):
            continue
        where = f"{event['event']} of {event['at']} (journal {event['sequence']})"
        if "recipient" in event:
            where += f": {event['format']} to {event['recipient']}"
            where += ", which tells of this patient" if event["release"] in known.released else ", not of this patient"
        elif event.get("refresh") in known.lacking:
            continue
        elif "format" in event:
            where += f": {event['format']} of {event['refresh']}"
        yield where


def _landing(home: Home, centre: str, known: Erasing, key: bytes, proof: Proof) -> None:
    """The patient's rows of every delivery that any refresh stands on, and every landed file that none stands on."""
    proof.add("landed file of no refresh (refused) removed", "landing", unnamed.remove(home))
    pairs = [*erasing.deliveries(home, centre, known.manifests)]
    readers = erasing.readers(pairs)
    for configured, delivery in pairs:
        taken = patient_rows.take_out(configured, delivery, home.landing, key, {known.patient_id}, readers)
        for name, rows in taken.items():
            proof.add("landed file: bytes removed, rows blanked", name, max(rows, 1))


def _mentions(home: Home, centre: str, known: Erasing, needles: Collection[str], proof: Proof) -> None:
    """Cells of other patients' rows that name the patient's number or a value that nobody else had."""
    entries = [manifest["centres"].get(centre) or {} for manifest in known.manifests.values()]
    files = {file["sha256"]: file["name"] for entry in entries for file in entry.get("files") or ()}
    found = mentions.mentions(home.landing, files, known.keys, needles)
    proof.mentions += [
        f"{mentions.place(file, sheet, line)}, column {column}: a text that speaks of the patient"
        for file, sheet, line, column in found.iter_rows()
    ]


def _drop_folder(home: Home, centre: str, known: Erasing, proof: Proof) -> None:
    """Files where the centre delivers, inside the home: those with the patient go; the centre delivers anew."""
    configured = load_centres(home.root).get(centre)
    if configured is None:  # it left
        return
    place = home.root / configured.source.path
    paths = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
    hashes = {path: file_hash(path) for path in paths}
    marked = [path for path, told in hashes.items() if redaction.is_marked(home.landing, told) or told in known.waiting]
    proof.unread += known.unread
    if place.resolve().is_relative_to(home.root.resolve()):
        for path in marked:
            path.unlink()
            proof.add("delivered file removed", str(path.relative_to(home.root)), 1)
    else:
        proof.sent_out += [f"{path}: outside the home, remove it or have it delivered anew" for path in marked]


def _corrections(home: Home, centre: str, patient: str, proof: Proof) -> None:
    """Corrections of the patient's records, in the home and in the configuration kept with each refresh."""
    is_theirs = lambda one: one["match"]["record"].startswith(f"{patient}/")  # noqa: E731
    _without(home, f"centres/{centre}/{agreed.FILE}", "corrections", is_theirs, proof)


def _links(home: Home, patient: str, proof: Proof) -> None:
    """Decisions on pairs of which one is the patient."""
    _without(home, LINKS, "pairs", lambda one: patient in one["pair"], proof)


def _without(home: Home, name: str, part: str, is_theirs: Callable[[Any], bool], proof: Proof) -> None:
    """Take items out of a list of a file that people wrote, and of the copies kept with each refresh."""
    from ruamel.yaml import YAML

    kept = sorted(home.refreshes.glob(f"*/{publish.CONFIGURATION}"))
    for root in (home.root, *kept):
        path = root / name
        if not path.exists():
            continue
        yaml = YAML()
        body = yaml.load(path.read_text(encoding="utf-8")) or {}
        items = body.get(part) or []
        mine = [place for place, one in enumerate(items) if is_theirs(one)]
        for place in reversed(mine):
            del items[place]
        if mine:
            written = io.BytesIO()
            yaml.dump(body, written)
            with private.replacing(path, written.getvalue()) as aside:
                shutil.copymode(path, aside)
        proof.add(f"{part} removed", str(path.relative_to(home.root)), len(mine))


def _queries(home: Home, known: Erasing, proof: Proof) -> None:
    """What queries asked about the patient, and the reasons people gave in them that no other query shares."""
    for path in sorted((home.landing / "queries").glob("*.parquet")):
        asked = pl.read_parquet(path)
        left = asked.filter(pl.col("patient_id").ne_missing(known.patient_id))
        if gone := asked.height - left.height:
            private.write(path, private.parquet(left))
            proof.add("queries forgotten", f"landing/queries/{path.name}", gone)
    proof.add("reasons of answers removed", "answers", ledger_acts.forget_reasons(home, known.queries))


def _amend(home: Home, centre: str, item: Withdrawal, manifests: Mapping[str, Mapping[str, Any]], proof: Proof) -> None:
    """Make every refresh again without the patient, in the order in which they gave record names; names that no refresh
    has any more go."""
    renamed: dict[tuple[str, str | None], str | None] = {}
    told = journal.events(home.events)
    event = max(one["sequence"] for one in told if one["event"] == RETRACTED and one["patient"] == item.patient_id)
    for refresh, manifest in manifests.items():
        _amend_one(home, refresh, _with(manifest, centre, item, event), renamed)
        proof.add("snapshot made again (amended_by), results and reports removed", refresh, 1)
    record_names.keep_only(home.landing, _names(home, manifests))
    current = publish.current_refresh(home)
    if current:
        publish.link(home, current)


def _names(home: Home, refreshes: Iterable[str]) -> Iterator[str | None]:
    """The record names that any refresh started from or left."""
    for refresh in refreshes:
        for entry in publish.manifest(home, refresh)["centres"].values():
            yield from (entry["names_before"], entry["names"], (entry["before"] or {}).get("names_before"))


def _with(manifest: Mapping[str, Any], centre: str, item: Withdrawal, event: int) -> dict[str, Any]:
    """A manifest that knows the erasure; the names and fingerprints in it are still the old ones."""
    body: dict[str, Any] = json.loads(json.dumps(manifest))
    entry = body["centres"].get(centre)
    if entry is not None:
        others = [one for one in from_text(entry["withdrawn"]) if one.patient_id != item.patient_id]
        entry["withdrawn"] = as_text(sorted([*others, item]))
    by = {"event": event, "code_version_before": manifest["code_version"]}
    body["amended_by"] = [*body.get("amended_by", []), by]
    return body


def _amend_one(
    home: Home, refresh: str, manifest: dict[str, Any], renamed: dict[tuple[str, str | None], str | None]
) -> None:
    folder = home.refreshes / refresh
    configuration = folder / publish.CONFIGURATION
    job = job_of(home, configuration, manifest)
    parts = [_part(job, code, entry, renamed) for code, entry in manifest["centres"].items()]
    manifest |= {
        "code_version": code_version(),
        "lock": file_hash(ROOT / "requirements.lock"),
        "configuration": configuration_hash(configuration),
    }
    manifest["inputs_hash"] = inputs_hash(manifest)
    aside = publish.start(home, refresh)
    try:
        shutil.copytree(configuration, aside / publish.CONFIGURATION)
        database = build_file(aside, job, parts, manifest, refresh)
        gate.judge(database, job.registry, manifest["patients_before"])
        manifest |= {"patients": publish.patients(database), "tables": digests(database)}
        for path in folder.iterdir():
            if path.name not in (publish.MANIFEST, publish.CONFIGURATION, publish.DATABASE):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if (folder / publish.DATABASE).exists():
            database.chmod(0o440)
            database.replace(folder / publish.DATABASE)
        publish.write_manifest(folder, manifest)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _part(job: Job, code: str, entry: dict[str, Any], renamed: dict[tuple[str, str | None], str | None]) -> Part:
    """A centre's part typed again; its entry gets the new names of its rows."""
    delivery = delivery_of(entry)
    contribution = Contribution(job.centres[code], None, entry["state"], entry["reason"])
    if entry["typed"] is None or delivery is None:
        return Part(contribution, delivery)
    before = _renamed(renamed, code, entry["names_before"])
    done = type_centre(job.centres[code], delivery, job.home.landing, job.secret, before, job.withdrawn[code])
    names = pl.read_parquet(done.folder / "export.parquet")["names"][0]
    renamed[code, entry["names"]] = names
    last = entry["before"]
    if last is not None:
        last = {**last, "names_before": _renamed(renamed, code, last["names_before"])}
    earlier, last = read_before(job, job.centres[code], last)
    entry |= {"typed": done.folder.name, "names_before": before, "names": names, "before": last}
    return Part(replace(contribution, folder=done.folder, before=earlier), delivery, before=last)


def _renamed(renamed: Mapping[tuple[str, str | None], str | None], code: str, names: str | None) -> str | None:
    return renamed.get((code, names)) if names else None


def told(proof: Proof) -> dict[str, Any]:
    """What the journal keeps of the proof: counts by kind, no place that could bear a value."""
    counts: dict[str, int] = {}
    for what, _, count in proof.places:
        counts[what] = counts.get(what, 0) + count
    found = {"found": len(proof.found), "mentions": len(proof.mentions)}
    return {"places": counts, "values": proof.values, "files": proof.files, **found}
