"""What a page can find out about the interfaces of a call: with the probe, and without it.

The members are enumerated from the browser itself, so that a new one is compared, too. What is
not compared: the stack of an error that the browser throws in a method which is watched, which has
a line more, that of the proxy; and the microtask in which a promise is settled, for one that is
passed on is settled one later, in the same task.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.browser.launch import Chromium
from harness.browser.voice_page import VoicePage
from harness.facts.catalogue import fact_of
from harness.facts.page import WebrtcCalled
from tests.support.page_server import PageServer

LOOK = (Path(__file__).parent / "pages" / "no_difference.js").read_text(encoding="utf-8")


@pytest.mark.browser
async def test_a_page_gets_what_it_would_have_got(
    chromium: Chromium, voice_page: VoicePage, page_server: PageServer
) -> None:
    address = page_server.url("plain.html")
    context = await chromium.browser.new_context()
    try:
        plain = await context.new_page()
        await plain.goto(address)
        without = await plain.evaluate(LOOK)
    finally:
        await context.close()
    await voice_page.goto(address)
    with_us = await voice_page.page.evaluate(LOOK)
    assert len(without["names"]) > 60, "the browser's own interfaces"
    assert sum(len(without[name]["members"]) for name in without["names"]) > 700
    assert list(differences(without, with_us)) == []


CALLS = """
const iceServers = [{ urls: "turn:h", username: "u", credential: "c" }];
const pc = new RTCPeerConnection({ iceServers });
pc.addTransceiver("audio", { direction: "recvonly" });
pc.setRemoteDescription({ type: "answer", sdp: "v=0\\r\\n" }).catch(() => {});
for (let i = 0; i < 500; i++) pc.getStats();
new Audio().volume = 0.5;
//# sourceURL=http://page.test/calls.js
"""
AWAITED = {"addTransceiver", "setRemoteDescription", "getStats", "volume"}


@pytest.mark.browser
async def test_what_a_page_calls_is_told_with_its_line_and_often_as_a_count(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    await voice_page.goto(page_server.url("plain.html"))
    await voice_page.page.add_script_tag(content=CALLS)
    calls, types = dict[str, Any](), set[str]()
    async with asyncio.timeout(10):
        async for envelope in voice_page.envelopes.reader():
            if envelope.type == "page.webrtc_call":
                calls[envelope.data["name"]] = envelope.data
            types.add(envelope.type)
            if calls.keys() >= AWAITED and "page.permission" in types:
                break
    assert calls["addTransceiver"]["arguments"] == ['"audio"', '{direction: "recvonly"}']
    assert calls["addTransceiver"]["line"] == "http://page.test/calls.js:4:4"
    fact = fact_of("page", "page.webrtc_call", calls["addTransceiver"])
    assert isinstance(fact, WebrtcCalled), "as the report reads it"
    assert calls["setRemoteDescription"]["outcome"] == "rejected"
    assert calls["setRemoteDescription"]["error"]
    assert calls["volume"]["kind"] == "set"
    assert calls["getStats"]["count"] == 500


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Each place where two values differ, with both."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            if key not in before or key not in after:
                yield f"{path}.{key}: only {'with' if key in after else 'without'} us"
            else:
                yield from differences(before[key], after[key], f"{path}.{key}")
    elif before != after:
        yield f"{path}: {before!r} != {after!r}"
