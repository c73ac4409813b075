"""Refreshes after they are published: tag, roll back, rebuild, verify. Each holds the home as its one writer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from schemas.errors import SarcregError
from schemas.registry import load_registry
from warehouse import journal, lock, permitted, publish, recovery, rights
from warehouse.home import Home, one_writer


def tag(root: Path, word: str, name: str) -> str:
    """Name a kept refresh; what was done, as a sentence."""
    home = _home(root)
    with one_writer(home):
        refresh = publish.resolve(home, word)
        publish.tag(home, refresh, name)
    return f"{refresh} is now also {name!r}, and is kept for good."


def roll_back(root: Path, word: str, why: str) -> str:
    """Publish a kept refresh again; what was done, as a sentence. SarcregError where rows of it may not be used now."""
    home = _home(root)
    with one_writer(home):
        before = publish.current_refresh(home)
        refresh = publish.resolve(home, word)
        permitted.refuse_return(home, refresh)
        publish.roll_back(home, refresh, why)
    return f"Published {refresh} again, in place of {before}."


def rebuild(root: Path, word: str) -> str:
    """Make a refresh again from its manifest; what came of it. Raises SarcregError where a table differs."""
    from warehouse.rebuild import rebuild as make_again

    home = _home(root)
    with one_writer(home):
        recovery.sweep(home)
        done = make_again(home, publish.resolve(home, word))
    if done.differing:
        raise SarcregError(
            f"{done.refresh}: {len(done.differing)} of {done.tables} tables came out differently: "
            f"{', '.join(done.differing)}. The kept file, if any, was not touched."
        )
    restored = " Its file had been removed by the retention and is back." if done.is_restored else ""
    return f"{done.refresh}: {done.tables} tables made again, every one as it was.{restored}"


def verify(root: Path) -> tuple[list[str], bool]:
    """What the audit found, a line each, and whether all is sound. Raises SarcregError where the chain is broken."""
    home = _home(root)
    events = journal.events(home.events)
    head = f", head {events[-1]['hash'][:16]}" if events else ""
    said = [*recovery.faults(home), *publish.lost(home)]
    lines, is_sound = [f"journal: {len(events)} event(s), chain whole{head}", *said], not said
    for refresh in publish.kept(home):
        if not (home.refreshes / refresh / publish.MANIFEST).exists():
            continue  # among the faults
        changed = publish.differing(home, refresh, home.refreshes / refresh / publish.DATABASE)
        is_sound &= not changed
        lines.append(f"{refresh}: " + (f"CHANGED since published: {', '.join(changed)}" if changed else "as published"))
    for line, holds in lock.audited(home):
        lines.append(line)
        is_sound &= holds
    if wrong := rights.faults(home.root):
        path, has, wanted = wrong[0]
        is_sound = False
        lines.append(
            f"rights: {len(wrong)} file(s) or folder(s) have others than they should; the first is "
            f"{path.relative_to(home.root)} with {has:04o} in the place of {wanted:04o}. "
            "The next command that writes sets those of its own account."
        )
    return lines, is_sound


NAMED = ("refresh", "centre", "patient", "name", "by", "on", "replaces", "listing", "fingerprint", "scope", "to")
"""What `audit list` shows of an event's body, where it has it; all of it is ids, codes, names of people and days."""


def told(root: Path, word: str | None) -> pl.DataFrame:
    """The journal's events in order: sequence, at, event, what; those whose kind has `word` in it, else all."""
    events = [one for one in journal.events(_home(root).events) if word is None or word in one["event"]]
    rows = [{"sequence": one["sequence"], "at": one["at"], "event": one["event"], "what": _what(one)} for one in events]
    return pl.DataFrame(rows, schema={"sequence": pl.Int64, **dict.fromkeys(("at", "event", "what"), pl.String)})


def _what(event: Mapping[str, Any]) -> str:
    named = [f"{name} {event[name]}" for name in NAMED if isinstance(event.get(name), str)]
    counted = [f"{len(value)} {name}" for name, value in event.items() if isinstance(value, list | dict) and value]
    return ", ".join([*named, *counted])


def _home(root: Path) -> Home:
    load_registry(root)
    return Home(root)
