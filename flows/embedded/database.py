"""A migrated database for Prefect, made once per account and Prefect version and copied from then on.

Prefect brings an empty SQLite file to its present schema by a hundred migrations, which takes longer than the
rest of a start. The first start pays for them and keeps a copy in the user's cache. Nothing depends on that
copy: without a cache that can be read and written each new home migrates for itself.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from importlib.metadata import version
from pathlib import Path

NAME = "prefect.db"


def _template() -> Path | None:
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        cache = Path(base) if base else Path.home() / ".cache"
    except RuntimeError:  # an account without a home folder
        return None
    return cache / "sarcreg" / f"prefect-{version('prefect')}.db"


def _is_migrated(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?immutable=1", uri=True)) as connection:
            return connection.execute("select count(*) from alembic_version").fetchone() == (1,)
    except sqlite3.Error:
        return False


def seed(home: Path) -> bool:
    """Lay the template into a home without a database; returns whether the home has one now.

    Never replaces a database: of two processes that seed at once, one wins and both use its file.
    """
    database = home / NAME
    if database.exists():
        return True
    template = _template()
    if template is None or not _is_migrated(template):
        return False
    for left_behind in ("-wal", "-shm"):  # of a deleted database: SQLite would play it into the new one
        (home / f"{NAME}{left_behind}").unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=".seed-") as aside:
        copy = Path(aside) / NAME
        shutil.copyfile(template, copy)
        with suppress(FileExistsError):
            database.hardlink_to(copy)
    return True


def keep(home: Path) -> None:
    """Keep a copy of a home's database, migrated and without a run, as the template; or do without."""
    template = _template()
    if template is None:
        return
    with suppress(OSError, sqlite3.Error):
        template.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=template.parent, prefix=".keep-") as aside:
            copy = Path(aside) / NAME
            with (
                closing(sqlite3.connect(f"{(home / NAME).as_uri()}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(copy)) as target,
            ):
                source.backup(target)
            copy.replace(template)
