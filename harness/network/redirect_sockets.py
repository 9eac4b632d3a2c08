"""A WebSocket carried from a page to the server that stands for another."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

import aiohttp
from aiohttp import WSCloseCode, WSMsgType, web

KEY_MARK = "key."
"""In a subprotocol with which a page, which can set no headers, sends its key."""

NO_CODE, ABNORMAL = 1005, 1006
"""A close frame without a number, and none at all; no frame may carry either."""

Socket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


def without_keys(offered: Sequence[str]) -> tuple[str, ...]:
    """The subprotocols of a handshake's header lines that carry no key."""
    names = [name.strip() for name in ",".join(offered).split(",")]
    return tuple(name for name in names if name and KEY_MARK not in name)


async def bridge(
    request: web.Request, far: aiohttp.ClientWebSocketResponse
) -> web.WebSocketResponse:
    """Accept a page's WebSocket, and carry its messages both ways until one end closes it."""
    protocols = (far.protocol,) if far.protocol else ()
    near = web.WebSocketResponse(protocols=protocols, max_msg_size=0, compress=False)
    await near.prepare(request)
    ways = [asyncio.create_task(_carry(near, far)), asyncio.create_task(_carry(far, near))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
    if far.close_code == ABNORMAL and request.transport is not None:
        request.transport.abort()  # the page sees what the server did: no close frame
    return near


async def _carry(source: Socket, sink: Socket) -> None:
    """Messages one way; at the end the sink is closed as the source was."""
    reason = ""
    with contextlib.suppress(ConnectionError, RuntimeError):
        while True:
            message = await source.receive()
            if message.type is WSMsgType.TEXT:
                await sink.send_str(message.data)
            elif message.type is WSMsgType.BINARY:
                await sink.send_bytes(message.data)
            else:
                reason = str(message.extra or "") if message.type is WSMsgType.CLOSE else ""
                break
    code = source.close_code or ABNORMAL
    if code != ABNORMAL:
        with contextlib.suppress(ConnectionError, RuntimeError):
            code = WSCloseCode.OK if code == NO_CODE else code
            await sink.close(code=code, message=reason.encode())
