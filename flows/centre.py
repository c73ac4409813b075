"""One centre's chain of tasks. A fault of its export stops this centre only: its last good export stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture
from prefect.tasks import Task

from flows.faults import private
from flows.progress import say
from schemas.errors import ConfigurationError, ExportRefused, SarcregError
from warehouse import refresh as steps
from warehouse.landing import Delivery
from warehouse.refresh import Job, Part


def _may_pass(_: Task, __: TaskRun, state: State) -> bool:
    """Retry what may pass by itself, such as a network; a fault of the export or its configuration does not."""
    return not isinstance(state.result(raise_on_failure=False), ExportRefused | ConfigurationError)


@task(
    task_run_name="pull {code}", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=[2, 10],
    retry_condition_fn=_may_pass,
)  # fmt: skip
@private
def pull(job: Job, code: str) -> Delivery:
    """Land the centre's export."""
    delivery = steps.pull(job, code)
    say("pull", f"{code}: {len(delivery.files)} file(s)")
    return delivery


@task(task_run_name="read {code}", cache_policy=NO_CACHE)
@private
def read(job: Job, code: str, delivery: Delivery) -> Part:
    """Type the centre's rows, through both doors."""
    part = steps.read_rows(job, code, delivery)
    say("read", f"{code}: {part.rows:,} rows" if part.was_read else f"{code}: unchanged, not read again")
    return part


@dataclass(frozen=True)
class Chain:
    """A centre's two task runs. When the first fails Prefect never begins the second."""

    pulled: PrefectFuture[Delivery]
    read: PrefectFuture[Part]


def start(job: Job, code: str) -> Chain:
    """The centre's chain, running."""
    pulled: Any = pull.submit(job, code)  # Prefect hands the delivery, not its future, to the next task
    return Chain(pulled, read.submit(job, code, pulled))


def finish(job: Job, code: str, chain: Chain) -> Part:
    """The centre's part: fresh, or its last good export with the reason why."""
    chain.read.wait()
    found: Any = chain.pulled.result(raise_on_failure=False)
    if not isinstance(found, Exception):
        found = chain.read.result(raise_on_failure=False)
    if isinstance(found, Part):
        return found
    reason = str(found) if isinstance(found, SarcregError) else f"a fault of Prefect, {type(found).__name__}"
    say("refused", f"{code}: {reason}")
    return steps.carry_forward(job, code, reason)
