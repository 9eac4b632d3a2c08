"""A sound found again in what a page plays."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import numpy as np

from harness.audio.clip import AudioClip
from harness.browser.voice_page import VoicePage
from harness.line.audio import AudioFrames
from harness.streams.event_stream import EventStream
from tests.support.page_calls import RATE_HZ, chirp

LOOK_EVERY_S = 0.25
LIKE = 0.25
"""Of a perfect copy. Opus and a jitter buffer that stretches leave 0.4 and more, noise 0.1."""


def place_in(clip: AudioClip, samples: np.ndarray) -> tuple[int, float]:
    """Where a clip is most likely found, in samples, and how like it that place is, 0 to 1."""
    size = len(samples) + len(clip.samples) - 1
    found = np.fft.irfft(
        np.fft.rfft(samples, size) * np.conj(np.fft.rfft(clip.samples, size)), size
    )[: len(samples) - len(clip.samples)]
    at = int(np.argmax(np.abs(found)))
    return at, float(np.abs(found[at]) / np.sum(clip.samples**2))


async def heard_at(
    page: VoicePage,
    clip: AudioClip,
    within_s: float,
    stream: EventStream[AudioFrames] | None = None,
) -> float | None:
    """When a clip is heard on the timeline, from what comes now; None where it is not.

    Args:
        stream: where it is looked for; in all that is heard where absent.
    """
    lanes: dict[str, list[AudioFrames]] = defaultdict(list)
    looked_s: dict[str, float] = {}
    try:
        async with asyncio.timeout(within_s):
            async for frames in (stream or page.heard).reader(from_start=False):
                source, lane = frames.source, lanes[frames.source]
                lane.append(frames)
                wait_s = LOOK_EVERY_S if source in looked_s else 0.5
                if frames.end_s - looked_s.get(source, lane[0].start_s) < wait_s:
                    continue
                looked_s[source] = frames.end_s
                at, likeness = place_in(clip, np.concatenate([one.samples for one in lane]))
                if likeness > LIKE:
                    return lane[0].start_s + at / RATE_HZ
    except TimeoutError:
        pass
    return None


async def echo_delay_s(page: VoicePage, below_s: float = 0.6, tries: int = 5) -> float:
    """How long it takes until what is said comes back out of the page.

    A page may not be ready for the first sound, and a machine that is busy with something else
    makes holes in one and delays another; so it is said again, until it comes in time.
    """
    clip, delay_s = chirp(), None
    for _ in range(tries):
        listening = asyncio.ensure_future(heard_at(page, clip, below_s + 1))
        await asyncio.sleep(0)
        played = await page.microphone.play(clip)
        heard_s = await listening
        delay_s = delay_s if heard_s is None else heard_s - played.start_s
        if delay_s is not None and delay_s < below_s:
            return delay_s
    if delay_s is None:
        raise AssertionError("what was said did not come back")
    return delay_s
