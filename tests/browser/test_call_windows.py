"""Which window calls, told from envelopes alone."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from harness.browser import probed_page
from harness.browser.call_windows import CallWindows
from harness.browser.devtools import DevTools, Session
from harness.browser.page_clock import PageClock
from harness.browser.page_realms import PageRealms
from harness.browser.probe_settings import ProbeSettings
from harness.browser.probed_page import ProbedPage
from harness.browser.realm import Realm
from harness.clock import MonotonicClock
from harness.errors import PageHung, UsageError
from harness.facts.browser import BrowserFact, CallWindow, WindowFollowed
from harness.line.envelope import Envelope
from harness.timeline import Timeline


class Told:
    """Windows that are fed by hand; each has one document."""

    def __init__(self) -> None:
        self.realms = PageRealms(PageClock(Timeline()), lambda _: None)
        self.windows = CallWindows(self.realms)
        self.windows.given = "front"
        self.noted: list[BrowserFact] = []

    def tell(self, window: str, kind: str, **data: Any) -> None:
        envelope = Envelope(v=1, frame_id=f"in {window}", seq=0, page_ms=0, type=kind, data=data)
        self.realms.receive(envelope, lambda: cast("Realm", object()), window)
        self.windows.receive(envelope, window, self.noted.append)

    def load(self, window: str, url: str) -> None:
        self.tell(window, "page.loaded", url=url, is_top=True)

    def call(self, window: str) -> None:
        self.tell(window, "microphone.started", microphone="m")
        data = {"connection": "c", "kind": "connection", "state": "connected"}
        envelope = Envelope(
            v=1, frame_id=f"in {window}", seq=1, page_ms=0, type="peer_connection.state", data=data
        )
        self.realms.receive(envelope, lambda: cast("Realm", object()), window)
        self.windows.receive(envelope, window, self.noted.append)


def test_another_window_is_told_once_it_shows_something_and_once_it_calls() -> None:
    told = Told()
    told.load("front", "http://h/")
    told.load("popup", "about:blank")
    assert told.noted == []
    told.windows.shows("popup", "http://h/call", told.noted.append)
    told.load("popup", "http://h/call/again")
    told.call("popup")
    told.call("popup")
    assert told.noted == [WindowFollowed("http://h/call"), CallWindow("http://h/call/again")]


def test_the_page_that_was_given_is_no_news() -> None:
    told = Told()
    told.load("front", "http://h/")
    told.call("front")
    assert told.noted == []
    assert told.windows.url_of("front") == "http://h/"


def test_two_windows_that_hear_the_user_are_one_too_many() -> None:
    told = Told()
    told.load("front", "http://h/one")
    told.load("popup", "http://h/two")
    told.call("front")
    with pytest.raises(UsageError, match="Two windows are in a call") as raised:
        told.call("popup")
    assert "http://h/one and http://h/two" in str(raised.value)


def test_a_window_whose_call_has_ended_leaves_room_for_another() -> None:
    told = Told()
    told.call("front")
    told.tell("front", "microphone.stopped", microphone="m")
    told.call("popup")
    assert told.realms.calling_windows() == ["popup"]


class Window:
    """A page's session that answers, or hangs."""

    def __init__(self, *, hangs: bool = False) -> None:
        self.asked = asyncio.Event()
        self._hangs = hangs

    async def send(self, *_: Any, **__: Any) -> dict[str, Any]:
        self.asked.set()
        if self._hangs:
            await asyncio.Event().wait()
        return {
            "frameTree": {"frame": {"id": "top"}},
            "executionContextId": 7,
            "result": {"type": "number", "value": 0},
        }


async def test_the_window_that_calls_is_asked_whether_it_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The page that opened it answers all the time."""
    monkeypatch.setattr(probed_page, "ASK_EVERY_S", 0.0)
    monkeypatch.setattr(probed_page, "ANSWERS_WITHIN_S", 0.01)
    page = ProbedPage(cast("DevTools", None), ProbeSettings(), MonotonicClock())
    given, popup = Window(), Window(hangs=True)
    page._line._page = cast("Session", given)
    page._line.pages = {"given": cast("Session", given), "popup": cast("Session", popup)}
    watching = asyncio.create_task(page._watch_answers())
    await given.asked.wait()
    assert page.broken is None
    data = {"connection": "c", "kind": "connection", "state": "connected"}
    told = Envelope(v=1, frame_id="f", seq=0, page_ms=0, type="peer_connection.state", data=data)
    page._realms.receive(told, lambda: cast("Realm", object()), "popup")
    await watching
    assert popup.asked.is_set()
    assert isinstance(page.broken, PageHung)
