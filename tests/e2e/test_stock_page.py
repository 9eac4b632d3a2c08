"""The stock JavaScript client in Chromium: it cannot tell our server from the hosted one.

One conversation a transport, with everything in it: settings, a spoken turn, a tool and what is
said about its result, an answer that the page stops, and one that the user talks into.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from playwright.async_api import Page

from harness.browser.launch import Chromium
from harness.call.open import open_call
from harness.call.rest import set_script
from harness.server.process import RunningServer
from tests.support.stock_client import serve_stock_page

COUNTING = " ".join(["One two three four five six seven eight nine ten."] * 12)
SCRIPT = {
    "rules": [
        {
            "when": {"words": ["table"]},
            "call": {"name": "book_table", "arguments": {"persons": 2}},
        },
        {"when": {"tool": "book_table"}, "say": "The weather on the hill is nice today."},
        {"when": {"words": ["count"]}, "say": COUNTING},
        {"say": "All right, I will be quiet now."},
    ]
}
WITHIN_MS = 30_000


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stock_page(shared_server: RunningServer) -> AsyncIterator[str]:
    """The address of a page that talks through the stock client."""
    async with serve_stock_page(shared_server) as url:
        yield url


async def wait(page: Page, condition: str) -> None:
    """Wait until this holds in the page."""
    await page.wait_for_function(condition, timeout=WITHIN_MS)


async def facts(page: Page) -> dict[str, Any]:
    """What the stock client made of the conversation."""
    told: dict[str, Any] = await page.evaluate(
        "({...app, session: undefined, player: undefined, history: app.session.history})"
    )
    return told


def said_by(told: dict[str, Any], role: str) -> list[str]:
    """The transcripts in the client's own history."""
    return [
        str(part.get("transcript") or part.get("text") or "")
        for item in told["history"]
        if item.get("role") == role
        for part in item["content"]
    ]


def check_what_the_client_knows(told: dict[str, Any]) -> None:
    """What holds at the end of the conversation, whatever carried it."""
    assert told["errors"] == []
    assert told["typed"] == told["seen"], "an event that the client's schemas do not accept"
    session = told["last"]["session.updated"]["session"]
    assert session["instructions"] == "You are a waiter."
    assert session["audio"]["output"]["voice"] == "cedar"
    assert [tool["name"] for tool in session["tools"]] == ["book_table"]
    assert told["booked"] == 2
    assert "table" in " ".join(said_by(told, "user"))
    assert "The weather on the hill is nice today." in said_by(told, "assistant")
    assert "All right, I will be quiet now." in said_by(told, "assistant")
    (call,) = (item for item in told["history"] if item["type"] == "function_call")
    assert (call["status"], call["output"]) == ("completed", "Table seven.")


async def test_the_stock_client_talks_over_webrtc(
    stock_page: str, shared_chromium: Chromium, shared_server: RunningServer
) -> None:
    await set_script(shared_server, SCRIPT)
    async with open_call(stock_page, chromium=shared_chromium) as call:
        page = call.page.page
        await wait(page, "app.state === 'connected'")

        await call.say("booking-table-for-two")
        booked = await call.answer(within_s=30)
        assert "weather" in booked.recognised
        assert "table" in (await call.user_transcript() or "")

        await page.evaluate("app.session.sendMessage('Please count.')")
        await call.answer_voice(within_s=30)
        await page.evaluate("app.session.interrupt()")
        assert (await call.answer(within_s=30)).status == "cancelled"
        await wait(page, "app.seen['output_audio_buffer.cleared'] === 1")

        await page.evaluate("app.session.sendMessage('Please count.')")
        await call.interrupt("interruption-stop", after_s=0.3, within_s=30)
        assert (await call.answer(within_s=30)).interrupted
        assert "quiet" in (await call.answer(within_s=30)).recognised

        told = await facts(page)
        check_what_the_client_knows(told)
        assert told["seen"]["output_audio_buffer.cleared"] == 2
        assert told["seen"]["conversation.item.truncated"] == 2
        assert "response.output_audio.delta" not in told["seen"]
