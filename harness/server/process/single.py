"""A server in one process: the whole of it, or one worker of several."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from harness.server.calls.call_runner import CallRunner
from harness.server.http.connection_guard import (
    HEAD_WITHIN_S,
    ConnectionGuard,
    listening_at,
    port_of,
)
from harness.server.routes.app import create_app
from harness.server.routes.state import ServerState

STOP_WITHIN_S = 5.0
NEXT_HEAD_WITHIN_S = HEAD_WITHIN_S
"""A connection that stays open for another request has as long for its head as for the first."""


BEAT_EVERY_S = 1.0
"""How often a worker says that it lives."""


class CountTold:
    """Says on standard output how many calls there are, whenever that changes."""

    def __init__(self, count: Callable[[], int]) -> None:
        self._count = count

    def call_began(self, call: CallRunner) -> None:
        self._tell()

    def call_ended(self, call: CallRunner, because: str) -> None:
        self._tell()

    async def beat(self) -> None:
        """Say it again and again: whoever supervises us knows by that that we are not stuck.

        Not at once: the first line that a process says is that it is ready.
        """
        while True:
            await asyncio.sleep(BEAT_EVERY_S)
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
    runner = web.AppRunner(
        app, access_log=None, shutdown_timeout=STOP_WITHIN_S, keepalive_timeout=NEXT_HEAD_WITHIN_S
    )
    await runner.setup()
    try:
        if socket is None:
            async with listening_at(_door_of(runner), host, port) as server:
                yield port_of(server)
        else:
            told = CountTold(lambda: len(state.calls.running))
            state.calls.listeners.append(told)
            await web.UnixSite(runner, socket).start()
            beating = asyncio.create_task(told.beat(), name="beat")
            try:
                yield 0
            finally:
                beating.cancel()
                await asyncio.gather(beating, return_exceptions=True)
    finally:
        await runner.cleanup()


def _door_of(runner: web.AppRunner) -> ConnectionGuard:
    assert runner.server is not None  # set up above
    return ConnectionGuard(runner.server)
