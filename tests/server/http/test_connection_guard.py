"""What a connection has to bring before anything behind the guard hears of it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from harness.errors import ServerStartError
from harness.server.http.connection_guard import (
    MOST_HEAD_BYTES,
    ConnectionGuard,
    listening_at,
    port_of,
)
from tests.support.waiting import until

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


class Echo(asyncio.Protocol):
    """Behind the guard: says what it got, and ends with the client."""

    made: int = 0
    lost: int = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        Echo.made += 1

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)

    def connection_lost(self, error: Exception | None) -> None:
        Echo.lost += 1


@asynccontextmanager
async def guard(
    most: int = 5, head_within_s: float = 30.0
) -> AsyncIterator[tuple[ConnectionGuard, int]]:
    Echo.made = Echo.lost = 0
    opened = ConnectionGuard(Echo, most, head_within_s)
    async with listening_at(opened, "127.0.0.1", 0) as server:
        yield opened, port_of(server)


async def said(reader: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(reader.read(), 10)


async def test_a_head_passes_whole_and_what_follows_as_it_comes() -> None:
    """In whatever pieces it came, without the empty lines some clients send first."""
    async with guard() as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\r\n\r\n" + HEAD[:7])
        await writer.drain()
        writer.write(HEAD[7:-2])
        await writer.drain()
        assert Echo.made == 0
        writer.write(HEAD[-2:] + b"body")
        assert await reader.readexactly(len(HEAD) + 4) == HEAD + b"body"
        writer.write(b"more")
        assert await reader.readexactly(4) == b"more"
        writer.close()
        await until(lambda: Echo.lost == 1)


async def test_a_head_that_does_not_come_is_not_waited_for() -> None:
    """Also one that comes a byte at a time; nobody behind the guard hears of it."""
    async with guard(head_within_s=0.05) as (opened, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD[:-1])
        answer = await said(reader)
        assert answer.startswith(b"HTTP/1.1 408 Request Timeout")
        assert b'"code": "request_timeout"' in answer
        writer.close()
        await until(lambda: not opened.connections)
        assert Echo.made == 0


async def test_one_that_was_let_in_has_all_the_time() -> None:
    """A call's WebSocket is one request."""
    async with guard(head_within_s=1.0) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD)
        await reader.readexactly(len(HEAD))
        await asyncio.sleep(1.1)
        writer.write(b"still")
        assert await reader.readexactly(5) == b"still"
        writer.close()


@pytest.mark.parametrize("end", [b"", b"\r\n\r\n"])
async def test_a_head_that_is_too_large_is_refused(end: bytes) -> None:
    """Whether or not its end came with it."""
    async with guard() as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nA: " + b"x" * MOST_HEAD_BYTES + end)
        assert (await said(reader)).startswith(b"HTTP/1.1 431 ")
        writer.close()
        assert Echo.made == 0


async def test_one_connection_too_many_is_told_so() -> None:
    """A place that gets free is the next one's."""
    async with guard(most=1) as (opened, port):
        _, first = await asyncio.open_connection("127.0.0.1", port)
        await until(lambda: len(opened.connections) == 1)
        reader, second = await asyncio.open_connection("127.0.0.1", port)
        answer = await said(reader)
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"too many connections" in answer
        first.close()
        second.close()
        await until(lambda: not opened.connections)
        reader, third = await asyncio.open_connection("127.0.0.1", port)
        third.write(HEAD)
        assert await reader.readexactly(len(HEAD)) == HEAD
        third.close()


async def test_who_is_still_at_the_door_when_it_closes_is_sent_away() -> None:
    async with guard() as (opened, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await until(lambda: len(opened.connections) == 1)
    with suppress(ConnectionError):  # cut off, not said goodbye to
        assert await said(reader) == b""
    writer.close()


async def test_a_port_that_is_taken_is_told_in_plain_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerStartError, match=f"port {port} of 127.0.0.1 to be free"):
            async with listening_at(ConnectionGuard(Echo), "127.0.0.1", port):
                pass
