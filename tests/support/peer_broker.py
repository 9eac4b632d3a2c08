"""A broker for PeerJS: hands out ids and passes messages on, as its own server does."""

from __future__ import annotations

import json

from aiohttp import WSMsgType, web

from tests.support.small_server import Handler

FORWARDED = {"OFFER", "ANSWER", "CANDIDATE", "LEAVE"}


class PeerBroker:
    """One broker; clients connect with the id of their choice."""

    def __init__(self) -> None:
        self._clients: dict[str, web.WebSocketResponse] = {}

    def routes(self) -> dict[tuple[str, str], Handler]:
        """Where a client of ``path: "/"`` looks for it."""
        return {("GET", "/peerjs"): self._socket}

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket, client = web.WebSocketResponse(), request.query["id"]
        await socket.prepare(request)
        self._clients[client] = socket
        await socket.send_json({"type": "OPEN"})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._pass_on(client, json.loads(message.data))
        self._clients.pop(client, None)
        return socket

    async def _pass_on(self, client: str, message: dict[str, object]) -> None:
        other = self._clients.get(str(message.get("dst")))
        if message.get("type") in FORWARDED and other is not None:
            await other.send_json({**message, "src": client})
