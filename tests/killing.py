"""Killing a command within this process: before its n-th act on the files of a home, and it does no act after that.

An act is what changes a name or opens a file for writing, as Python's own audit events tell it. What a `finally` would
have tidied up stays, as it does when the machine goes down.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACTS = {"os.remove": 0, "os.rmdir": 0, "os.mkdir": 0, "os.rename": 1, "os.link": 1, "os.truncate": 0, "open": 0}
"""Audit event -> which of its arguments is the path that is changed."""

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Killed(BaseException):
    """The command is dead."""


@dataclass
class Life:
    """root: where acts count. last: how many it may do; done: how many it did; where: what it was about to do then.

    until: an act and the end of a path of which it may do the first, and nothing after it.
    """

    root: str
    last: int
    until: tuple[str, str] = ("", "")
    done: int = 0
    where: str = ""


_life: Life | None = None


def _is_act(event: str, args: tuple[Any, ...], root: str) -> bool:
    if event not in ACTS or (event == "open" and not args[2] & WRITES):
        return False
    path = args[ACTS[event]]
    if isinstance(path, int):
        return False
    place = Path(os.fsdecode(path))
    is_within = (
        place.is_relative_to(root) or not place.is_absolute()
    )  # shutil.rmtree names what is in a folder it has open
    return is_within and not place.name.startswith(".lock")


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _life is None or not _is_act(event, args, _life.root):
        return
    if _life.done >= _life.last:
        _life.where = _life.where or f"{event} {args[ACTS[event]]}".replace(_life.root, "")
        raise Killed
    _life.done += 1
    if (event, True) == (_life.until[0], os.fsdecode(args[ACTS[event]]).endswith(_life.until[1])):
        _life.last = _life.done


sys.addaudithook(_hook)


@contextmanager
def after(acts: int, root: Path, until: tuple[str, str] = ("", "")) -> Iterator[Life]:
    """Let what runs inside do so many acts under `root`, and no more; a kill ends the block."""
    global _life
    _life = life = Life(str(root), acts, until)
    try:
        yield life
    except Killed:
        pass
    finally:
        _life = None
