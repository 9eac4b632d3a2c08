"""The pages of fixtures/pages, served with the far side that some of them talk to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import numpy as np
from aiohttp import WSMsgType, web
from aiohttp.typedefs import Handler

from harness.resources import fixtures_dir
from tests.support.page_server import PageServer

AGENT_RATE_HZ = 24_000
LOUD = 1_000
TURN_ENDS_AFTER_S = 0.7


async def _echo_socket(request: web.Request) -> web.WebSocketResponse:
    """Sends back whatever comes."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.type is WSMsgType.BINARY:
            await socket.send_bytes(message.data)
    return socket


def _agent_socket(answer: bytes) -> Handler:
    """Answers each turn with the same sound: PCM16 at 24 kHz, mono."""

    async def talk(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        quiet_s, spoke = 0.0, False
        async for message in socket:
            samples = np.frombuffer(message.data, "<i2")
            is_loud = bool(np.abs(samples.astype(np.int32)).max() > LOUD)
            quiet_s = 0.0 if is_loud else quiet_s + len(samples) / AGENT_RATE_HZ
            spoke = spoke or is_loud
            if spoke and quiet_s > TURN_ENDS_AFTER_S:
                spoke = False
                await socket.send_bytes(answer)
        return socket

    return talk


async def _echo_post(request: web.Request) -> web.Response:
    return web.Response(body=await request.read(), content_type=request.content_type)


@asynccontextmanager
async def serve_sound_pages(answer: bytes = b"") -> AsyncIterator[PageServer]:
    """Under two host names, so that frames can be of another site; ``/agent`` says the answer.

    ``/web-transport`` starts a WebTransport server that sends back what it gets, and says where.
    """
    async with AsyncExitStack() as started:

        async def web_transport(_: web.Request) -> web.Response:
            # Its package is large, and one page alone needs it.
            from tests.support.web_transport import serve_web_transport

            echo = await started.enter_async_context(serve_web_transport())
            return web.json_response({"url": echo.url, "hash": echo.sha256})

        app = web.Application()
        app.router.add_get("/web-transport", web_transport)
        app.router.add_get("/agent", _agent_socket(answer))
        app.router.add_get("/echo", _echo_socket)
        app.router.add_post("/echo", _echo_post)
        app.router.add_static("/", fixtures_dir() / "pages")
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield PageServer(runner.addresses[0][1])
        finally:
            await runner.cleanup()
