"""Faults of the program itself: named by kind and place, never by their text, which may hold a patient's value.

Prefect records the text of an exception in its database and its logs; so what a task raises unexpectedly is turned
into a `ProgramFault` before Prefect sees it. SARCREG_DEBUG=1 lets the fault through as it is, for a developer.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from schemas.errors import SarcregError

P = ParamSpec("P")
R = TypeVar("R")
ROOT = Path(__file__).resolve().parents[1]


class ProgramFault(SarcregError):
    """Something went wrong that no rule foresaw."""


def named(fault: BaseException) -> ProgramFault:
    """The fault by its kind and the last line of ours it passed."""
    ours = [frame for frame in traceback.extract_tb(fault.__traceback__) if Path(frame.filename).is_relative_to(ROOT)]
    here = [frame for frame in ours if ".venv" not in frame.filename] or ours
    place = f"{Path(here[-1].filename).relative_to(ROOT)}:{here[-1].lineno}" if here else "an unknown place"
    return ProgramFault(
        f"a fault of the program, {type(fault).__name__} at {place}; the published warehouse is whole. "
        "Please report this line; SARCREG_DEBUG=1 shows the whole trace, which may hold patients' values."
    )


def private(step: Callable[P, R]) -> Callable[P, R]:
    """The step, with every unforeseen exception named instead of shown."""

    @wraps(step)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if os.environ.get("SARCREG_DEBUG"):
            return step(*args, **kwargs)
        try:
            return step(*args, **kwargs)
        except SarcregError:
            raise
        except Exception as fault:
            raise named(fault) from None

    return run
