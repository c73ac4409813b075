"""A process that has imported everything and run nothing; for each line it reads it forks a child that refreshes a home.

A line is `<home> <when> <seconds>`: `end` lets the child finish, `start` kills it (-9) so many seconds after it began,
`commit` so many seconds after its manifest lay in the folder aside. Answers with the child's fate and its seconds.
Forking is safe here because polars and DuckDB start their threads at first use, which is the child's.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

POLL_SECONDS = 0.001


def _refresh(root: Path) -> None:
    import small_home

    code = 1
    try:
        name, _ = small_home.refresh(root)
        code = 0 if name else 1
    finally:
        os._exit(code)


def _wait_for_commit(root: Path, child: int) -> bool:
    """Wait until the manifest of a refresh is written; False where the child ended without."""
    while not any(root.glob("refreshes/.tmp-*/manifest.json")):
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return False
        time.sleep(POLL_SECONDS)
    return True


def run(root: Path, when: str, seconds: float) -> tuple[str, float]:
    """Refresh the home in a child; how it ended (done, killed, failed) and how long it ran."""
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        _refresh(root)
    if when == "start" or (when == "commit" and _wait_for_commit(root, child)):
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    fate = {0: "done", -signal.SIGKILL: "killed"}.get(status, "failed")
    return fate, time.monotonic() - started


def _import_all() -> None:
    import great_expectations.expectations.core.expect_column_values_to_be_between
    import small_home

    import warehouse.gate
    import warehouse.refresh

    assert great_expectations and small_home and warehouse


def main() -> None:
    """Answer every line of standard input."""
    os.environ.update(OPENBLAS_NUM_THREADS="1", GX_ANALYTICS_ENABLED="false")
    _import_all()
    print("ready", flush=True)
    for line in sys.stdin:
        root, when, seconds = line.split()
        print(*run(Path(root), when, float(seconds)), flush=True)


if __name__ == "__main__":
    main()
