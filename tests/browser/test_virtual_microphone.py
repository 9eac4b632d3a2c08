"""The microphone: exact to the sample, and in every other respect a device like any other."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.audio.clip import AudioClip, MonoFloat32
from harness.browser.page_clock import PageClock
from harness.browser.virtual_microphone import VirtualMicrophone
from harness.browser.voice_page import AudioFrames, VoicePage
from harness.errors import NoMicrophoneRequest
from harness.line.audio import PlayedClip
from harness.line.microphone_effects import MicrophoneEffects
from harness.line.microphone_plan import UNTOUCHED
from harness.line.microphone_wish import MicrophoneWish
from harness.streams.event_stream import EventStream
from harness.streams.waiting import expect
from harness.timeline import Timeline
from tests.support.page_server import PageServer

pytestmark = [pytest.mark.realtime, pytest.mark.alone]

RATE_HZ = 48_000


class SwitchingRealms:
    """A document that closes its microphone as a clip is put into it, and opens another."""

    given_back_s = 1.0

    def __init__(self, started: list[int | None]) -> None:
        timeline = Timeline()
        timeline.start(0)
        self.clock = PageClock(timeline)
        self.clock.anchor("top", 0, 0, RATE_HZ, 0)
        self.started = started
        self.on_new: Any = None
        self.asked: list[str] = []

    def with_microphone(self) -> list[Any]:
        return [SimpleNamespace(name="top")]

    async def call(self, _realm: Any, method: str, clip_id: str, *_: Any) -> int | None:
        self.asked.append(f"{method} {clip_id}")
        return self.started.pop(0)

    def no_microphone(self) -> NoMicrophoneRequest:
        return NoMicrophoneRequest("No microphone is open.")


async def test_a_clip_whose_microphone_closes_before_it_begins_is_said_into_the_next() -> None:
    """A page that lets its user choose another microphone does that; a person just speaks on."""
    clip = AudioClip(np.zeros(480, np.float32), RATE_HZ)
    realms: Any = SwitchingRealms([None, None, 960])
    played = await VirtualMicrophone(realms).play(clip)
    assert played.start_frame == 960
    assert realms.asked == ["play clip-0", "play clip-1", "play clip-2"]
    never: Any = SwitchingRealms([None] * 100)
    with pytest.raises(NoMicrophoneRequest, match="No microphone is open"):
        await VirtualMicrophone(never).play(clip)


def noise(duration_s: float, seed: int, level: float = 0.2) -> AudioClip:
    """Noise whose samples are whole 16-bit steps, so that it can be compared exactly."""
    steps = np.random.default_rng(seed).integers(-1, 2, round(duration_s * RATE_HZ))
    return AudioClip((np.round(steps * level * 32768) / 32768).astype(np.float32), RATE_HZ)


async def collect(
    stream: EventStream[AudioFrames], until_frame: int, source: str | None = None
) -> tuple[int, MonoFloat32]:
    """First frame number and all samples of one source up to a frame, each at its place.

    (An audio thread that is starved while it starts leaves frames out; they are silence here.)
    """
    pieces: list[AudioFrames] = []
    async with asyncio.timeout(30):
        async for frames in stream.reader():
            source = source or frames.source
            if frames.source == source:
                pieces.append(frames)
                if frames.frame + len(frames.samples) >= until_frame:
                    break
    first, last = pieces[0].frame, pieces[-1]
    samples = np.zeros(last.frame + len(last.samples) - first, np.float32)
    for piece in pieces:
        samples[piece.frame - first :][: len(piece.samples)] = piece.samples
    return first, samples


async def sent_of(page: VoicePage, played: PlayedClip, frames: int) -> MonoFloat32:
    first, samples = await collect(page.sent, played.start_frame + frames)
    start = played.start_frame - first
    return samples[start : start + frames]


@pytest.fixture
async def open_page(voice_page: VoicePage, page_server: PageServer) -> VoicePage:
    """A page that has opened one microphone, as ``stream``."""
    await voice_page.goto(page_server.url("plain.html"))
    await ask(voice_page)
    await voice_page.microphone.ready()
    return voice_page


async def ask(page: VoicePage, constraints: Any = True, name: str = "stream") -> None:
    await page.page.evaluate(
        "async ([audio, name]) => {"
        "  window[name] = await navigator.mediaDevices.getUserMedia({ audio });"
        "}",
        [constraints, name],
    )


async def failure(page: VoicePage, expression: str) -> dict[str, str]:
    """Name and constraint of the error that an expression ends in."""
    result: dict[str, str] = await page.page.evaluate(
        f"({expression}).then(() => null, (e) => ({{ name: e.name, constraint: e.constraint,"
        " own: e instanceof OverconstrainedError }))"
    )
    return result


async def test_a_clip_is_sent_sample_by_sample(open_page: VoicePage) -> None:
    """Every sample of the clip is in what the microphone produced, unchanged."""
    clip = noise(0.3, seed=1)
    played = await open_page.microphone.play(clip)
    sent = await sent_of(open_page, played, clip.frames)
    np.testing.assert_array_equal(sent, clip.samples)
    assert played.end_s - played.start_s == pytest.approx(clip.duration_s)


async def test_a_clip_starts_at_the_very_frame_asked_for(open_page: VoicePage) -> None:
    """A start half a second ahead is kept exactly, with silence before it."""
    now = await open_page.microphone.play(noise(0.01, seed=2))
    at_s = now.start_s + 0.5
    clip = noise(0.1, seed=3)
    played = await open_page.microphone.play(clip, at_s=at_s)
    assert played.late_s == 0.0
    assert played.start_frame == now.start_frame + RATE_HZ // 2
    assert played.start_s == pytest.approx(at_s, abs=1e-9)
    first, sent = await collect(open_page.sent, played.start_frame + clip.frames)
    start = played.start_frame - first
    assert not sent[now.start_frame - first + 480 : start].any()
    np.testing.assert_array_equal(sent[start : start + clip.frames], clip.samples)


async def test_a_start_that_has_passed_loses_nothing_of_the_clip(open_page: VoicePage) -> None:
    """Too late means now, and says by how much."""
    first = await open_page.microphone.play(noise(0.01, seed=4), gain=0.0)
    clip = noise(0.05, seed=5)
    played = await open_page.microphone.play(clip, at_s=first.start_s - 1.0)
    assert played.late_s >= 0.999
    np.testing.assert_array_equal(await sent_of(open_page, played, clip.frames), clip.samples)


async def test_several_clips_are_mixed_with_their_gains(open_page: VoicePage) -> None:
    """Speech over background noise: the sum of both, each with its gain."""
    now = await open_page.microphone.play(noise(0.01, seed=6))
    at_s = now.start_s + 0.4
    speech, background = noise(0.1, seed=7), noise(0.1, seed=8)
    played, other = await asyncio.gather(
        open_page.microphone.play(speech, at_s=at_s),
        open_page.microphone.play(background, at_s=at_s, gain=0.5),
    )
    assert played.start_frame == other.start_frame
    sent = await sent_of(open_page, played, speech.frames)
    np.testing.assert_allclose(sent, speech.samples + 0.5 * background.samples, atol=1 / 32768)


async def test_stop_all_ends_in_silence(open_page: VoicePage) -> None:
    """What was playing is cut, and what was planned does not start."""
    played = await open_page.microphone.play(noise(5.0, seed=9))
    await open_page.microphone.play(noise(0.1, seed=10), at_s=played.start_s + 0.3)
    await open_page.microphone.stop_all()
    after = await open_page.microphone.play(noise(0.01, seed=11), at_s=played.start_s + 0.5)
    first, sent = await collect(open_page.sent, after.start_frame)
    assert not sent[after.start_frame - first - RATE_HZ // 4 : after.start_frame - first].any()


async def test_every_open_microphone_hears_the_same(open_page: VoicePage) -> None:
    """A second stream gets the clip at the same frame, also one opened while it sounds."""
    clip = noise(3.0, seed=12)
    played = await open_page.microphone.play(clip)
    await ask(open_page, name="second")
    end = played.start_frame + clip.frames
    sources = []
    async with asyncio.timeout(30):
        async for frames in open_page.sent.reader():
            if frames.source not in sources:
                sources.append(frames.source)
            if len(sources) == 2:
                break
    for source in sources:
        first, sent = await collect(open_page.sent, end, source)
        from_frame = max(first, played.start_frame)
        np.testing.assert_array_equal(
            sent[from_frame - first : end - first], clip.samples[from_frame - played.start_frame :]
        )


async def test_a_disabled_track_sends_silence(open_page: VoicePage) -> None:
    """``enabled = false`` is the page's mute button."""
    await open_page.page.evaluate("stream.getAudioTracks()[0].enabled = false")
    played = await open_page.microphone.play(noise(0.2, seed=13))
    assert not (await sent_of(open_page, played, RATE_HZ // 5)).any()
    await open_page.page.evaluate("stream.getAudioTracks()[0].enabled = true")
    clip = noise(0.1, seed=14)
    again = await open_page.microphone.play(clip)
    np.testing.assert_array_equal(await sent_of(open_page, again, clip.frames), clip.samples)


async def test_a_muted_microphone_sends_silence_and_the_page_is_not_told(
    open_page: VoicePage,
) -> None:
    """The switch on the device itself."""
    await open_page.microphone.set_muted(True)
    played = await open_page.microphone.play(noise(0.2, seed=15))
    assert not (await sent_of(open_page, played, RATE_HZ // 5)).any()
    assert await open_page.page.evaluate("stream.getAudioTracks()[0].enabled")


async def test_the_switch_holds_for_the_page_s_next_document(
    open_page: VoicePage, page_server: PageServer
) -> None:
    await open_page.microphone.set_muted(True)
    await open_page.goto(page_server.url("plain.html"))
    await ask(open_page)
    await open_page.microphone.ready()
    played = await open_page.microphone.play(noise(0.2, seed=16))
    async with asyncio.timeout(30):
        now = await anext(open_page.sent.reader(from_start=False))
    first, sent = await collect(open_page.sent, played.start_frame + RATE_HZ // 5, now.source)
    assert not sent[played.start_frame - first :].any()


async def test_what_was_pulled_out_is_missing_in_the_page_s_next_document(
    open_page: VoicePage, page_server: PageServer
) -> None:
    await open_page.microphone.set_access("none")
    await open_page.goto(page_server.url("plain.html"))
    await open_page.page.wait_for_function(
        "navigator.mediaDevices.enumerateDevices()"
        ".then((all) => !all.some((one) => one.kind === 'audioinput'))"
    )
    with pytest.raises(Exception, match="Requested device not found"):
        await ask(open_page)
    told = [e.data for e in open_page.envelopes.snapshot() if e.type == "microphone.access"]
    assert told == [{"access": "none"}], "it was pulled out once"


async def test_the_devices_are_listed_as_chromium_lists_a_microphone(
    open_page: VoicePage,
) -> None:
    """Once as the default and once as itself, with label and group."""
    devices = await open_page.page.evaluate(
        "navigator.mediaDevices.enumerateDevices().then((all) => all"
        ".filter((d) => d.kind === 'audioinput')"
        ".map((d) => ({ ...d.toJSON(), isInfo: d instanceof InputDeviceInfo })))"
    )
    assert [device["deviceId"] == "default" for device in devices] == [True, False]
    assert devices[0]["label"] == f"Default - {devices[1]['label']}"
    assert devices[0]["groupId"] == devices[1]["groupId"] != ""
    assert all(device["isInfo"] for device in devices)


async def test_settings_are_those_of_a_device(open_page: VoicePage) -> None:
    """Settings, capabilities and constraints agree with each other."""
    track = await open_page.page.evaluate(
        "(() => { const [t] = stream.getAudioTracks(); return { kind: t.kind, label: t.label,"
        " readyState: t.readyState, muted: t.muted, settings: t.getSettings(),"
        " capabilities: t.getCapabilities(), constraints: t.getConstraints() } })()"
    )
    assert track["kind"] == "audio"
    assert track["label"] == "Default - Headset Microphone"
    assert (track["readyState"], track["muted"]) == ("live", False)
    settings = track["settings"]
    assert settings["deviceId"] == "default"
    assert settings["sampleRate"] == track["capabilities"]["sampleRate"]["max"] == RATE_HZ
    assert settings["channelCount"] == 1
    assert settings["echoCancellation"] is True
    assert track["constraints"] == {}


async def test_constraints_are_kept_and_applied(open_page: VoicePage) -> None:
    """As in Chromium, what a running microphone does to its sound is not changed any more."""
    await ask(open_page, {"echoCancellation": False, "noiseSuppression": {"ideal": False}})
    result = await open_page.page.evaluate(
        "(async () => { const [t] = stream.getAudioTracks(); const before = t.getSettings();"
        " await t.applyConstraints({ echoCancellation: true });"
        " return { before, after: t.getSettings(), constraints: t.getConstraints() } })()"
    )
    assert result["before"]["echoCancellation"] is False
    assert result["before"]["noiseSuppression"] is False
    assert result["after"] == result["before"]
    assert result["constraints"] == {"echoCancellation": True}


async def test_a_device_that_is_not_there_is_overconstrained(open_page: VoicePage) -> None:
    """As in the standard: an exact id of no device is an OverconstrainedError that names it."""
    get = "navigator.mediaDevices.getUserMedia"
    found = await failure(open_page, f"{get}({{ audio: {{ deviceId: {{ exact: 'nobody' }} }} }})")
    assert found == {"name": "OverconstrainedError", "constraint": "deviceId", "own": True}
    found = await failure(open_page, f"{get}({{ audio: {{ sampleRate: {{ exact: 8000 }} }} }})")
    assert found["constraint"] == "sampleRate"
    found = await failure(
        open_page, "stream.getAudioTracks()[0].applyConstraints({ channelCount: { min: 2 } })"
    )
    assert found["constraint"] == "channelCount"


async def test_the_listed_device_can_be_asked_for_by_its_id(open_page: VoicePage) -> None:
    """What enumerateDevices names, an exact constraint finds."""
    settings = await open_page.page.evaluate(
        "(async () => { const all = await navigator.mediaDevices.enumerateDevices();"
        " const { deviceId } = all.filter((d) => d.kind === 'audioinput')[1];"
        " const s = await navigator.mediaDevices.getUserMedia("
        "{ audio: { deviceId: { exact: deviceId } } });"
        " return { same: s.getAudioTracks()[0].getSettings().deviceId === deviceId,"
        " label: s.getAudioTracks()[0].label } })()"
    )
    assert settings == {"same": True, "label": "Headset Microphone"}


async def test_a_request_for_nothing_is_refused_as_ever(open_page: VoicePage) -> None:
    """Anything but audio goes to the browser, which knows what to say."""
    found = await failure(open_page, "navigator.mediaDevices.getUserMedia({})")
    assert found["name"] == "TypeError"


async def test_stopping_the_last_track_closes_the_microphone(open_page: VoicePage) -> None:
    """A clone keeps it open; after the last stop, nobody can speak into it."""
    clip = noise(0.05, seed=16)
    states = await open_page.page.evaluate(
        "(() => { const [t] = stream.getAudioTracks(); window.copy = t.clone(); t.stop();"
        " return [t.readyState, copy.readyState, copy.label, copy.getSettings().deviceId] })()"
    )
    assert states == ["ended", "live", "Default - Headset Microphone", "default"]
    await open_page.microphone.play(clip)
    await open_page.page.evaluate("copy.stop()")
    with pytest.raises(NoMicrophoneRequest, match="closed the microphone again"):
        await open_page.microphone.play(clip)


async def test_the_natives_look_native(open_page: VoicePage) -> None:
    """Neither names nor text give the wrappers away, and no global of ours is left."""
    seen = await open_page.page.evaluate(
        "[RTCPeerConnection, navigator.mediaDevices.getUserMedia, MediaStreamTrack.prototype.stop,"
        " Function.prototype.toString, EventTarget.prototype.dispatchEvent,"
        " RTCPeerConnection.prototype.close].map((f) => [f.name, String(f)])"
    )
    for name, text in seen:
        assert text == f"function {name}() {{ [native code] }}"
    left = await open_page.page.evaluate(
        "Object.getOwnPropertyNames(window).filter((name) => /^_[0-9a-f]{32}$/.test(name))"
    )
    assert left == []
    assert await open_page.page.evaluate(
        "new RTCPeerConnection().constructor === RTCPeerConnection"
        " && new RTCPeerConnection() instanceof webkitRTCPeerConnection"
    )


async def test_a_page_that_never_asks_is_named_plainly(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """The message says what was expected and what the page did."""
    await voice_page.goto(page_server.url("plain.html"))
    with pytest.raises(NoMicrophoneRequest, match="never called getUserMedia"):
        await voice_page.microphone.ready(within_s=0.3)
    await voice_page.page.evaluate("navigator.mediaDevices.getUserMedia({video:true}).catch(()=>0)")
    await expect(
        voice_page.envelopes,
        lambda e: e.type == "user_media.requested",
        within_s=20,
        what="a page that asks for a camera",
    )
    with pytest.raises(NoMicrophoneRequest, match="it asked for video"):
        await voice_page.microphone.ready(within_s=0.3)


async def test_what_the_microphone_does_is_done_in_the_audio_thread(open_page: VoicePage) -> None:
    """The same samples as the plan gives in Python; and what fades ends at its frame."""
    plan = MicrophoneWish(gain_db=6, clipping_dbfs=-9, telephone=True, fade_ms=0).plan()
    await open_page.microphone.set_effects(plan)
    clip = noise(0.4, seed=21)
    played = await open_page.microphone.play(clip)
    sent = await sent_of(open_page, played, clip.frames)
    same = MicrophoneEffects()
    same.change(plan, 0)
    expected = clip.samples.copy()
    same.apply(expected, 0)
    np.testing.assert_allclose(sent, expected, atol=1.01 / 32768)

    await open_page.microphone.set_effects(UNTOUCHED)
    level = AudioClip(np.full(RATE_HZ * 5, 0.5, np.float32), RATE_HZ)
    played = await open_page.microphone.play(level)
    await collect(open_page.sent, played.start_frame + 480)  # what has not begun would not fade
    since_s = await open_page.microphone.stop_all(fade_s=0.1)
    assert since_s is not None
    since = played.start_frame + round((since_s - played.start_s) * RATE_HZ)
    first, sent = await collect(open_page.sent, since + 9600)
    fading = sent[since - first :][:9600]
    line = 0.5 * np.maximum(1 - np.arange(9600) / 4800, 0)
    np.testing.assert_allclose(fading, line, atol=1.01 / 32768)
