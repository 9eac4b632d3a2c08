"""Console errors and HTTP failures of the page are noted, without queries."""

from typing import Any

from aiohttp import web

from harness.browser.launch import Chromium
from harness.browser.voice_page import open_voice_page
from tests.support.small_server import html, serve


async def test_what_goes_wrong_on_a_page_is_noted(shared_chromium: Chromium) -> None:
    async def missing(_: web.Request) -> web.Response:
        return web.Response(status=404)

    script = """<script>new WebSocket("ws://127.0.0.1:9/talk");
        console.error("oh no");
        open("http://127.0.0.1:9/elsewhere?key=secret"); Promise.reject(new Error("nobody"));
        fetch("/missing?key=secret")
        .then(() => fetch("http://127.0.0.1:9/")).catch(() => document.title = "done")</script>"""
    noted: dict[str, Any] = {}
    async with (
        serve({("GET", "/"): html(script), ("GET", "/missing"): missing}) as url,
        open_voice_page(shared_chromium) as page,
    ):
        page.watch(lambda kind, facts: noted.setdefault(kind + str(len(noted)), facts))
        await page.goto(url)
        await page.page.wait_for_function("document.title === 'done'")
        await page.evaluate("1")  # what DevTools told before is here by now
    facts = list(noted.values())
    assert {"level": "error", "text": "oh no"} in facts
    assert any(f.get("status") == 404 and f["url"].endswith("/missing") for f in facts)
    assert any(f.get("error") for f in facts)
    assert {"url": "ws://127.0.0.1:9/talk"} in facts
    assert {"message": "nobody"} in facts
    assert {"url": "http://127.0.0.1:9/elsewhere"} in facts
    assert "secret" not in str(noted)
