"""The process that serves Prefect's API: started, started again when it dies, and told farewell.

The listening socket stays open here, so that a caller is not refused while a dead server is replaced: the
kernel holds the question until the next one listens. Runs are in the database; events that were taken and not
yet recorded are lost, unless the client still holds them and sends them again. `drain` tells.
"""

from __future__ import annotations

import http.client
import select
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType

from schemas.errors import SarcregError

_START_S = 120.0  # a first start migrates a database, on a busy machine perhaps several at once
_STOP_S = 15.0
_RESTARTS = 3


class EmbeddedPrefectError(SarcregError):
    """Prefect's embedded API did not start, or was lost for good while the flow ran."""


class Child:
    """A server on `listener` until this context is left; no way out leaves its process behind."""

    def __init__(self, home: Path, listener: socket.socket) -> None:
        """home: folder of Prefect's database and of the server's log, which starts empty."""
        self.is_lost = False
        self._home = home
        self._listener = listener
        self._log = home / "server.log"
        self._log.write_bytes(b"")
        self._is_leaving = False
        self._turn = threading.Lock()
        self._process = self._spawn()

    def __enter__(self) -> Child:
        """Return itself: the process is already starting."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the pipe, which is the farewell; kill only a process that does not heed it."""
        with self._turn:
            self._is_leaving = True
            self._listener.close()
        self._say_farewell()
        try:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_S)
        finally:
            self._process.kill()
            self._process.wait()

    def _say_farewell(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()

    def _spawn(self) -> subprocess.Popen[bytes]:
        # In a session of its own it does not see the terminal's Ctrl-C: the flow's last state still finds it.
        program = str(Path(__file__).with_name("server.py"))
        with self._log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", program, str(self._listener.fileno())],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._home,
                pass_fds=[self._listener.fileno()],
                start_new_session=True,
            )

    def await_health(self) -> None:
        """Return when the API answers; from then on it is watched. Raises EmbeddedPrefectError."""
        port = self._listener.getsockname()[1]
        until = time.monotonic() + _START_S
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as asked:
            asked.request("GET", "/api/health")
            while not select.select([asked.sock], [], [], 0.1)[0]:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise self.fault("did not start")
            try:
                is_well = asked.getresponse().status == http.client.OK
            except (OSError, http.client.HTTPException):
                is_well = False
        if not is_well:
            raise self.fault("did not start")
        threading.Thread(target=self._replace_when_dead, daemon=True).start()

    def _replace_when_dead(self) -> None:
        for _ in range(_RESTARTS):
            self._process.wait()
            with self._turn:
                if self._is_leaving:
                    return
                self._say_farewell()
                self._process = self._spawn()
        self._process.wait()
        with self._turn:
            self.is_lost = not self._is_leaving
            self._listener.close()

    def fault(self, what: str) -> EmbeddedPrefectError:
        """An error that says what happened, the exit code, the log's last error, its place and what to do."""
        lines = list(filter(None, map(str.strip, self._log.read_text("utf-8", "replace").splitlines())))
        errors = [line for line in lines if "Error: " in line or "Exception: " in line]
        last = (errors or lines or ["nothing was logged"])[-1]
        return EmbeddedPrefectError(
            f"Prefect's embedded API {what} (exit code {self._process.poll()}): {last[:300]}. "
            f"Its log is {self._log}. Run the command again; if that fails too, delete {self._home}: "
            "it holds nothing but the history of runs."
        )
