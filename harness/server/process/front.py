"""The front of a server with several workers: every connection finds its worker here.

It reads the head of a request, chooses, and from then on only hands bytes on, both ways: bodies,
WebSockets and whatever comes next pass as they are. A connection carries one request. Media never
comes through here: a call's packets go to its worker directly.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import ProtocolError
from harness.server.http.address import is_loopback
from harness.server.http.connection_guard import (
    HEAD_END,
    MOST_HEAD_BYTES,
    ConnectionGuard,
    service_unavailable,
)
from harness.server.http.errors import Refusal
from harness.server.process.routing import Head, Target, parse_head, target_of
from harness.server.process.workers import Worker, Workers

PIECE_BYTES = 64 * 1024
SWITCHING = b"HTTP/1.1 101"
"""What was a request is a WebSocket from here. Until then nothing of the client's goes on: what it
sent after a refused one would be a second request, which nobody here has looked at."""

_log = logging.getLogger(__name__)


class Front:
    """Serves the connections of its `guard`.

    Args:
        workers: who answers.
        own_socket: where the front's own application listens (`harness.server.process.front_app`).
    """

    def __init__(self, workers: Workers, own_socket: Path) -> None:
        self._workers = workers
        self._own_socket = own_socket
        self._connections: set[asyncio.Task[None]] = set()
        self.guard = ConnectionGuard(self._protocol)

    def _protocol(self) -> asyncio.Protocol:
        return asyncio.StreamReaderProtocol(asyncio.StreamReader(MOST_HEAD_BYTES), self._carry)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its first byte to its end."""
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, EOFError):
            pass  # the client left: nobody is there to tell
        except Exception:
            _log.exception("a connection broke")
        finally:
            self._connections.discard(task)
            writer.close()

    async def aclose(self) -> None:
        """End what still goes on."""
        tasks = list(self._connections)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await _head(reader)
            target = target_of(head)
            if target.place == "front" and target.worker is None:
                await self._join(self._own_socket, head, reader, writer, None)
                return
            worker = self._worker(target)
            expecting = worker if target.begins_call else None
            await self._join(worker.socket, head, reader, writer, expecting)
        except Refusal as refusal:
            writer.write(refusal.as_bytes())
            await writer.drain()

    def _worker(self, target: Target) -> Worker:
        known = None if target.worker is None else self._workers.find(target.worker)
        worker = known or self._workers.least_loaded()
        if worker is None:
            raise service_unavailable("The server is starting again.")
        return worker

    async def _join(
        self,
        socket: Path,
        head: Head,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        expecting: Worker | None,
    ) -> None:
        """Hand everything on between the two, until one of them ends.

        Args:
            expecting: the worker that is about to get a call, counted with its load until it
                answers.
        """
        with _one_more(expecting) as answered:
            try:
                inner_reader, inner_writer = await asyncio.open_unix_connection(str(socket))
            except OSError as error:  # it has died this very moment
                raise service_unavailable("This part of the server is starting again.") from error
            inner_writer.write(head.forwarded(_peer(writer)))
            asking: asyncio.Task[None] | None = None
            if not head.is_websocket:
                asking = asyncio.create_task(_ask(reader, inner_writer, head.body_bytes))
            try:
                first = await inner_reader.read(PIECE_BYTES)
                answered.close()
                if head.is_websocket and first.startswith(SWITCHING):
                    asking = asyncio.create_task(_copy(reader, inner_writer))
                writer.write(first)
                await writer.drain()
                await _copy(inner_reader, writer)
            finally:
                if asking is not None:
                    asking.cancel()
                    await asyncio.gather(asking, return_exceptions=True)
                inner_writer.close()


@contextmanager
def _one_more(worker: Worker | None) -> Iterator[contextlib.ExitStack]:
    """Count a call that is on its way; closing the stack, or leaving, ends that."""

    def take_back() -> None:
        if worker is not None:
            worker.expected -= 1

    if worker is not None:
        worker.expected += 1
    with contextlib.ExitStack() as stack:
        stack.callback(take_back)
        yield stack


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body_bytes: int | None
) -> None:
    """Hand on a request's body and nothing after it; but tell when the client leaves."""
    if body_bytes is None:
        await _copy(reader, writer)
        return
    while data := await reader.read(PIECE_BYTES):
        writer.write(data[:body_bytes])
        body_bytes = max(0, body_bytes - len(data))
        await writer.drain()
    with contextlib.suppress(OSError):
        writer.write_eof()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand bytes on, no faster than they are taken, until there are no more."""
    while data := await reader.read(PIECE_BYTES):
        writer.write(data)
        await writer.drain()
    with contextlib.suppress(OSError):
        if writer.can_write_eof():
            writer.write_eof()


def _peer(writer: asyncio.StreamWriter) -> str:
    address = writer.get_extra_info("peername")
    return "local" if address and is_loopback(str(address[0])) else "remote"


async def _head(reader: asyncio.StreamReader) -> Head:
    """The head that came through the guard."""
    try:
        return parse_head(await reader.readuntil(HEAD_END))
    except ProtocolError as error:
        raise Refusal(400, error.message, "invalid_request") from error
