"""Who may read what of a home: one table, set by every command that writes, whatever the caller's umask.

What the program makes is its owner's alone; the group of `registry.yaml: group` reads what is published. What people
write (registry.yaml, links.yaml, centres/, plans/, maps/, the folders of deliveries) keeps the rights they gave it.
"""

from __future__ import annotations

import contextlib
import fnmatch
import os
import stat
from collections.abc import Iterator
from pathlib import Path

PRIVATE, SHARED = 0o700, 0o750

RIGHTS: tuple[tuple[str, int, int], ...] = (
    ("registry.duckdb", SHARED, 0o440),
    ("refreshes/*/registry.duckdb", SHARED, 0o440),
    ("refreshes/*/reports/*", SHARED, 0o640),
    ("refreshes/*/manifest.json", SHARED, 0o600),
    ("refreshes/*/configuration", PRIVATE, 0o600),
    ("refreshes/*/configuration/*", PRIVATE, 0o600),
    ("refreshes/*/results/query_impact.parquet", SHARED, 0o600),
    ("refreshes/.*", PRIVATE, 0o600),
    ("refreshes", SHARED, 0o640),
    ("refreshes/*", SHARED, 0o640),
    ("landing", PRIVATE, 0o600),
    ("landing/*", PRIVATE, 0o600),
    ("events", PRIVATE, 0o600),
    ("events/*", PRIVATE, 0o600),
    ("answers", PRIVATE, 0o600),
    ("answers/*", PRIVATE, 0o600),
    ("releases", PRIVATE, 0o600),
    ("releases/*", PRIVATE, 0o600),
    (".prefect", PRIVATE, 0o600),
    (".prefect/*", PRIVATE, 0o600),
    (".lock", PRIVATE, 0o600),
    (".lock.holder", PRIVATE, 0o600),
    (".registry.duckdb.new", PRIVATE, 0o600),
)
"""(path in the home, a folder's rights, a file's rights); the first that fits counts, and `*` spans folders. Other
dot-folders (.venv, .git) are people's."""


def faults(root: Path) -> list[tuple[Path, int, int]]:
    """(path, its rights, those it should have) of every file and folder whose rights are not the table's."""
    found = []
    for path in _places(root):
        name = path.relative_to(root).as_posix()
        fits = next(((folder, file) for pattern, folder, file in RIGHTS if fnmatch.fnmatchcase(name, pattern)), None)
        with contextlib.suppress(FileNotFoundError):  # a reader's or Prefect's, gone meanwhile
            has = path.lstat().st_mode
            if fits is None or stat.S_ISLNK(has) or stat.S_ISSOCK(has):
                continue
            wanted = fits[0] | has & stat.S_ISGID if stat.S_ISDIR(has) else fits[1]
            if stat.S_IMODE(has) != wanted:
                found.append((path, stat.S_IMODE(has), wanted))
    return found


def _places(root: Path) -> Iterator[Path]:
    """Everything in the home but what people write; folders before what is in them."""
    tops = {pattern.partition("/")[0] for pattern, *_ in RIGHTS}
    for top in sorted(root.iterdir()):
        if any(fnmatch.fnmatchcase(top.name, pattern) for pattern in tops):
            yield top
            if not top.is_symlink():
                yield from top.rglob("*")


def settle(root: Path) -> None:
    """Give everything in the home the rights of the table; what belongs to another account keeps its own."""
    for path, _, wanted in faults(root):
        with contextlib.suppress(PermissionError, FileNotFoundError):
            path.chmod(wanted)


@contextlib.contextmanager
def writing(root: Path) -> Iterator[None]:
    """While the home is written: nothing is made for others to read; at the end the table's rights are set."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        settle(root)
        os.umask(before)
