"""Drift of audio that comes: whether the other side sends at another rate than it is played. Pure.

Who sends 48 500 samples a second and calls them 48 000 fills the jitter buffer; the browser leaves
samples out to keep up, or stretches them where too few come. It does so for other reasons, too: a
buffer that becomes longer takes samples, sound that was made up for packets that came late has to
be left out again. What is left over is drift.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

WINDOW_S = 10.0
WINDOWS = 3
"""Each of so many in a row has to drift, and in the same direction."""

MOST_HELD_UP = 0.02
"""Where a window's sound and its time differ by such a share, the audio clock was held up."""

_NAMES = (
    "totalSamplesReceived",
    "totalSamplesDuration",
    "removedSamplesForAcceleration",
    "insertedSamplesForDeceleration",
    "concealedSamples",
    "jitterBufferDelay",
    "jitterBufferEmittedCount",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Totals of one track at one place."""

    t_s: float
    totals: Mapping[str, float]

    @classmethod
    def of(cls, t_s: float, stat: Mapping[str, Any]) -> Mark | None:
        """From an inbound-rtp entry; None where it lacks one of the totals."""
        totals = {name: stat[name] for name in _NAMES if isinstance(stat.get(name), int | float)}
        return cls(t_s, totals) if len(totals) == len(_NAMES) else None


def audio_drift(marks: Sequence[Mark], least: float) -> float | None:
    """How much faster than it is played a track came, over all marks; below 0: slower.

    Formula, over each window and over all of them: (samples left out - samples inserted) / samples
    played. From all of them the growth of the mean time in the jitter buffer is taken off (the
    buffer keeps these), and of one that comes too fast what was made up.

    Args:
        marks: at the edges of the windows, in order of time.
        least: what counts, as a share.

    Returns:
        A share, beyond `least`; None where there are less than `WINDOWS`, one of them does not
        drift as the others, or a busy machine held up the clock that the times are of.
    """
    windows = [_net(before, after) for before, after in pairwise(marks)]
    if len(windows) < WINDOWS or None in windows:
        return None
    shares = [share for share in windows if share is not None]
    if not (min(shares) > least or max(shares) < -least):
        return None
    first, last = marks[0], marks[-1]
    drift = _net(first, last)
    longer_s = _wait_s(marks[-2], last) - _wait_s(first, marks[1])
    if drift is None:
        return None
    drift += longer_s / (last.t_s - first.t_s)
    if drift > 0:
        drift -= _grown(first, last, "concealedSamples") / _grown(
            first, last, "totalSamplesReceived"
        )
    return drift if drift * shares[0] > 0 and abs(drift) > least else None


def _net(before: Mark, after: Mark) -> float | None:
    played = _grown(before, after, "totalSamplesReceived")
    span_s = after.t_s - before.t_s
    stood_s = _grown(before, after, "totalSamplesDuration") - span_s
    if played <= 0 or abs(stood_s) > MOST_HELD_UP * span_s:
        return None
    left_out = _grown(before, after, "removedSamplesForAcceleration")
    return (left_out - _grown(before, after, "insertedSamplesForDeceleration")) / played


def _wait_s(before: Mark, after: Mark) -> float:
    """Mean time in the jitter buffer, seconds."""
    samples = _grown(before, after, "jitterBufferEmittedCount")
    return _grown(before, after, "jitterBufferDelay") / samples if samples > 0 else 0.0


def _grown(before: Mark, after: Mark, name: str) -> float:
    return after.totals[name] - before.totals[name]
