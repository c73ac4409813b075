"""Prefect without a server to look after: its API in a child process, started fast and drained at the end.

`embedded_prefect` is for `sarcreg refresh` on a machine without a Prefect server; under a worker
PREFECT_API_URL is set and it starts nothing. What a plain embedded start costs, and what each step here
saves, is measured in docs/operations.md. This package imports without Prefect: the child starts first.

All settings are public. Two entry points are not promised by Prefect's documentation; look at them when its
version moves: `prefect.server.api.server.create_app(ephemeral=True)`, the factory that Prefect's own
temporary server runs (in server.py), and `prefect.events.worker.EventsWorker`, whose `drain_all` sends what
is queued before the server goes instead of at the interpreter's exit.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from flows.embedded import database
from flows.embedded.child import Child, EmbeddedPrefectError

__all__ = ["EmbeddedPrefectError", "drain", "embedded_prefect"]

_DRAIN_S = 15.0


def _settings(home: Path, port: int) -> dict[str, str]:
    """Prefect's settings by their documented names, for parent and child alike."""
    password = f"sarcreg:{secrets.token_urlsafe(24)}"  # other accounts of this machine reach loopback too
    return {
        "home": str(home),
        "api.url": f"http://127.0.0.1:{port}/api",
        "api.auth_string": password,
        "server.api.auth_string": password,
        # Relative to the child's folder, which is the home: in a URL its name could not hold every letter.
        "server.database.connection_url": f"sqlite+aiosqlite:///{database.NAME}",
        "server.analytics_enabled": "false",
        "server.ui.enabled": "false",
        # Block types serve the UI. Memoised, their omission would hold for a later `prefect server start`.
        "server.register_blocks_on_start": "false",
        "server.memoize_block_auto_registration": "false",
        # SQLite commits once per event by default; and only the task runs are worth their writes here.
        "server.services.task_run_recorder.batch_size": "50",
        "server.services.task_run_recorder.flush_interval": "1",
        "server.services.event_persister.enabled": "false",
        "server.services.triggers.enabled": "false",
        "client.server_version_check_enabled": "false",
        "client.max_retries": "3",
        "logging.to_api.enabled": "false",
        "logging.config_path": str(Path(__file__).with_name("logging.yaml")),
    }


def _environment(settings: dict[str, str]) -> dict[str, str | None]:
    """Changes to the environment (None: unset): another project's profile or database must not reach ours."""
    strangers = dict.fromkeys(name for name in os.environ if name.startswith("PREFECT_"))
    ours = {"PREFECT_" + name.replace(".", "_").upper(): value for name, value in settings.items()}
    # A hospital's proxy must not be asked for loopback.
    direct = ",".join(filter(None, (os.environ.get("no_proxy"), os.environ.get("NO_PROXY"), "127.0.0.1")))
    return {**strangers, **ours, "DO_NOT_TRACK": "1", "NO_PROXY": direct, "no_proxy": direct}


def _apply(changes: dict[str, str | None]) -> None:
    for name, value in changes.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextmanager
def _changed_environment(changes: dict[str, str | None]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    _apply(changes)
    try:
        yield
    finally:
        _apply(before)


@contextmanager
def _client(settings: dict[str, str]) -> Iterator[None]:
    """Prefect's client on those settings; all its events are sent before this is left."""
    from prefect.events.clients import PrefectEventsClient
    from prefect.events.worker import EventsWorker
    from prefect.settings import temporary_settings

    from flows.embedded import tally

    tally.forget()
    # The environment suffices but for two things: the heartbeat, a thread that is joined for a second at the
    # end of each flow and has no off there, and a process that had imported Prefect before.
    with temporary_settings({**settings, "flows.heartbeat_frequency": None}):
        # A server that is gone for good is asked three times, not for minutes at the interpreter's exit.
        EventsWorker.set_client_override(PrefectEventsClient, api_url=settings["api.url"], reconnection_attempts=2)
        try:
            yield
        finally:
            EventsWorker.drain_all(timeout=_DRAIN_S)
            EventsWorker.set_client_override(None)


def _expect_answer(url: str) -> None:
    """Raise EmbeddedPrefectError now rather than after minutes of Prefect's retries."""
    from prefect.client.orchestration import get_client
    from prefect.settings import temporary_settings

    with temporary_settings({"client.max_retries": 0}), get_client(sync_client=True) as client:
        fault = client.api_healthcheck()
    if fault is not None:
        raise EmbeddedPrefectError(
            f"PREFECT_API_URL names {url}, where no Prefect server answers ({type(fault).__name__}). "
            "Start that server, or unset PREFECT_API_URL to run without one."
        )


def _folder(prefect_home: Path) -> Path:
    home = prefect_home.resolve()
    reason = "this account may not write there"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(home, os.W_OK | os.X_OK):
            return home
    except OSError as error:
        reason = error.strerror or type(error).__name__
    raise EmbeddedPrefectError(
        f"{home} cannot be used ({reason}). Prefect keeps its history of runs there: "
        "let this account write to the registry's home."
    )


def _nothing() -> None:
    return None


@contextmanager
def embedded_prefect(prefect_home: Path, meanwhile: Callable[[], object] = _nothing) -> Iterator[str]:
    """Within this context Prefect has an API; yields its URL.

    prefect_home: folder of Prefect's database and logs, made when absent (`<registry home>/.prefect`).
    meanwhile: called while the child starts. Import the flow's module there: it takes as long as the start.
    With PREFECT_API_URL set nothing is started and that URL is yielded.
    Raises EmbeddedPrefectError when the API does not answer, or was lost for good while the flow ran.
    """
    given = os.environ.get("PREFECT_API_URL")
    if given:
        _expect_answer(given)
        meanwhile()
        yield given
        return
    home = _folder(prefect_home)
    # Two servers that migrate one new database would break each other's work.
    with FileLock(home / "start.lock") as starting:
        is_new = not database.seed(home)
        if not is_new:
            starting.release()
        # Bound here and inherited: no other process can take the port in between.
        listener = socket.create_server(("127.0.0.1", 0))
        settings = _settings(home, listener.getsockname()[1])
        with _changed_environment(_environment(settings)), Child(home, listener) as child:
            import prefect.flow_engine  # noqa: F401  (the first flow imports it: better while the child starts)

            meanwhile()
            child.await_health()
            if is_new:
                database.keep(home)
                starting.release()
            try:
                with _client(settings):
                    yield settings["api.url"]
            except Exception as error:
                if child.is_lost:
                    raise child.fault("stopped while the flow ran") from error
                raise
            if child.is_lost:
                raise child.fault("stopped while the flow ran")


def drain(timeout: float = 30.0) -> int:
    """Wait until the API shows how every task run ended that `TalliedThreads` was given; returns how many lack.

    Call it after the flow, within `embedded_prefect`: what is not recorded when that is left is lost. Flow runs
    below flow runs count too. It serves as well with PREFECT_API_URL set, though that server goes on recording.
    timeout: seconds without any new record after which to give up; no limit on the whole.
    """
    from flows.embedded import tally

    return tally.await_recorded(timeout)
