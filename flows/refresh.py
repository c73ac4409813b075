"""The refresh: every centre's export becomes one published warehouse, its analyses and its reports."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import centre as chains
from flows.embedded.tally import THREADS
from flows.faults import private
from flows.progress import say
from flows.survival import is_complete, pages_of, survival
from flows.written import refuse_faults
from schemas.errors import SarcregError
from warehouse import gate, publish
from warehouse import refresh as steps
from warehouse.home import Home, one_writer
from warehouse.refresh import FRESH, Job, Part


@dataclass(frozen=True)
class Outcome:
    """What a refresh came to. code: 0 published or nothing new, 3 with a stale centre, 1 nothing published."""

    code: int
    refresh: str | None
    is_new: bool
    centres: dict[str, dict[str, str | None]]
    pages: dict[str, str] = field(default_factory=dict)
    refused: dict[str, list[str]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For JSON and for Prefect."""
        return asdict(self)


class NothingPublished(SarcregError):
    """The gate refused the whole: the run has failed, and what was published stands."""

    def __init__(self, outcome: Outcome) -> None:
        said = "; ".join(f"{subject}: {' '.join(sentences)}" for subject, sentences in outcome.refused.items())
        super().__init__(f"nothing was published, the last published warehouse stands. {said}")
        self.outcome = outcome.as_dict()


@flow(name="refresh", task_runner=THREADS, persist_result=False)
@private
def refresh(home: str | None = None, centres: list[str] | None = None) -> dict[str, Any]:
    """Refresh the registry at `home` (else SARCREG_HOME, else here), from all centres or those named."""
    root = Path(home or os.environ.get("SARCREG_HOME") or ".").resolve()
    refuse_faults(root, centres)
    with one_writer(Home(root)):
        job = steps.prepare(root)
        parts = _parts(job, centres)
        outcome = _publish(job, parts)
        steps.tidy(job.home)
        if outcome.refresh and (outcome.is_new or not is_complete(job.home, outcome.refresh)):
            survival(str(root))
        if outcome.refresh:
            outcome = replace(outcome, pages=pages_of(job.home, outcome.refresh))
    if outcome.code == 1:
        raise NothingPublished(outcome)
    return outcome.as_dict()


def _parts(job: Job, asked: list[str] | None) -> list[Part]:
    """Every centre's part: pulled and read side by side, or as it was."""
    wanted, left = steps.choose(job.centres, asked)
    running = {code: chains.start(job, code) for code in wanted}
    done = [chains.finish(job, code, chain) for code, chain in running.items()]
    return sorted([*done, *(steps.not_asked(job, code) for code in left)], key=lambda part: part.code)


@dataclass(frozen=True)
class Attempt:
    """A refresh that was built and judged, or not built because nothing is new. failed: subject -> sentences."""

    name: str | None
    manifest: dict[str, Any]
    is_new: bool
    failed: dict[str, list[str]]


def _publish(job: Job, parts: list[Part]) -> Outcome:
    """Build, judge and publish; a centre that fails the gate is carried forward and the whole judged once more."""
    attempt = _attempt(job, parts)
    set_back = {code: sentences for code, sentences in attempt.failed.items() if code in job.centres}
    if set_back:
        parts = [_set_back(job, part, set_back.get(part.code)) for part in parts]
        attempt = _attempt(job, parts)
    if attempt.failed:
        return replace(_outcome(job, parts, attempt, refused=attempt.failed), code=1, refresh=None, is_new=False)
    if attempt.is_new and attempt.name:
        commit.submit(job, attempt.name, attempt.manifest).result()
    return _outcome(job, parts, attempt, refused=set_back)


def _attempt(job: Job, parts: list[Part]) -> Attempt:
    """Build and judge, unless nothing is new; what fails is thrown away."""
    manifest = steps.manifest_of(job, parts)
    if not steps.is_new(job, manifest):
        is_rolled_back = job.last is not None and job.last["inputs_hash"] != manifest["inputs_hash"]
        reason = "the inputs are those a roll-back took out of use" if is_rolled_back else "nothing new"
        say("nothing", f"{reason}; the published refresh stands")
        return Attempt(publish.current_refresh(job.home), manifest, is_new=False, failed={})
    name = steps.refresh_id(job, manifest)
    database = build.submit(job, parts, manifest, name).result()
    failed = gate.failed(judge.submit(job, database).result())
    for subject, sentences in failed.items():
        say("refused", f"{subject}: {' '.join(sentences)}")
    if failed:
        steps.discard(job, name)
    return Attempt(name, manifest, is_new=True, failed=failed)


def _set_back(job: Job, part: Part, sentences: list[str] | None) -> Part:
    """A centre that failed the gate gives way to its last good export."""
    return steps.carry_forward(job, part.code, "The gate: " + " ".join(sentences)) if sentences else part


@task(name="build", cache_policy=NO_CACHE)
@private
def build(job: Job, parts: list[Part], manifest: dict[str, Any], name: str) -> Path:
    """The warehouse, built aside."""
    database = steps.build_aside(job, parts, manifest, name)
    say("build", f"{name}: {database.stat().st_size / 1e6:.1f} MB")
    return database


@task(name="gate", cache_policy=NO_CACHE)
@private
def judge(job: Job, database: Path) -> pl.DataFrame:
    """Great Expectations' verdict on every centre and the cohort."""
    verdict = gate.judge(database, job.registry, job.patients_before)
    say("gate", f"{verdict['success'].sum()} of {verdict['success'].count()} expectations hold")
    return verdict


@task(name="publish", cache_policy=NO_CACHE)
@private
def commit(job: Job, name: str, manifest: dict[str, Any]) -> None:
    """The swap that makes the refresh the published one."""
    publish.commit(job.home, name, manifest, job.registry.snapshots)
    say("publish", name)


def _outcome(job: Job, parts: list[Part], attempt: Attempt, *, refused: dict[str, list[str]]) -> Outcome:
    states = {part.code: {"state": part.contribution.state, "reason": part.contribution.reason} for part in parts}
    stale = any(facts["state"] != FRESH for facts in states.values())
    return Outcome(3 if stale else 0, attempt.name, attempt.is_new, states, refused=refused)
