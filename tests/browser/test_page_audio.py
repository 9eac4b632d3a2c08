"""From sample envelopes to audio frames."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.audio import pcm16
from harness.browser.page_audio import PageAudio
from harness.browser.page_clock import PageClock
from harness.line.envelope import Envelope
from harness.timeline import Timeline


def samples(kind: str, frame: int, **data: Any) -> Envelope:
    return Envelope(
        v=1, frame_id="top", seq=0, page_ms=0.0, type=kind, data={"frame": frame, **data}
    )


def test_samples_wait_for_the_audio_clock() -> None:
    """They come out in order once the realm is anchored."""
    clock = PageClock(Timeline())
    audio = PageAudio(clock)
    tone = np.array([0.5, -0.5], np.float32)
    audio.receive(
        samples("microphone.samples", 0, microphone="m", frames=2, pcm=pcm16.to_base64(tone))
    )
    audio.receive(samples("microphone.samples", 2, microphone="m", frames=3, pcm=""))
    assert audio.sent.count == 0
    clock.anchor("top", 0, 1_000.0, 48_000, 0.0)
    audio.anchored("top")
    first, second = audio.sent.snapshot()
    np.testing.assert_array_equal(first.samples, tone)
    np.testing.assert_array_equal(second.samples, np.zeros(3, np.float32))
    assert first.end_s == second.start_s
    assert first.source == "top/m"


def test_sent_received_and_played_are_apart() -> None:
    """Each in its stream; what is received has the track as its source, what is played the page."""
    clock = PageClock(Timeline())
    clock.anchor("top", 0, 1_000.0, 48_000, 0.0)
    audio = PageAudio(clock)
    audio.receive(samples("heard.samples", 48_000, track="t", frames=1, pcm="", rms_dbfs=-120.0))
    audio.receive(
        samples("played.samples", 96_000, connection="", frames=2, pcm="", rms_dbfs=-120.0)
    )
    [received], [played] = audio.received.snapshot(), audio.played.snapshot()
    assert (received.start_s, received.source, len(received.samples)) == (1.0, "top/t", 1)
    assert (played.start_s, played.source, len(played.samples)) == (2.0, "top/page", 2)
    assert audio.sent.count == 0
