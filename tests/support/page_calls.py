"""A call of a page that knows nothing of us: begun, heard, and found again in what was heard."""

from __future__ import annotations

import asyncio

import numpy as np

from harness.audio.clip import AudioClip
from harness.browser.probed_page import ProbedPage
from harness.browser.voice_page import AudioFrames, VoicePage
from harness.line.envelope import Envelope
from harness.streams.waiting import expect

RATE_HZ = 48_000


def chirp(duration_s: float = 0.4) -> AudioClip:
    """Sweeps from 300 to 3 000 Hz: finds its own place by correlation."""
    t = np.arange(round(RATE_HZ * duration_s)) / RATE_HZ
    phase = 2 * np.pi * (300 * t + (3_000 - 300) / (2 * duration_s) * t**2)
    return AudioClip((0.4 * np.sin(phase)).astype(np.float32), RATE_HZ)


def is_connected(envelope: Envelope) -> bool:
    return envelope.type == "peer_connection.state" and envelope.data == {
        "connection": envelope.data["connection"],
        "kind": "connection",
        "state": "connected",
    }


async def call(page: VoicePage, url: str) -> None:
    """Load a page that calls itself, and wait until its connection is up."""
    await page.goto(url)
    await page.microphone.ready()
    await expect(page.envelopes, is_connected, within_s=10, what="a connection")


async def hear(page: ProbedPage, until_s: float) -> tuple[float, np.ndarray]:
    """Start on the timeline, and all samples heard up to a moment."""
    pieces: list[AudioFrames] = []
    async with asyncio.timeout(until_s + 10):
        async for frames in page.heard.reader():
            pieces.append(frames)
            if frames.end_s >= until_s:
                break
    return pieces[0].start_s, np.concatenate([piece.samples for piece in pieces])


async def place_of(clip: AudioClip, page: ProbedPage, until_s: float) -> float:
    """Where on the timeline the clip is heard."""
    start_s, samples = await hear(page, until_s)
    correlation = np.correlate(samples, clip.samples, "valid")
    return start_s + int(np.argmax(correlation)) / RATE_HZ


async def wait_broken(page: ProbedPage) -> BaseException:
    """Why the page broke, once it did; its envelopes are kept."""
    async with asyncio.timeout(10):
        while not page.envelopes.ended:
            await page.envelopes.wait_changed()
    assert page.envelopes.cause is page.broken
    assert page.broken is not None
    assert page.envelopes.count > 0
    return page.broken
