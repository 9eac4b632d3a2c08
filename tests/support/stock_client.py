"""The stock JavaScript client, as it comes from npm, and a page that talks through it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from harness.client.http_api import RealtimeHttpApi
from harness.server.process.launch import RunningServer
from tests.support.small_server import Handler, serve

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "tests" / "e2e" / "pages"
BUNDLE = ROOT / "web" / "node_modules" / "@openai" / "agents-realtime" / "dist" / "bundle"
MODEL = "gpt-realtime-2.1"
"""The stock client's own choice where nobody names one."""

MEDIA_TYPES = {".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript"}


def bundle_or_skip() -> Path:
    """The folder of the client's bundle; the test is skipped, with the reason, where it is not.

    The automation has to have it where it has Node 20 or newer: there the test fails instead.
    """
    if (BUNDLE / "openai-realtime-agents.mjs").exists():
        return BUNDLE
    reason = "NOT RUN: the stock client is not in web/node_modules; `make web-check` gets it (Node)"
    if os.environ.get("CI") and _node_is_new_enough():
        pytest.fail(reason)
    pytest.skip(reason)


def _node_is_new_enough() -> bool:
    """As .ci/web-check asks for it."""
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    done = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    major = done.stdout.strip().removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= 20


@asynccontextmanager
async def serve_stock_page(server: RunningServer) -> AsyncIterator[str]:
    """The address of a page that calls the server through the stock client.

    As it is over WebRTC; with ``?websocket``, over a WebSocket. Its tokens come from its own
    backend, which has the key.
    """
    bundle = bundle_or_skip()

    async def token(_: web.Request) -> web.Response:
        session = {"type": "realtime", "model": MODEL}
        minted = await RealtimeHttpApi(server.url).mint(server.api_key, session)
        base = f"{server.url}/v1/realtime"
        return web.json_response(
            {
                "key": minted["value"],
                "callsUrl": f"{base}/calls",
                "socketUrl": f"{base.replace('http', 'ws', 1)}?model={MODEL}",
            }
        )

    routes = {
        ("GET", "/"): _file(PAGES / "agents.html"),
        ("GET", "/pcm.js"): _file(PAGES / "pcm.js"),
        ("POST", "/token"): token,
    }
    routes |= {("GET", f"/bundle/{path.name}"): _file(path) for path in bundle.glob("*.mjs")}
    async with serve(routes) as url:
        yield url


def hosted_page_routes() -> dict[tuple[str, str], Handler]:
    """A page of the client that knows no server but the hosted one; ``?websocket`` as above."""
    routes = {
        ("GET", "/"): _file(PAGES / "hosted.html"),
        ("GET", "/pcm.js"): _file(PAGES / "pcm.js"),
    }
    bundle = bundle_or_skip().glob("*.mjs")
    return routes | {("GET", f"/bundle/{path.name}"): _file(path) for path in bundle}


def _file(path: Path) -> Handler:
    async def handler(_: web.Request) -> web.FileResponse:
        return web.FileResponse(path, headers={"Content-Type": MEDIA_TYPES[path.suffix]})

    return handler
