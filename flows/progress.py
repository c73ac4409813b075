"""What a person sees while a refresh runs: one line per step on stderr, counts only."""

from __future__ import annotations

import sys
from time import monotonic

_started = monotonic()


def say(stage: str, text: str) -> None:
    """One line: seconds since the program started, stage, what happened."""
    sys.stderr.write(f"{monotonic() - _started:6.1f} s  {stage:<8} {text}\n")
    sys.stderr.flush()
