"""The client page and its secret, served from one origin.

The page asks `POST /session` for a short-lived secret; the API key stays here. Only pages of this
origin get one: another site's page in the same browser, or a foreign name that resolves to this
machine, is refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from harness.resources import web_dir
from harness.server.http.address import LOOPBACK_NAMES, is_from_this_machine
from harness.server.http.errors import Refusal, json_errors

Mint = Callable[[web.Request], Awaitable[dict[str, Any]]]
"""Gives `{"client_secret", "expires_at", "calls_url", "session"}` for one page."""

MEDIA_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".json": "application/json",
    ".txt": "text/plain",
}


def page_app(mint: Mint, folder: Path | None = None) -> web.Application:
    """An application that serves the page alone, for a call with another server.

    Args:
        mint: gets the secret; with the other server's key, in Python.
        folder: the page's files; None for the shipped client.
    """
    app = web.Application(middlewares=[json_errors], client_max_size=64 * 1024)
    add_page(app, mint, folder)
    return app


def add_page(app: web.Application, mint: Mint, folder: Path | None = None) -> None:
    """Add the page's routes to an application that answers errors in JSON."""
    page = folder or web_dir() / "client"

    async def session(request: web.Request) -> web.Response:
        require_same_origin(request)
        return web.json_response(await mint(request), headers={"Cache-Control": "no-store"})

    async def file(request: web.Request) -> web.StreamResponse:
        require_loopback_name(request)
        return page_file(page, request.match_info.get("name") or "index.html")

    app.router.add_post("/session", session)
    app.router.add_get("/", file)
    app.router.add_get(r"/{name:[\w-]+(?:/[\w-]+)*\.(?:html|js|css|svg|png|ico|json|txt)}", file)


def page_file(page: Path, name: str) -> web.StreamResponse:
    """A file of a page; raises `HTTPNotFound` where its folder has none of that name."""
    path = page / name
    if not path.is_file() or not path.resolve().is_relative_to(page.resolve()):
        if name == "favicon.ico":
            return web.Response(status=204)
        raise web.HTTPNotFound
    headers = {"Cache-Control": "no-cache", "Content-Type": MEDIA_TYPES[path.suffix]}
    return web.FileResponse(path, headers=headers)


def require_loopback_name(request: web.Request) -> None:
    """Raise a `Refusal` for foreign names that were made to resolve to this machine.

    That is DNS rebinding.
    """
    name = urlsplit(f"//{request.host}").hostname
    if name not in LOOPBACK_NAMES:
        raise Refusal(403, "This page is served on loopback names only.", "forbidden")


def require_same_origin(request: web.Request) -> None:
    """Raise a `Refusal` unless a page of this server's own asks, on this machine."""
    require_loopback_name(request)
    if not is_from_this_machine(request):  # a program elsewhere may claim any name
        raise Refusal(
            403, "Only pages on the server's own machine get a session here.", "forbidden"
        )
    origin = request.headers.get("Origin", "")
    if origin != f"{request.scheme}://{request.host}":
        message = "Only the page of this origin gets a session here; use client_secrets instead."
        raise Refusal(403, message, "forbidden")
