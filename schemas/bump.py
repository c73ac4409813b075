"""`python -m schemas.bump "what changed" [LIST…]`: a new version of the code lists whose files have changed.

The change log is schemas/codes/change.csv: list, version, on, digest of the files, what changed. The last line of a
list is its version; a test fails where its files are not those of that digest.
"""

from __future__ import annotations

import argparse
import csv
import sys
from datetime import UTC, datetime

from schemas.codelist import CHANGES, change_log, current_digest, versioned

LEVELS = ("major", "minor", "patch")


def outdated() -> list[str]:
    """The lists whose files are not those of their last version."""
    log = {row["list"]: row["digest"] for row in change_log()}
    return [name for name in versioned() if log.get(name) != current_digest(name)]


def next_version(version: str | None, level: str) -> str:
    """1.2.3 becomes 2.0.0, 1.3.0 or 1.2.4; a new list starts with 1.0.0."""
    if version is None:
        return "1.0.0"
    numbers = [int(part) for part in version.split(".")]
    at = LEVELS.index(level)
    return ".".join(map(str, [*numbers[:at], numbers[at] + 1, *[0] * (2 - at)]))


def bump(names: list[str], what: str, level: str = "minor") -> dict[str, str]:
    """Add a line to the change log for each list named; returns the new versions."""
    order = versioned()
    rows = change_log()
    last = {row["list"]: row["version"] for row in rows}
    today = datetime.now(UTC).date().isoformat()
    fresh = {name: next_version(last.get(name), level) for name in names}
    for name, version in fresh.items():
        rows.append(
            {"list": name, "version": version, "on": today, "digest": current_digest(name), "what": what.strip()}
        )
    # a list's lines stand together, so that two people who change two lists do not meet in this file
    rows.sort(key=lambda row: (order.index(row["list"]), [int(part) for part in row["version"].split(".")]))
    with CHANGES.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return fresh


def main() -> None:
    """Bump, and say so."""
    options = argparse.ArgumentParser(prog="python -m schemas.bump", description=(__doc__ or "").splitlines()[0])
    options.add_argument("what", help="what changed, in a sentence; for the change log")
    options.add_argument(
        "lists", nargs="*", metavar="LIST", help="if none is named, every list whose files have changed"
    )
    options.add_argument("--level", choices=LEVELS, default="minor", help="major: a code changes its meaning")
    chosen = options.parse_args()
    unknown = [name for name in chosen.lists if name not in versioned()]
    if unknown or not chosen.what.strip():
        sys.exit(f"no code list {unknown[0]!r}" if unknown else "say what changed")
    done = bump(chosen.lists or outdated(), chosen.what, chosen.level)
    print("\n".join(f"{name} {version}" for name, version in done.items()) or "no list has changed")


if __name__ == "__main__":
    main()
