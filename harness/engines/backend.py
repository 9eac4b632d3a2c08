"""The user's own program behind a page, such as one that mints secrets: started for a run.

It finds our server where it looks for the hosted service (OPENAI_BASE_URL and OPENAI_API_KEY), and
is ended with everything that it has started.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import sys
import uuid
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from harness import started_programs
from harness.client.server_api import ServerAddress, api_base
from harness.errors import BackendFailed, HarnessError, UsageError
from harness.programs import WholeLines
from harness.redact import Masker, shown
from harness.started_programs import StartedProgram, any_lives, marked, send

WAIT_S = 30.0
LOOK_EVERY_S = 0.1
ONE_LOOK_S = 5.0
STOP_WITHIN_S = 5.0
LINES_KEPT, LINES_TOLD = 200, 12
LONGEST_TOLD = 300
READ_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class BackendOptions:
    """Which program, and how it is known to be ready."""

    command: tuple[str, ...]
    page_url: str
    """Answers when it is ready."""

    wait_s: float = WAIT_S


class Backend:
    """A program that runs; made by `running_backend`."""

    def __init__(
        self,
        options: BackendOptions,
        process: asyncio.subprocess.Process,
        output: asyncio.StreamReader,
        started: StartedProgram,
        masker: Masker,
    ) -> None:
        self._options = options
        self._process = process
        self._started = started
        self._masker = masker
        self._lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._reading = asyncio.create_task(self._read(output), name="backend output")
        self._ended = asyncio.create_task(process.wait(), name="backend")

    @asynccontextmanager
    async def needed(self) -> AsyncIterator[None]:
        """A block that ends with an error when the program ends.

        Raises:
            BackendFailed: it has ended; with its exit code and its last lines.
        """
        if self.has_failed:
            raise await self.failed("it had ended")
        task = asyncio.current_task()
        assert task is not None
        others, cancelled = task.cancelling(), False

        def cancel(_: asyncio.Task[int]) -> None:
            nonlocal cancelled
            if self.has_failed:
                cancelled = task.cancel()

        self._ended.add_done_callback(cancel)
        try:
            yield
        except (asyncio.CancelledError, HarnessError) as error:
            is_ours = not cancelled or task.uncancel() <= others
            is_an_error = isinstance(error, HarnessError)
            # What went wrong after its end went wrong because of it.
            if self.has_failed and is_ours and (cancelled or is_an_error):
                raise await self.failed("it ended in the middle of the run") from error
            raise
        finally:
            self._ended.remove_done_callback(cancel)

    @property
    def has_failed(self) -> bool:
        """It is over; one that ends with 0 may have left a server in the background."""
        code = self._process.returncode
        return code is not None and (code != 0 or not self._started.living())

    async def answers(self) -> None:
        """Wait until it answers at the page's address.

        Raises:
            BackendFailed: not in time, or it ended before that.
        """
        url, wait_s = self._options.page_url, self._options.wait_s
        try:
            async with asyncio.timeout(wait_s), self.needed():
                while not await is_answered(url):  # noqa: ASYNC110 - it is no part of ours
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            raise await self.failed(
                f"nobody answered at {shown(url)} within {wait_s:g} s",
                hint="is --page the address it listens on? one that takes longer: --wait-s 120",
            ) from None

    async def failed(self, found: str, hint: str | None = None) -> BackendFailed:
        """The error, with what the program said last."""
        if self.has_failed:
            with contextlib.suppress(TimeoutError):  # a child of it may hold its output open
                async with asyncio.timeout(0.5):
                    await asyncio.shield(self._reading)
            found = f"{found}, with exit code {self._process.returncode}"
        last = [self._told(line) for line in list(self._lines)[-LINES_TOLD:]]
        said = "".join(f"\n              {line}" for line in last) or " nothing"
        return BackendFailed(
            "The page's own program did not do its part.",
            expected=f"“{shlex.join(self._options.command)}” to answer at "
            f"{shown(self._options.page_url)} until the run is over",
            found=f"{found}; it said last:{said}",
            hint=hint or "start it by hand, with OPENAI_BASE_URL and OPENAI_API_KEY set, and look",
        )

    async def aclose(self) -> None:
        """End it, and all that it has started; first politely."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            living = self._started.living()
            if not living:
                break
            send(number, living)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_WITHIN_S):
                    while any_lives(living):  # noqa: ASYNC110 - nobody tells of another's children
                        await asyncio.sleep(LOOK_EVERY_S / 2)
        await self._ended
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    def _told(self, line: str) -> str:
        """Masked whole, since half a secret is not known for one; then shortened."""
        text = self._masker.text(line)
        return text if len(text) <= LONGEST_TOLD else f"{text[:LONGEST_TOLD]}…"

    async def _read(self, output: asyncio.StreamReader) -> None:
        lines = WholeLines()
        while data := await output.read(READ_BYTES):
            self._lines += lines.add(data)
        self._lines += lines.end()


@asynccontextmanager
async def running_backend(options: BackendOptions, server: ServerAddress) -> AsyncIterator[Backend]:
    """The program, once it answers; leaving the block ends it and its children.

    Args:
        server: what it is to take for the hosted service.

    Raises:
        UsageError: somebody answers at the page's address already.
        BackendFailed: it did not start, ended, or did not answer in time; with its last lines.
    """
    if await is_answered(options.page_url):
        raise UsageError(
            f"Somebody answers at {shown(options.page_url)} already.",
            expected=f"nobody there until “{shlex.join(options.command)}” has started",
            found="an answer; another one of it may be running",
            hint="end the other one, or leave away the command behind “--” and use that one",
        )
    async with _pipe() as (output, write_end):
        mark = uuid.uuid4().hex
        try:
            process = await _spawn(options, server, mark, write_end)
        finally:
            os.close(write_end)
        started = StartedProgram(process.pid, mark)
        backend = Backend(options, process, output, started, Masker({server.api_key}))
        try:
            async with _ended_with_us(started):
                await backend.answers()
                yield backend
        finally:
            await asyncio.shield(asyncio.create_task(backend.aclose()))


@asynccontextmanager
async def _ended_with_us(started: StartedProgram) -> AsyncIterator[None]:
    """However we end in the block, killed or by a second Ctrl-C, the program ends too.

    Another process waits for its standard input, which we hold, to close.
    """
    waiting = await asyncio.create_subprocess_exec(
        *(sys.executable, started_programs.__file__, str(started.group), started.mark),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        waiting.kill()
        await asyncio.shield(asyncio.create_task(waiting.wait()))


async def is_answered(url: str) -> bool:
    """Whether anybody answers HTTP there, whatever the status."""
    timeout = aiohttp.ClientTimeout(total=ONE_LOOK_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            http.get(url, allow_redirects=False, ssl=False),
        ):
            return True
    except (aiohttp.ClientError, OSError, TimeoutError):
        return False


@asynccontextmanager
async def _pipe() -> AsyncIterator[tuple[asyncio.StreamReader, int]]:
    """What is read of a pipe, and its other end, for the program; whoever gets it closes it.

    With one that asyncio makes, `Process.wait` waits until nobody has its other end any more, and
    somebody whom the program has left behind may keep it.
    """
    reader, (read_end, write_end) = asyncio.StreamReader(), os.pipe()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read_end, "rb", buffering=0)
    )
    try:
        yield reader, write_end
    finally:
        transport.close()


async def _spawn(
    options: BackendOptions, server: ServerAddress, mark: str, output: int
) -> asyncio.subprocess.Process:
    environ = {
        **os.environ,
        "OPENAI_BASE_URL": api_base(server.url),
        "OPENAI_API_KEY": server.api_key,
    }
    try:
        return await asyncio.create_subprocess_exec(
            *options.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            env=marked(environ, mark),
            start_new_session=True,
        )
    except OSError as error:
        raise BackendFailed(
            "The page's own program could not be started.",
            expected=f"“{shlex.join(options.command)}” to run",
            found=str(error),
            hint="what stands behind “--” is a command as you would type it here",
        ) from error
