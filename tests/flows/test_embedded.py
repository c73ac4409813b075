"""Prefect embedded: every task run recorded, nothing printed, and no process left behind, come what may."""

from __future__ import annotations

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from flows.embedded import EmbeddedPrefectError, database, embedded_prefect

ROOT = Path(__file__).resolve().parents[2]

# A program of its own, as `sarcreg refresh` is one: in this process Prefect and its logging are imported already.
FLOW = """
import json, sys, time
from pathlib import Path
started = time.monotonic()
from flows.embedded import drain, embedded_prefect

assert "prefect" not in sys.modules
with embedded_prefect(Path(sys.argv[1])) as url:
    from prefect import flow, task
    from prefect.runtime import flow_run
    from flows.embedded.tally import TalliedThreads

    first = []

    @task
    def part(number):
        first.append(time.monotonic() - started)
        if number == 3:
            raise ValueError("the fourth part fails")
        return number

    @task
    def after(number):
        return number

    @flow(task_runner=TalliedThreads(max_workers=2))
    def below():
        return after.submit(0).result()

    @flow(task_runner=TalliedThreads(max_workers=2))
    def whole():
        parts = part.map(range(20))
        chained = [after.submit(future) for future in parts]
        for future in chained:
            future.wait()
        below()
        return [str(flow_run.id), sum(future.state.is_completed() for future in chained)]

    flow_run_id, good = whole()
    lacking = drain()
print(json.dumps({"url": url, "run": flow_run_id, "good": good, "lacking": lacking, "first": min(first)}))
"""
WAITING = """
import sys, time
from pathlib import Path
from flows.embedded import embedded_prefect
with embedded_prefect(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(60)
"""


def _program(text: str, home: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    return subprocess.Popen(
        [sys.executable, "-c", text, str(home)],
        env={**environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _answers(url: str) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", int(url.split(":")[2].split("/")[0]), timeout=20)) as asked:
        try:
            asked.request("GET", "/api/health")
            return asked.getresponse().status == 200
        except OSError:
            return False


def _goes(url: str, within: float = 20.0) -> bool:
    until = time.monotonic() + within
    while _answers(url):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _count(**task_runs: object) -> int:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return int(client.request("POST", "/task_runs/count", json={"task_runs": task_runs}).json())


@pytest.fixture(autouse=True)
def _no_server_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


def test_every_task_run_is_recorded_and_nothing_is_printed(tmp_path: Path) -> None:
    home = tmp_path / "a home 登记 #1?" / ".prefect"
    program = _program(FLOW, home)
    out, err = program.communicate(timeout=100)
    assert (program.returncode, err) == (0, "")
    report = json.loads(out)
    sys.stdout.write(f"first task after {report['first']:.1f} s\n")
    assert (report["good"], report["lacking"]) == (19, 0)
    assert _goes(report["url"], within=0)
    with embedded_prefect(home) as url:
        assert url != report["url"]
        whole = {"flow_run_id": {"any_": [report["run"]]}}
        assert {
            "COMPLETED": _count(**whole, state={"type": {"any_": ["COMPLETED"]}}),
            "FAILED": _count(**whole, state={"type": {"any_": ["FAILED"]}}),
            "NotReady": _count(**whole, state={"name": {"any_": ["NotReady"]}}),
        } == {"COMPLETED": 19 + 19 + 1, "FAILED": 1, "NotReady": 1}  # the flow run below has a task run here too
        assert _count() == 20 + 20 + 1 + 1
    assert sorted(path.name for path in home.iterdir()) == ["client.log", "prefect.db", "server.log", "start.lock"]


def test_a_server_that_was_given_is_used_and_the_environment_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_PROFILE", "of another project")
    before = dict(os.environ)
    with pytest.raises(ZeroDivisionError), embedded_prefect(tmp_path / "one") as url:
        assert "PREFECT_PROFILE" not in os.environ
        assert os.environ["PREFECT_API_URL"] == url
        with embedded_prefect(tmp_path / "two") as given:
            assert given == url
        raise ZeroDivisionError
    assert dict(os.environ) == before
    monkeypatch.setenv("PREFECT_API_URL", url)
    with (
        pytest.raises(EmbeddedPrefectError, match="no Prefect server answers"),
        embedded_prefect(tmp_path / "two"),
    ):
        pytest.fail("it was taken for a server")
    assert not (tmp_path / "two").exists()


@pytest.mark.slow
def test_two_first_starts_at_once_both_succeed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    programs = [_program(FLOW, tmp_path / "home") for _ in range(2)]
    ends = [program.communicate(timeout=200) for program in programs]
    assert [(program.returncode, err) for program, (_, err) in zip(programs, ends, strict=True)] == [(0, "")] * 2
    assert [json.loads(out)["lacking"] for out, _ in ends] == [0, 0]
    assert [path.suffix for path in (tmp_path / "cache" / "sarcreg").iterdir()] == [".db"]


@pytest.mark.slow
def test_a_killed_program_takes_its_server_along(tmp_path: Path) -> None:
    program = _program(WAITING, tmp_path)
    assert program.stdout
    url = program.stdout.readline().strip()
    assert _answers(url)
    program.send_signal(signal.SIGKILL)
    program.communicate()
    assert _goes(url)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs /proc to find the server's process")
def test_a_server_that_dies_is_replaced_until_it_dies_too_often(tmp_path: Path) -> None:
    def kill() -> None:
        serving = [
            path.parent.name
            for path in Path("/proc").glob("[0-9]*/cwd")
            if path.exists() and path.readlink() == tmp_path
        ]
        assert len(serving) == 1
        os.kill(int(serving[0]), signal.SIGKILL)

    with (
        pytest.raises(EmbeddedPrefectError, match=r"stopped while the flow ran \(exit code -9\)"),
        embedded_prefect(tmp_path) as url,
    ):
        kill()
        assert _answers(url)
        for _ in range(3):
            time.sleep(0.5)
            kill()
        assert _goes(url)


def test_a_damaged_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "prefect.db").write_bytes(b"no database at all" * 1000)
    with (
        pytest.raises(EmbeddedPrefectError, match=r"did not start \(exit code 3\).*file is not a database"),
        embedded_prefect(tmp_path),
    ):
        pytest.fail("it started")


def test_a_home_that_cannot_be_used_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedPrefectError, match="cannot be used"), embedded_prefect(tmp_path / "file" / "home"):
        pytest.fail("it was used")


# The template of a migrated database


def _migrated(path: Path, mark: str = "") -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("create table alembic_version as select 'head' as version_num")
        connection.execute("create table mark as select ? as text", (mark,))


def _mark(home: Path) -> str:
    with closing(sqlite3.connect(home / database.NAME)) as connection:
        return str(connection.execute("select text from mark").fetchone()[0])


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


def _home(tmp_path: Path, name: str, mark: str | None = None) -> Path:
    home = tmp_path / name
    home.mkdir()
    if mark is not None:
        _migrated(home / database.NAME, mark)
    return home


def test_the_first_home_migrates_and_the_next_ones_copy(tmp_path: Path, cache: Path) -> None:
    empty = _home(tmp_path, "empty")
    assert not database.seed(empty)
    database.keep(_home(tmp_path, "first", "template"))
    assert [path.suffix for path in (cache / "sarcreg").iterdir()] == [".db"]
    (empty / "prefect.db-wal").write_bytes(b"of a database that was deleted")
    assert database.seed(empty)
    assert _mark(empty) == "template"
    assert [path.name for path in empty.iterdir()] == [database.NAME]


def test_a_database_is_never_replaced(tmp_path: Path, cache: Path) -> None:
    database.keep(_home(tmp_path, "first", "template"))
    own = _home(tmp_path, "own", "own")
    assert database.seed(own)
    assert _mark(own) == "own"


def test_many_that_seed_at_once_share_one_database(tmp_path: Path, cache: Path) -> None:
    database.keep(_home(tmp_path, "first", "template"))
    home = _home(tmp_path, "shared")
    seeded: list[bool] = []
    inodes: set[int] = set()

    def seed() -> None:
        seeded.append(database.seed(home))
        inodes.add((home / database.NAME).stat().st_ino)

    threads = [threading.Thread(target=seed) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seeded == [True] * 12
    assert len(inodes) == 1
    assert [path.name for path in home.iterdir()] == [database.NAME]


@pytest.mark.parametrize("content", [b"", b"torn", b"SQLite format 3\x00" + bytes(5000)])
def test_a_damaged_template_is_passed_over_and_then_replaced(tmp_path: Path, cache: Path, content: bytes) -> None:
    database.keep(_home(tmp_path, "first", "template"))
    template = next((cache / "sarcreg").iterdir())
    template.write_bytes(content)
    home = _home(tmp_path, "next")
    assert not database.seed(home)
    database.keep(_home(tmp_path, "second", "mended"))
    assert database.seed(home)
    assert _mark(home) == "mended"


def test_without_a_cache_each_home_migrates(tmp_path: Path, cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    database.keep(_home(tmp_path, "first", "template"))
    assert not database.seed(_home(tmp_path, "next"))
