"""Programmed delays against what is measured of them, in a page in Chromium over real WebRTC.

A page calls a peer that answers a turn a programmed time after it ends: the last sample of the
user's words, and the first of the answer's, are known to the sample. What is measured is what the
harness measures of any call: the label of the clip that was played, and the answer's first voiced
sample, found by the speech detector in what the page plays. The path's cost comes from the
calibration that `harness run` makes, in the same browser, before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32, silence
from harness.audio.fixtures import find_fixture
from harness.audio.resample import resample_clip
from harness.bench.detector_calls import true_edges
from harness.bench.progress import told
from harness.browser.launch import open_chromium
from harness.browser.voice_page import VoicePage, open_voice_page
from harness.engines.browser.answering_peer import open_answering_peer
from harness.engines.browser.path_cost import (
    PathCost,
    heard_until,
    joined,
    marker,
    mean_delay_s,
    measure_path,
    set_answer,
    start_call,
)
from harness.line.audio import PlayedClip
from harness.speech.silero import SileroDetector
from harness.speech.spans import voiced_spans

BACKEND = "wrtc"
TURNS = 50
LEAST_S, MOST_S = 0.3, 1.5
LEAD_S = 0.3
"""From a marker to the user's words."""

QUIET_S = 1.0
"""Before a marker: longer than a pause within the user's words, shorter than between turns."""

ANSWERS = ("booking-table-for-two", "manual-what-time", "yes-please", "greeting-hello")
"""Rendered, with silence before them: in a recording's noise nobody knows where speech begins."""
ANSWER_S = 0.5
"""So much of an answer is played: its beginning is what counts."""

USER = "booking-thank-you"
PATH_S = 0.4
"""No path takes longer; the next turn begins so much after the answer at the earliest."""

SETTLE_S = 2.0
CALIBRATIONS = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """One programmed delay, and what was measured."""

    programmed_s: float
    measured_s: float | None
    """None where no answer was found."""

    uncertainty_s: float = 0.0
    """Of the answer's edge, as it was stated."""

    buffer_s: float = 0.0
    """How long the page's jitter buffer held samples in this turn, by getStats."""


async def measure() -> dict[str, Any]:
    """The figures of `harness bench latency`; takes about four minutes.

    Returns:
        slope of measured against programmed; residual_sd_ms around that line; bias_ms after
        calibration (median of measured - programmed - path, each with its turn's own jitter
        buffer, as in a report); bias_ms_worst (with that one of the calibrations which makes it
        largest); turns and missed; path_ms (the mean of `CALIBRATIONS` calibrations),
        path_spread_ms (between them), as_heard_bias_ms (before calibration), within_stated (share
        of turns whose error, of the median bias, lies within what was stated of their edge),
        clock_uncertainty_ms (95 of 100 anchors), and python_pairing_ms.
    """
    async with open_chromium() as chromium:
        costs = [await measure_path(chromium, BACKEND) for _ in range(CALIBRATIONS)]
        async with (
            open_answering_peer(BACKEND) as url,
            open_voice_page(chromium) as page,
        ):
            turns = await _converse(page, url, delays(TURNS))
            timeline = page.timeline
            clock_ms = timeline.audio_uncertainty_s * 1000
            pairing_ms = timeline.uncertainty_s * 1000 - clock_ms
    return {
        **figures(turns, costs),
        "clock_uncertainty_ms": round(clock_ms, 2),
        "python_pairing_ms": round(pairing_ms, 2),
    }


def delays(count: int, seed: int = 1) -> list[float]:
    """Evenly spread over the range, in an order drawn by a seed; seconds."""
    spread = np.linspace(LEAST_S, MOST_S, count)
    return [float(each) for each in np.random.default_rng(seed).permutation(spread)]


def figures(turns: Sequence[Turn], costs: Sequence[PathCost]) -> dict[str, Any]:
    """What `measure` gives, from turns and calibrations. Pure."""
    found = [
        (t.programmed_s, t.measured_s, t.uncertainty_s, t.buffer_s) for t in turns if t.measured_s
    ]
    programmed, measured, stated, buffers = (np.array(c) for c in zip(*found, strict=True))
    slope, offset = np.polyfit(programmed, measured, 1)
    residuals = measured - (slope * programmed + offset)
    beyond = measured - programmed
    paths = np.array([cost.path_s for cost in costs])
    fixed = np.array([cost.path_s - cost.buffer_s for cost in costs])
    biases = [float(np.median(beyond - buffers - each)) for each in fixed]
    return {
        "slope": round(float(slope), 5),
        "residual_sd_ms": _ms(np.std(residuals, ddof=2)),
        "bias_ms": _ms(np.median(beyond - buffers) - np.mean(fixed)),
        "bias_ms_worst": _ms(max(biases, key=abs)),
        "turns": len(turns),
        "missed": len(turns) - len(found),
        "path_ms": _ms(np.mean(paths)),
        "path_spread_ms": _ms(np.ptp(paths)),
        "as_heard_bias_ms": _ms(np.median(beyond)),
        "within_stated": round(float(np.mean(np.abs(beyond - np.median(beyond)) <= stated)), 3),
    }


def user_clip() -> tuple[AudioClip, float, float]:
    """A marker, a pause and the user's words: the clip, where words begin to sound, and end."""
    lead = silence(LEAD_S - marker().duration_s)
    words = _speech(USER)
    samples = np.concatenate([marker().samples, lead.samples, words])
    edges = true_edges(words)
    return AudioClip(samples, CALL_RATE_HZ), LEAD_S + edges.start_s, LEAD_S + edges.end_s


def _speech(name: str) -> MonoFloat32:
    return resample_clip(find_fixture(name).load().clip, CALL_RATE_HZ).samples


def _answer(name: str) -> MonoFloat32:
    """The beginning of a fixture, faded out; its first voiced sample is its first."""
    samples = _speech(name)
    start = round(true_edges(samples).start_s * CALL_RATE_HZ)
    part = samples[start : start + round(ANSWER_S * CALL_RATE_HZ)].copy()
    fade = round(0.05 * CALL_RATE_HZ)
    part[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return part


async def _converse(page: VoicePage, url: str, programmed: Sequence[float]) -> list[Turn]:
    await start_call(page, url)
    await heard_until(page, page.heard.snapshot()[-1].end_s + SETTLE_S)
    clip, _, ends_s = user_clip()
    turns = []

    def in_words(turn: tuple[int, float]) -> str:
        return f"an answer after {turn[1] * 1000:.0f} ms"

    for number, delay_s in told(list(enumerate(programmed)), len(programmed), in_words):
        before = await page.page.evaluate("bufferCounts()")
        answer = _answer(ANSWERS[number % len(ANSWERS)])
        await set_answer(url, answer, ends_s + delay_s, QUIET_S)
        played = await page.microphone.play(clip)
        await heard_until(page, played.start_s + ends_s + delay_s + ANSWER_S + PATH_S)
        after = await page.page.evaluate("bufferCounts()")
        turns.append(Turn(delay_s, *_found(page, played, ends_s), mean_delay_s(before, after)))
    return turns


def _found(page: VoicePage, played: PlayedClip, ends_s: float) -> tuple[float | None, float]:
    """From the user's last sample to the answer's first voiced one, as heard; and its doubt."""
    said_end_s = played.start_s + ends_s
    pieces = [p for p in page.heard.snapshot() if p.end_s > said_end_s]
    samples, first_s = joined(pieces)
    spans = voiced_spans(AudioClip(samples, CALL_RATE_HZ), SileroDetector())
    if not spans:
        return None, 0.0
    first = spans[0]
    return first_s + first.start_s - said_end_s, first.start_uncertainty_s or 0.0


def _ms(value_s: Any) -> float:
    return round(float(value_s) * 1000, 2)
