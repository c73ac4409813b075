"""The file connector: which files of a folder are the delivery, and which are not."""

from __future__ import annotations

import stat
import time
from pathlib import Path

from schemas.errors import ExportRefused

_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_UNFINISHED = (".part", ".partial", ".crdownload", ".filepart", ".tmp")


def pull(source_path: Path, *, settle_seconds: float = 0.0) -> list[Path]:
    """The files of a delivery sorted by name: those of the folder `source_path`, or that one file.

    Sub-folders are not searched. What `left_out` lists is not among them. settle_seconds: wait so long and
    refuse the delivery if size or time of a file changes meanwhile, for it is still being written. Raises
    ExportRefused for a missing path, an empty folder or a file being written.
    """
    if not source_path.exists():
        raise ExportRefused(
            f"{source_path}: there is no such file or folder; deliver the export there or correct source.path in "
            "centre.yaml."
        )
    found = [source_path] if source_path.is_file() else [path for path in _listed(source_path) if _delivered(path)]
    if not found:
        rest = left_out(source_path)
        besides = f", only {len(rest)} that are no exports (such as {rest[0].name})" if rest else ""
        raise ExportRefused(f"{source_path}: the folder holds no export{besides}; deliver the files into it.")
    if settle_seconds > 0:
        _refuse_unsettled(found, settle_seconds)
    return found


def left_out(source_path: Path) -> list[Path]:
    """What of the folder is no export: hidden and lock files, README, sub-folders, unfinished downloads."""
    return [] if source_path.is_file() else [path for path in _listed(source_path) if not _delivered(path)]


def _listed(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda path: path.name)


def _delivered(path: Path) -> bool:
    name = path.name.lower()
    return (
        path.is_file()
        and not name.startswith((".", "~$", "readme"))
        and not name.endswith(_UNFINISHED)
        and name not in _SYSTEM
    )


def _refuse_unsettled(paths: list[Path], seconds: float) -> None:
    before = [_state(path) for path in paths]
    time.sleep(seconds)
    for path, state in zip(paths, before, strict=True):
        if _state(path) != state:
            raise ExportRefused(f"{path}: is still being written; refresh again when the delivery is complete.")


def _state(path: Path) -> tuple[int, int] | None:
    """Size and time of change, None where the file has gone."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None
