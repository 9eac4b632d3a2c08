"""Every way in which a page may get its user's voice and play another one: fixtures/pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from harness.audio.clip import MonoFloat32
from harness.browser.launch import Chromium
from harness.browser.voice_page import VoicePage, open_voice_page
from harness.line.audio import AudioFrames
from harness.line.envelope import Envelope
from harness.line.microphone_access import MicrophoneAccess
from harness.line.microphone_wish import MicrophoneWish
from harness.streams.event_stream import EventStream
from harness.streams.waiting import expect
from tests.support.echoes import echo_delay_s, heard_at
from tests.support.page_calls import chirp
from tests.support.page_server import PageServer
from tests.support.sound_pages import serve_sound_pages
from tests.support.waiting import until as until_told

pytestmark = pytest.mark.realtime


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sound_pages() -> AsyncIterator[PageServer]:
    async with serve_sound_pages() as server:
        yield server


async def opened(page: VoicePage, server: PageServer, path: str) -> None:
    """Load a page of the folder and wait until it has its microphone."""
    name, _, query = path.partition("?")
    await page.goto(server.url(f"{name}/index.html?{query}"))
    await page.microphone.ready()


def of_type(page: VoicePage, *types: str) -> list[dict[str, Any]]:
    return [envelope.data for envelope in page.envelopes.snapshot() if envelope.type in types]


async def told(page: VoicePage, type_: str, **data: Any) -> Envelope:
    """Wait until the page tells this."""
    return await expect(
        page.envelopes,
        lambda e: e.type == type_ and data.items() <= e.data.items(),
        within_s=20,
        what=f"{type_} {data}",
    )


ECHOING = {
    "websocket-worklet": 1.0,
    "websocket-script-processor": 1.0,
    "webcodecs": 0.6,
    "rates?hz=8000": 0.6,
    "rates?hz=16000": 0.6,
    "rates?hz=24000": 0.6,
    "rates?hz=44100": 0.6,
    "loopback": 0.6,
    "frame?other": 0.6,
    "frame?sandbox=allow-scripts": 0.6,
    "frame?other&page=websocket-worklet": 1.0,
    "camera": 0.6,
    "insertable-streams": 0.6,
    "web-transport": 1.0,
    "track-processor": 0.6,
}
"""Pages that give back what they hear, and the longest time that may take, s."""


async def until(stream: EventStream[AudioFrames], first: int, end: int) -> MonoFloat32:
    """What a stream has from one frame of the audio clock to another, silence where it has none."""
    samples = np.zeros(end - first, np.float32)
    async with asyncio.timeout(30):
        async for piece in stream.reader():
            start, stop = max(piece.frame, first), min(piece.frame + len(piece.samples), end)
            if start < stop:
                part = piece.samples[start - piece.frame : stop - piece.frame]
                samples[start - first : stop - first] += part
            if piece.frame + len(piece.samples) >= end:
                break
    return samples


@pytest.mark.alone
async def test_what_the_page_plays_comes_back_to_the_sample_as_an_echo(
    voice_page: VoicePage, sound_pages: PageServer
) -> None:
    """The audio thread makes it, of what the page lets its user hear in the same block."""
    await opened(voice_page, sound_pages, "loopback")
    echo = MicrophoneWish.model_validate({"echo": {"gain_db": -6.0206, "delay_ms": 125}})
    await voice_page.microphone.set_effects(echo.plan())
    await echo_delay_s(voice_page)  # it plays what it hears
    clip = chirp()
    played = await voice_page.microphone.play(clip)
    first = played.start_frame + clip.frames
    heard = await until(voice_page.heard, first - 6000, first + 18_000)
    sent = await until(voice_page.sent, first, first + 24_000)
    assert np.max(np.abs(sent)) > 0.05, "nothing is said any more, and it is not silent"
    np.testing.assert_allclose(sent, 0.5 * heard, atol=1.6 / 32768)


@pytest.mark.parametrize("path", ECHOING)
async def test_what_is_said_comes_back_out_of_the_page(
    path: str, voice_page: VoicePage, sound_pages: PageServer
) -> None:
    await opened(voice_page, sound_pages, path)
    assert 0.01 < await echo_delay_s(voice_page, ECHOING[path]) < ECHOING[path]
    assert not of_type(voice_page, "fallback", "tap.failed", "page.error")
    has_peer = bool(of_type(voice_page, "peer_connection.created"))
    readers = {data["by"] for data in of_type(voice_page, "microphone.read")}
    if "websocket" in path or path == "web-transport":
        assert (has_peer, readers) == (False, {"audio_graph"})
    if path == "camera":
        await voice_page.page.wait_for_function("video.videoWidth > 0")  # its first picture
        video = await voice_page.page.evaluate("[video.videoWidth, video.videoHeight]")
        assert video == [320, 240]
        rate = "stream.getVideoTracks()[0].getSettings().frameRate"
        assert await voice_page.page.evaluate(rate) == 15
        assert len(await voice_page.page.evaluate("pictures(3)")) == 3, "the picture moves"
    if path == "insertable-streams":
        await voice_page.page.wait_for_function("Math.min(passed.sent, passed.received) > 10")


async def hears_by_itself(path: str, page: VoicePage, server: PageServer) -> float | None:
    """When a page's word is heard that it says of its own accord, from just before.

    On a busy machine a word may have holes; it is said again.
    """
    for is_again in (False, True, True):
        if path == "greeting":
            listening = asyncio.ensure_future(heard_at(page, chirp(), 6))
            await opened(page, server, path)
        else:
            if not is_again:
                await opened(page, server, path)
                await page.page.wait_for_function("typeof speak === 'function'")
            if path == "graph-element":  # not before its element is listened to
                await expect(page.heard, lambda _: True, within_s=20, what="the element's silence")
            listening = asyncio.ensure_future(heard_at(page, chirp(), 3))
            await page.page.evaluate("speak()")
        if (heard_s := await listening) is not None:
            return heard_s
    return None


@pytest.mark.parametrize(
    "path",
    [
        "graph-element",
        "streamed-file",
        "worker-source",
        "shadow-tree",
        "several-connections",
        "greeting",
    ],
)
async def test_what_a_page_says_by_itself_is_heard(
    path: str, voice_page: VoicePage, sound_pages: PageServer
) -> None:
    """From its own graph, from a file, on another connection, before it asks for a microphone."""
    heard_s = await hears_by_itself(path, voice_page, sound_pages)
    assert heard_s is not None
    await told(voice_page, "user_media.requested")
    asked = [e for e in voice_page.envelopes.snapshot() if e.type == "user_media.requested"][-1]
    assert (heard_s < voice_page.timeline.page_to_s(asked.page_ms)) is (path == "greeting")
    if path == "several-connections":
        await until_told(lambda: len(of_type(voice_page, "tap.started")) == 2)
        agent, other = (data["connection"] for data in of_type(voice_page, "tap.started"))
        assert agent != other, "each track of each is told apart"
        voice_page.agent.choice = agent
        beside = asyncio.ensure_future(heard_at(voice_page, chirp(), 6, voice_page.others))
        await voice_page.page.evaluate("speak()")
        assert await beside is not None, "another one is heard beside it"
        assert {frames.source.rpartition("/")[2] for frames in voice_page.others.snapshot()} == {
            other
        }
        assert 0.01 < await echo_delay_s(voice_page) < 0.6, "the agent is heard"


async def test_a_recording_that_is_posted_is_answered_by_a_file(
    voice_page: VoicePage, sound_pages: PageServer
) -> None:
    await opened(voice_page, sound_pages, "recorder-fetch")
    await voice_page.page.evaluate("talk()")  # until it records
    listening = asyncio.ensure_future(heard_at(voice_page, chirp(), 8))
    await voice_page.microphone.play(chirp())
    assert await listening is not None
    assert of_type(voice_page, "microphone.read") == [{"by": "recorder"}]


@pytest.mark.parametrize("path", ["popup", "tab", "prerender"])
async def test_a_call_in_another_window_or_document_is_followed(
    path: str, voice_page: VoicePage, sound_pages: PageServer
) -> None:
    await voice_page.goto(sound_pages.url(f"{path}/index.html"))
    page = voice_page.page
    if path == "prerender":
        await page.wait_for_timeout(500)
        await page.evaluate("void setTimeout(show)")
    else:
        await page.click("#call")
    await voice_page.microphone.ready()
    assert 0.01 < await echo_delay_s(voice_page) < 0.6
    assert [data["is_top"] for data in of_type(voice_page, "page.loaded")].count(True) == (
        2 if path == "prerender" else 1
    )
    if path == "popup":
        await voice_page.leave()
        assert len(page.context.pages) == 1, "whoever hangs up leaves no window behind"
        assert voice_page.broken is None


REFUSED: dict[MicrophoneAccess, dict[str, Any]] = {
    "deny": {
        "before": "denied",
        "outcome": "NotAllowedError: Permission denied",
        "after": "denied",
        "listed": [""],
    },
    "dismiss": {
        "before": "prompt",
        "outcome": "NotAllowedError: Permission dismissed",
        "after": "prompt",
        "listed": [""],
    },
    "none": {
        "before": "granted",
        "outcome": "NotFoundError: Requested device not found",
        "after": "granted",
        "listed": [],
    },
}


@pytest.mark.parametrize("access", REFUSED)
async def test_a_microphone_that_a_page_does_not_get(
    access: MicrophoneAccess, chromium: Chromium, sound_pages: PageServer
) -> None:
    async with open_voice_page(chromium, access=access) as page:
        await page.goto(sound_pages.url("refused/index.html"))
        await told(page, "user_media.refused")
        await page.page.wait_for_function("!!window.said")
        assert await page.page.evaluate("said") == REFUSED[access]


async def test_a_headset_is_pulled_out_and_plugged_in_again(
    voice_page: VoicePage, sound_pages: PageServer
) -> None:
    await opened(voice_page, sound_pages, "devices")
    assert 0.01 < await echo_delay_s(voice_page) < 0.6
    await voice_page.page.wait_for_function("!!window.ready")
    await voice_page.microphone.set_access("none")
    await told(voice_page, "microphone.stopped")
    # the page lists its devices after it was told of a change: this one first, then the next
    await voice_page.page.wait_for_function("told.includes('devicechange 0')")
    await voice_page.microphone.set_access("allow")
    assert 0.01 < await echo_delay_s(voice_page) < 0.6
    await voice_page.page.wait_for_function("told.length > 2")
    changes = ["ended", "devicechange 0", "devicechange 2"]
    assert await voice_page.page.evaluate("told") == changes


async def test_a_user_changes_their_mind_about_the_microphone(
    voice_page: VoicePage, sound_pages: PageServer
) -> None:
    """What the step `device` does: the page is told, and asks again."""
    await opened(voice_page, sound_pages, "permission")
    await voice_page.page.wait_for_function("!!window.askAgain")
    outcomes = []
    changes: tuple[MicrophoneAccess, ...] = ("dismiss", "deny", "allow")
    for access in changes:
        await voice_page.microphone.set_access(access)
        outcomes.append(await voice_page.page.evaluate("askAgain()"))
    assert outcomes == [
        "NotAllowedError: Permission dismissed",
        "NotAllowedError: Permission denied",
        "granted",
    ]
    await voice_page.page.wait_for_function("told.length > 3")
    assert await voice_page.page.evaluate("told") == ["prompt", "ended", "denied", "granted"]
    assert 0.01 < await echo_delay_s(voice_page) < 0.6


async def test_what_is_said_while_no_button_is_held_is_not_sent(
    voice_page: VoicePage, sound_pages: PageServer
) -> None:
    await opened(voice_page, sound_pages, "push-to-talk")
    await told(voice_page, "peer_connection.state", kind="connection", state="connected")
    listening = asyncio.ensure_future(heard_at(voice_page, chirp(), 1))
    await voice_page.microphone.play(chirp())
    assert await listening is None
    await voice_page.page.hover("#talk")
    await voice_page.page.mouse.down()
    assert 0.01 < await echo_delay_s(voice_page) < 0.6
    await voice_page.page.mouse.up()
    await told(voice_page, "microphone.enabled", enabled=True)


async def test_a_microphone_is_given_back_and_asked_for_again(
    voice_page: VoicePage, sound_pages: PageServer
) -> None:
    await opened(voice_page, sound_pages, "asks-again")
    await voice_page.page.wait_for_function("!!window.askAgain")
    await voice_page.page.evaluate("giveBack()")
    await told(voice_page, "microphone.stopped")
    await voice_page.page.evaluate("askAgain()")
    assert 0.01 < await echo_delay_s(voice_page) < 0.6


async def test_a_call_whose_track_route_and_media_change_goes_on(
    voice_page: VoicePage, sound_pages: PageServer
) -> None:
    """replaceTrack, ICE restart, renegotiation with video."""
    await opened(voice_page, sound_pages, "changing-call")
    await voice_page.page.wait_for_function("!!window.addVideo")
    for change in ("replace", "restart", "addVideo"):
        await voice_page.page.evaluate(f"{change}()")
    assert 0.01 < await echo_delay_s(voice_page) < 0.6
    offers = [(d["connection"], d["side"]) for d in of_type(voice_page, "peer_connection.offer")]
    assert sorted(offers) == [("connection-0", "local")] * 3 + [("connection-1", "remote")] * 3
    kinds = [data["kind"] for data in of_type(voice_page, "peer_connection.track")]
    assert kinds == ["audio", "video"]


async def test_another_output_changes_nothing_of_what_is_heard(
    voice_page: VoicePage, sound_pages: PageServer
) -> None:
    await opened(voice_page, sound_pages, "sink")
    await voice_page.page.wait_for_function("!!(window.audio && window.move)")
    assert (await voice_page.page.evaluate("move()"))[-1] == "Speakers"
    assert 0.01 < await echo_delay_s(voice_page) < 0.6


async def test_video_in_several_sizes_is_observed(
    voice_page: VoicePage, sound_pages: PageServer
) -> None:
    await opened(voice_page, sound_pages, "simulcast")
    assert 0.01 < await echo_delay_s(voice_page) < 0.6
    # Chromium adds the layers' entries one by one, before and after the first frame is sent.
    await expect(
        voice_page.envelopes,
        lambda e: (
            e.type == "stats"
            and (layers := _layers(e)).keys() == {"r0", "r1", "r2"}
            and any(sent > 0 for sent in layers.values())
        ),
        within_s=20,
        what="statistics of video that is sent in three sizes",
    )


def _layers(stats: Envelope) -> dict[str, int]:
    """Frames sent of each layer."""
    return {
        part["rid"]: part.get("framesSent", 0)
        for part in stats.data["report"]
        if part["type"] == "outbound-rtp" and "rid" in part
    }


async def test_a_screen_is_shared_without_anybody_who_chooses_one(
    voice_page: VoicePage, sound_pages: PageServer
) -> None:
    await opened(voice_page, sound_pages, "display")
    await voice_page.page.wait_for_function("!!window.share")
    assert await voice_page.page.evaluate("share()") == [True, "video"]
    assert 0.01 < await echo_delay_s(voice_page) < 0.6


async def test_what_a_worker_has_of_a_call(voice_page: VoicePage, sound_pages: PageServer) -> None:
    """No peer connection and no audio graph: there is none to listen to."""
    await voice_page.goto(sound_pages.url("worker/index.html"))
    has = set(await voice_page.page.evaluate("has"))
    assert not has & {"RTCPeerConnection", "AudioContext"}
    assert {"RTCRtpScriptTransformer", "AudioDecoder"} <= has
