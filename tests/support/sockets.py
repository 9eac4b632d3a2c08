"""A WebSocket client of a `LocalServer`, as a program or a page would be one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.support.local_server import WITH_KEY, LocalServer

PATH = "/v1/realtime"
MODEL = "?model=gpt-realtime"


class SocketClient:
    """Events in and out."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.events: list[dict[str, Any]] = []

    async def send(self, **event: Any) -> None:
        await self.socket.send_str(json.dumps(event))

    async def next(self, within_s: float = 10.0) -> dict[str, Any]:
        """The next event; EOFError when the socket was closed instead."""
        async with asyncio.timeout(within_s):
            message = await self.socket.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            is_goodbye = message.type is aiohttp.WSMsgType.CLOSE
            code = message.data if is_goodbye else self.socket.close_code
            raise EOFError(code, message.extra)
        self.events.append(json.loads(message.data))
        return self.events[-1]

    async def event(self, kind: str, within_s: float = 10.0) -> dict[str, Any]:
        """Read on until an event of this type."""
        while (event := await self.next(within_s))["type"] != kind:
            pass
        return event

    async def closed(self) -> tuple[int | None, str]:
        """Read on until the server says goodbye: its code and its reason."""
        try:
            while True:
                await self.next()
        except EOFError as end:
            return end.args[0], end.args[1] or ""

    def kinds(self) -> list[str]:
        return [event["type"] for event in self.events]


@asynccontextmanager
async def socket_to(
    server: LocalServer,
    query: str = MODEL,
    headers: dict[str, str] | None = WITH_KEY,
    protocols: Iterable[str] = (),
    **options: Any,
) -> AsyncIterator[SocketClient]:
    """A connected socket; `aiohttp.WSServerHandshakeError` where there is none to be had."""
    url = PATH + query
    async with server.client.ws_connect(
        url, headers=headers, protocols=protocols, max_msg_size=0, **options
    ) as socket:
        yield SocketClient(socket)


async def refused(server: LocalServer, query: str, **options: Any) -> tuple[int, dict[str, Any]]:
    """Status and JSON body of a handshake that is refused."""
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        **options.pop("headers", {}),
    }
    async with server.client.get(PATH + query, headers=headers) as answer:
        return answer.status, await answer.json()
