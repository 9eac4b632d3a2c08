"""The chat page in real Chromium, against a whole server: one thread, written and spoken."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from playwright.async_api import Browser, expect

from harness.realtime.server.assistants.script import Script
from harness.server.assistants.choice import Assistants
from tests.support.local_server import local_server

WAITER = Script.model_validate(
    {
        "rules": [
            {"when": {"words": ["know"], "known": "name is Kim"}, "say": "You are Kim."},
            {"say": "Hello."},
        ]
    }
)


@pytest.mark.skipif(
    find_spec("chatkit") is None, reason="NOT RUN: the extra “chatkit” is not installed"
)
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
