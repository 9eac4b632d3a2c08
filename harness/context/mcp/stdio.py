"""Programs that speak MCP on standard input and output: started, bounded, and ended.

Why not the package's own transport: it keeps a line that never ends in memory, all of it.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from subprocess import PIPE
from typing import TYPE_CHECKING

from harness.context.mcp.failures import MAX_ANSWER_BYTES, AnswerTooLarge, Watch
from harness.context.mcp_server import McpServer
from harness.programs import WholeLines, command_of, environment_of, kill_all_of
from harness.started_programs import StartedProgram, marked

if TYPE_CHECKING:
    from anyio.abc import ByteReceiveStream, ByteSendStream, Process
    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
    from mcp.shared.message import SessionMessage

    Streams = tuple[
        MemoryObjectReceiveStream[SessionMessage | Exception],
        MemoryObjectSendStream[SessionMessage],
    ]

ENDS_WITHIN_S = 1.0
"""After its input was closed; then it is killed."""

TELLS_ITS_END_WITHIN_S = 0.5

MAX_UNREAD_LINES = 100
"""Some print a greeting where messages belong; one that goes on does not speak the protocol."""


class Program:
    """A tool server's process, as it is seen from outside."""

    def __init__(self) -> None:
        import anyio

        self.mark = uuid.uuid4().hex
        """By which it is found, and all that it has started."""

        self._process: Process | None = None
        self._lines = WholeLines()
        self._last = ""
        self._is_cut = False
        """It was killed, perhaps in the middle of a line."""

        self._has_told_all = anyio.Event()
        self.unread_lines = 0
        """So many lines were no messages."""

        self._first_unread = ""

    def began(self, process: Process) -> None:
        """It runs."""
        self._process = process

    def wrote_no_message(self, line: bytes) -> None:
        """It wrote a line to its standard output that is no message of the protocol."""
        self.unread_lines += 1
        if self.unread_lines == 1:
            self._first_unread = line.decode(errors="replace").strip()

    @property
    def wrote(self) -> str:
        """What it wrote in place of messages, and its last line of standard error; "" for nothing.

        The lines are whole, and may hold secrets: hide them before it is shortened.
        """
        told = []
        if self.unread_lines:
            is_one = self.unread_lines == 1
            many = f"{self.unread_lines} lines that are no messages"
            what = "a line that is no message" if is_one else many
            told.append(f"{what} on its standard output: {self._first_unread}")
        if self._last:
            told.append(f"on its standard error: {self._last}")
        return "; ".join(told)

    def tell(self, data: bytes) -> None:
        """It wrote something to its standard error."""
        self._last = (self._lines.add(data) or [self._last])[-1]

    def has_told_all(self) -> None:
        """Its standard error is closed."""
        if not self._is_cut:
            self._last = (self._lines.end() or [self._last])[-1]
        self._has_told_all.set()

    def kill(self) -> None:
        """End it, and all that it has started."""
        if self._process is not None:
            self._is_cut = self._is_cut or self._process.returncode is None
            kill_all_of(StartedProgram(self._process.pid, self.mark))

    async def end(self) -> str:
        """How it ended, in words, with the last line that it wrote to its standard error.

        The line is whole, and may hold secrets: hide them before it is shortened.
        """
        import anyio

        if self._process is not None:  # its output ends a little before it
            with anyio.move_on_after(TELLS_ITS_END_WITHIN_S):
                await self._process.wait()
                await self._has_told_all.wait()
        code = None if self._process is None else self._process.returncode
        ended = "it closed its output" if code is None else f"it ended with status {code}"
        return f"{ended}: {self._last}" if self._last else ended


@asynccontextmanager
async def running_program(
    wanted: McpServer, watch: Watch, program: Program
) -> AsyncIterator[Streams]:
    """The program's messages, from here to the block's end; then it is ended.

    Raises:
        OSError: it cannot be started.
    """
    import anyio

    with anyio.CancelScope(shield=True):  # a start that is cancelled leaves its children
        process = await anyio.open_process(
            command_of(wanted.command or []),
            stderr=PIPE,
            cwd=wanted.folder,
            env=marked(environment_of(wanted.env), program.mark),
            start_new_session=True,  # its children are found by their group, or by the mark
        )
    program.began(process)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    received_in, received = anyio.create_memory_object_stream["SessionMessage | Exception"](0)
    to_send, sent = anyio.create_memory_object_stream["SessionMessage"](0)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_read, process.stdout, received_in, watch, program)
        tasks.start_soon(_write, process.stdin, sent, received_in)
        tasks.start_soon(_read_errors, process.stderr, program)
        try:
            yield received, to_send
        finally:
            with anyio.CancelScope(shield=True):
                await _end(process, program)
            tasks.cancel_scope.cancel()
            for stream in (received_in, received, to_send, sent):
                stream.close()


async def _read(
    output: ByteReceiveStream,
    received: MemoryObjectSendStream[SessionMessage | Exception],
    watch: Watch,
    program: Program,
) -> None:
    """A line is a message. Nothing is read any more from one that sends too much."""
    import anyio
    from anyio.streams.buffered import BufferedByteReceiveStream

    lines = BufferedByteReceiveStream(output)
    with contextlib.suppress(
        anyio.EndOfStream,
        anyio.IncompleteRead,
        anyio.ClosedResourceError,
        anyio.BrokenResourceError,
        AnswerTooLarge,
    ):
        try:
            while True:
                line = await lines.receive_until(b"\n", MAX_ANSWER_BYTES)
                watch.count(len(line) + 1)
                message = _message(line)
                if isinstance(message, Exception):
                    program.wrote_no_message(line)
                if program.unread_lines > MAX_UNREAD_LINES:
                    break
                await received.send(message)
        except anyio.DelimiterNotFound:
            watch.is_too_large = True
    received.close()


def _message(line: bytes) -> SessionMessage | Exception:
    import mcp_types
    from mcp.shared.message import SessionMessage

    try:
        return SessionMessage(mcp_types.jsonrpc_message_adapter.validate_json(line, by_name=False))
    except ValueError as error:
        return error


async def _write(
    to_program: ByteSendStream,
    sent: MemoryObjectReceiveStream[SessionMessage],
    received: MemoryObjectSendStream[SessionMessage | Exception],
) -> None:
    import anyio

    try:
        async for message in sent:
            text = message.message.model_dump_json(by_alias=True, exclude_unset=True)
            await to_program.send(f"{text}\n".encode())
    except (anyio.ClosedResourceError, anyio.BrokenResourceError, OSError):
        received.close()  # whoever waits for an answer waits no longer


async def _read_errors(errors: ByteReceiveStream, program: Program) -> None:
    import anyio

    with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
        async for data in errors:
            program.tell(data)
        program.has_told_all()


async def _end(process: Process, program: Program) -> None:
    import anyio

    assert process.stdin is not None
    with contextlib.suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
        await process.stdin.aclose()
    with anyio.move_on_after(ENDS_WITHIN_S):
        await process.wait()
    program.kill()  # also what it has left behind
    with anyio.move_on_after(ENDS_WITHIN_S):
        await process.wait()
    await program.end()  # its last words are read by then
    with contextlib.suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
        await process.aclose()
