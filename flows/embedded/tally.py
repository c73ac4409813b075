"""Which task runs a flow has begun, and whether Prefect's API shows how each of them ended.

Task runs are recorded behind the flow's back: each state travels as an event from a queue of this process to one
of the server's, and from there into its database. So a flow returns, COMPLETED, with records still on the way,
and those that have not arrived when the server stops are lost without a word. What must arrive is counted where
tasks are handed out, not among the events: a tally of events would not miss one that was never sent.

Flows import this module with Prefect; `flows.embedded` imports it late.
"""

from __future__ import annotations

import time
from typing import Any

from prefect.client.orchestration import get_client
from prefect.events.worker import EventsWorker
from prefect.futures import PrefectConcurrentFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

# A task whose upstream failed ends where it was: type PENDING, name NotReady. Each of the two finds its own runs.
_ENDS: tuple[dict[str, Any], ...] = (
    {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]}},
    {"name": {"any_": ["NotReady"]}},
)
_ASKED_AT_ONCE = 500
_begun: set[str] = set()


class TalliedThreads(ThreadPoolTaskRunner[Any]):
    """Threads that remember every task run they were given, for `flows.embedded.drain`.

    A task that is called instead of submitted runs in the flow's own thread and is not tallied.
    """

    def submit(self, *args: Any, **kwargs: Any) -> PrefectConcurrentFuture[Any]:
        """Hand a task to a thread, and remember its run."""
        future = super().submit(*args, **kwargs)
        _begun.add(str(future.task_run_id))
        return future


THREADS: TaskRunner[Any] = TalliedThreads(max_workers=4)
"""The runner of this project's flows: enough threads for a few centres side by side."""


def forget() -> None:
    """Begin a new tally."""
    _begun.clear()


def _ended(client: Any, runs: list[str]) -> int:
    counts = (
        client.request("POST", "/task_runs/count", json={"task_runs": {"id": {"any_": runs}, "state": end}})
        for end in _ENDS
    )
    return sum(int(count.json()) for count in counts)


def await_recorded(timeout: float) -> int:
    """Send what is queued and wait for its record; returns how many task runs are missing."""
    EventsWorker.drain_all(timeout=timeout)
    runs = sorted(_begun)
    if not runs:
        return 0
    missing = 0
    with get_client(sync_client=True) as client:
        for first in range(0, len(runs), _ASKED_AT_ONCE):
            some = runs[first : first + _ASKED_AT_ONCE]
            seen, until = _ended(client, some), time.monotonic() + timeout
            while seen < len(some) and time.monotonic() < until:
                time.sleep(0.05)
                now = _ended(client, some)
                if now > seen:
                    seen, until = now, time.monotonic() + timeout
            missing += len(some) - seen
    return missing
