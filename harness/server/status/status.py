"""The status page, its numbers, the metrics for monitoring systems, and the health check.

The page shows ids and counts, no words that were spoken. From this machine anybody may look; from
elsewhere it takes the API key, as a bearer token or as the password that a browser asks for.
"""

from __future__ import annotations

import base64
import binascii
import json
import platform
import time
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from harness.server.http.address import LOOPBACK_NAMES, is_from_this_machine
from harness.server.http.client_secrets import same_key
from harness.server.http.errors import Handler
from harness.server.status.monitor import Monitor

PAGE = Path(__file__).with_name("status.html")
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; img-src data:; frame-ancestors 'none'"
)


class StatusSource(Protocol):
    """Who knows: one process, or the front of several."""

    async def statuses(self) -> list[dict[str, Any]]:
        """One entry a process, as `Monitor.status` gives it.

        A worker that is down is ``{"worker": N, "is_down": True}``.
        """

    async def metrics(self) -> bytes:
        """All metrics in Prometheus' text format."""

    def is_healthy(self) -> bool:
        """Whether calls are taken now."""


def add_status(app: web.Application, source: StatusSource, api_key: str) -> None:
    """Add `/status`, `/status.json`, `/metrics` and `/healthz`."""

    async def page(request: web.Request) -> web.StreamResponse:
        if not _may_look(request, api_key):
            return _ask_for_key()
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        return web.FileResponse(PAGE, headers=headers)

    async def numbers(request: web.Request) -> web.Response:
        if not _may_look(request, api_key):
            return _ask_for_key()
        status = {
            "unix_s": round(time.time(), 1),
            "machine": _machine(),
            "workers": await source.statuses(),
        }
        return web.json_response(status, headers={"Cache-Control": "no-store"})

    async def metrics(request: web.Request) -> web.Response:
        if not _may_look(request, api_key):
            return _ask_for_key()
        return web.Response(
            body=await source.metrics(), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    async def health(request: web.Request) -> web.Response:
        is_healthy = source.is_healthy()
        return web.json_response({"ok": is_healthy}, status=200 if is_healthy else 503)

    app.router.add_get("/status", page)
    app.router.add_get("/status.json", numbers)
    app.router.add_get("/metrics", metrics)
    app.router.add_get("/healthz", health)


def _machine() -> dict[str, Any]:
    """The whole machine's load: what else runs on it takes from the calls."""
    import psutil

    memory = psutil.virtual_memory()
    return {
        "name": platform.node(),
        "cores": psutil.cpu_count(),
        "load_1_min": round(psutil.getloadavg()[0], 2),
        "memory_bytes": memory.total,
        "memory_used_share": round(memory.percent / 100, 3),
    }


def _may_look(request: web.Request, api_key: str) -> bool:
    """Whether somebody is at this machine, or has the key.

    A foreign name that resolves to this machine (DNS rebinding) does not count as this machine.
    """
    name = urlsplit(f"//{request.host}").hostname
    if is_from_this_machine(request) and name in LOOPBACK_NAMES:
        return True
    return same_key(api_key, _given_key(request))


def _ask_for_key() -> web.Response:
    message = "From another machine this takes the API key: as a bearer token or as a password."
    error = {"message": message, "type": "invalid_request_error", "code": "invalid_api_key"}
    return web.json_response(
        {"error": {**error, "param": None}},
        status=401,
        headers={"WWW-Authenticate": 'Basic realm="harness: the API key is the password"'},
    )


def _given_key(request: web.Request) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token.strip()
    if kind.lower() != "basic":
        return ""
    try:
        plain = base64.b64decode(token.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return plain.partition(":")[2]


def answers_counted(monitor: Monitor) -> Middleware:
    """A middleware, the outermost one, that tells the monitor of every refused request."""

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if response.status >= 400:
            monitor.refused(response.status, f"{request.method} {request.path}{_why(response)}")
        return response

    return count


def _why(response: web.StreamResponse) -> str:
    """The message of a JSON error, which holds no secret."""
    try:
        body = json.loads(response.text or "") if isinstance(response, web.Response) else {}
        return f": {body['error']['message']}"
    except (ValueError, KeyError, TypeError):
        return ""
