"""A server in one process: the whole of it, or one worker of several."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from harness.errors import ServerStartError
from harness.server.app import create_app
from harness.server.calls.shell import CallShell
from harness.server.state import ServerState

STOP_WITHIN_S = 5.0


class CountTold:
    """Says on standard output how many calls there are, whenever that changes."""

    def __init__(self, count: Callable[[], int]) -> None:
        self._count = count

    def call_began(self, call: CallShell) -> None:
        self._tell()

    def call_ended(self, call: CallShell, because: str) -> None:
        self._tell()

    def _tell(self) -> None:
        print(json.dumps({"calls": self._count()}), flush=True)


@asynccontextmanager
async def listening(
    state: ServerState, *, host: str, port: int, socket: Path | None
) -> AsyncIterator[int]:
    """Serve for the length of the block; gives the port.

    Args:
        socket: a Unix socket to listen on instead, as a worker; the port is 0 then.

    Raises:
        ServerStartError: the port cannot be had.
    """
    app = create_app(state)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_WITHIN_S)
    await runner.setup()
    try:
        if socket is None:
            yield await _listen(runner, host, port)
        else:
            state.calls.listeners.append(CountTold(lambda: len(state.calls.running)))
            await web.UnixSite(runner, socket).start()
            yield 0
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> int:
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError as error:
        raise cannot_listen(host, port, error) from error
    return int(runner.addresses[0][1])


def cannot_listen(host: str, port: int, error: OSError) -> ServerStartError:
    """The plain words for a port or an address that cannot be had."""
    return ServerStartError(
        "The server cannot listen.",
        expected=f"port {port} of {host} to be free, and {host} an address of this machine",
        found=error.strerror or str(error),
        hint="pick another port, or 0 for any free one",
    )
