"""What an erasure has to know of the time before it began: gathered and kept before anything is taken out.

An erasure acts on this alone, so that one that was cut short is completed by the same command as if it had not been.
Kept is one private file of the landing; it goes when the erasure is completed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import TypeAdapter, ValidationError

from schemas.centre import Centre
from schemas.errors import ExportRefused, SarcregError
from schemas.links import load_links, persons_of
from schemas.registry import load_centres
from warehouse import journal, mentions, patient_rows, private, publish, releases, search, unnamed
from warehouse.home import Home, file_hash
from warehouse.landing import Delivery, delivery_of, land
from warehouse.query import opened
from warehouse.rights import PRIVATE
from warehouse.sources.file import pull
from warehouse.text_door import PSEUDONYM_DIGITS


@dataclass(frozen=True)
class Erasing:
    """An erasure under way.

    manifests: of every refresh as they were, in the order in which they were made. having, lacking: kept refreshes in
    which the patient was, and was not; one that an earlier erasure made again is in neither. reported: those with a
    validation report. queries: ids of what was asked about the patient. released: names of releases that the patient
    was in. nobody: who takes the place there. keys: the patient's own numbers at the centre. texts: what stood in the
    rows that go. merged: places of cells that reach over these rows and others. waiting: hashes of files that the
    centre delivered and no refresh stands on, with rows of the patient; unread: such files that cannot be read.
    elsewhere: sentences about records that may be the same person.
    """

    patient_id: str
    manifests: dict[str, dict[str, Any]]
    having: tuple[str, ...]
    lacking: tuple[str, ...]
    reported: tuple[str, ...]
    queries: frozenset[str]
    released: frozenset[str]
    nobody: str
    keys: frozenset[str]
    texts: frozenset[str]
    merged: tuple[str, ...]
    waiting: frozenset[str]
    unread: tuple[str, ...]
    elsewhere: tuple[str, ...]

    @property
    def is_somewhere(self) -> bool:
        """A delivery, refresh, query or release had the patient."""
        return bool(self.keys or self.having or self.queries or self.released)


_ERASING = TypeAdapter(Erasing)

_HAS_LINKS = "select 1 from duckdb_tables() where schema_name = 'quality' and table_name = 'link'"
_LINKED = """
select if(patient_id = $patient, other_patient_id, patient_id), if(decision = 'same', 'decided', 'suspected')
from quality.link
where $patient in (patient_id, other_patient_id)
    and (decision = 'same' or (decision = 'undecided' and band in ('strong', 'probable')))
"""


def kept_in(home: Home) -> Path:
    """Where an erasure under way is kept."""
    return home.landing / "erasing.json"


def begun(home: Home, patient: str) -> Erasing | None:
    """The patient's erasure, as it was begun; None where there is none, or only what another completed one left.

    Raises SarcregError where another version began one.
    """
    place = kept_in(home)
    try:
        found = _ERASING.validate_json(place.read_bytes()) if place.exists() else None
    except ValidationError:
        raise SarcregError(
            f"{place.relative_to(home.root)}: an erasure was begun by another version of sarcreg. Complete it with "
            "that version, by the same command, and then go on with this one."
        ) from None
    return found if found and found.patient_id == patient else None


def begin(home: Home, centre: str, patient: str, key: bytes) -> Erasing:
    """Gather and keep what the erasure has to know; what was kept of it before is taken as it is."""
    if (before := begun(home, patient)) is not None:
        return before
    home.landing.mkdir(mode=PRIVATE, exist_ok=True)
    found = _gather(home, centre, patient, key)
    private.write(kept_in(home), _ERASING.dump_json(found))
    return found


def end(home: Home) -> None:
    """Forget what was kept of an erasure that is completed."""
    kept_in(home).unlink(missing_ok=True)


Manifests = Mapping[str, Mapping[str, Any]]
"""Refresh -> its manifest."""


def deliveries(home: Home, centre: str, manifests: Manifests) -> Iterator[tuple[Centre, Delivery]]:
    """Every delivery of a centre that a refresh has read, as that refresh was configured; what is the same comes once.

    A refresh looks back at the delivery before its own, by its own configuration.
    """
    seen = set()
    for refresh, manifest in manifests.items():
        entry = manifest["centres"].get(centre) or {}
        configured = load_centres(home.refreshes / refresh / publish.CONFIGURATION).get(centre)
        for one in (entry, entry.get("before") or {}):
            delivery = delivery_of(one) if one.get("typed") else None
            if configured and delivery and (it := (configured.model_dump_json(), delivery)) not in seen:
                seen.add(it)
                yield configured, delivery


def readers(pairs: Iterable[tuple[Centre, Delivery]]) -> patient_rows.Readers:
    """By which configurations each file of the deliveries was read."""
    found: dict[str, list[tuple[Centre, str]]] = {}
    for configured, delivery in pairs:
        for file in delivery.files:
            found.setdefault(file.sha256, []).append((configured, file.name))
    return found


def readers_of(home: Home, centre: str) -> patient_rows.Readers:
    """By which configurations refreshes have read each file of a centre."""
    return readers(deliveries(home, centre, _manifests(home)))


def _manifests(home: Home) -> dict[str, dict[str, Any]]:
    """Of every refresh that was published and whose manifest is there, in the order in which they were made.

    Also of one that is no longer in the chain of publications, because its file was lost: the landing has its rows.
    """
    told = [one["refresh"] for one in journal.events(home.events) if one["event"] == publish.PUBLISHED]
    there = [one for one in dict.fromkeys(told) if (home.refreshes / one / publish.MANIFEST).exists()]
    return {refresh: publish.manifest(home, refresh) for refresh in there}


def _gather(home: Home, centre: str, patient: str, key: bytes) -> Erasing:
    manifests = _manifests(home)
    kept = publish.kept(home)
    having = [refresh for refresh in kept if _count(home, refresh, patient)]
    theirs = [patient_rows.PatientRows()]
    pairs = [*deliveries(home, centre, manifests)]
    by = readers(pairs)
    for configured, delivery in pairs:
        theirs.append(patient_rows.find(configured, delivery, home.landing, key, {patient}, by))
    waiting, unread = _waiting(home, centre, key, patient)
    theirs.append(waiting)
    return Erasing(
        patient,
        manifests,
        tuple(having),
        tuple(one for one in kept if one not in having and "amended_by" not in manifests[one]),
        tuple(one for one in manifests if one in kept and (home.refreshes / one / "reports/validation").is_dir()),
        frozenset(_queries(home, kept, patient)),
        frozenset(releases.holders(home, key, patient)),
        releases.nobody(),
        frozenset().union(*(one.keys for one in theirs)),
        frozenset().union(*(one.texts for one in theirs)),
        tuple(dict.fromkeys(place for one in theirs for place in _merged(one))),
        frozenset(file.sha256 for file in (*waiting.lines, *waiting.unread)),
        unread,
        tuple(_elsewhere(home, kept, patient)),
    )


def _elsewhere(home: Home, kept: Iterable[str], patient: str) -> Iterator[str]:
    """Records that people decided to be the same person, now or for a kept refresh, and those suspected to be."""
    decided = [one for one in load_links(home.root) if one.decision == "different" and patient in one.pair]
    apart = {patient, *(other for one in decided for other in one.pair)}
    others: dict[str, str] = {}
    for refresh in kept:
        with opened(home, refresh) as connection:
            if not connection.execute(_HAS_LINKS).fetchall():
                continue  # of a version before links
            others |= dict(connection.execute(_LINKED, {"patient": patient}).fetchall())
    for root in (home.root, *(home.refreshes / refresh / publish.CONFIGURATION for refresh in kept)):
        persons = persons_of(load_links(root))
        others |= {other: "decided" for other, one in persons.items() if one == persons.get(patient)}
    for other, how in sorted(others.items()):
        if other not in apart:
            centre = other[:-PSEUDONYM_DIGITS]
            yield f"centre {centre} holds {other}, {how} to be the same person: ask whether it is meant too"


def _waiting(home: Home, centre: str, key: bytes, patient: str) -> tuple[patient_rows.PatientRows, tuple[str, ...]]:
    """The patient's rows in what lies where the centre delivers, as far as no refresh stands on it (refused, or not
    pulled yet), and the files that cannot be read as the centre is configured."""
    nothing = patient_rows.PatientRows()
    configured = load_centres(home.root).get(centre)
    if configured is None:
        return nothing, ()
    try:
        paths = pull(home.root / configured.source.path)
    except ExportRefused:  # no delivery is there
        return nothing, ()
    named = unnamed.named(home)
    new = [str(path) for path in paths if file_hash(path) not in named]
    if not new:
        return nothing, ()
    for left in home.landing.glob(".waiting-*"):  # of an erasure that was killed here
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=".waiting-", dir=home.landing) as folder:
        aside = Path(folder)
        try:
            delivery = land(paths, aside)
            theirs = patient_rows.find(configured, delivery, aside, key, {patient}, {})
            patient_rows.take_out(configured, delivery, aside, key, {patient}, {})
        except ExportRefused:
            return nothing, tuple(new)
        return replace(theirs, texts=theirs.texts - cells(aside)), ()


def cells(landing: Path) -> set[str]:
    """Every distinct text of a landing that is long enough to be told from others."""
    return set().union(*(search.distinct(pl.scan_parquet(path)) for path in landing.glob("text/*.parquet")))


def _count(home: Home, refresh: str, patient: str) -> int:
    with opened(home, refresh) as connection:
        row = connection.execute("select count(*) from core.patient where patient_id = ?", [patient]).fetchone()
    return row[0] if row else 0


def _queries(home: Home, kept: Iterable[str], patient: str) -> Iterator[str]:
    """Queries about the patient, of the kept refreshes and of the ledger's memory."""
    for refresh in kept:
        with opened(home, refresh) as connection:
            asked = connection.execute("select query_id from quality.query where patient_id = ?", [patient])
            yield from (query for (query,) in asked.fetchall())
    for path in (home.landing / "queries").glob("*.parquet"):
        yield from pl.read_parquet(path).filter(pl.col("patient_id") == patient)["query_id"]


def _merged(theirs: patient_rows.PatientRows) -> Iterator[str]:
    for file, sheets in theirs.shared.items():
        for sheet, cells in sheets.items():
            yield from (mentions.place(file.name, sheet, cell.line) for cell in cells)
