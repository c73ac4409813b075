"""The child of `flows.embedded`: Prefect's API on an inherited loopback socket, while the parent lives.

Run by path (`python -P server.py FD`), so that neither the current folder nor this one enters the
import path. Standard input is a pipe from the parent that carries nothing: its end is the parent's farewell,
said by closing it or by dying. So it takes no signal, no pid file and no call of one platform, and leaves no
orphan behind.
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn

_FAREWELL_S = 10.0  # a server that has not finished by then is cut off


def _leave_with_parent(running: list[uvicorn.Server]) -> None:
    os.read(sys.stdin.fileno(), 1)
    if not running:
        os._exit(0)
    cut_off = threading.Timer(_FAREWELL_S, os._exit, (1,))
    cut_off.daemon = True
    cut_off.start()
    running[0].should_exit = True


async def _collect_once_started(server: uvicorn.Server) -> None:
    while not server.started:
        await asyncio.sleep(0.02)
    gc.freeze()
    gc.enable()


async def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    collecting = asyncio.create_task(_collect_once_started(server))
    await server.serve(sockets=[listener])
    collecting.cancel()


def main() -> None:
    """Serve until standard input ends."""
    running: list[uvicorn.Server] = []
    threading.Thread(target=_leave_with_parent, args=(running,), daemon=True).start()
    # Imports and migrations make objects that stay: walking over them is a tenth of the start.
    gc.disable()
    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(
        create_app(ephemeral=True, final=True),
        lifespan="on",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    running.append(server)
    asyncio.run(_serve(server, socket.socket(fileno=int(sys.argv[1]))))


if __name__ == "__main__":
    main()
