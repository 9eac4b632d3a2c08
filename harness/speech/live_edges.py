"""Edges of speech along a live stream: what `edges` finds, in what was heard until now.

A running call knows less than a recording: at an onset, nothing of how loud the voice will be. So
an onset is placed by what was heard so far, with the uncertainty that follows from that; an end is
known when the pause behind it has lasted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.speech.band_levels import HOP_S, LevelMeter, Levels, joined_levels
from harness.speech.detected import JOIN_S, joined
from harness.speech.edges import EdgeFinder, Hops

KEPT_S = 6.0
"""Looked at: a speaker's level is taken from four seconds, and noise from one before."""

TRIMMED_S = 1.6
"""What is older is dropped in pieces: a whole number of the detector's windows, and of hops."""


LEAST_ONSET_ERROR_S = 0.03
"""Uncertainty of an onset at least, where nobody knows yet how loud the voice will be: on clips
whose edges are known it is placed 4 to 30 ms early."""


@dataclass(frozen=True, slots=True)
class LiveEdge:
    """An edge, in seconds from where the stream began."""

    at_s: float
    uncertainty_s: float
    """In 95 of 100 cases the true edge lies this near, as far as can be said by now."""


class LiveEdges:
    """Keeps the last seconds of a stream, to look for edges in them.

    Args:
        sample_rate_hz: of the stream.
        window_s: length of the detector's windows; a whole number of hops.
    """

    def __init__(self, sample_rate_hz: int, window_s: float) -> None:
        self._meter = LevelMeter(sample_rate_hz)
        self._window_hops = round(window_s / HOP_S)
        self._levels: list[Levels] = []
        self._voiced: list[bool] = []
        self._from_hop = 0

    def process(self, samples: MonoFloat32) -> None:
        """The next samples, shape (frames,), at the stream's rate, directly after those before."""
        self._levels.append(self._meter.process(samples))

    def judge(self, voiced: bool) -> None:
        """What the detector said of the next window."""
        self._voiced.append(voiced)
        if len(self._voiced) * self._window_hops * HOP_S > KEPT_S + TRIMMED_S:
            self._trim()

    def onset(self) -> LiveEdge | None:
        """Where the voice began that is heard last; None: the samples do not show it."""
        return self._edge(0, LEAST_ONSET_ERROR_S)

    def offset(self) -> LiveEdge | None:
        """Where it ended; None: the samples do not show it."""
        return self._edge(1, 0.0)

    def _edge(self, which: int, least_s: float) -> LiveEdge | None:
        levels = joined_levels(self._levels)
        seeds = [(first, end) for first, end in self._seeds() if first < levels.hops]
        if not seeds:
            return None
        edge = EdgeFinder(levels, seeds).edges()[-1][which]
        if not edge.found:
            return None
        doubt_s = round(max(edge.uncertainty_s, least_s), 4)
        return LiveEdge((self._from_hop + edge.hop) * HOP_S, doubt_s)

    def _seeds(self) -> list[Hops]:
        flags = np.concatenate([[0], np.array(self._voiced, np.int8), [0]])
        runs = np.flatnonzero(np.diff(flags)).reshape(-1, 2) * self._window_hops
        return joined([(int(first), int(end)) for first, end in runs], JOIN_S)

    def _trim(self) -> None:
        windows = round(TRIMMED_S / HOP_S) // self._window_hops
        hops = windows * self._window_hops
        self._levels = [joined_levels(self._levels).behind(hops)]
        self._voiced = self._voiced[windows:]
        self._from_hop += hops
