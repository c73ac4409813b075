"""Which program this is: its version and the hash of what can change a table."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from warehouse.home import tree_hash

ROOT = Path(__file__).resolve().parents[1]
VERSION = "0.4.0"


@cache
def code_hash() -> str:
    """sha256 over everything in schemas/ and warehouse/ that makes tables: code, SQL, rules and code lists."""
    parts = [
        tree_hash(ROOT / package, ("**/*.py", "**/*.sql", "**/*.yaml", "**/*.csv"))
        for package in ("schemas", "warehouse")
    ]
    return "-".join(part[:16] for part in parts)


@cache
def code_version() -> str:
    """What meta.refresh and the manifest say made the tables."""
    return f"{VERSION}+{code_hash()}"
