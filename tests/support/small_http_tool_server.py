"""The small tool server over streamable HTTP: it misbehaves in the same ways, and in HTTP's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from tests.support.small_tool_server import answer

HOW = web.AppKey("how", str)
EVENTS = "text/event-stream"
JSON = "application/json"

Misbehaves = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def small_http_server(how: str = "well") -> AsyncIterator[str]:
    """Its address."""
    app = web.Application()
    app[HOW] = how
    app.router.add_post("/mcp", _post)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/mcp"
    finally:
        await runner.cleanup()


async def _post(request: web.Request) -> web.StreamResponse:
    message, how = await request.json(), request.app[HOW]
    if "id" not in message:
        return web.Response(status=202)
    misbehaves = FROM_THE_START.get(how)
    if misbehaves is None and message["method"] == "tools/call":
        misbehaves = AT_A_CALL.get(how)
    if misbehaves is not None:
        return await misbehaves(request)
    return web.json_response(answer(how, message))


async def _hangs(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


def _goes_on(kind: str, part: bytes) -> Misbehaves:
    """The same again and again."""

    async def answer_without_end(request: web.Request) -> web.StreamResponse:
        response = await _begun(request, kind)
        while True:
            await response.write(part)

    return answer_without_end


async def _breaks_off(request: web.Request) -> web.StreamResponse:
    response = await _begun(request, JSON)
    await response.write(b'{"jsonrpc": "2.0", ')
    assert request.transport is not None
    request.transport.abort()
    return response


async def _hangs_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def _says(
    body: str, kind: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Misbehaves:
    async def answer_so(_: web.Request) -> web.StreamResponse:
        return web.Response(text=body, content_type=kind, status=status, headers=headers)

    return answer_so


async def _begun(request: web.Request, kind: str) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": kind})
    await response.prepare(request)
    return response


_PAGE = "<html><body>Sign in</body></html>"

AT_A_CALL: dict[str, Misbehaves] = {
    "hangs": _hangs,
    "dies": _breaks_off,
    "hangs up": _hangs_up,
    "floods": _goes_on(JSON, b"x" * 65_536),
    "floods events": _goes_on(EVENTS, b"data: " + b"x" * 65_536),
    "floods remarks": _goes_on(EVENTS, b": hello\n\n" * 8192),
    "noise": _says("data: hello\n\n" * 200, EVENTS),
    "ends": _says(": nothing\n\n", EVENTS),
    "page at a call": _says(_PAGE, "text/html"),
    "error at a call": _says(_PAGE, "text/html", 500),
    "no json": _says("{hello", JSON),
    "nothing": _says("", JSON),
    "no message": _says('{"hello": 1}', JSON),
    "accepts": _says("", JSON, 202),
    "moves": _says("", JSON, 302, {"Location": "http://127.0.0.1:9/mcp"}),
    "packs": _says("hello", JSON, headers={"Content-Encoding": "gzip"}),
}
FROM_THE_START: dict[str, Misbehaves] = {
    "silent": _hangs,
    "page": _says(_PAGE, "text/html"),
    "error": _says(_PAGE, "text/html", 500),
    "no entry": _says(_PAGE, "text/html", 401),
}
