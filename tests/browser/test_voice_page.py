"""A page that knows nothing of us: driven, listened to, and lost in all the usual ways."""

from __future__ import annotations

import asyncio
import json
import socket
from urllib.parse import quote

import pytest

from harness.browser.launch import Chromium
from harness.browser.voice_page import VoicePage, open_voice_page
from harness.errors import (
    BridgeGap,
    BrowserError,
    EnvelopeError,
    NoMicrophoneRequest,
    PageClosed,
    PageCrashed,
    ServerRefused,
    ServerUnreachable,
    StreamOverflow,
)
from harness.line.envelope import Envelope
from harness.network.relay_address import RelayAddress
from harness.streams.waiting import expect
from tests.support.page_calls import call, chirp, is_connected, place_of, wait_broken
from tests.support.page_server import PageServer
from tests.support.waiting import until

pytestmark = [pytest.mark.realtime, pytest.mark.alone]


async def test_what_is_said_is_heard_on_the_same_time_line(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """A chirp through getUserMedia, Opus and DTLS arrives later than it left, and not much."""
    await call(voice_page, page_server.url("loopback.html?call"))
    clip = chirp()
    played = await voice_page.microphone.play(clip)
    heard_s = await place_of(clip, voice_page, played.end_s + 1.0)
    assert 0.01 < heard_s - played.start_s < 0.6
    assert voice_page.uncertainty_s < 0.5
    assert voice_page.timeline.anchored


async def test_everything_about_the_call_is_told_in_order(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """From the page's load to the open data channel, each after what it depends on."""
    await call(voice_page, page_server.url("loopback.html?call"))
    await expect(
        voice_page.envelopes, lambda e: e.type == "data_channel.open", within_s=20, what="a channel"
    )
    types = [envelope.type for envelope in voice_page.envelopes.snapshot()]
    order = ["page.loaded", "user_media.requested", "microphone.started", "user_media.granted",
             "peer_connection.created", "peer_connection.offer", "peer_connection.answer",
             "data_channel.open"]  # fmt: skip
    places = [types.index(name) for name in order]
    assert places == sorted(places)
    assert voice_page.bridge_counts["lost"] == 0


async def test_a_text_goes_through_the_pages_own_channel(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """Sent as the page would, answered by the other side, both reported."""
    await call(voice_page, page_server.url("loopback.html?call"))
    await expect(
        voice_page.envelopes, lambda e: e.type == "data_channel.open", within_s=20, what="a channel"
    )
    await voice_page.send_text("words", "hello")
    echo = await expect(
        voice_page.envelopes,
        lambda e: e.type == "data_channel.message" and e.data["text"] == "echo hello",
        within_s=20,
        what="the echo",
    )
    assert echo.data["direction"] in ("sent", "received")
    with pytest.raises(BrowserError, match="no open data channel “nothing”"):
        await voice_page.send_text("nothing", "hello")


async def test_secrets_of_the_connection_stay_in_the_page(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """Neither TURN credentials nor ICE passwords are in any envelope."""
    await call(voice_page, page_server.url("loopback.html?call"))
    await voice_page.page.evaluate(
        "new RTCPeerConnection({ iceServers: [{ urls: 'turn:127.0.0.1:9?transport=udp',"
        " username: 'somebody', credential: 'a-secret' }] }) && 0"
    )
    await expect(
        voice_page.envelopes,
        lambda e: (
            e.type == "peer_connection.created" and bool(e.data["configuration"]["iceServers"])
        ),
        within_s=20,
        what="the third connection",
    )
    told = json.dumps([envelope.data for envelope in voice_page.envelopes.snapshot()])
    assert "turn:127.0.0.1:9?transport=udp" in told
    assert "a-secret" not in told
    assert "somebody" not in told
    assert "a=ice-pwd:***" in told
    assert told.count("ice-pwd:") == told.count("ice-pwd:***")


async def test_statistics_come_at_their_interval(
    chromium: Chromium, page_server: PageServer
) -> None:
    """getStats of each connection, with the packets it sent."""
    async with open_voice_page(chromium, stats_every_s=0.2) as page:
        await call(page, page_server.url("loopback.html?call"))
        stats = await expect(
            page.envelopes,
            lambda e: (
                e.type == "stats"
                and any(part["type"] == "outbound-rtp" for part in e.data["report"])
            ),
            within_s=20,
            what="statistics of what was sent",
        )
        assert stats.data["connection"].startswith("connection-")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_call_in_a_frame_is_seen_and_heard(
    voice_page: VoicePage, page_server: PageServer, host: str
) -> None:
    """Same origin, and another site's frame with a process of its own."""
    inner = quote(page_server.url("loopback.html?call", host), safe="")
    await call(voice_page, page_server.url(f"framed.html?frame={inner}"))
    clip = chirp()
    played = await voice_page.microphone.play(clip)
    heard_s = await place_of(clip, voice_page, played.end_s + 1.0)
    assert 0.01 < heard_s - played.start_s < 0.6


async def test_a_frame_without_permission_gets_no_microphone(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """The permissions policy holds for the virtual microphone as for a device."""
    inner = quote(page_server.url("loopback.html?call", "localhost"), safe="")
    await voice_page.goto(page_server.url(f"framed.html?forbid&frame={inner}"))
    await expect(
        voice_page.envelopes,
        lambda e: e.type == "user_media.refused",
        within_s=20,
        what="a page that got no microphone",
    )
    with pytest.raises(NoMicrophoneRequest, match="NotAllowedError"):
        await voice_page.microphone.ready(within_s=0.3)


async def test_a_policy_that_forbids_worklets_leads_to_the_fallback(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """The same call without worklets, and an envelope says so."""
    policy = quote("script-src 'unsafe-inline'; worker-src 'none'")
    await call(voice_page, page_server.url(f"loopback.html?call&csp={policy}"))
    types = [envelope.type for envelope in voice_page.envelopes.snapshot()]
    assert "fallback" in types
    clip = chirp()
    played = await voice_page.microphone.play(clip)
    heard_s = await place_of(clip, voice_page, played.end_s + 1.5)
    assert 0.01 < heard_s - played.start_s < 1.0


async def test_a_crash_ends_the_streams_and_keeps_what_they_have(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """The renderer dies in the middle of a call."""
    await call(voice_page, page_server.url("loopback.html?call"))
    await expect(voice_page.heard, lambda _: True, within_s=20, what="anything heard")
    crashing = asyncio.ensure_future(voice_page.page.goto("chrome://crash"))
    broken = await wait_broken(voice_page)
    await asyncio.gather(crashing, return_exceptions=True)
    assert isinstance(broken, PageCrashed)
    assert voice_page.heard.count > 0
    assert voice_page.heard.cause is broken
    with pytest.raises(PageCrashed):
        await voice_page.microphone.play(chirp())
    with pytest.raises(PageCrashed):
        await voice_page.goto(page_server.url("plain.html"))


async def test_a_page_that_is_closed_ends_the_streams(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """Somebody closes the page while it is in a call."""
    await call(voice_page, page_server.url("loopback.html?call"))
    await voice_page.page.close()
    assert isinstance(await wait_broken(voice_page), PageClosed)
    with pytest.raises(PageClosed):
        await voice_page.microphone.ready()


async def test_a_page_that_navigates_away_loses_its_call(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """Leaving the document during a call is an error; before a call it is not."""
    await voice_page.goto(page_server.url("plain.html"))
    async with voice_page.page.expect_navigation():
        await voice_page.page.evaluate("location.href = 'loopback.html?call'")
    await voice_page.microphone.ready()
    await expect(voice_page.envelopes, is_connected, within_s=20, what="a connection")
    assert voice_page.broken is None
    await voice_page.page.evaluate("location.href = 'plain.html'")
    broken = await wait_broken(voice_page)
    assert isinstance(broken, PageClosed)
    assert "navigated away" in str(broken)


async def test_goto_may_leave_a_call(voice_page: VoicePage, page_server: PageServer) -> None:
    """Python's own navigation is no accident, and the timeline goes on."""
    await call(voice_page, page_server.url("loopback.html?call"))
    before = await voice_page.microphone.play(chirp())
    await voice_page.goto(page_server.url("loopback.html?call"))
    await voice_page.microphone.ready()
    played = await voice_page.microphone.play(chirp())
    assert played.start_s > before.start_s
    assert voice_page.broken is None


async def test_leave_ends_a_call_without_an_error(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """Hanging up by leaving is no accident, however late the page tells of it."""
    await call(voice_page, page_server.url("loopback.html?call"))
    await voice_page.leave()
    await expect(
        voice_page.envelopes,
        lambda e: e.type == "page.loaded" and e.data["url"] == "about:blank",
        within_s=20,
        what="the empty page",
    )
    assert voice_page.broken is None
    assert not voice_page.envelopes.ended


async def test_a_waiting_reader_learns_of_the_end(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """Whoever waits for the microphone is told that the page has gone, not that time is over."""
    await voice_page.goto(page_server.url("plain.html"))
    waiting = asyncio.create_task(voice_page.microphone.ready(within_s=30))
    await voice_page.page.close()
    with pytest.raises(PageClosed):
        await waiting


async def last_envelope(voice_page: VoicePage) -> Envelope:
    """What a page that does nothing tells last, once it has told it."""

    def told() -> list[Envelope]:
        return [e for e in voice_page.envelopes.snapshot() if e.type == "page.permission"]

    await until(lambda: bool(told()))
    return told()[-1]


async def test_missing_envelopes_break_the_bridge(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """A number that does not follow is an error, and what came with it is kept."""
    await voice_page.goto(page_server.url("plain.html"))
    last = await last_envelope(voice_page)
    late = {
        **last.model_dump(),
        "seq": last.seq + 7,
        "type": "page.error",
        "data": {"message": "late"},
    }
    feed(voice_page, json.dumps([late]))
    broken = await wait_broken(voice_page)
    assert isinstance(broken, BridgeGap)
    assert "6 envelopes" in str(broken)
    assert voice_page.envelopes.snapshot()[-1].data == {"message": "late"}
    assert voice_page.bridge_counts["lost"] == 6


async def test_nonsense_from_the_page_breaks_the_bridge(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """The schema refuses what is not an envelope."""
    await voice_page.goto(page_server.url("plain.html"))
    feed(voice_page, "nonsense")
    assert isinstance(await wait_broken(voice_page), EnvelopeError)


FORGED = {
    "audio.anchor": {"frame": 0, "page_ms": 1.0, "sample_rate_hz": 0, "uncertainty_ms": 0},
    "played.samples": {"frame": 0, "frames": 2**53, "pcm": "", "rms_dbfs": 0},
    "heard.samples": {"track": "t", "frame": 0, "frames": 9, "pcm": "?", "rms_dbfs": 0},
}


@pytest.mark.parametrize("type", FORGED)
async def test_audio_that_a_page_forges_breaks_the_bridge(
    voice_page: VoicePage, page_server: PageServer, type: str
) -> None:
    """A page that gets at the way out is refused by name, and our own tasks live on."""
    await voice_page.goto(page_server.url("plain.html"))
    last = await last_envelope(voice_page)
    forged = {**last.model_dump(), "seq": last.seq + 1, "type": type, "data": FORGED[type]}
    feed(voice_page, json.dumps([forged]))
    assert isinstance(await wait_broken(voice_page), EnvelopeError)


async def test_a_mistake_of_ours_about_the_page_is_told_at_once(
    voice_page: VoicePage, page_server: PageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no page's fault, and it leaves nobody waiting."""

    def fail(_payload: str) -> None:
        raise ZeroDivisionError

    await voice_page.goto(page_server.url("plain.html"))
    monkeypatch.setattr(voice_page._reassembler, "feed", fail)
    await voice_page.page.evaluate("new RTCPeerConnection() && 0")
    broken = await wait_broken(voice_page)
    assert "The harness itself failed" in str(broken)


async def test_a_page_that_tells_too_much_is_stopped_loudly(
    chromium: Chromium, page_server: PageServer
) -> None:
    """A full stream is an error for everybody, not silence."""
    async with open_voice_page(chromium, capacity=3) as page:
        await page.goto(page_server.url("plain.html"))
        await page.page.evaluate("for (let i = 0; i < 5; i++) new RTCPeerConnection()")
        assert isinstance(await wait_broken(page), StreamOverflow)
        with pytest.raises(StreamOverflow):
            await page.microphone.ready()


def feed(page: VoicePage, payload: str) -> None:
    """Hand in a payload as the DevTools connection does."""
    page._receive_payload(page._line._page, 1, payload)  # type: ignore[arg-type]


async def test_a_server_that_is_not_there_is_named(
    voice_page: VoicePage,
) -> None:
    """Expected, found and what to do."""
    with socket.socket() as held:  # bound and not listening, so nobody else can answer there
        held.bind(("127.0.0.1", 0))
        with pytest.raises(ServerUnreachable, match="ERR_CONNECTION_REFUSED"):
            await voice_page.goto(f"http://127.0.0.1:{held.getsockname()[1]}/")


async def test_a_page_that_is_not_there_is_named(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """An HTTP error is not a page."""
    with pytest.raises(ServerRefused, match="HTTP 404"):
        await voice_page.goto(page_server.url("nowhere"))


async def test_leaving_the_block_ends_the_streams_without_an_error(
    chromium: Chromium, page_server: PageServer
) -> None:
    """An orderly end is not an accident, and may be said twice."""
    async with open_voice_page(chromium) as page:
        await call(page, page_server.url("loopback.html?call"))
    await page.aclose()
    assert page.envelopes.ended
    assert page.envelopes.cause is None
    assert page.broken is None
    assert page.page.is_closed()


CAMERA = """async () => {
  const ask = (constraints) => navigator.mediaDevices.getUserMedia(constraints).then(
    (stream) => stream.getTracks().map((t) => [t.kind, t.label, t.constructor.name]),
    (error) => error.name);
  const devices = await navigator.mediaDevices.enumerateDevices();
  const cameras = devices.filter(({ kind }) => kind === "videoinput");
  return {
    both: await ask({ audio: true, video: { width: 640 } }),
    alone: await ask({ video: true }),
    tooWide: await ask({ video: { width: { exact: 12345 } } }),
    listed: cameras.map(({ label }) => label),
    permission: (await navigator.permissions.query({ name: "camera" })).state,
  };
}"""

PICTURES = """async () => {
  const video = document.createElement("video");
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
  await video.play();
  const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
  const pictures = new Set();
  for (let i = 0; i < 8 && pictures.size < 2; i++) {
    await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    canvas.getContext("2d").drawImage(video, 0, 0, 64, 48);
    pictures.add(canvas.toDataURL());
  }
  return pictures.size;
}"""


async def test_a_page_finds_a_camera_like_any_other(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    await voice_page.goto(page_server.url("plain.html"))
    camera = ["video", "Integrated Camera", "MediaStreamTrack"]
    assert await voice_page.page.evaluate(CAMERA) == {
        "both": [["audio", "Default - Headset Microphone", "MediaStreamTrack"], camera],
        "alone": [camera],
        "tooWide": "OverconstrainedError",
        "listed": ["Integrated Camera"],
        "permission": "granted",
    }
    assert await voice_page.page.evaluate(PICTURES) == 2


async def test_where_there_is_to_be_no_camera_there_is_none(
    chromium: Chromium, page_server: PageServer
) -> None:
    async with open_voice_page(chromium, camera=False) as page:
        await page.goto(page_server.url("plain.html"))
        assert await page.page.evaluate(CAMERA) == {
            "both": "NotFoundError",
            "alone": "NotFoundError",
            "tooWide": "NotFoundError",
            "listed": [],
            "permission": "denied",
        }


async def test_a_page_with_a_relay_may_reach_it_and_sees_its_natives(
    chromium: Chromium, page_server: PageServer
) -> None:
    """A page of the internet would have to ask its user before it reaches this machine."""
    look = """async () => {
      const { state } = await navigator.permissions.query({ name: "local-network-access" });
      const { prototype } = RTCPeerConnection;
      const { get } = Object.getOwnPropertyDescriptor(prototype, "localDescription");
      const { name, length } = prototype.setRemoteDescription;
      return [state, name, length, get.name, `${get}`, `${prototype.createOffer}`];
    }"""
    seen = []
    for relay in (None, RelayAddress("127.0.0.1", (9,), 9)):
        async with open_voice_page(chromium, relay=relay) as page:
            await page.goto(page_server.url("loopback.html"))
            seen.append(await page.page.evaluate(look))
    assert seen[0][0] != seen[1][0] == "granted"
    assert seen[0][1:] == seen[1][1:]
