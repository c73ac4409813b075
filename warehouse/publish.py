"""Publishing: a refresh is built aside, renamed, linked and swapped in. The swap is the commit.

Readers never wait and never see half: those who have the old file open keep it, those who come get the new one.
A roll-back is an event of its own that publishes a kept refresh again. A snapshot that retention removes keeps its
manifest and configuration, from which `sarcreg refresh --rebuild` makes it again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from schemas.errors import ConfigurationError, SarcregError
from warehouse import corrections, journal, ledger_moves
from warehouse.digest import digests
from warehouse.home import Home
from warehouse.rights import SHARED

DATABASE = "registry.duckdb"
MANIFEST = "manifest.json"
CONFIGURATION = "configuration"
PUBLISHED = "refresh published"
ROLLED_BACK = "refresh rolled back"
TAGGED = "refresh tagged"
LOCKED, UNLOCKED = "refresh locked", "refresh unlocked"
PUBLICATIONS = (PUBLISHED, ROLLED_BACK)


def current_refresh(home: Home) -> str | None:
    """The refresh whose file is published, known by the file itself: by its link, else by what it says of itself."""
    if not home.database.exists():
        return None
    published = home.database.stat()
    for folder in home.refreshes.glob("*"):
        candidate = folder / DATABASE
        if candidate.exists() and os.path.samestat(candidate.stat(), published):
            return folder.name
    return _said_by(home)


def _said_by(home: Home) -> str | None:
    """The refresh a copied or restored home has published: a copy breaks the link."""
    with duckdb.connect(str(home.database), read_only=True) as connection:
        row = connection.execute("select refresh_id from meta.refresh").fetchone()
    return row[0] if row and (home.refreshes / row[0] / MANIFEST).exists() else None


def manifest(home: Home, refresh: str) -> dict[str, Any]:
    """The manifest of a kept refresh."""
    body: dict[str, Any] = json.loads((home.refreshes / refresh / MANIFEST).read_text(encoding="utf-8"))
    return body


def publications(home: Home) -> list[dict[str, Any]]:
    """The events that really published something, oldest first: those of a refresh that was killed do not count."""
    told = [event for event in journal.events(home.events) if event["event"] in PUBLICATIONS]
    found: list[dict[str, Any]] = []
    refresh = current_refresh(home)
    for event in reversed(told):
        if event["refresh"] == refresh:
            found.append(event)
            refresh = event["replaces"]
    return found[::-1]


def published_chain(home: Home) -> list[str]:
    """Ids of the refreshes that were really published, each once, by their last publication, oldest first."""
    last_first = [event["refresh"] for event in reversed(publications(home))]
    return list(dict.fromkeys(last_first))[::-1] or [name for name in [current_refresh(home)] if name]


def by_first_publication(home: Home) -> list[str]:
    """Ids of the refreshes that were really published, in the order in which they were made."""
    return [event["refresh"] for event in publications(home) if event["event"] == PUBLISHED]


def rolled_back_inputs(home: Home) -> set[str]:
    """Hashes of the inputs that a roll-back took out of use and nothing has been published since."""
    found: set[str] = set()
    for event in reversed(publications(home)):
        if event["event"] == PUBLISHED:
            break
        found.add(manifest(home, event["replaces"])["inputs_hash"])
    return found


def tags(home: Home) -> dict[str, str]:
    """Tag -> the refresh it names; a tagged refresh is kept whatever the retention."""
    return {event["name"]: event["refresh"] for event in journal.events(home.events) if event["event"] == TAGGED}


def locks(home: Home) -> dict[str, dict[str, Any]]:
    """Refresh -> the last event that locked or unlocked it."""
    return {event["refresh"]: event for event in journal.events(home.events) if event["event"] in (LOCKED, UNLOCKED)}


def locked(home: Home) -> list[str]:
    """The refreshes that are locked, the first locked first."""
    return [refresh for refresh, event in locks(home).items() if event["event"] == LOCKED]


def lost(home: Home) -> list[str]:
    """Tagged and locked refreshes of which not even the manifest is there, a sentence each."""
    named = dict.fromkeys([*tags(home).values(), *locked(home)])
    return [_gone(home, refresh) for refresh in named if not (home.refreshes / refresh / MANIFEST).exists()]


def _gone(home: Home, refresh: str) -> str:
    return f"{home.refreshes.name}/{refresh}: its folder is gone; restore it from a backup."


def kept(home: Home) -> list[str]:
    """Ids of the refreshes whose warehouse is still there, oldest first."""
    return [refresh for refresh in published_chain(home) if (home.refreshes / refresh / DATABASE).exists()]


def resolve(home: Home, word: str) -> str:
    """The published refresh that a person means: its id, its tag, or the beginning of one id."""
    chain = published_chain(home)
    if word in chain:
        return word
    named = tags(home)
    if word in named:
        return named[word]
    begun = [refresh for refresh in chain if refresh.startswith(word)]
    if len(begun) == 1:
        return begun[0]
    listed = ", ".join([*kept(home), *named]) or "none"
    fault = f"{len(begun)} refreshes begin with {word!r}" if begun else f"no refresh or tag {word!r}"
    raise ConfigurationError(f"{fault}; kept are: {listed}.")


def tag(home: Home, refresh: str, name: str) -> None:
    """Name a kept refresh for good. A tag never moves: a paper that cites it must find the same data."""
    known = tags(home)
    if name in known:
        raise ConfigurationError(f"the tag {name!r} names {known[name]} already, and a tag never moves; take another.")
    if not name.strip() or any(one.startswith(name) for one in published_chain(home)):
        reason = "reads as the beginning of a refresh's id" if name.strip() else "is empty"
        raise ConfigurationError(f"the tag {name!r} {reason}; take a name such as 'paper 2025'.")
    kept_file(home, refresh)
    journal.append(home.events, TAGGED, refresh=refresh, name=name)


def roll_back(home: Home, refresh: str, why: str) -> None:
    """Publish a kept refresh again. What was answered, decided or tagged since stays as it is."""
    kept_file(home, refresh)
    current = current_refresh(home)
    if refresh == current:
        raise ConfigurationError(f"{refresh} is the published refresh; nothing to roll back to.")
    journal.append(home.events, ROLLED_BACK, refresh=refresh, replaces=current, why=why)
    link(home, refresh)


def differing(home: Home, refresh: str, database: Path) -> tuple[str, ...]:
    """The tables of a warehouse file that are not as the manifest of the refresh says they were published."""
    told, found = manifest(home, refresh)["tables"], digests(database)
    return tuple(sorted(name for name in told.keys() | found.keys() if told.get(name) != found.get(name)))


def kept_file(home: Home, refresh: str) -> Path:
    """The warehouse of a published refresh; SarcregError where retention has removed it, or its folder is lost."""
    path = home.refreshes / refresh / DATABASE
    if not (path.parent / MANIFEST).exists():
        raise SarcregError(_gone(home, refresh))
    if not path.exists():
        raise SarcregError(
            f"{refresh} was removed by the retention, its manifest stands; "
            f"`sarcreg refresh --rebuild {refresh}` makes it again."
        )
    return path


def link(home: Home, refresh: str) -> None:
    """Make a refresh's file the published one."""
    fresh = home.root / f".{DATABASE}.new"
    fresh.unlink(missing_ok=True)
    fresh.hardlink_to(home.refreshes / refresh / DATABASE)
    fresh.replace(home.database)
    _force_to_disk(home.root)


def start(home: Home, refresh: str) -> Path:
    """The empty folder a refresh is built in; what lies there already is of a writer that was killed."""
    folder = home.refreshes / f".tmp-{refresh}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=SHARED)
    return folder


def commit(home: Home, refresh: str, body: Mapping[str, Any], snapshots: int) -> None:
    """Publish what lies in the refresh's folder: manifest, rename, event, link, swap; then keep the last snapshots."""
    building = home.refreshes / f".tmp-{refresh}"
    database = building / DATABASE
    whole = {**body, "patients": patients(database), "tables": digests(database)}
    seen = ledger_moves.take(building, home.landing, refresh, body["as_of"][:10])
    database.chmod(0o440)
    write_manifest(building, whole)
    for path in (database, building / MANIFEST):
        _force_to_disk(path)
    replaces = current_refresh(home)
    folder = home.refreshes / refresh
    building.rename(folder)
    _force_to_disk(home.refreshes)
    published = {"refresh": refresh, "replaces": replaces, "inputs": body["inputs_hash"], "moves": len(seen)}
    decided = corrections.agreed(folder / DATABASE, refresh, journal.events(home.events))
    journal.append_all(home.events, [*decided, *seen, (PUBLISHED, published)])
    link(home, refresh)
    _retain(home, snapshots)


def write_manifest(folder: Path, body: Mapping[str, Any]) -> None:
    """The manifest of the refresh in a folder, in one piece."""
    aside = folder / f".{MANIFEST}.new"
    aside.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    aside.replace(folder / MANIFEST)


def patients(database: Path) -> dict[str, int]:
    """Centre -> its patients, which the next refresh's gate looks at."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return dict(
            connection.execute("select centre, count(*) from core.patient group by all order by all").fetchall()
        )


def _retain(home: Home, snapshots: int) -> None:
    """Of all but the last snapshots, the tagged and the locked ones keep what they can be made from again."""
    named = {*tags(home).values(), *locked(home)}
    for refresh in published_chain(home)[:-snapshots]:
        if refresh in named:
            continue
        for path in (home.refreshes / refresh).glob("*"):
            if path.name not in (MANIFEST, CONFIGURATION):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _force_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
