"""The stock JavaScript client in Chromium: it cannot tell our server from the hosted one.

One conversation a transport, with everything in it: settings, a spoken turn, a tool and what is
said about its result, an answer that the page stops, and one that the user talks into.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from harness.audio.fixtures import find_fixture
from harness.browser.launch import Chromium
from harness.browser.voice_page import VoicePage
from harness.call.call import Call
from harness.call.heard_answer import HeardAnswer
from harness.client.server_api import set_script
from harness.engines.browser.open import open_call
from harness.server.process.launch import RunningServer
from tests.support.stock_client import serve_stock_page
from tests.support.stock_speech import words_in
from tests.support.stock_waiter import BOOKED, INSTRUCTIONS, QUIET, SCRIPT

pytestmark = pytest.mark.realtime

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
    assert session["instructions"] == INSTRUCTIONS
    assert session["audio"]["output"]["voice"] == "cedar"
    assert [tool["name"] for tool in session["tools"]] == ["book_table"]
    assert told["booked"] == 2
    assert "table" in " ".join(said_by(told, "user"))
    assert {BOOKED, QUIET} <= set(said_by(told, "assistant"))
    (call,) = (item for item in told["history"] if item["type"] == "function_call")
    assert (call["status"], call["output"]) == ("completed", "Table seven.")


async def answer_with(call: Call, transcript: str) -> HeardAnswer:
    """The answer that says this; the last sound of one that was cut may be heard before it."""
    while True:
        answer = await call.answer(within_s=30)
        if answer.transcript == transcript:
            return answer


async def test_the_stock_client_talks_over_webrtc(
    stock_page: str, shared_chromium: Chromium, shared_server: RunningServer
) -> None:
    await set_script(shared_server, SCRIPT)
    async with open_call(stock_page, chromium=shared_chromium) as call:
        page = call.page.page
        await wait(page, "app.state === 'connected'")

        await call.say("booking-table-for-two")
        assert "weather" in (await answer_with(call, BOOKED)).recognised
        assert "table" in (await call.user_transcript() or "")

        await page.evaluate("app.session.sendMessage('Please count.')")
        await call.answer_voice(within_s=30)
        await page.evaluate("app.session.interrupt()")
        assert (await call.answer(within_s=30)).status == "cancelled"
        await wait(page, "app.seen['output_audio_buffer.cleared'] === 1")

        await page.evaluate("app.session.sendMessage('Please count.')")
        await call.interrupt("interruption-stop", after_s=0.3, within_s=30)
        assert (await call.answer(within_s=30)).interrupted
        assert "quiet" in (await answer_with(call, QUIET)).recognised

        told = await facts(page)
        check_what_the_client_knows(told)
        assert told["seen"]["output_audio_buffer.cleared"] == 2
        assert told["seen"]["conversation.item.truncated"] == 2
        assert "response.output_audio.delta" not in told["seen"]


PLAYED = """() => {
  const pcm = Int16Array.from(app.player.played, (sample) => sample * 32767);
  app.player.played.length = 0;
  let text = "";
  for (const byte of new Uint8Array(pcm.buffer)) text += String.fromCharCode(byte);
  return btoa(text);
}"""
SOUNDS = "app.player.sounding.size > 0"
IS_SILENT = "app.player.sounding.size === 0"


async def test_the_stock_client_talks_over_a_websocket(
    stock_page: str, shared_chromium: Chromium, shared_server: RunningServer
) -> None:
    await set_script(shared_server, SCRIPT)
    async with open_call(f"{stock_page}/?websocket", chromium=shared_chromium) as call:
        voice, page = call.page, call.page.page
        await wait(page, "app.state !== 'connecting'")
        assert await page.evaluate("app.errors") == []

        await call.say("booking-table-for-two")
        await wait(page, f"app.seen['response.done'] >= 2 && {IS_SILENT}")
        assert "weather" in await words_in(await played(page))
        assert "table" in (await call.user_transcript() or "")
        check_what_the_call_knows(call)

        await page.evaluate("app.session.sendMessage('Please count.')")
        await wait(page, SOUNDS)
        await page.evaluate("app.session.interrupt()")
        await wait(page, f"app.seen['conversation.item.truncated'] === 1 && {IS_SILENT}")

        await page.evaluate("app.session.sendMessage('Please count.')")
        await wait(page, SOUNDS)
        await played(page)
        await say(voice, "interruption-stop")
        await wait(page, "app.seen['conversation.item.truncated'] === 2")
        await wait(page, f"app.seen['response.done'] >= 5 && {IS_SILENT}")
        assert "quiet" in await words_in(await played(page))

        told = await facts(page)
        check_what_the_client_knows(told)
        assert [a.text for a in call.answers if a.interrupted]
        assert call.answers[-1].text == QUIET
        assert told["interruptions"] == 2
        assert not {kind for kind in told["seen"] if kind.startswith("output_audio_buffer.")}


def check_what_the_call_knows(call: Call) -> None:
    """After the first turn: all that the events of the WebSocket tell, and none of its sound."""
    channel = call.recorder.channels.channel
    assert channel is not None
    assert (call.protocol.name, channel.carrier) == ("Realtime", "web_socket")
    kept = [event for event in call.recorder.events.snapshot() if event.source == "wire"]
    sound = [event for event in kept if event.type == "input_audio_buffer.append"]
    assert {str(event.data["audio"]) for event in sound} == {"…"}
    assert len(sound) < call.now_s + 2, "told once a second"
    called = [e for e in call.recorder.events.snapshot() if e.type == "tool.called"]
    assert [event.data["name"] for event in called] == ["book_table"]
    assert call.answers[-1].text == BOOKED


async def say(voice: VoicePage, fixture: str) -> None:
    """Start to speak into the page's microphone."""
    await voice.microphone.play(find_fixture(fixture).load().clip)


async def played(page: Page) -> bytes:
    """What the page has played to its end since it was last asked: PCM16 at 24 kHz."""
    return base64.b64decode(await page.evaluate(PLAYED))
