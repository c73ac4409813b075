"""The scheduled way: the shipped prefect.yaml, deployed to a real Prefect server, run by a real worker."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from flows.embedded import database

ROOT = Path(__file__).resolve().parents[2]
DEPLOYED = YAML(typ="safe").load(ROOT / "prefect.yaml")
BIN = Path(sys.executable).parent
PATIENCE_S = 420.0  # on two cores the whole test took 100 s at load 4 and 370 s at load 9
EVERY_S = 30  # the server makes the runs, the worker fetches them: a shorter interval would only queue them

Record = dict[str, Any]


@dataclass(frozen=True)
class Api:
    """A Prefect server on loopback, and the environment in which its tools find it."""

    url: str
    environment: dict[str, str]

    def ask(self, path: str, **body: Any) -> Any:
        """The answer to a POST, or to a GET when there is no body."""
        request = urllib.request.Request(  # noqa: S310
            f"{self.url}{path}",
            data=json.dumps(body).encode() if body else None,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return json.load(answer)

    def prefect(self, *words: str) -> str:
        """What the command line `prefect` prints; it must succeed."""
        done = subprocess.run(
            [str(BIN / "prefect"), *words], env=self.environment, cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _await(what: str, seen: Callable[[], Any], log: Path) -> Any:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = seen()
        if found:
            return found
        time.sleep(0.5)
    pytest.fail(f"{what} not within {PATIENCE_S:.0f} s; {log.name} ends:\n{log.read_text()[-4000:]}")


@contextmanager
def _running(words: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    """A program in a process group of its own, of which nothing is left afterwards."""
    with log.open("wb") as out:
        program = subprocess.Popen(
            [str(BIN / "prefect"), *words],
            env=environment,
            cwd=ROOT,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield
    finally:
        for farewell in (signal.SIGINT, signal.SIGKILL):
            try:
                os.killpg(program.pid, farewell)
                program.wait(20)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    home = tmp_path / "prefect"
    home.mkdir()
    database.seed(home)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment = {
        **kept,
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": url,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "SARCREG_HOME": str(tmp_path / "registry"),
    }
    server = Api(url, environment)

    def is_well() -> bool:
        try:
            return bool(server.ask("/health"))
        except (urllib.error.URLError, ConnectionError):
            return False

    log = tmp_path / "server.log"
    with _running(["server", "start", "--host", "127.0.0.1", "--port", str(port)], environment, log):
        _await("the server", is_well, log)
        yield server


def _often(folder: Path) -> Path:
    """The shipped prefect.yaml, but for the schedule's clock."""
    (schedule,) = DEPLOYED["deployments"][0]["schedules"]
    often = [{"slug": schedule["slug"], "interval": EVERY_S, "active": schedule["active"]}]
    changed = [{**DEPLOYED["deployments"][0], "schedules": often}, *DEPLOYED["deployments"][1:]]
    path = folder / "prefect.yaml"
    YAML(typ="safe").dump({**DEPLOYED, "deployments": changed}, path)
    return path


def _ended(api: Api, **of: Any) -> Record | None:
    runs: list[Record] = api.ask("/flow_runs/filter", sort="END_TIME_DESC", **of)
    return next((run for run in runs if run["state_type"] not in ("SCHEDULED", "PENDING", "RUNNING")), None)


def _task_runs(api: Api, run: Record) -> list[Record]:
    found: list[Record] = api.ask("/task_runs/filter", task_runs={"flow_run_id": {"any_": [run["id"]]}})
    return found


def test_the_deployments_hold_no_path_of_a_machine() -> None:
    by_name = {deployment["name"]: deployment for deployment in DEPLOYED["deployments"]}
    assert list(by_name) == ["nightly", "on-demand"]
    for deployment in by_name.values():
        assert deployment["entrypoint"] == "flows/refresh.py:refresh"
        assert deployment["work_pool"] == {"name": "sarcreg"}
        assert deployment["parameters"] == {"home": None, "centres": None}
        assert not {"pull", "build", "push"} & {*DEPLOYED, *deployment}
    assert [(each["cron"], each["timezone"]) for each in by_name["nightly"]["schedules"]]
    assert by_name["on-demand"]["schedules"] == []


@pytest.mark.slow
def test_a_schedule_fires_and_the_run_is_complete(api: Api, tmp_path: Path) -> None:
    registry = Path(api.environment["SARCREG_HOME"])
    made = [str(BIN / "sarcreg"), "demo", str(registry)]
    subprocess.run(made, env=api.environment, cwd=ROOT, check=True, capture_output=True)
    centres = sorted(folder.name for folder in (registry / "centres").iterdir())
    assert len(centres) == 3

    api.prefect("work-pool", "create", "sarcreg", "--type", "process")
    api.prefect("deploy", "--all", "--no-prompt", "--prefect-file", str(_often(tmp_path)))
    log = tmp_path / "worker.log"
    worker = ["worker", "start", "--pool", "sarcreg", "--type", "process", "--limit", "1"]
    with _running(worker, api.environment, log):
        nightly = {"deployments": {"name": {"any_": ["nightly"]}}}
        run = _await("a scheduled run's end", lambda: _ended(api, **nightly), log)
        assert (run["state_type"], run["auto_scheduled"]) == ("COMPLETED", True), log.read_text()[-4000:]

        api.prefect("deployment", "run", "refresh/on-demand", "--param", f'centres=["{centres[0]}"]')
        asked_for = {"deployments": {"name": {"any_": ["on-demand"]}}}
        asked = _await("the run that was asked for", lambda: _ended(api, **asked_for), log)
        assert asked["state_type"] == "COMPLETED", log.read_text()[-4000:]
        assert asked["parameters"] == {"home": None, "centres": [centres[0]]}

    task_runs = _task_runs(api, run)
    assert {task_run["state_type"] for task_run in task_runs} == {"COMPLETED"}
    names = {task_run["name"] for task_run in task_runs}
    assert {f"{step} {code}" for step in ("pull", "read") for code in centres} <= names
    assert {"build", "gate", "publish"} <= {name.split("-")[0] for name in names}
    assert (registry / "registry.duckdb").exists()
