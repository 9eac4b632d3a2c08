"""A server process of ours: started, heard and ended.

It reads one line of JSON with its key and script from standard input, says on standard output
when it is ready (and what its supervisor wants to know later), and ends when its standard input
closes: so it never outlives whoever started it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

from harness.errors import HarnessError, ServerStartError, UsageError

KEPT_LOG_LINES = 200
LONGEST_LINE_BYTES = 1024 * 1024
END_LINE = "end\n"
"""The last line of a process that is ended in order; without it, whoever started it is gone."""

PACKAGE_HOME = Path(__file__).resolve().parents[3]


async def end_unused(process: asyncio.subprocess.Process) -> None:
    """End a process of `spawn` that was told nothing: it has nothing to put in order."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    # Its pipes are read to their end, or they would stay open.
    await asyncio.shield(asyncio.create_task(process.communicate()))


class Child:
    """One `python -m harness.server --supervised`; made by `start_child`."""

    def __init__(
        self, process: asyncio.subprocess.Process, when_logged: Callable[[str], None]
    ) -> None:
        self._process = process
        self._when_logged = when_logged
        self._log_reader = asyncio.create_task(self._keep_log())
        self.log: deque[str] = deque(maxlen=KEPT_LOG_LINES)
        """The last lines it wrote to standard error."""
        self.ready: dict[str, Any] = {}
        """What it said when it was ready."""

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it lives."""
        return self._process.returncode

    async def become_ready(self, given: dict[str, Any], within_s: float) -> None:
        """Hand in the first line and wait for the answer.

        Raises:
            ServerStartError: it ended, said why it cannot, something else, or nothing in time.
            UsageError: it said that what it was told to do is wrong.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise ServerStartError("The local server's process has no pipes.")
        try:
            async with asyncio.timeout(within_s):
                # A process that died already has said why on standard error.
                with contextlib.suppress(ConnectionError):
                    stdin.write(json.dumps(given).encode() + b"\n")
                    await stdin.drain()
                line = await stdout.readline()
        except TimeoutError as error:
            raise self._not_up(f"nothing within {within_s:g} s") from error
        if not line:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(2):
                    await self._process.wait()
                    await self._log_reader
            raise self._not_up(f"its process ended with code {self._process.returncode}")
        try:
            self.ready = json.loads(line)
        except ValueError as error:
            raise self._not_up(f"something else: {line[:200]!r}") from error
        if isinstance(why := self.ready.get("why_not"), dict):
            raise _told(why)

    def _not_up(self, found: str) -> ServerStartError:
        said = " | ".join(list(self.log)[-6:])
        return ServerStartError(
            "The local server did not come up.",
            expected="a line of JSON saying where it listens",
            found=f"{found}; it said: {said}" if said else found,
        )

    async def lines(self) -> AsyncIterator[bytes]:
        """What it says on standard output after it was ready, until it ends."""
        while self._process.stdout is not None and (line := await _line(self._process.stdout)):
            yield line

    async def _keep_log(self) -> None:
        stream = self._process.stderr
        while stream is not None and (line := await _line(stream)):
            text = line.decode("utf-8", "replace").rstrip()
            self.log.append(text)
            self._when_logged(text)

    async def wait(self) -> int:
        """Its exit code, once it has ended."""
        return await self._process.wait()

    async def stop(self, within_s: float) -> None:
        """Close its standard input, which tells it to end; then insist."""
        if self._process.stdin is not None:
            with contextlib.suppress(ConnectionError):
                self._process.stdin.write(END_LINE.encode())
            self._process.stdin.close()
        for insist in (None, self._process.terminate, self._process.kill):
            if insist is not None:
                with contextlib.suppress(ProcessLookupError):
                    insist()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(within_s / 2):
                    await self._process.wait()
                    break
        await self._log_reader


async def start_child(
    arguments: Sequence[str],
    given: dict[str, Any],
    *,
    ready_within_s: float,
    stop_within_s: float,
    when_logged: Callable[[str], None] = lambda _line: None,
    spawned: asyncio.subprocess.Process | None = None,
) -> Child:
    """Start a server process and wait until it is ready.

    Args:
        arguments: of `python -m harness.server`; never the key.
        given: handed in by standard input: ``api_key``, ``script``, ``parts``.
        when_logged: told every line that it writes to standard error.
        spawned: one of `spawn`, with the same arguments; from here on it is ours to end.

    Raises:
        ServerStartError: it did not come up; the message holds what it said.
        UsageError: it was told to do what makes no sense.
    """
    child = Child(spawned or await spawn(arguments), when_logged)
    try:
        await child.become_ready(given, ready_within_s)
    except BaseException:
        await asyncio.shield(child.stop(stop_within_s))
        raise
    return child


def why_not(error: HarnessError) -> str:
    """The line with which a process tells whoever started it why it is not ready."""
    facts = {"message": error.message, "expected": error.expected, "found": error.found}
    told = {**facts, "hint": error.hint, "is_usage": isinstance(error, UsageError)}
    return json.dumps({"why_not": told})


def _told(why: dict[str, Any]) -> HarnessError:
    """The same error on this side."""
    kind = UsageError if why.get("is_usage") else ServerStartError
    message = str(why.get("message"))
    return kind(message, **{name: why.get(name) for name in ("expected", "found", "hint")})


async def spawn(arguments: Sequence[str] = ()) -> asyncio.subprocess.Process:
    """A server process that imports what it needs, then waits for its line of standard input.

    In a session of its own, so that Ctrl-C in a terminal reaches us alone and we end it.

    Raises:
        ServerStartError: it could not be started.
    """
    path = os.pathsep.join(filter(None, [str(PACKAGE_HOME), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "harness.server", "--supervised", *arguments]
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


async def _line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readline()
    except ValueError:  # a line longer than the limit; its rest follows
        return b"(a very long line)\n"
