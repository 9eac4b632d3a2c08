"""A socket of the server's side, below any session."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from harness.server.http import event_socket
from harness.server.http.event_socket import EventSocket
from tests.support.waiting import until


class Accepting:
    """A server that accepts one socket and hands it to the test."""

    def __init__(self) -> None:
        self.accepted: asyncio.Future[EventSocket] = asyncio.get_running_loop().create_future()
        self.is_over = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        socket = await EventSocket.accept(request, ping_s=30)
        self.accepted.set_result(socket)
        await self.is_over.wait()
        return socket.response

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/", self.handle)
        return app


async def test_what_was_sent_before_the_end_arrives_before_it() -> None:
    """In order; after the end, sending does nothing."""
    server = Accepting()
    async with TestClient(TestServer(server.app())) as client, client.ws_connect("/") as ws:
        socket = await server.accepted
        for number in range(100):
            socket.send(str(number))
        assert socket.unsent_bytes > 0
        closing = asyncio.create_task(socket.aclose(1001, "x" * 200))
        received = [message.data async for message in ws]
        await closing
        assert received == [str(number) for number in range(100)]
        assert ws.close_code == 1001
        socket.send("too late")
        assert socket.unsent_bytes == 0
        server.is_over.set()


async def test_the_line_stays_until_the_client_says_goodbye_too() -> None:
    """Also where somebody was reading: a line that is cut with bytes in it is reset, and with that
    the goodbye may be lost."""
    server = Accepting()
    async with (
        TestClient(TestServer(server.app())) as client,
        client.ws_connect("/", autoclose=False) as ws,
    ):
        socket = await server.accepted
        reading = asyncio.create_task(socket.receive())
        await ws.send_bytes(b"one")
        assert await reading == b"one"
        reading = asyncio.create_task(socket.receive())
        await asyncio.sleep(0)
        closing = asyncio.create_task(socket.aclose(1001, "bye"))
        assert await reading is None
        goodbye = await ws.receive()
        assert (goodbye.type, goodbye.data) == (aiohttp.WSMsgType.CLOSE, 1001)
        await ws.send_bytes(b"x" * 1_000_000)
        for _ in range(20):
            await asyncio.sleep(0)
        assert not closing.done()
        await ws.close(code=1001)
        await closing
        assert socket.response.close_code == 1001
        server.is_over.set()


async def test_a_client_that_reads_nothing_does_not_hold_the_end_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What it did not take is lost with it."""
    monkeypatch.setattr(event_socket, "CLOSE_WITHIN_S", 0.2)
    server = Accepting()
    async with TestClient(TestServer(server.app())) as client, client.ws_connect("/") as ws:
        socket = await server.accepted
        ws._response.connection.transport.pause_reading()  # type: ignore[union-attr]
        for _ in range(200):
            socket.send("x" * 100_000)
        async with asyncio.timeout(5):
            await socket.aclose()
        assert socket.unsent_bytes == 0
        server.is_over.set()
        ws._response.connection.transport.abort()  # type: ignore[union-attr]


async def test_a_client_that_is_gone_is_none() -> None:
    """And nothing waits to be sent to it."""
    server = Accepting()
    async with TestClient(TestServer(server.app())) as client:
        ws: aiohttp.ClientWebSocketResponse = await client.ws_connect("/")
        socket = await server.accepted
        ws._response.connection.transport.abort()  # type: ignore[union-attr]
        assert await socket.receive() is None
        socket.send("x")
        await until(lambda: socket.unsent_bytes == 0)
        await socket.aclose()
        server.is_over.set()


async def test_a_message_that_is_too_long_ends_the_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """1009; one that is shorter is taken."""
    monkeypatch.setattr(event_socket, "MOST_MESSAGE_BYTES", 1000)
    server = Accepting()
    async with TestClient(TestServer(server.app())) as client, client.ws_connect("/") as ws:
        socket = await server.accepted
        await ws.send_str("x" * 999)
        assert await socket.receive() == "x" * 999
        await ws.send_str("x" * 1001)
        assert await socket.receive() is None
        assert (await ws.receive()).data == 1009
        await socket.aclose()
        server.is_over.set()
