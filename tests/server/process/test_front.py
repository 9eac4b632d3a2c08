"""The front hands bytes on; here the worker behind it is a few lines."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from harness.server.http.connection_guard import listening_at, port_of
from harness.server.process.front import Front
from harness.server.process.workers import Workers
from tests.support.waiting import until

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


class Behind:
    """What is behind the front: workers without processes, each answering with `serve`."""

    def __init__(self, workers: Workers, port: int) -> None:
        self.workers = workers
        self.port = port

    async def ask(self, text: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(text)
            return await reader.read()
        finally:
            writer.close()


async def says_who(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with one's socket's name and the head that came."""
    head = await reader.readuntil(b"\r\n\r\n")
    name = Path(writer.get_extra_info("sockname")).stem.encode()
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + name + b"|" + head)
    writer.close()


@asynccontextmanager
async def front(folder: Path, serve: Serve = says_who) -> AsyncIterator[Behind]:
    async def nothing(_worker: object) -> None: ...

    workers = Workers(2, folder, [], {}, nothing)
    servers = []
    for path in [*(worker.socket for worker in workers.all), folder / "front.sock"]:
        servers.append(await asyncio.start_unix_server(serve, path))
    for worker in workers.all:
        worker.is_up = True
    front = Front(workers, folder / "front.sock")
    try:
        async with listening_at(front.guard, "127.0.0.1", 0) as server:
            yield Behind(workers, port_of(server))
    finally:
        await front.aclose()
        for each in servers:
            each.close()


async def test_each_request_finds_its_worker(tmp_path: Path) -> None:
    async with front(tmp_path) as behind:
        hang_up = b"POST /v1/realtime/calls/rtc_u1_x/hangup HTTP/1.1\r\n\r\n"
        assert b"\r\n\r\n1|POST" in await behind.ask(hang_up)
        behind.workers.all[0].calls = 5
        call = await behind.ask(b"POST /v1/realtime/calls HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"\r\n\r\n1|POST" in call
        assert b"Connection: close\r\nX-Harness-Peer: local" in call
        assert b"front|GET" in await behind.ask(b"GET /status HTTP/1.1\r\n\r\n")


async def test_a_call_on_its_way_counts_until_its_worker_answers(tmp_path: Path) -> None:
    may_answer = asyncio.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await may_answer.wait()
        writer.write(b"HTTP/1.1 201 Created\r\n\r\n")
        writer.close()

    async with front(tmp_path, slow) as behind:
        first, second = behind.workers.all
        ask = b"POST /v1/realtime/calls HTTP/1.1\r\n\r\n"
        asked = [asyncio.create_task(behind.ask(ask)) for _ in range(4)]
        await until(lambda: (first.expected, second.expected) == (2, 2))
        may_answer.set()
        await asyncio.gather(*asked)
        await until(lambda: (first.expected, second.expected) == (0, 0))


async def test_bytes_pass_both_ways_as_they_are(tmp_path: Path) -> None:
    """A large upload, and a stream of whatever comes after an upgrade."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    sent = bytes(range(256)) * 8192
    async with front(tmp_path, echo) as behind:
        reader, writer = await asyncio.open_connection("127.0.0.1", behind.port)
        writer.write(b"GET /v1/realtime HTTP/1.1\r\nUpgrade: websocket\r\n\r\n")
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
        received = asyncio.create_task(reader.read())
        for at in range(0, len(sent), 100_000):
            writer.write(sent[at : at + 100_000])
            await writer.drain()
        writer.write_eof()
        assert await received == sent
        writer.close()


async def test_nothing_passes_after_a_websocket_that_was_refused(tmp_path: Path) -> None:
    """A second request on that connection would reach a worker that the front did not choose."""
    heard: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.3):
                heard.append(await reader.read(100))
        writer.close()

    smuggled = b"GET /status HTTP/1.1\r\nX-Harness-Peer: local\r\n\r\n"
    async with front(tmp_path, refuse) as behind:
        answer = await behind.ask(
            b"GET /v1/realtime HTTP/1.1\r\nUpgrade: websocket\r\n\r\n" + smuggled
        )
    assert answer.startswith(b"HTTP/1.1 401")
    assert len(heard) == 1


async def test_a_body_passes_and_nothing_after_it(tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        heard.append(await reader.read())
        writer.close()

    async with front(tmp_path, listen) as behind:
        _reader, writer = await asyncio.open_connection("127.0.0.1", behind.port)
        writer.write(b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbodyGET /status HTTP/1.1")
        writer.write_eof()
        await until(lambda: bool(heard))
        writer.close()
    assert heard == [b"body"]


async def test_a_client_that_leaves_is_missed_at_once(tmp_path: Path) -> None:
    """So that its worker frees the call."""
    is_gone = asyncio.Event()

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        is_gone.set()
        writer.close()

    async with front(tmp_path, wait) as behind:
        _reader, writer = await asyncio.open_connection("127.0.0.1", behind.port)
        writer.write(b"POST /v1/realtime/calls HTTP/1.1\r\nContent-Length: 1\r\n\r\nx")
        await writer.drain()
        writer.close()
        await asyncio.wait_for(is_gone.wait(), 10)


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /\r\n\r\n", b"400 Bad Request"),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 40_000 + b"\r\n\r\n", b"431 "),
    ],
)
async def test_what_is_no_request_is_refused_in_json(
    tmp_path: Path, request_bytes: bytes, status: bytes
) -> None:
    async with front(tmp_path) as behind:
        answer = await behind.ask(request_bytes)
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert b'{"error": {"message": ' in answer


async def test_while_nobody_is_there_it_says_so(tmp_path: Path) -> None:
    """Also when a worker dies between two looks."""
    async with front(tmp_path) as behind:
        behind.workers.all[1].socket.unlink()
        gone = await behind.ask(b"GET /harness/calls/rtc_u1_x/received.wav HTTP/1.1\r\n\r\n")
        assert gone.startswith(b"HTTP/1.1 503")
        for worker in behind.workers.all:
            worker.is_up = False
        assert (await behind.ask(b"GET / HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 503")
