"""A small HTTP server for one test: routes given as functions, on a free loopback port."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Allow-Methods": "POST, OPTIONS",
}


@asynccontextmanager
async def serve(
    routes: dict[tuple[str, str], Handler], certificate: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """The base address of a server with these routes: {("GET", "/path"): handler}.

    It speaks https where there is a certificate.
    """
    app = web.Application()
    for (method, path), handler in routes.items():
        app.router.add_route(method, path, handler)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=certificate).start()
        scheme = "https" if certificate else "http"
        yield f"{scheme}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def html(text: str) -> Handler:
    """A page that is always the same."""

    async def handler(_: web.Request) -> web.Response:
        return web.Response(text=f"<!doctype html><title>t</title>{text}", content_type="text/html")

    return handler


async def preflight(_: web.Request) -> web.Response:
    """The answer a browser wants before it posts to another origin."""
    return web.Response(headers=CORS)
