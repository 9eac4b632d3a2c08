"""A program that does long work: arguments in, progress and a result out, and ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from harness.context.errors import ReasonerFailed
from harness.context.long_work import LongWork
from harness.context.thinking.reasoner import MAX_RESULT_CHARS, Tell, Thought
from harness.programs import WholeLines, command_of, environment_of, kill_all_of
from harness.started_programs import StartedProgram, marked

MAX_OUTPUT_BYTES = 4 * MAX_RESULT_CHARS
READ_BYTES = 64 * 1024

LEFT_BEHIND_S = 0.5
"""The program has ended, and what it has started holds its output open: killed after so long."""

LOOKS_EVERY_S = 0.05


class ProcessReasoner:
    """Starts the program anew for each piece of work."""

    def __init__(self, wanted: LongWork) -> None:
        self._wanted = wanted

    async def start(self, arguments: Mapping[str, Any], tell: Tell) -> Thought:
        """See `Reasoner`; raises `ReasonerFailed` where it does not start."""
        mark = uuid.uuid4().hex
        starting = asyncio.ensure_future(self._started(mark))
        try:
            process = await asyncio.shield(starting)
        except OSError as error:
            raise ReasonerFailed(f"The program cannot be started: {error}") from error
        except asyncio.CancelledError:
            # A start that is cancelled waits for the end of all that the program has begun.
            starting.add_done_callback(partial(_end_at_once, mark))
            raise
        started = StartedProgram(process.pid, mark)
        return _ProgramsThought(
            process, started, json.dumps(dict(arguments), ensure_ascii=False), tell
        )

    async def _started(self, mark: str) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            *command_of(self._wanted.command or []),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            cwd=self._wanted.folder,
            env=marked(environment_of(self._wanted.env), mark),
            start_new_session=True,  # its children are found by their group, or by the mark
        )


def _end_at_once(mark: str, starting: asyncio.Future[asyncio.subprocess.Process]) -> None:
    if not starting.cancelled() and starting.exception() is None:
        kill_all_of(StartedProgram(starting.result().pid, mark))


class _ProgramsThought:
    def __init__(
        self, process: asyncio.subprocess.Process, started: StartedProgram, given: str, tell: Tell
    ) -> None:
        self._process = process
        self._started = started
        self._given = given
        self._tell = tell
        self._last = ""
        self._is_cut = False
        """What is left of it was killed, perhaps in the middle of a line."""

    async def result(self) -> object:
        ending = asyncio.ensure_future(self._end_what_is_left())
        try:
            _, output, _ = await asyncio.gather(self._give(), self._output(), self._progress())
            status = await self._process.wait()
        finally:
            ending.cancel()
            kill_all_of(self._started)
        if status != 0:
            told = f"The program ended with status {status}: {self._last}"
            raise ReasonerFailed(told.rstrip(": "))
        return output.decode("utf-8", "replace").strip()

    async def cancel(self) -> None:
        kill_all_of(self._started)
        await self._process.wait()

    async def _end_what_is_left(self) -> None:
        # Some versions of `wait` wait for the pipes, too.
        while self._process.returncode is None:  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(LOOKS_EVERY_S)
        await asyncio.sleep(LEFT_BEHIND_S)
        self._is_cut = True
        kill_all_of(self._started)

    async def _give(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it need not read
            self._process.stdin.write(self._given.encode())
            await self._process.stdin.drain()
        self._process.stdin.close()

    async def _output(self) -> bytes:
        assert self._process.stdout is not None
        output = b""
        while more := await self._process.stdout.read(READ_BYTES):
            output += more
            if len(output) > MAX_OUTPUT_BYTES:
                raise ReasonerFailed(f"The program printed more than {MAX_OUTPUT_BYTES} bytes.")
        return output

    async def _progress(self) -> None:
        assert self._process.stderr is not None
        lines = WholeLines()
        while data := await self._process.stderr.read(READ_BYTES):
            self._say(lines.add(data))
        if not self._is_cut:
            self._say(lines.end())

    def _say(self, lines: list[str]) -> None:
        for line in lines:
            self._last = line
            self._tell(line)
