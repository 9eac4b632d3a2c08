"""Launch of the local server in a process of its own, and its end.

In the harness's own process the server's event loop would starve while the harness works, and its
audio would turn to concealment.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from harness.blocks import async_block
from harness.errors import ServerStartError
from harness.machine import check_loopback
from harness.paths import StrPath
from harness.peer.backends import DEFAULT_ENGINE
from harness.realtime.faults.parse import as_data, read_faults
from harness.server.assistants.choice import Parts
from harness.server.http.address import LOOPBACK, check_any_key, check_host, check_key
from harness.server.process.child import Child, start_child

READY_WITHIN_S = 30.0
STOP_WITHIN_S = 8.0


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A local server that answers."""

    url: str
    """Base address, without a path: http://127.0.0.1:PORT."""
    page_url: str
    api_key: str = field(repr=False)
    pid: int
    log: deque[str] = field(repr=False)
    """The last lines the server wrote to standard error."""


@async_block(other="harness.sync_api.start_server")
async def start_server(
    port: int = 0,
    script: dict[str, Any] | None = None,
    engine: str = DEFAULT_ENGINE,
    *,
    api_key: str | None = None,
    host: str = LOOPBACK,
    workers: int = 1,
    max_calls: int | None = None,
    is_recording: bool = False,
    seed: int | None = None,
    parts: Parts | None = None,
    faults: Sequence[Any] = (),
    accept_any_key: bool = False,
    threads: StrPath | None = None,
    contexts: Sequence[StrPath] = (),
    ready_within_s: float = READY_WITHIN_S,
    spawned: asyncio.subprocess.Process | None = None,
    when_logged: Callable[[str], None] = lambda _line: None,
) -> AsyncIterator[RunningServer]:
    """Run `python -m harness.server` for the length of the block.

    Args:
        port: 0 for a free one.
        script: what the assistant says, as data; None for the default.
        engine: the WebRTC engine, "wrtc" or "aiortc".
        api_key: None for a fresh one, good for this server alone.
        host: the address to listen on; any but a loopback one needs an `api_key`.
        workers: processes that the calls are spread over.
        max_calls: at once in each of them; None for what a process carries.
        is_recording: keep what calls receive, for `GET /harness/calls/{id}/received.wav`.
        seed: makes the ids of sessions repeat.
        parts: who answers, hears and speaks; None for the script and the shipped engines.
        faults: what goes wrong with requests and calls, see `harness/docs/faults.md`.
        accept_any_key: every key, and none, begins calls and mints secrets; on a loopback
            address only.
        threads: the file where written threads are kept, or the URL of a PostgreSQL database;
            None for memory.
        contexts: context files whose tools are at work in calls of the chat page.
        spawned: a process of `harness.server.process.child.spawn()` that comes up already, ours
            to end from now on; only with the defaults for all that is told on a command line.
        when_logged: told every line that the server writes to standard error.

    Raises:
        ServerStartError: it did not come up; the message holds what it said.
        UsageError: nobody can listen at such a host; no key was chosen for a server that others
            can reach; or no such fault.
    """
    await asyncio.to_thread(check_host, host)  # it may look a name up
    check_key(host, api_key)
    check_any_key(host, accept_any_key)
    check_loopback(ServerStartError, "The local server could not be reached by anybody.")
    key = api_key or f"sk-local-{secrets.token_urlsafe(24)}"
    arguments = [] if host == LOOPBACK else ["--host", host]
    arguments += [] if port == 0 else ["--port", str(port)]
    arguments += [] if engine == DEFAULT_ENGINE else ["--engine", engine]
    arguments += [] if workers == 1 else ["--workers", str(workers)]
    arguments += [] if max_calls is None else ["--max-calls", str(max_calls)]
    arguments += [] if seed is None else ["--seed", str(seed)]
    wrong = as_data(read_faults(list(faults)))
    given: dict[str, Any] = {"api_key": key, "script": script, "faults": wrong or None}
    given["accept_any_key"] = accept_any_key or None
    given["record"] = is_recording or None
    given["parts"] = parts.given() if parts else None
    given["threads"] = None if threads is None else os.fspath(threads)
    given["contexts"] = [os.fspath(path) for path in contexts] or None
    if spawned is not None and arguments:
        raise ValueError(f"a process that runs already cannot be told {arguments}")
    async with _child(arguments, given, ready_within_s, spawned, when_logged) as child:
        yield RunningServer(
            url=child.ready["url"],
            page_url=child.ready["page_url"],
            api_key=key,
            pid=child.pid,
            log=child.log,
        )


@asynccontextmanager
async def _child(
    arguments: Sequence[str],
    given: dict[str, Any],
    ready_within_s: float,
    spawned: asyncio.subprocess.Process | None,
    when_logged: Callable[[str], None],
) -> AsyncIterator[Child]:
    child = await start_child(
        arguments,
        given,
        ready_within_s=ready_within_s,
        stop_within_s=STOP_WITHIN_S,
        spawned=spawned,
        when_logged=when_logged,
    )
    reader = asyncio.create_task(_drain(child))
    try:
        yield child
    finally:
        reader.cancel()
        await asyncio.shield(child.stop(STOP_WITHIN_S))


async def _drain(child: Child) -> None:
    async for _line in child.lines():
        pass
