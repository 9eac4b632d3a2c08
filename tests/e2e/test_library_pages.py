"""Pages that call through the libraries of the field, unchanged as npm has them.

Both ends are in the page: what is answered comes over a second connection, and the page that hears
it knows nothing of the harness. There are no events; everything is judged by ear.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from harness.audio.fixtures import find_fixture
from harness.browser.launch import Chromium
from harness.engines.browser.open import CallOptions, open_call
from tests.support.peer_broker import PeerBroker
from tests.support.small_server import Handler, serve
from tests.support.stock_client import PAGES, ROOT, bundle_or_skip

pytestmark = pytest.mark.realtime

SCRIPTS = {
    "simple-peer": "simple-peer/simplepeer.min.js",
    "peerjs": "peerjs/dist/peerjs.min.js",
    "adapter": "webrtc-adapter/out/adapter.js",
}


def file(path: Path, content_type: str) -> Handler:
    async def handler(_: web.Request) -> web.FileResponse:
        return web.FileResponse(path, headers={"Content-Type": content_type})

    return handler


@asynccontextmanager
async def library_page(name: str) -> AsyncIterator[str]:
    bundle_or_skip()
    script = ROOT / "web" / "node_modules" / SCRIPTS[name]
    routes = {
        ("GET", "/"): file(PAGES / f"library-{name}.html", "text/html"),
        ("GET", "/library.js"): file(script, "text/javascript"),
        ("GET", "/library-agent.js"): file(PAGES / "library-agent.js", "text/javascript"),
        ("GET", "/answer.wav"): file(find_fixture("manual-sunday").path, "audio/wav"),
        **PeerBroker().routes(),
    }
    async with serve(routes) as url:
        yield url


async def spoken_with(name: str, chromium: Chromium) -> None:
    async with library_page(name) as url:
        options = CallOptions(start=[{"click": "button"}])
        async with open_call(url, chromium=chromium, options=options) as call:
            said = await call.say("goforward")
            answer = await call.answer(within_s=15)
    assert answer.start_s is not None, name
    assert answer.start_s > said.speech_end_s, name
    assert "sunday" in answer.text.lower(), name
    assert not answer.interrupted, name


async def test_pages_of_libraries_are_spoken_with(shared_chromium: Chromium) -> None:
    """All of them at once: most of each is waiting."""
    async with asyncio.TaskGroup() as tasks:
        for name in SCRIPTS:
            tasks.create_task(spoken_with(name, shared_chromium))
