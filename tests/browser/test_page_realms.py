"""What is known about a page's realms, from its envelopes alone."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from harness.browser.page_clock import PageClock
from harness.browser.page_realms import PageRealms
from harness.browser.realm import Realm
from harness.errors import PageCrashed
from harness.line.envelope import Envelope
from harness.timeline import Timeline


class FakeLine:
    """Stands in for a realm's line: answers when told to."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.closed = False

    async def call(self, _method: str, *_arguments: Any) -> Any:
        return await self.answer

    def close(self) -> None:
        self.closed = True


class ToldPage:
    """A page's realms, fed by hand."""

    def __init__(self) -> None:
        self.clock = PageClock(Timeline())
        self.losses = 0
        self.lines: dict[str, FakeLine] = {}
        self.realms = PageRealms(self.clock, self._lose)

    def _lose(self, _window: str) -> None:
        self.losses += 1

    def open_window(self, realm: str, window: str) -> None:
        """The first document of a window that the page opened."""
        self._tell(realm, "page.loaded", {"url": "", "is_top": True}, window)

    def tell(self, realm: str, what: str, **data: Any) -> None:
        self._tell(realm, what, data)

    def _tell(self, realm: str, kind: str, data: dict[str, Any], window: str = "") -> None:
        def find_line() -> Realm:
            self.lines[realm] = FakeLine()
            return cast("Realm", self.lines[realm])

        envelope = Envelope(v=1, frame_id=realm, seq=0, page_ms=0.0, type=kind, data=data)
        self.realms.receive(envelope, find_line, window)

    def load(self, realm: str, *, is_top: bool = True) -> None:
        self.tell(realm, "page.loaded", url="", is_top=is_top)

    def connect(self, realm: str, state: str = "connected") -> None:
        data = {"connection": "c", "kind": "connection", "state": state}
        found = self.realms.find(realm)
        self._tell(realm, "peer_connection.state", data, found.window if found else "")


@pytest.fixture
async def told() -> ToldPage:
    return ToldPage()


async def test_a_microphone_counts_once_its_audio_clock_is_known(told: ToldPage) -> None:
    """Both have to be there; a stopped one counts no more."""
    told.load("top")
    told.tell("top", "microphone.started", microphone="m")
    assert told.realms.with_microphone() == []
    told.clock.anchor("top", 0, 0.0, 48_000, 0.0)
    assert [realm.name for realm in told.realms.with_microphone()] == ["top"]
    told.tell("top", "microphone.stopped", microphone="m")
    assert told.realms.with_microphone() == []


async def test_a_window_outlives_the_page_s_document_and_ends_with_its_call(
    told: ToldPage,
) -> None:
    told.load("top")
    told.open_window("popup", "w")
    told.connect("popup")
    told.load("next")
    assert [realm.name for realm in told.realms.all()] == ["popup", "next"]
    assert told.realms.documents == {"": 2, "w": 1}
    told.realms.lose_window("w")
    assert ([realm.name for realm in told.realms.all()], told.losses) == (["next"], 1)


async def test_another_document_replaces_everything(told: ToldPage) -> None:
    """Frames of the old document go with it."""
    told.load("first")
    told.load("frame", is_top=False)
    told.load("second")
    assert [realm.name for realm in told.realms.all()] == ["second"]
    assert told.lines["first"].closed
    assert told.losses == 0


async def test_leaving_a_connected_call_is_a_loss(told: ToldPage) -> None:
    """Once; and none where the page had closed the connection itself."""
    told.load("top")
    told.connect("top")
    told.tell("top", "page.unloaded", url="")
    assert told.losses == 1
    told.load("again")
    told.connect("again")
    told.tell("again", "peer_connection.closed", connection="c")
    told.load("third")
    told.connect("third")
    told.connect("third", "disconnected")
    told.load("fourth")
    assert told.losses == 1


async def test_channels_are_found_by_their_label(told: ToldPage) -> None:
    """While they are open."""
    told.load("top")
    told.tell("top", "data_channel.open", connection="c", channel="1", label="words")
    assert [realm.name for realm in told.realms.with_channel("words")] == ["top"]
    assert told.realms.channel_labels() == ["words"]
    told.tell("top", "data_channel.closed", connection="c", channel="1", label="words")
    assert told.realms.with_channel("words") == []


async def test_what_the_page_did_about_microphones_is_told_in_words(told: ToldPage) -> None:
    """For the message to somebody whose call does not start."""
    assert told.realms.describe_requests() == "no document of the page was loaded"
    told.load("top")
    assert told.realms.describe_requests() == "the page never called getUserMedia"
    told.tell("top", "user_media.requested", call="1", constraints={"audio": False, "video": {}})
    told.tell("top", "user_media.refused", call="1", name="NotAllowedError", reason="denied")
    assert told.realms.describe_requests() == (
        "it asked for video; it was refused: NotAllowedError denied"
    )


async def test_a_call_into_a_page_that_dies_does_not_wait_for_ever(told: ToldPage) -> None:
    """A dead renderer never answers; what broke the page is raised in its place."""
    told.load("top")
    [realm] = told.realms.all()
    asking = asyncio.create_task(told.realms.call(realm, "now"))
    await asyncio.sleep(0)
    told.realms.break_off(PageCrashed("gone"))
    with pytest.raises(PageCrashed):
        await asking
    with pytest.raises(PageCrashed):
        await told.realms.call(realm, "now")
    with pytest.raises(PageCrashed):
        await told.realms.wait_changed()


async def test_a_call_gives_what_the_page_answers(told: ToldPage) -> None:
    """The usual case."""
    told.load("top")
    told.lines["top"].answer.set_result(42)
    assert await told.realms.call(told.realms.all()[0], "now") == 42
