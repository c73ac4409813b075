"""A client of the published file: `reader_client.py <file> <stop>`.

Asks in a loop, each time on a new connection, until the file `stop` is there; prints queries, failures, and refreshes seen.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb

PAUSE_SECONDS = 0.05
"""A reader thinks between two questions; without that eight of them would keep a refresh from its processor."""

QUESTION = """
    select
        (select refresh_id from meta.refresh) as before,
        (select count(*) from core.patient) as patients,
        (select count(*) from mart.cohort) + (select count(*) from mart.exclusion) as judged,
        (select count(*) from quality.finding) as findings
"""


def main(file: str, stop: str) -> None:
    """Read until told to stop."""
    queries, failures, torn, seen = 0, [], 0, []
    while not Path(stop).exists():
        try:
            with duckdb.connect(file, read_only=True) as connection:
                first = connection.execute(QUESTION).fetchone()
                again = connection.execute(QUESTION).fetchone()
        except duckdb.Error as fault:
            failures.append(type(fault).__name__)
            continue
        time.sleep(PAUSE_SECONDS)
        queries += 2
        torn += first != again or first[1] != first[2]
        if not seen or seen[-1] != first[0]:
            seen.append(first[0])
    print(json.dumps({"queries": queries, "failures": failures, "torn": torn, "seen": seen}))


if __name__ == "__main__":
    main(*sys.argv[1:])
