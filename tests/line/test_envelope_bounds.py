"""Numbers that a page made up: refused with the schema, so nothing behind it can break on them."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.audio.stereo_recorder import StereoRecorder
from harness.browser.page_audio import PageAudio
from harness.browser.page_clock import PageClock
from harness.errors import EnvelopeError
from harness.facts.bounds import LONGEST_BATCH
from harness.line.envelope import Envelope, parse_batch
from harness.line.envelope_bounds import LONGEST_PAYLOAD
from harness.timeline import Timeline
from tests.support.fuzzing import NUMBER, SETTINGS, VALUE, changed

ANCHOR: dict[str, Any] = {
    "frame": 0,
    "page_ms": 1_000.0,
    "sample_rate_hz": 48_000.0,
    "uncertainty_ms": 1.0,
}
HEARD: dict[str, Any] = {
    "track": "t",
    "frame": 0,
    "frames": 2,
    "pcm": "AAAAAA==",
    "rms_dbfs": -20.0,
}
CALLED: dict[str, Any] = {
    "owner": "RTCPeerConnection",
    "name": "addTrack",
    "arguments": ["audio"],
    "outcome": "returned",
    "took_ms": 0.4,
}
SENT: dict[str, Any] = {"microphone": "m", "frame": 0, "frames": 2, "pcm": "AAAAAA=="}


def written(type: str, data: Any, **changes: Any) -> str:
    whole = {"v": 1, "frame_id": "a", "seq": 0, "page_ms": 1.5, "type": type, "data": data}
    return json.dumps([{**whole, **changes}])


@pytest.mark.parametrize(
    "forged",
    [
        written("audio.anchor", {**ANCHOR, "sample_rate_hz": 0}),
        written("audio.anchor", {**ANCHOR, "frame": 10**400}),
        written("audio.anchor", {**ANCHOR, "page_ms": float("inf")}),
        written("heard.samples", {**HEARD, "frames": LONGEST_BATCH + 1, "pcm": ""}),
        written("heard.samples", {**HEARD, "frames": -1, "pcm": ""}),
        written("heard.samples", {**HEARD, "frames": 3}),
        written("heard.samples", {**HEARD, "pcm": "AAA*AA=="}),
        written("heard.samples", {**HEARD, "frame": 2**60}),
        written("page.webrtc_call", {**CALLED, "message": "x" * 401}),
        written("page.webrtc_call", {**CALLED, "arguments": ["x" * 401]}),
        written("page.webrtc_call", {**CALLED, "arguments": ["x"] * 9}),
        written("page.webrtc_call", {**CALLED, "count": 0}),
        written("page.error", {"message": ""}, page_ms=float("nan")),
        written("page.error", {"message": ""}, seq=-1),
        written("page.error", {"message": "x" * LONGEST_PAYLOAD}),
        "[" * 100_000,
        "\ud83d",
    ],
)
def test_what_nobody_can_reckon_with_is_no_envelope(forged: str) -> None:
    with pytest.raises(EnvelopeError, match="not an envelope"):
        parse_batch(forged)


def test_a_call_of_a_page_is_told_within_bounds() -> None:
    [envelope] = parse_batch(written("page.webrtc_call", {**CALLED, "count": 2**53}))
    assert envelope.data["arguments"] == ["audio"]


def test_silence_says_how_long_it_is_and_no_more() -> None:
    [envelope] = parse_batch(written("heard.samples", {**HEARD, "frames": 4_864, "pcm": ""}))
    assert envelope.data["frames"] == 4_864


@st.composite
def forged(draw: st.DrawFn) -> str:
    """An envelope of audio with other numbers, now and then of another shape, or no envelope."""
    kind, data = draw(
        st.sampled_from(
            [("audio.anchor", ANCHOR), ("heard.samples", HEARD), ("microphone.samples", SENT)]
        )
    )
    made_up: dict[str, Any] = {
        key: draw(st.just(value) | NUMBER) if isinstance(value, int | float) else value
        for key, value in data.items()
    }
    silent = {"pcm": ""} if "pcm" in made_up and draw(st.booleans()) else {}
    whole = written(kind, {**made_up, **silent}, page_ms=draw(st.just(1.5) | NUMBER))
    return draw(st.just(whole) | st.just(written(kind, draw(changed(data)))) | st.text())


@given(st.lists(forged() | VALUE.map(json.dumps), min_size=1, max_size=5))
@SETTINGS
def test_audio_that_a_page_made_up_is_refused_or_recorded(payloads: list[str]) -> None:
    """Whatever passes the schema, clock, streams and recording take without an error."""
    clock = PageClock(Timeline())
    audio = PageAudio(clock)
    for payload in payloads:
        try:
            envelopes = parse_batch(payload)
        except EnvelopeError:
            continue
        for envelope in envelopes:
            take(clock, audio, envelope)
    with TemporaryDirectory() as folder:
        recording = StereoRecorder(Path(folder) / "call.wav", max_duration_s=1.0)
        for frames in audio.received.snapshot():
            recording.add_heard(frames.start_s, frames.samples, frames.source)
        recording.close()
        assert recording.duration_s <= 1.0
        assert recording.broken is None


def take(clock: PageClock, audio: PageAudio, envelope: Envelope) -> None:
    data = envelope.data
    if envelope.type != "audio.anchor":
        audio.receive(envelope)
        return
    uncertainty_s = data["uncertainty_ms"] / 1000
    clock.anchor("a", data["frame"], data["page_ms"], data["sample_rate_hz"], uncertainty_s)
    audio.anchored("a")
