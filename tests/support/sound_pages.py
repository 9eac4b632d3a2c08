"""The pages of fixtures/pages, served with the far side that some of them talk to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import WSMsgType, web

from harness.resources import fixtures_dir
from tests.support.page_server import PageServer


async def _echo_socket(request: web.Request) -> web.WebSocketResponse:
    """Sends back whatever comes."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.type is WSMsgType.BINARY:
            await socket.send_bytes(message.data)
    return socket


async def _echo_post(request: web.Request) -> web.Response:
    return web.Response(body=await request.read(), content_type=request.content_type)


@asynccontextmanager
async def serve_sound_pages() -> AsyncIterator[PageServer]:
    """Under two host names, so that frames can be of another site."""
    app = web.Application()
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
