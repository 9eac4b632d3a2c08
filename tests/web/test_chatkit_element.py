"""A page that embeds ChatKit's element, with the hosted service redirected: it gets a stand-in."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec

import pytest
from aiohttp import ClientSession, web
from playwright.async_api import Page, expect

from harness.client.server_api import set_script
from harness.engines.browser.redirect import open_redirect, redirecting_chromium
from harness.facts.browser import BrowserFact, PageStandIn
from harness.resources import fixtures_dir
from harness.server.process.launch import RunningServer
from tests.support.small_server import Handler, serve

SCRIPT = {"rules": [{"say": "Your table is ready."}]}
PAGE = (fixtures_dir() / "pages" / "chatkit" / "index.html").read_text(encoding="utf-8")
IN_ORDER = ["ready", "thread.change", "response.start", "response.end"]


def backend_of(server: RunningServer) -> dict[tuple[str, str], Handler]:
    """The page's own backend: it keeps the key, mints sessions, and hands on what is asked."""
    headers = {"Authorization": f"Bearer {server.api_key}", "OpenAI-Beta": "chatkit_beta=v1"}
    base = server.url.removesuffix("/v1")

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def create_session(_: web.Request) -> web.Response:
        wanted = {"user": "kim", "workflow": {"id": "wf_waiter"}}
        async with (
            ClientSession(headers=headers) as http,
            http.post(f"{base}/v1/chatkit/sessions", json=wanted) as answer,
        ):
            return web.json_response(await answer.json())

    async def ask(request: web.Request) -> web.Response:
        async with (
            ClientSession(headers=headers) as http,
            http.post(f"{base}/chatkit", data=await request.read()) as answer,
        ):
            return web.Response(body=await answer.read(), content_type=answer.content_type)

    return {
        ("GET", "/"): page,
        ("POST", "/api/create-session"): create_session,
        ("POST", "/api/chatkit"): ask,
    }


def hear_console(page: Page, told: list[str]) -> None:
    page.on("console", lambda message: told.append(message.text))


@pytest.mark.skipif(
    find_spec("chatkit") is None, reason="NOT RUN: the extra “chatkit” is not installed"
)
async def test_a_message_is_answered_in_both_forms_with_events_in_order(
    shared_server: RunningServer,
) -> None:
    await set_script(shared_server, SCRIPT)
    noted: list[BrowserFact] = []
    async with (
        serve(backend_of(shared_server)) as url,
        open_redirect("openai", shared_server, url) as front,
        redirecting_chromium(front) as chromium,
    ):
        front.begin(noted.append)
        context = await chromium.browser.new_context()
        for form in ("custom", "hosted"):
            page = await context.new_page()
            warned: list[str] = []
            hear_console(page, warned)
            await page.goto(f"{url}/?form={form}")
            await expect(page.get_by_text("Stand-in for ChatKit")).to_be_visible()
            await expect(page.get_by_text("Hungry?")).to_be_visible()
            await page.get_by_placeholder("Ask the waiter").fill("A table, please.")
            await page.keyboard.press("Enter")
            answer = page.get_by_text("Your table is ready.")
            await expect(answer).to_be_visible(timeout=60_000)
            async with asyncio.timeout(10):
                await page.wait_for_function("told.includes('response.end')")
            assert await page.evaluate("told") == IN_ORDER, warned
            assert any("stand-in" in text for text in warned)
            await page.close()
        await context.close()
    stand_ins = [fact for fact in noted if isinstance(fact, PageStandIn)]
    path = "/deployments/chatkit/chatkit.js"
    assert stand_ins == [PageStandIn("ChatKit", "cdn.platform.openai.com", path)] * 2
