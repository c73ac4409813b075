"""Landed files that no manifest names: of a delivery that was refused, or whose refresh did not come to its end.

No refresh is made from them, so no erasure could find the rows of its patient in them by reading. The landing keeps
what a manifest names and nothing else; what was refused lies where it was delivered.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from warehouse import publish
from warehouse.home import Home

_OF_A_FILE = (".incoming-*", "[0-9a-f][0-9a-f]/*", "text/*", "retracting/*", "retracted/*")
"""What a landing keeps of one file: bytes, what was read of them, marks of what was taken out; and what is half landed.
The marks go last, for they say that the bytes are gone for good."""

_HASH = re.compile(r"[0-9a-f]{64}")


def named(home: Home) -> frozenset[str]:
    """Hashes of the files that a refresh stands on or looks back at."""
    return frozenset(file["sha256"] for part in _parts(home) for file in part.get("files") or ())


def _parts(home: Home) -> Iterator[Mapping[str, Any]]:
    """What every manifest says of a delivery."""
    for path in home.refreshes.glob(f"*/{publish.MANIFEST}"):
        for entry in publish.manifest(home, path.parent.name)["centres"].values():
            yield from (entry, entry.get("before") or {})


def remove(home: Home) -> int:
    """Remove what the landing has of files that no manifest names, and rows typed from them; how many such files.

    Called by the one writer.
    """
    keep, gone = named(home), set()
    for path in _landed(home.landing):
        found = _HASH.match(path.name)
        if found is None or found[0] not in keep:
            path.unlink()
            gone.add(found[0] if found else path.name)
    typed = {part.get("typed") for part in _parts(home)}
    for folder in home.landing.glob("typed/*"):
        if folder.name not in typed:
            shutil.rmtree(folder)
    return len(gone)


def _landed(landing: Path) -> Iterator[Path]:
    for pattern in _OF_A_FILE:
        yield from sorted(landing.glob(pattern))
