"""Publishing: a refresh is built aside, renamed, linked and swapped in. The swap is the commit.

Readers never wait and never see half: those who have the old file open keep it, those who come get the new one.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from warehouse import journal
from warehouse.home import SHARED, Home

DATABASE = "registry.duckdb"
MANIFEST = "manifest.json"
PUBLISHED = "refresh published"


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


def published_chain(home: Home) -> list[str]:
    """Ids of the refreshes that were really published, oldest first; events of an uncommitted one do not count."""
    replaced_by = {
        event["refresh"]: event["replaces"] for event in journal.events(home.events) if event["event"] == PUBLISHED
    }
    chain: list[str] = []
    refresh = current_refresh(home)
    while refresh is not None and refresh not in chain:
        chain.append(refresh)
        refresh = replaced_by.get(refresh)
    return chain[::-1]


def _link(home: Home, refresh: str) -> None:
    """Make a refresh's file the published one."""
    fresh = home.root / f".{DATABASE}.new"
    fresh.unlink(missing_ok=True)
    fresh.hardlink_to(home.refreshes / refresh / DATABASE)
    fresh.replace(home.database)
    _force_to_disk(home.root)


def sweep(home: Home) -> None:
    """Mend and remove what a refresh that did not come to its end has left. Called by the one writer only.

    Where the published file itself is gone, the last refresh of the journal that is still whole takes its place.
    """
    if not home.database.exists():
        told = [event["refresh"] for event in journal.events(home.events) if event["event"] == PUBLISHED]
        whole = [refresh for refresh in told if (home.refreshes / refresh / DATABASE).exists()]
        if whole:
            _link(home, whole[-1])
    kept = set(published_chain(home))
    for folder in home.refreshes.glob("*"):
        if folder.name not in kept:
            shutil.rmtree(folder)
    (home.root / f".{DATABASE}.new").unlink(missing_ok=True)


def start(home: Home, refresh: str) -> Path:
    """The folder a refresh is built in."""
    folder = home.refreshes / f".tmp-{refresh}"
    folder.mkdir(mode=SHARED)
    return folder


def commit(home: Home, refresh: str, body: Mapping[str, Any], snapshots: int) -> None:
    """Publish what lies in the refresh's folder: manifest, rename, event, link, swap; then keep the last snapshots."""
    building = home.refreshes / f".tmp-{refresh}"
    database = building / DATABASE
    database.chmod(0o440)
    (building / MANIFEST).write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for path in (database, building / MANIFEST):
        _force_to_disk(path)
    replaces = current_refresh(home)
    folder = home.refreshes / refresh
    building.rename(folder)
    _force_to_disk(home.refreshes)
    journal.append(home.events, PUBLISHED, refresh=refresh, replaces=replaces, inputs=body["inputs_hash"])
    _link(home, refresh)
    for old in published_chain(home)[:-snapshots]:
        shutil.rmtree(home.refreshes / old, ignore_errors=True)


def _force_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
