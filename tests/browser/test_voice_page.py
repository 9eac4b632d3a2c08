"""A page that knows nothing of us, driven through its microphone and listened to."""

from __future__ import annotations

import numpy as np

from harness.audio.clip import AudioClip
from harness.browser.voice_page import VoicePage
from harness.streams.waiting import expect
from tests.support.page_server import PageServer


def tone(frequency_hz: float = 440.0, duration_s: float = 0.5) -> AudioClip:
    t = np.arange(round(48_000 * duration_s)) / 48_000
    return AudioClip(
        (0.4 * np.sin(2 * np.pi * frequency_hz * t)).astype(np.float32), sample_rate_hz=48_000
    )


async def test_what_is_said_into_the_microphone_is_heard_over_webrtc(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """A tone goes through getUserMedia, Opus and DTLS, and comes out at the tap."""
    await voice_page.goto(page_server.url("loopback.html?call"))
    await voice_page.microphone.ready(within_s=10)
    await expect(
        voice_page.envelopes,
        lambda e: (
            e.type == "peer_connection.state"
            and e.data["kind"] == "connection"
            and e.data["state"] == "connected"
        ),
        within_s=10,
        what="a connection",
    )
    played = await voice_page.microphone.play(tone())
    heard = await expect(
        voice_page.heard,
        lambda frames: float(np.abs(frames.samples).max()) > 0.1,
        within_s=5,
        what="the tone",
    )
    assert played.start_s < heard.end_s < played.end_s + 1.0
    print(played, heard.start_s, voice_page.uncertainty_s, voice_page.bridge_counts)
