"""Long sound in pieces that a recogniser can take: cut where nobody speaks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.speech.silero import SAMPLE_RATE_HZ, WINDOW_FRAMES
from harness.speech.spans import Span

LONGEST_S = 25.0
"""Above this a recogniser forgets how a sentence began, and invents one."""

AROUND_S = 0.25
"""Kept of the quiet on both sides of a piece; a recogniser is surer of a word that ends."""

LEAST_CUT_S = 15.0
"""Where somebody speaks on without a pause, the cut comes in the quietest moment from here on."""

SMOOTHING_S = 0.1


def speech_runs(probabilities: Sequence[float], threshold: float = 0.5) -> list[Span]:
    """Runs of detector windows at or above the threshold."""
    edges = np.flatnonzero(np.diff([0, *(int(p >= threshold) for p in probabilities), 0]))
    window_s = WINDOW_FRAMES / SAMPLE_RATE_HZ
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [Span(float(first) * window_s, float(last) * window_s) for first, last in pairs]


def pieces(
    samples_16k: MonoFloat32, spans: Sequence[Span], longest_s: float = LONGEST_S
) -> list[Span]:
    """The stretches to listen to, in order, none longer than ``longest_s``; [] without speech.

    Args:
        samples_16k: float32, shape (frames,), 16 kHz.
        spans: where somebody speaks, in order, seconds from the first sample.
    """
    duration_s = len(samples_16k) / SAMPLE_RATE_HZ
    found: list[Span] = []
    for span in _cut_long(samples_16k, spans, longest_s - 2 * AROUND_S):
        if found and span.end_s - found[-1].start_s <= longest_s - 2 * AROUND_S:
            found[-1] = Span(found[-1].start_s, span.end_s)
        else:
            found.append(span)
    return [
        Span(
            max(s.start_s - AROUND_S, _middle(found, n - 1), 0.0),
            min(s.end_s + AROUND_S, _middle(found, n, duration_s), duration_s),
        )
        for n, s in enumerate(found)
    ]


def _middle(spans: Sequence[Span], index: int, otherwise_s: float = 0.0) -> float:
    """The middle of the pause behind a span; ``otherwise_s`` where there is none."""
    if not 0 <= index < len(spans) - 1:
        return otherwise_s
    return (spans[index].end_s + spans[index + 1].start_s) / 2


def _cut_long(samples: MonoFloat32, spans: Sequence[Span], longest_s: float) -> list[Span]:
    """The spans; what is too long for one piece is cut at its quietest moments."""
    result: list[Span] = []
    for span in spans:
        rest = span
        while rest.duration_s > longest_s:
            low_s = rest.start_s + longest_s * LEAST_CUT_S / LONGEST_S
            cut_s = _quietest(samples, low_s, rest.start_s + longest_s)
            result.append(Span(rest.start_s, cut_s))
            rest = Span(cut_s, rest.end_s)
        result.append(rest)
    return result


def _quietest(samples: MonoFloat32, from_s: float, until_s: float) -> float:
    first, last = round(from_s * SAMPLE_RATE_HZ), round(until_s * SAMPLE_RATE_HZ)
    power = np.asarray(samples[first:last], np.float64) ** 2
    size = round(SMOOTHING_S * SAMPLE_RATE_HZ)
    if len(power) <= size:
        return until_s
    level = np.convolve(power, np.ones(size), mode="valid")
    return from_s + (int(np.argmin(level)) + size / 2) / SAMPLE_RATE_HZ
