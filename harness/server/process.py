"""Start the local server in a process of its own, and see to it that it ends.

In the harness's own process the server's event loop would starve while the harness works, and its
audio would turn to concealment.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.errors import ServerStartError
from harness.peer.engines import DEFAULT_ENGINE

READY_WITHIN_S = 30.0
STOP_WITHIN_S = 8.0
KEPT_LOG_LINES = 200
LONGEST_LINE_BYTES = 1024 * 1024
PACKAGE_HOME = Path(__file__).resolve().parents[2]


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


@asynccontextmanager
async def start_server(
    port: int = 0,
    script: dict[str, Any] | None = None,
    engine: str = DEFAULT_ENGINE,
    *,
    api_key: str | None = None,
    is_recording: bool = False,
    seed: int | None = None,
    ready_within_s: float = READY_WITHIN_S,
) -> AsyncIterator[RunningServer]:
    """Run `python -m harness.server` for the length of the block.

    Args:
        port: 0 for a free one.
        script: what the assistant says, as data; None for the default.
        engine: the WebRTC engine, "wrtc" or "aiortc".
        api_key: None for a fresh one, good for this server alone.
        is_recording: keep what calls receive, for `GET /harness/calls/{id}/received.wav`.
        seed: makes the ids of sessions repeat.

    Raises:
        ServerStartError: it did not come up; the message holds what it said.
    """
    key = api_key or f"sk-local-{secrets.token_urlsafe(24)}"
    log: deque[str] = deque(maxlen=KEPT_LOG_LINES)
    process = await _spawn(_command(port, engine, is_recording, seed))
    log_reader = asyncio.create_task(_keep_log(process, log))
    try:
        ready = await _ready(process, {"api_key": key, "script": script}, log, ready_within_s)
        output_reader = asyncio.create_task(_drain(process.stdout))
        try:
            yield RunningServer(
                url=ready["url"],
                page_url=ready["page_url"],
                api_key=key,
                pid=process.pid,
                log=log,
            )
        finally:
            output_reader.cancel()
    finally:
        await asyncio.shield(_stop(process))
        await log_reader


def _command(port: int, engine: str, is_recording: bool, seed: int | None) -> list[str]:
    command = [sys.executable, "-m", "harness.server", "--supervised"]
    command += ["--port", str(port), "--engine", engine]
    command += ["--record"] if is_recording else []
    command += [] if seed is None else ["--seed", str(seed)]
    return command


async def _spawn(command: list[str]) -> asyncio.subprocess.Process:
    """In a session of its own, so that Ctrl-C in a terminal reaches us alone and we end it."""
    path = os.pathsep.join(filter(None, [str(PACKAGE_HOME), os.environ.get("PYTHONPATH")]))
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE_BYTES,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
    except OSError as error:
        raise ServerStartError(
            "The local server's process could not be started.", found=str(error)
        ) from error


async def _ready(
    process: asyncio.subprocess.Process,
    settings: dict[str, Any],
    log: deque[str],
    within_s: float,
) -> dict[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise ServerStartError("The local server's process has no pipes.")
    try:
        async with asyncio.timeout(within_s):
            # A process that died already has said why on standard error.
            with contextlib.suppress(ConnectionError):
                process.stdin.write(json.dumps(settings).encode() + b"\n")
                await process.stdin.drain()
            line = await process.stdout.readline()
    except TimeoutError as error:
        raise _not_up(f"nothing within {within_s:g} s", log) from error
    if not line:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await process.wait()
        raise _not_up(f"its process ended with code {process.returncode}", log)
    try:
        ready: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise _not_up(f"something else: {line[:200]!r}", log) from error
    return ready


def _not_up(found: str, log: deque[str]) -> ServerStartError:
    said = " | ".join(list(log)[-6:])
    return ServerStartError(
        "The local server did not come up.",
        expected="a line of JSON saying where it listens",
        found=f"{found}; it said: {said}" if said else found,
    )


async def _keep_log(process: asyncio.subprocess.Process, log: deque[str]) -> None:
    if process.stderr is None:
        return
    while line := await _line(process.stderr):
        log.append(line.decode("utf-8", "replace").rstrip())


async def _drain(stream: asyncio.StreamReader | None) -> None:
    while stream is not None and await _line(stream):
        pass


async def _line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readline()
    except ValueError:  # a line longer than the limit; its rest follows
        return b"(a very long line)\n"


async def _stop(process: asyncio.subprocess.Process) -> None:
    """Close its standard input, which tells it to end; then insist."""
    if process.stdin is not None:
        process.stdin.close()
    for insist in (None, process.terminate, process.kill):
        if insist is not None:
            with contextlib.suppress(ProcessLookupError):
                insist()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_WITHIN_S / 2):
                await process.wait()
                return
