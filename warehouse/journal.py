"""The journal: append-only events, each chained to the one before by its hash. It is the audit log.

It holds ids and hashes, never a patient's value.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from schemas.errors import SarcregError

FILE = "journal.jsonl"

Event = tuple[str, Mapping[str, Any]]
"""What happened, and its body."""


def _digest(event: dict[str, Any]) -> str:
    body = {key: value for key, value in event.items() if key != "hash"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class _Verified:
    """The part of a journal that this process has verified: its bytes' number and sha256, and its events."""

    size: int = 0
    sha256: str = hashlib.sha256(b"").hexdigest()
    events: tuple[dict[str, Any], ...] = ()


_VERIFIED: dict[Path, _Verified] = {}


def events(folder: Path) -> list[dict[str, Any]]:
    """Every event in order. A last line cut off by a crash is no event; any other break of the chain is an error.

    What this process has verified before is compared byte for byte by its hash, and only what follows is read anew.
    """
    path = folder / FILE
    if not path.exists():
        return []
    whole = path.read_bytes()
    whole = whole[: whole.rfind(b"\n") + 1]
    known = _VERIFIED.get(path, _Verified())
    if hashlib.sha256(whole[: known.size]).hexdigest() != known.sha256:
        known = _Verified()
    found = list(known.events)
    previous = found[-1]["hash"] if found else ""
    for number, line in enumerate(whole[known.size :].decode(errors="replace").split("\n")[:-1], len(found) + 1):
        try:
            event = json.loads(line)
        except ValueError:
            event = {}
        if event.get("previous") != previous or event.get("hash") != _digest(event):
            raise SarcregError(
                f"events/{FILE}: line {number} does not follow from the one before, so the journal was changed; "
                "restore it from a backup before anything is published."
            )
        previous = event["hash"]
        found.append(event)
    _VERIFIED[path] = _Verified(len(whole), hashlib.sha256(whole).hexdigest(), tuple(found))
    return found


def _cut_half_line(path: Path) -> None:
    """Remove a half-written last line, which no reader has ever taken for an event."""
    if path.exists():
        text = path.read_bytes()
        whole = text.rfind(b"\n") + 1
        if whole < len(text):
            os.truncate(path, whole)


def append(folder: Path, kind: str, **body: Any) -> dict[str, Any]:
    """Add an event and force it to disk. Called by the one writer only."""
    return append_all(folder, [(kind, body)])[0]


def append_all(folder: Path, told: Iterable[Event]) -> list[dict[str, Any]]:
    """Add events in order, forced to disk together. A crash leaves the first of them, each whole, or all.

    Called by the one writer only.
    """
    _cut_half_line(folder / FILE)
    known = events(folder)
    previous = known[-1]["hash"] if known else ""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    added: list[dict[str, Any]] = []
    for sequence, (kind, body) in enumerate(told, len(known) + 1):
        event = {"sequence": sequence, "at": at, "event": kind, **body, "previous": previous}
        event["hash"] = previous = _digest(event)
        added.append(event)
    text = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in added).encode()
    add_to_file(folder / FILE, text)
    return added


def add_to_file(path: Path, text: bytes) -> None:
    """Add to a private file, made where it is not there, and force it to disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        rest = memoryview(text)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
