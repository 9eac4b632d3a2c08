"""A page that somebody else opened, as a line: what it may do to it, and what not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast
from unittest.mock import MagicMock

import pytest
from playwright.async_api import Page

from harness.browser.endpoint import PageAddress, address_of
from harness.browser.launch import Chromium
from harness.browser.probe_settings import ProbeSettings
from harness.clock import MonotonicClock
from harness.engines.browser import attached_line
from harness.engines.browser.attached_line import AttachedLine
from harness.errors import BrowserError, UsageError
from harness.facts.browser import PageException
from harness.facts.catalogue import AnyFact
from tests.support.small_server import html, serve


class Noted:
    """Keeps what a line tells beside its envelopes."""

    def __init__(self) -> None:
        self.facts: list[AnyFact] = []

    def note(self, fact: AnyFact) -> None:
        self.facts.append(fact)

    def fail(self, error: Any) -> None:
        raise error

    def hide(self, secret: str) -> None: ...


async def line_of(page: Page, chromium: Chromium, *, camera: bool = True) -> AttachedLine:
    settings = ProbeSettings(camera=camera)
    return AttachedLine(chromium.devtools, await address_of(page), settings, MonotonicClock())


async def test_it_hears_what_goes_wrong_on_the_page_and_leaves_it_open(
    shared_chromium: Chromium,
) -> None:
    page = await shared_chromium.browser.new_page()
    async with serve({("GET", "/"): html("<button onclick='nobody()'>Call</button>")}) as url:
        await page.goto(url)
        line, noted = await line_of(page, shared_chromium), Noted()
        await line.connect(5, noted)
        await page.get_by_role("button").click()
        assert await line.page.evaluate("document.title") == "t"
        assert PageException("ReferenceError: nobody is not defined") in noted.facts
        await line.aclose()
        assert await page.get_by_role("button").is_visible()
        await page.close()


async def test_a_page_is_let_go_of_where_its_network_does_not_end_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    @asynccontextmanager
    async def routes(*_: object) -> AsyncIterator[None]:
        yield
        raise BrowserError("The relay is gone.")

    async def act(*what: object, **_: object) -> None:
        done.append(str(what[0]) if what else "let go")

    page = MagicMock(attach=act, follow=act, aclose=act, redirect=None, access="allow")
    devtools = MagicMock()
    devtools.root.send = act
    monkeypatch.setattr(attached_line, "follow_routes", routes)
    monkeypatch.setattr(attached_line, "ProbedPage", lambda *_, **__: page)
    address = PageAddress("ws://127.0.0.1:1", "target", "http://127.0.0.1/")
    line = AttachedLine(
        devtools, address, ProbeSettings(), MonotonicClock(), network=cast("Any", "slow")
    )
    await line.connect(5, Noted())
    with pytest.raises(BrowserError, match="relay is gone"):
        await line.aclose()
    assert done[-1] == "let go"


@pytest.mark.parametrize(
    ("camera", "got"),
    [(True, ["audio", "video"]), (False, "NotFoundError: Requested device not found")],
)
async def test_a_page_that_wants_a_camera_too_finds_one(
    camera: bool, got: Any, shared_chromium: Chromium
) -> None:
    """In a context to which nobody granted anything."""
    context = await shared_chromium.browser.new_context()
    page = await context.new_page()
    async with serve({("GET", "/"): html("")}) as url:
        await page.goto(url)
        line = await line_of(page, shared_chromium, camera=camera)
        await line.connect(5, Noted())
        asked = "navigator.mediaDevices.getUserMedia({ audio: true, video: true })"
        kinds = "(stream) => stream.getTracks().map(({ kind }) => kind).sort()"
        assert await page.evaluate(f"{asked}.then({kinds}, String)") == got
        await line.aclose()
    await context.close()


async def test_our_own_way_to_hang_up_is_only_our_own_pages(shared_chromium: Chromium) -> None:
    page = await shared_chromium.browser.new_page()
    async with serve({("GET", "/"): html("")}) as url:
        await page.goto(url)
        line = await line_of(page, shared_chromium)
        await line.connect(5, Noted())
        with pytest.raises(UsageError, match="Only your test can end the call"):
            await line.hang_up()
        await page.evaluate("window.RT = {close: async () => { document.title = 'over'; }}")
        await line.hang_up()
        assert await page.title() == "over"
        with pytest.raises(BrowserError, match="no open data channel"):
            await line.send_text("oai-events", "{}")
        await line.aclose()
        await page.close()


async def test_one_page_has_one_listener_at_a_time(shared_chromium: Chromium) -> None:
    page = await shared_chromium.browser.new_page()
    async with serve({("GET", "/"): html("")}) as url:
        await page.goto(url)
        first, second = [await line_of(page, shared_chromium) for _ in range(2)]
        await first.connect(5, Noted())
        with pytest.raises(UsageError, match="listened to already"):
            await second.connect(5, Noted())
        await second.aclose()
        with pytest.raises(UsageError, match="listened to already"):
            await (await line_of(page, shared_chromium)).connect(5, Noted())
        await first.aclose()
        third = await line_of(page, shared_chromium)
        await third.connect(5, Noted())
        await third.aclose()
        await page.close()
