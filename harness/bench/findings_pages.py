"""Pages of the benchmark of findings: which there are, what is wrong with each, who serves them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import yaml
from aiohttp import web

from harness.bench.refusing_turn import refusing_turn
from harness.client.server_api import ServerAddress, mint_secret
from harness.findings.catalogue import FINDINGS
from harness.line.autoplay import Autoplay
from harness.resources import fixtures_dir

User = Literal[
    "talk", "wait-and-talk", "interrupt", "book", "hesitate", "leave", "stay", "end", "unplug",
    "plug-again", "click-and-talk",
]  # fmt: skip
"""What the user does: as told in ``fixtures/pages/planted/pages.yaml``."""

OTHERS = ("graph-element", "changing-call", "several-connections", "websocket-worklet", "rates")
"""Healthy pages of other kinds, from the tests of sound."""


STAYS_S = 6.0


@dataclass(frozen=True, slots=True)
class PageCase:
    """One page, and what is to be found in it."""

    name: str
    path: str
    """Under ``fixtures/pages``."""

    finds: tuple[str, ...]
    """Names of findings; none for a healthy page."""

    user: User = "talk"
    microphone: Literal["allow", "deny"] = "allow"
    stays_s: float = STAYS_S
    """How long a user who says nothing stays."""

    autoplay: Autoplay = "allowed"


def page_cases() -> list[PageCase]:
    """All of them, the planted ones first."""
    pages = fixtures_dir() / "pages"
    told = yaml.safe_load((pages / "planted" / "pages.yaml").read_text(encoding="utf-8"))
    planted = [
        PageCase(
            name,
            f"planted/{name}/",
            tuple(one["finds"]),
            one.get("user", "talk"),
            one.get("microphone", "allow"),
            one.get("stays_s", STAYS_S),
            one.get("autoplay", "allowed"),
        )
        for name, one in told.items()
    ]
    assert {name for case in planted for name in case.finds} <= set(FINDINGS)
    healthy = [_healthy(folder.name) for folder in sorted((pages / "healthy").iterdir())]
    return [*planted, *healthy, *(PageCase(name, f"{name}/", (), "stay") for name in OTHERS)]


def _healthy(name: str) -> PageCase:
    return PageCase(
        f"healthy/{name}",
        f"healthy/{name}/",
        (),
        _HEALTHY_USERS.get(name, "interrupt"),
        autoplay="user-gesture" if name in _HEARD_AFTER_A_CLICK else "allowed",
    )


_HEARD_AFTER_A_CLICK = frozenset({"asks-for-a-click"})


_HEALTHY_USERS: dict[str, User] = {
    "tool": "book",
    "background": "leave",
    "headset": "plug-again",
    "asks-for-a-click": "click-and-talk",
    "pcm-over-websocket": "stay",
    "perfect-negotiation": "stay",
}


@asynccontextmanager
async def served_pages(server: ServerAddress) -> AsyncIterator[str]:
    """The pages on this machine, with secrets for a server; gives their address.

    Beside them is what they need: sound that comes back, and a TURN server that refuses.
    """
    async with refusing_turn() as turn, _served(server, turn) as address:
        yield address


@asynccontextmanager
async def _served(server: ServerAddress, turn_url: str) -> AsyncIterator[str]:
    async def session(_: web.Request) -> web.Response:
        return web.json_response(await mint_secret(server, {}))

    async def turn(_: web.Request) -> web.Response:
        return web.json_response({"urls": turn_url})

    async def echo(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if isinstance(message.data, bytes):
                await socket.send_bytes(message.data)
        return socket

    async def page(request: web.Request) -> web.FileResponse:
        path = (fixtures_dir() / "pages" / request.match_info["path"]).resolve()
        if not path.is_relative_to(fixtures_dir().resolve()):
            raise web.HTTPNotFound
        file = path / "index.html" if path.is_dir() else path
        if not file.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(file)

    async def icon(_: web.Request) -> web.Response:
        return web.Response(status=204)  # else its absence stands in the console of every page

    app = web.Application()
    app.router.add_post("/session", session)
    app.router.add_get("/favicon.ico", icon)
    app.router.add_get("/turn", turn)
    app.router.add_get("/echo", echo)
    app.router.add_get("/{path:.*}", page)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
