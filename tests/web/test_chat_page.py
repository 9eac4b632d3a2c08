"""The chat page in real Chromium, against a whole server: one thread, written and spoken."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from harness.realtime.server.assistants.script import Script
from harness.server.assistants.choice import Assistants
from tests.support.local_server import local_server

MENU = {
    "type": "Card",
    "children": [
        {"type": "Image", "src": "https://example.com/soup.png", "alt": "A soup"},
        {"type": "Input", "name": "spoons", "placeholder": "Spoons"},
    ],
    "confirm": {"label": "Order", "action": {"type": "order", "payload": {"dish": "soup"}}},
    "asForm": True,
}
WAITER = Script.model_validate(
    {
        "rules": [
            {"when": {"words": ["know"], "known": "name is Kim"}, "say": "You are Kim."},
            {"when": {"words": ["menu"]}, "say": "Here.", "widget": MENU},
            {"when": {"action": "order", "result": '"spoons": "2"'}, "say": "One soup."},
            {"say": "Hello."},
        ]
    }
)


HAS_PACKAGE = pytest.mark.skipif(
    find_spec("chatkit") is None, reason="NOT RUN: the extra “chatkit” is not installed"
)


@HAS_PACKAGE
async def test_a_widget_is_filled_in_and_sent_and_a_file_goes_with_a_message(
    page_browser: Browser,
) -> None:
    """And nothing is asked of anybody but the server."""
    async with local_server(assistants=Assistants(script=WAITER)) as server:
        context = await page_browser.new_context()
        page = await context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        base = str(server.client.make_url("/"))
        try:
            await page.goto(f"{base}chat")
            file: Any = {"name": "voucher.txt", "mimeType": "text/plain", "buffer": b"Ten euros."}
            await page.locator("#files").set_input_files([file])
            await page.get_by_label("Your message").fill("The menu, please.")
            await page.get_by_role("button", name="Send").click(timeout=30_000)
            mine = page.get_by_role("log").get_by_role("listitem").filter(has_text="The menu")
            await expect(mine).to_contain_text("voucher.txt", timeout=30_000)
            await page.get_by_label("Spoons").fill("2")
            await page.get_by_role("button", name="Order").press("Enter")
            await expect(page.get_by_text("One soup.")).to_be_visible(timeout=30_000)
            await expect(page.get_by_text("A soup", exact=True)).to_be_visible()
            assert [url for url in asked if not url.startswith(base)] == []
        finally:
            await context.close()


@HAS_PACKAGE
async def test_what_is_written_is_answered_in_writing_and_in_a_call_by_voice(
    page_browser: Browser,
) -> None:
    """By keyboard alone; and all of it is there when the page is opened again."""
    async with local_server(
        has_real_sessions=True, assistants=Assistants(script=WAITER)
    ) as server:
        context = await page_browser.new_context()
        page = await context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        try:
            await page.goto(str(server.client.make_url("/chat")))
            items = page.get_by_role("log", name="Thread").get_by_role("listitem")
            await page.get_by_label("Your message").press_sequentially("My name is Kim.")
            await page.keyboard.press("Enter")
            # The official package is imported with the first request.
            await expect(items).to_have_text(["YouMy name is Kim.", "AssistantHello."], timeout=30_000)
            await page.get_by_role("button", name="Start a call").press("Enter")
            await expect(page.get_by_text("In a call", exact=True)).to_be_visible(timeout=30_000)
            await page.get_by_role("button", name="Mute microphone").press("Space")
            await page.get_by_label("Your message").press_sequentially("Do you know me?")
            await page.keyboard.press("Enter")
            spoken = items.filter(has_text="You are Kim.")
            await expect(spoken).to_be_visible(timeout=30_000)
            # Of an answer that is cut, the thread keeps what was heard.
            await expect(page.get_by_text("Your microphone is off")).to_be_visible(timeout=30_000)
            await page.get_by_role("button", name="Hang up").press("Enter")
            await expect(page.get_by_text("No call", exact=True)).to_be_visible(timeout=30_000)
            await page.reload()
            await expect(spoken).to_be_visible(timeout=30_000)
            assert errors == []
        finally:
            await context.close()
