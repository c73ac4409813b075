"""The journal: append-only events, each chained to the one before by its hash. It is the audit log.

It holds ids and hashes, never a patient's value.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from schemas.errors import SarcregError

FILE = "journal.jsonl"


def _digest(event: dict[str, Any]) -> str:
    body = {key: value for key, value in event.items() if key != "hash"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def events(folder: Path) -> list[dict[str, Any]]:
    """Every event in order. A last line cut off by a crash is no event; any other break of the chain is an error."""
    path = folder / FILE
    if not path.exists():
        return []
    whole = path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
    found: list[dict[str, Any]] = []
    previous = ""
    for number, line in enumerate(whole, 1):
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
    _cut_half_line(folder / FILE)
    known = events(folder)
    event: dict[str, Any] = {
        "sequence": len(known) + 1,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "event": kind,
        **body,
        "previous": known[-1]["hash"] if known else "",
    }
    event["hash"] = _digest(event)
    descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, (json.dumps(event, ensure_ascii=False) + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return event
