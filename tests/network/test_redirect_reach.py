"""Everything in a Chromium that can ask another host, and where it comes out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from harness.browser.launch import open_chromium
from harness.network.redirect_front import RedirectFront, Target, open_front
from harness.network.redirect_rules import read_redirect
from tests.support.small_server import Handler, serve

pytestmark = pytest.mark.browser

ASK = """
const HOSTED = "https://api.openai.com/v1/realtime";
const headers = { Authorization: "Bearer ek_of_the_page", "Content-Type": "application/sdp" };
async function fetched(who) {
  const answer = await fetch(`${HOSTED}/calls?from=${who}`, { method: "POST", body: "x", headers });
  return await answer.text();
}
function received(who) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${HOSTED.replace("http", "ws")}?from=${who}`, ["realtime"]);
    socket.onmessage = ({ data }) => resolve(data);
    socket.onerror = () => resolve("an error");
  });
}
async function ask(who) {
  const failed = (error) => String(error);
  return [await fetched(who).catch(failed), await received(who)];
}
"""

PAGE = f"""<!doctype html><title>t</title><body><script>{ASK}
function next(port) {{
  return new Promise((resolve) => {{ port.onmessage = ({{ data }}) => resolve(data); }});
}}
async function everybody(elsewhere) {{
  const told = {{ page: await ask("page") }};
  const frame = document.createElement("iframe");
  frame.src = `${{elsewhere}}/frame`;
  const fromFrame = next(window);
  document.body.append(frame);
  told.frame = await fromFrame;
  told.worker = await next(new Worker("/worker.js?worker"));
  const shared = new SharedWorker("/worker.js?shared");
  shared.port.start();
  told.shared = await next(shared.port);
  await navigator.serviceWorker.register("/worker.js?service");
  const fromService = next(navigator.serviceWorker);
  (await navigator.serviceWorker.ready).active.postMessage("ask");
  told.service = await fromService;
  return told;
}}
</script>"""

FRAME = f"""<script>{ASK}
ask("frame").then((told) => parent.postMessage(told, "*"));</script>"""

WORKER = f"""{ASK}
const who = location.search.slice(1);
if (who === "worker") ask(who).then((told) => postMessage(told));
self.onconnect = ({{ ports: [port] }}) => ask(who).then((told) => port.postMessage(told));
self.onmessage = ({{ source }}) => ask(who).then((told) => source?.postMessage(told));
"""

EVERYBODY = ["page", "frame", "worker", "shared", "service"]


def text(body: str, content_type: str) -> Handler:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(text=body, content_type=content_type)

    return handler


async def hello(request: web.Request) -> web.StreamResponse:
    """The server that stands for the hosted one: it greets whoever asks."""
    said = f"{request.method} {request.query.get('from')}"
    if request.headers.get("Upgrade") != "websocket":
        return web.Response(text=said)
    socket = web.WebSocketResponse(protocols=["realtime"])
    await socket.prepare(request)
    await socket.send_str(said)
    await socket.receive()
    return socket


@asynccontextmanager
async def fronting() -> AsyncIterator[tuple[RedirectFront, str]]:
    """A front, and the address of a page that asks the hosted service in every way there is."""
    pages: Mapping[tuple[str, str], Handler] = {
        ("GET", "/"): text(PAGE, "text/html"),
        ("GET", "/frame"): text(FRAME, "text/html"),
        ("GET", "/worker.js"): text(WORKER, "text/javascript"),
    }
    async with (
        serve({("*", "/{path:.*}"): hello}) as server,
        serve(dict(pages)) as page,
        open_front(read_redirect("openai"), Target(server, "sk-local-key")) as front,
    ):
        yield front, page


async def everybody(front: RedirectFront, page_url: str, *more: str) -> dict[str, Any]:
    async with open_chromium(
        args=[*front.chromium_flags, *more], no_proxy=front.rules.hosts
    ) as chromium:
        page = await chromium.browser.new_page()
        await page.goto(page_url)
        elsewhere = page_url.replace("127.0.0.1", "localhost")
        told: dict[str, Any] = await page.evaluate(f"everybody({elsewhere!r})")
    return told


async def test_pages_frames_and_workers_of_every_kind_are_answered_here() -> None:
    async with fronting() as (front, page):
        told = await everybody(front, page)
    assert told == {who: [f"POST {who}", f"GET {who}"] for who in EVERYBODY}


async def test_a_page_of_the_internet_may_ask_too() -> None:
    """Chromium asks a user before such a page may reach this machine: nobody is there to answer."""
    async with fronting() as (front, page):
        (ours,) = (flag for flag in front.chromium_flags if "address-space" in flag)
        port = page.rpartition(":")[2]
        told = await everybody(front, page, f"{ours},127.0.0.1:{port}=public")
    assert told["page"] == ["POST page", "GET page"]


async def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would find the real host by its name."""
    asked: list[str] = []

    async def proxy(request: web.Request) -> web.Response:
        asked.append(request.host)
        return web.Response(status=502)

    async with serve({("*", "/{path:.*}"): proxy}) as address, fronting() as (front, page):
        for name in ("https_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, address)
        told = await everybody(front, page)
    assert told["page"] == ["POST page", "GET page"]
    assert not [host for host in asked if "openai" in host]
