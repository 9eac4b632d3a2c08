"""A call in a browser has a page of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.browser.launch import Chromium
from harness.engines.browser.call import BrowserCall
from harness.engines.browser.open import open_call
from harness.errors import ExpectationFailed
from harness.server.process.launch import RunningServer
from harness.trace import read_trace
from tests.support.page_server import PAGES
from tests.support.small_server import html, serve


async def test_the_page_of_a_call_can_be_driven(shared_server: RunningServer) -> None:
    async with open_call(server=shared_server) as call:
        assert isinstance(call, BrowserCall)
        assert await call.page.page.evaluate("typeof window.RT") == "object"


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("stream.getTracks()[0].enabled = false", "the page had muted its microphone"),
        ("left.getSenders()[0].replaceTrack(null)", "its sender had no track"),
        (
            "left.getSenders()[0].replaceTrack(new AudioContext().createMediaStreamDestination()"
            ".stream.getTracks()[0])",
            "the track that its sender had was silent",
        ),
    ],
)
async def test_what_a_page_keeps_from_its_sender_is_told_by_name(
    shared_chromium: Chromium, tmp_path: Path, does: str, reason: str
) -> None:
    """The user spoke, as the recording has it; what the page sent is another matter."""
    page = html((PAGES / "loopback.html").read_text())
    async with (
        serve({("GET", "/"): page}) as url,
        open_call(f"{url}/?call", chromium=shared_chromium, out=tmp_path) as call,
    ):
        await call.page.page.wait_for_function("!!window.left")
        await call.silence(1.5)
        await call.page.page.evaluate(f"void ({does})")
        await call.silence(1.5)
        said = await call.say("greeting-hello")
        with pytest.raises(ExpectationFailed) as told:
            await call.answer(within_s=4)
    assert f"{reason}" in str(told.value.found)
    assert "it did not send what was said" in str(told.value.found)
    (unsent,) = read_trace(tmp_path / "trace.jsonl").of_type("said.not_sent")
    assert abs(unsent.data["start_s"] - said.speech_start_s) < 1.2
    assert unsent.data["end_s"] > said.speech_end_s - 0.5
