"""A page that somebody else opened, with the probe put in later."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page

from harness.browser import probed_page, realm
from harness.browser.endpoint import address_of
from harness.browser.launch import Chromium
from harness.browser.probe_settings import ProbeSettings
from harness.browser.probed_page import ProbedPage
from harness.clock import MonotonicClock
from harness.errors import BrowserError, PageClosed, PageCrashed, PageHung, UsageError
from harness.streams.waiting import expect
from tests.support.page_calls import chirp, place_of, wait_broken
from tests.support.page_server import PageServer

pytestmark = [pytest.mark.realtime, pytest.mark.alone]


async def attached(page: Page, chromium: Chromium) -> ProbedPage:
    probed = ProbedPage(chromium.devtools, ProbeSettings(), MonotonicClock())
    await probed.attach((await address_of(page)).target_id, is_loaded=True)
    return probed


async def test_a_document_that_is_loaded_gets_the_probe(
    chromium: Chromium, page_server: PageServer
) -> None:
    """Its next call is heard from the first sample on."""
    page = await chromium.browser.new_page()
    await page.goto(page_server.url("loopback.html"))
    probed = await attached(page, chromium)
    await page.evaluate("call()")
    await probed.microphone.ready()
    clip = chirp()
    played = await probed.microphone.play(clip)
    assert 0.01 < await place_of(clip, probed, played.end_s + 1.0) - played.start_s < 0.6
    await probed.aclose()
    assert await page.title() == "Two peer connections in one page", "the page stays open"
    await page.close()


async def test_a_document_that_comes_later_gets_it_once(
    chromium: Chromium, page_server: PageServer
) -> None:
    page = await chromium.browser.new_page()
    await page.goto(page_server.url("plain.html"))
    probed = await attached(page, chromium)
    await page.goto(page_server.url("loopback.html?call"))
    await probed.microphone.ready()
    loaded = [e for e in probed.envelopes.snapshot() if e.type == "page.loaded"]
    assert len(loaded) == 2
    await probed.aclose()
    await page.close()


async def test_a_frame_of_another_site_that_is_loaded_gets_it_too(
    chromium: Chromium, page_server: PageServer
) -> None:
    page = await chromium.browser.new_page()
    await page.goto(page_server.url("framed.html", host="localhost"))
    await page.frames[-1].wait_for_load_state()
    probed = await attached(page, chromium)
    count = len(page.frames)
    await expect(
        probed.envelopes,
        lambda _: sum(e.type == "page.loaded" for e in probed.envelopes.snapshot()) >= count,
        within_s=5,
        what="the probe in every frame",
    )
    await probed.aclose()
    await page.close()


async def test_a_page_in_a_call_is_refused(chromium: Chromium, page_server: PageServer) -> None:
    page = await chromium.browser.new_page(permissions=["microphone"])
    await page.goto(page_server.url("loopback.html"))
    await page.evaluate("call()")
    await page.wait_for_function("window.left?.connectionState === 'connected'")
    with pytest.raises(UsageError, match="in a call already"):
        await attached(page, chromium)
    await page.close()


async def test_an_expression_gives_its_value_or_raises(
    chromium: Chromium, page_server: PageServer
) -> None:
    page = await chromium.browser.new_page()
    await page.goto(page_server.url("plain.html"))
    probed = await attached(page, chromium)
    assert await probed.evaluate("Promise.resolve({a: [1, 2]})") == {"a": [1, 2]}
    with pytest.raises(BrowserError, match="nothing like it"):
        await probed.evaluate("(() => { throw new Error('nothing like it') })()")
    await probed.aclose()
    await page.close()


async def test_a_page_that_is_closed_ends_its_streams(
    chromium: Chromium, page_server: PageServer
) -> None:
    page = await chromium.browser.new_page()
    await page.goto(page_server.url("plain.html"))
    probed = await attached(page, chromium)
    await page.close()
    assert isinstance(await wait_broken(probed), PageClosed)
    with pytest.raises(PageClosed):
        await probed.evaluate("1")
    await probed.aclose()


async def test_a_page_that_crashes_says_so(chromium: Chromium, page_server: PageServer) -> None:
    page = await chromium.browser.new_page()
    await page.goto(page_server.url("plain.html"))
    probed = await attached(page, chromium)
    crashing = asyncio.ensure_future(page.goto("chrome://crash"))
    assert isinstance(await wait_broken(probed), PageCrashed)
    await asyncio.gather(crashing, return_exceptions=True)
    await probed.aclose()
    await page.close()


async def test_a_page_whose_script_lets_nothing_else_run_is_named(
    chromium: Chromium, page_server: PageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing comes from it, not even an error: it is asked from time to time."""
    monkeypatch.setattr(probed_page, "ASK_EVERY_S", 0.05)
    monkeypatch.setattr(probed_page, "ANSWERS_WITHIN_S", 0.5)
    monkeypatch.setattr(realm, "ANSWERS_WITHIN_S", 0.5)
    page = await chromium.browser.new_page()
    await page.goto(page_server.url("plain.html"))
    probed = await attached(page, chromium)
    busy = "const end = Date.now() + 3000; setTimeout(() => { while (Date.now() < end); })"
    await page.evaluate(busy)
    broken = await wait_broken(probed)
    assert isinstance(broken, PageHung)
    assert "its own script lets nothing else run" in str(broken)
    await probed.aclose()
    await page.close()


async def test_a_page_that_is_busy_for_a_moment_is_waited_for(
    chromium: Chromium, page_server: PageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probed_page, "ASK_EVERY_S", 0.05)
    page = await chromium.browser.new_page()
    await page.goto(page_server.url("loopback.html"))
    probed = await attached(page, chromium)
    await page.evaluate("{ const end = Date.now() + 700; while (Date.now() < end); }")
    await page.evaluate("call()")
    await probed.microphone.ready()
    assert probed.broken is None
    await probed.aclose()
    await page.close()
