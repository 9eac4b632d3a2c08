"""Calls of pages that a test opened by itself: its login, its clicks, its browser."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page

from harness.browser.departures import WENT
from harness.browser.endpoint import PageAddress
from harness.browser.launch import Chromium
from harness.call.opening import CallOptions
from harness.engines.browser.attach import listen
from harness.engines.servers import RemoteServer
from harness.errors import NoMicrophoneRequest, PageClosed, UsageError
from harness.resources import fixtures_dir
from harness.server.process.launch import RunningServer, start_server
from harness.trace import read_trace
from tests.support.small_server import html, serve

SUITE = Path(__file__).parents[3] / "fixtures" / "examples" / "own-suite"
SCRIPT = {
    "rules": [
        {
            "when": {"words": ["table"]},
            "call": {"name": "book_table", "arguments": {"people": 5, "time": "20:15"}},
        },
        {"when": {"tool": "book_table"}, "say": "Five people at a quarter past eight."},
    ]
}
PAGE_S_KEY = "ek_of_the_page_123"
HOSTED_CALL = """<button onclick="call()">Call</button><script>
async function call() {
  const peer = new RTCPeerConnection();
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  peer.addTrack(microphone.getTracks()[0]);
  peer.createDataChannel("oai-events");
  await peer.setLocalDescription(await peer.createOffer());
  const answer = await fetch("https://api.openai.com/v1/realtime/calls", {
    method: "POST",
    body: peer.localDescription.sdp,
    headers: { Authorization: "Bearer KEY", "Content-Type": "application/sdp" },
  });
  await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
}
</script>""".replace("KEY", PAGE_S_KEY)


@asynccontextmanager
async def site(server: RunningServer) -> AsyncIterator[str]:
    """The example's site, with its login."""
    spec = importlib.util.spec_from_file_location("backend", SUITE / "backend.py")
    assert spec is not None
    assert spec.loader is not None
    backend: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(backend)
    runner = web.AppRunner(backend.create_app(server.url, server.api_key), shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def log_in(page: Page, url: str) -> None:
    await page.goto(url)
    await page.get_by_label("Name").fill("kim")
    await page.get_by_label("Password").fill("tables")
    await page.get_by_role("button", name="Log in").click()


@pytest.mark.realtime
@pytest.mark.browser
async def test_a_page_behind_a_login_is_spoken_with(
    shared_chromium: Chromium, tmp_path: Path
) -> None:
    context = await shared_chromium.browser.new_context()
    page = await context.new_page()
    async with start_server(script=SCRIPT) as server, site(server) as url:
        await log_in(page, url)
        options = CallOptions(name="booking")
        async with listen(page, out=tmp_path, options=options, network="transparent") as call:
            await page.get_by_role("button", name="Call us").click()
            await call.connected(within_s=10)
            await call.connected()  # and says so again at once
            await call.say("A table for five, please, at a quarter past eight.")
            answer = await call.answer(within_s=15)
            assert "quarter past eight" in answer.words
            assert "quarter past nine" not in answer.words
            assert answer.voice_to_voice_s is not None
            assert await page.get_by_test_id("summary").text_content() == "5 people, 20:15"
            call.note_verdict("a test", None)
        assert await page.get_by_role("heading", name="Your booking").is_visible()
    trace = read_trace(tmp_path / "trace.jsonl")
    assert trace.header["name"] == "booking"
    assert trace.header["page"] == url
    assert len(trace.of_type("call.opened")) == 1
    counted = [event.data["up"] for event in trace.of_type("network.counted")]
    assert counted[-1]["packets"] > 100, "its packets pass the network that was asked for"
    assert trace.events[-1].type == "call.closed"
    assert trace.of_type("expectation")[0].data["verdict"] == "passed"
    await context.close()


@pytest.mark.browser
async def test_a_page_that_never_calls_is_told_as_it_says_itself(shared_chromium: Chromium) -> None:
    page = await shared_chromium.browser.new_page()
    button = "<button onclick=\"Promise.reject(new Error('no seats left'))\">Call</button>"
    async with serve({("GET", "/"): html(button)}) as url:
        await page.goto(url)
        async with listen(page) as call:
            await page.get_by_role("button").click()
            with pytest.raises(NoMicrophoneRequest) as raised:
                await call.connected(within_s=1.5)
        assert "no seats left" in str(raised.value)
        assert "load the page inside the block" in str(raised.value)
    await page.close()


@pytest.mark.browser
async def test_a_page_that_is_closed_in_the_middle_breaks_what_is_waited_for(
    shared_chromium: Chromium,
) -> None:
    page = await shared_chromium.browser.new_page()
    async with serve({("GET", "/"): html("")}) as url:
        await page.goto(url)
        async with listen(page) as call:
            await page.close()
            with pytest.raises(PageClosed):
                await call.connected(within_s=10)


@pytest.mark.browser
@pytest.mark.parametrize("frame", ["", "<iframe srcdoc=inside></iframe>"])
@pytest.mark.parametrize(
    ("script", "how"),
    [
        (None, "the page was closed"),
        ("location.href = '/elsewhere'", WENT),
        ("location.href = location.href.replace('127.0.0.1', 'localhost')", WENT),
    ],
)
async def test_how_the_page_of_a_call_went_away_is_told(
    script: str | None, how: str, frame: str, shared_chromium: Chromium
) -> None:
    page = await shared_chromium.browser.new_page()
    shared = (fixtures_dir() / "pages" / "shared.js").read_text(encoding="utf-8")
    button = f"<script>{shared}</script><button onclick='microphone().then(loop)'>Call</button>"
    routes = {("GET", "/"): html(button + frame), ("GET", "/elsewhere"): html("elsewhere")}
    async with serve(routes) as url:
        await page.goto(url)
        async with listen(page) as call:
            await page.get_by_role("button").click()
            await call.connected(within_s=10)
            with pytest.raises(PageClosed) as raised:
                async with asyncio.timeout(10):
                    await asyncio.gather(
                        call.answer(within_s=10), page.evaluate(script) if script else page.close()
                    )
    assert raised.value.found == how
    if script:
        await page.close()


@pytest.mark.browser
async def test_two_blocks_for_one_page_are_refused(
    shared_chromium: Chromium, tmp_path: Path
) -> None:
    page = await shared_chromium.browser.new_page()
    async with serve({("GET", "/"): html("")}) as url:
        await page.goto(url)
        async with listen(page):
            with pytest.raises(UsageError, match="listened to already"):
                async with listen(page, out=tmp_path):
                    pass
    (error,) = read_trace(tmp_path / "trace.jsonl").of_type("error")
    assert error.data["kind"] == "UsageError"
    await page.close()


@pytest.mark.browser
async def test_a_page_for_the_hosted_service_talks_to_this_machine(
    shared_chromium: Chromium, shared_server: RunningServer, tmp_path: Path
) -> None:
    page = await shared_chromium.browser.new_page()
    async with serve({("GET", "/"): html(HOSTED_CALL)}) as url:
        await page.goto(url)
        async with listen(page, redirect="openai", server=shared_server, out=tmp_path) as call:
            await page.get_by_role("button").click()
            await call.connected(within_s=10)
            await call.expect("session.created", within_s=5)
    await page.close()
    asked = read_trace(tmp_path / "trace.jsonl").of_type("page.redirected")
    assert [(one.data["method"], one.data["status"]) for one in asked][-1] == ("POST", 201)
    assert PAGE_S_KEY not in (tmp_path / "trace.jsonl").read_text(encoding="utf-8")


async def test_a_server_that_nothing_leads_to_is_a_mistake() -> None:
    address = PageAddress("ws://127.0.0.1:1/", "T", "http://127.0.0.1:1/")
    with pytest.raises(UsageError, match="nothing leads to it"):
        async with listen(address, server=RemoteServer("http://127.0.0.1:1", "sk")):
            pass
