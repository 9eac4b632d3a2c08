"""A program that does long work: arguments in, progress and a result out, and ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping
from typing import Any

from harness.context.errors import ReasonerFailed
from harness.context.long_work import LongWork
from harness.context.thinking.reasoner import MAX_RESULT_CHARS, Tell, Thought
from harness.programs import command_of, environment_of, kill_group

MAX_OUTPUT_BYTES = 4 * MAX_RESULT_CHARS
MAX_LINE_BYTES = 64 * 1024
TOLD_CHARS = 500


class ProcessReasoner:
    """Starts the program anew for each piece of work."""

    def __init__(self, wanted: LongWork) -> None:
        self._wanted = wanted

    async def start(self, arguments: Mapping[str, Any], tell: Tell) -> Thought:
        """See `Reasoner`; raises `ReasonerFailed` where it does not start."""
        starting = asyncio.ensure_future(self._started())
        try:
            process = await asyncio.shield(starting)
        except OSError as error:
            raise ReasonerFailed(f"The program cannot be started: {error}") from error
        except asyncio.CancelledError:
            # A start that is cancelled waits for the end of all that the program has begun.
            starting.add_done_callback(_end_at_once)
            raise
        return _ProgramsThought(process, json.dumps(dict(arguments), ensure_ascii=False), tell)

    async def _started(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            *command_of(self._wanted.command or []),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            cwd=self._wanted.folder,
            env=environment_of(self._wanted.env),
            limit=MAX_LINE_BYTES,
            start_new_session=True,  # so that its children end with it
        )


def _end_at_once(starting: asyncio.Future[asyncio.subprocess.Process]) -> None:
    if not starting.cancelled() and starting.exception() is None:
        kill_group(starting.result().pid)


class _ProgramsThought:
    def __init__(self, process: asyncio.subprocess.Process, given: str, tell: Tell) -> None:
        self._process = process
        self._given = given
        self._tell = tell
        self._last = ""

    async def result(self) -> object:
        try:
            _, output, _ = await asyncio.gather(self._give(), self._output(), self._progress())
            status = await self._process.wait()
        finally:
            kill_group(self._process.pid)
        if status != 0:
            told = f"The program ended with status {status}: {self._last}"
            raise ReasonerFailed(told.rstrip(": "))
        return output.decode("utf-8", "replace").strip()

    async def cancel(self) -> None:
        kill_group(self._process.pid)
        await self._process.wait()

    async def _give(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it need not read
            self._process.stdin.write(self._given.encode())
            await self._process.stdin.drain()
        self._process.stdin.close()

    async def _output(self) -> bytes:
        assert self._process.stdout is not None
        output = b""
        while more := await self._process.stdout.read(MAX_LINE_BYTES):
            output += more
            if len(output) > MAX_OUTPUT_BYTES:
                raise ReasonerFailed(f"The program printed more than {MAX_OUTPUT_BYTES} bytes.")
        return output

    async def _progress(self) -> None:
        assert self._process.stderr is not None
        while True:
            try:
                line = await self._process.stderr.readline()
            except ValueError:  # longer than a line may be: told of is what fits
                continue
            if not line:
                return
            if text := line.decode("utf-8", "replace").strip()[:TOLD_CHARS]:
                self._last = text
                self._tell(text)
