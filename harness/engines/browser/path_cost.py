"""The cost of the path itself: what every wait contains before anybody has thought about an answer.

A page of our own calls a peer on this machine that answers a marker after a programmed delay. What
is measured beyond that delay is the path: capture, Opus, both jitter buffers, playout.
"""

from __future__ import annotations

import asyncio
import math
import statistics
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp
import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.signals import tone
from harness.browser.launch import Chromium
from harness.browser.voice_page import VoicePage, open_voice_page
from harness.engines.browser.answering_peer import QUIET_S, open_answering_peer
from harness.errors import PeerLost
from harness.line.audio import AudioFrames

MARKER_S = 0.04
MARKER_HZ = 1_000.0
HEARD_LEVEL = 0.01
"""An answer begins with its first sample within 35 dB of its loudest, as speech does."""

AFTER_S = 0.1
EVERY_S = 0.9
"""From one marker to the next; a path that takes longer would answer one for another. A jitter
buffer alone may hold 0.4 s on a machine that was just busy."""

COUNT = 5
SETTLE_S = 0.4
"""The first moments of a call are the jitter buffer's."""

UP_WITHIN_S = 10.0
MEASURED_WITHIN_S = 20.0
"""The whole of a measurement: where a call hangs, a run does not wait for it."""


@dataclass(frozen=True, slots=True)
class PathCost:
    """What a path costs, and how sure that is."""

    path_s: float
    """From a sample sent into the microphone to the same sample's answer played: median."""

    uncertainty_s: float
    """Half the spread of the single measurements, and at least that of one: in 95 of 100 cases."""

    buffer_s: float
    """How much of it was the page's own jitter buffer, by its statistics."""

    count: int
    """Of markers that were answered."""


def marker() -> AudioClip:
    """A sound that begins at once."""
    return tone(MARKER_HZ, MARKER_S, amplitude=0.5)


async def measure_path(chromium: Chromium, backend: str = "wrtc") -> PathCost:
    """Measure it with a page in this browser, in about six seconds.

    Raises:
        HarnessError: no call came up, or no marker was answered.
        TimeoutError: it took more than `MEASURED_WITHIN_S`.
        playwright.async_api.Error: the page, or its call, failed.
        aiohttp.ClientError: the answering peer is gone.
    """
    async with AsyncExitStack() as stack, asyncio.timeout(MEASURED_WITHIN_S):
        url = await stack.enter_async_context(open_answering_peer(backend))
        page = await stack.enter_async_context(open_voice_page(chromium))
        return await _measure(page, url)


async def _measure(page: VoicePage, url: str) -> PathCost:
    await set_answer(url, marker().samples, AFTER_S)
    await start_call(page, url)
    before = await page.page.evaluate("bufferCounts()")
    begin_s = page.heard.snapshot()[-1].end_s + SETTLE_S
    at_s = [begin_s + EVERY_S * number for number in range(COUNT)]
    played = [await page.microphone.play(marker(), at_s=each) for each in at_s]
    await heard_until(page, played[-1].start_s + AFTER_S + EVERY_S)
    after = await page.page.evaluate("bufferCounts()")
    samples, first_s = joined(page.heard.snapshot())
    sent_s = [each.start_s for each in played]
    return cost_of(sent_s, samples, first_s, mean_delay_s(before, after))


async def set_answer(
    url: str, samples: MonoFloat32, after_s: float, quiet_s: float = QUIET_S
) -> None:
    """Tell the answering peer what it answers from now on (48 kHz), and when; see `Answering`."""
    asked = {"after_s": str(after_s), "quiet_s": str(quiet_s)}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{url}answer", params=asked, data=samples.astype("<f4").tobytes()) as response,
    ):
        response.raise_for_status()


async def start_call(page: VoicePage, url: str) -> None:
    """Open the answering peer's page and its call, till something is played.

    Raises:
        HarnessError: it does not come up.
        playwright.async_api.Error: its connection failed.
    """
    await page.goto(url)
    await page.page.evaluate("startCall()")
    await page.microphone.ready()
    await heard_until(page, -math.inf)


async def heard_until(page: VoicePage, until_s: float) -> None:
    """Wait until that moment of the timeline was played.

    Raises:
        PeerLost: it is not.
    """
    try:
        async with asyncio.timeout(UP_WITHIN_S):
            async for piece in page.heard.reader():
                if piece.end_s >= until_s:
                    return
    except TimeoutError:
        pass
    raise PeerLost(
        "The path's cost cannot be measured: the page plays nothing.",
        expected=f"audio of the answering peer within {UP_WITHIN_S:g} s",
        found="none",
    )


def joined(pieces: Sequence[AudioFrames]) -> tuple[MonoFloat32, float]:
    """Pieces of one stream as one array (48 kHz), silence for missing ones; its first moment."""
    first_s, last_s = pieces[0].start_s, pieces[-1].end_s
    samples = np.zeros(round((last_s - first_s) * CALL_RATE_HZ) + 1, np.float32)
    for piece in pieces:
        at = round((piece.start_s - first_s) * CALL_RATE_HZ)
        samples[at : at + len(piece.samples)] = piece.samples[: len(samples) - at]
    return samples, first_s


def cost_of(
    sent_s: Sequence[float], heard: MonoFloat32, first_s: float, buffer_s: float
) -> PathCost:
    """The cost, from when markers were sent and what was played. Pure.

    Args:
        sent_s: each marker's first sample, on the timeline.
        heard: what was played, 48 kHz, shape (frames,).
        first_s: its first sample, on the timeline.
        buffer_s: the jitter buffer's mean delay meanwhile.

    Raises:
        PeerLost: less than half of the markers were answered, or each seems to have had the answer
            to another: the path cannot be shorter than the jitter buffer in it.
    """
    loud = np.flatnonzero(np.abs(heard) > HEARD_LEVEL) / CALL_RATE_HZ + first_s
    found = []
    for at_s in sent_s:
        answers = loud[(loud > at_s + AFTER_S) & (loud < at_s + AFTER_S + EVERY_S)]
        if len(answers):
            found.append(float(answers[0]) - at_s - AFTER_S)
    if len(found) < max(2, len(sent_s) / 2):
        raise PeerLost(
            "The path's cost cannot be measured: markers were not answered.",
            expected=f"{len(sent_s)} answers",
            found=f"{len(found)}",
        )
    path_s, half_spread_s = statistics.median(found), (max(found) - min(found)) / 2
    if path_s + half_spread_s < buffer_s:
        raise PeerLost(
            "The path's cost cannot be measured: markers cannot be told apart.",
            expected=f"a path of more than the {buffer_s:.3f} s that its jitter buffer held",
            found=f"{path_s:.3f} s, so the answers are to earlier markers",
        )
    return PathCost(path_s, max(half_spread_s, 0.001), buffer_s, len(found))


def mean_delay_s(before: Sequence[float], after: Sequence[float]) -> float:
    """A jitter buffer's mean delay between two readings of (delay, count); 0 without samples."""
    count = after[1] - before[1]
    return (after[0] - before[0]) / count if count > 0 else 0.0
