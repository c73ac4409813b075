"""A registry's home: its places, its secret, its one writer."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemas.errors import ConfigurationError, SarcregError
from schemas.registry import Registry
from warehouse.rights import PRIVATE, SHARED, writing

SYNTHETIC_SECRET = b"sarcreg: for synthetic data only"
WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class Home:
    """The places of a registry's home. People write `centres`, `plans`, `maps`; the program makes the rest."""

    root: Path

    @property
    def centres(self) -> Path:
        """centres/<code>/centre.yaml and maps."""
        return self.root / "centres"

    @property
    def landing(self) -> Path:
        """Bytes and text rows as delivered; private."""
        return self.root / "landing"

    @property
    def events(self) -> Path:
        """The journal; private."""
        return self.root / "events"

    @property
    def answers(self) -> Path:
        """The reasons that answers and decisions give; private."""
        return self.root / "answers"

    @property
    def releases(self) -> Path:
        """Who was counted in what left, by keyed hashes; private."""
        return self.root / "releases"

    @property
    def refreshes(self) -> Path:
        """Every kept refresh by its id."""
        return self.root / "refreshes"

    @property
    def database(self) -> Path:
        """The published warehouse, a hard link to the one of the current refresh."""
        return self.root / "registry.duckdb"

    def make(self, group: str | None = None) -> None:
        """Make the program's folders with their rights; `group` may read what is published, and nothing else.

        Raises ConfigurationError where there is no such group, or this account may not give files to it.
        """
        for folder, mode in ((self.landing, PRIVATE), (self.events, PRIVATE), (self.refreshes, SHARED)):
            folder.mkdir(mode=mode, exist_ok=True)
            folder.chmod(mode)
        if group is not None:
            _give(self.refreshes, group)


def _give(folder: Path, group: str) -> None:
    """Let the group read a folder, and whatever is made in it from now on: the setgid bit hands the group down."""
    try:
        shutil.chown(folder, group=group)
    except LookupError:
        raise ConfigurationError(f"registry.yaml: group: this machine has no group {group!r}; make it first.") from None
    except PermissionError:
        raise ConfigurationError(
            f"registry.yaml: group: this account may not give files to {group!r}; make it a member of the group."
        ) from None
    folder.chmod(SHARED | stat.S_ISGID)


def secret(registry: Registry) -> bytes:
    """The key of the pseudonyms: SARCREG_SECRET, or the built-in one for a synthetic registry."""
    given = os.environ.get("SARCREG_SECRET")
    if given:
        return given.encode()
    if registry.synthetic:
        return SYNTHETIC_SECRET
    raise ConfigurationError(
        "SARCREG_SECRET is not set: pseudonyms need a secret of your own. "
        "Set it from your secret store; only a registry with `synthetic: true` goes without."
    )


@contextlib.contextmanager
def one_writer(home: Home, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the home for writing; after `wait_seconds` say who holds it. The lock dies with its process.

    Raises SarcregError where the journal was cut or a published file exchanged: recovery.faults.
    """
    from filelock import FileLock, Timeout

    from warehouse.recovery import refuse_faults

    lock = FileLock(home.root / ".lock", timeout=wait_seconds)
    holder = home.root / ".lock.holder"
    try:
        lock.acquire()
    except Timeout:
        raise SarcregError(
            f"another refresh holds {home.root} ({_holder(holder)}); nothing was changed. "
            "Wait for it to end, or look at it with `sarcreg status`."
        ) from None
    try:
        holder.write_text(
            json.dumps({"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}),
            encoding="utf-8",
        )
        with writing(home.root):
            refuse_faults(home)
            yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _holder(path: Path) -> str:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return f"process {facts['pid']}, since {facts['since']}"
    except (OSError, ValueError, KeyError):
        return "its process is not named"


def file_hash(path: Path) -> str:
    """sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree_hash(root: Path, patterns: tuple[str, ...]) -> str:
    """sha256 over the names and bytes of the files of `root` that match one of the patterns."""
    digest = hashlib.sha256()
    files = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    for path in sorted(files):
        digest.update(f"{path.relative_to(root).as_posix()}\0{file_hash(path)}\0".encode())
    return digest.hexdigest()
