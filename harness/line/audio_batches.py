"""Batches of a line's audio: stretches of a tenth of a second, from small pieces."""

from __future__ import annotations

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, MonoFloat32
from harness.line.audio import AudioFrames
from harness.streams.event_stream import EventStream

BATCH_FRAMES = CALL_RATE_HZ // 10
MOST_BATCHES = 6_000
"""Ten minutes: so far a reader may lag behind; what is older is forgotten and counted."""

KEPT_BATCHES = 600
"""A minute stays in memory of what the recording has taken; the rest is on disk."""


class AudioBatches:
    """Collects pieces of one source until a tenth of a second is full, then pushes them.

    Args:
        name: of the stream.
        source: which microphone or track.
    """

    def __init__(self, name: str, source: str) -> None:
        self.stream = audio_stream(name)
        self._source = source
        self._pieces: list[MonoFloat32] = []
        self._frames = 0
        self._start: tuple[float, int] = (0.0, 0)

    def add(self, start_s: float, frame: int, samples: MonoFloat32) -> None:
        """A piece at 48 kHz, right after the one before.

        Args:
            start_s: place of its first sample on the timeline.
            frame: number of its first sample.
            samples: float32, shape (frames,).
        """
        if not self._pieces:
            self._start = (start_s, frame)
        self._pieces.append(samples)
        self._frames += len(samples)
        if self._frames >= BATCH_FRAMES:
            self.flush()

    def flush(self) -> None:
        """Push what there is: the next piece does not follow, or none comes."""
        if self._pieces:
            start_s, frame = self._start
            samples = np.concatenate(self._pieces)
            self.stream.push(AudioFrames(start_s, samples, self._source, frame))
            self._pieces, self._frames = [], 0


def audio_stream(name: str) -> EventStream[AudioFrames]:
    """Audio of one side of a line: for readers that keep up, and for those who look back a bit."""
    return EventStream(name, MOST_BATCHES, "drop_oldest", kept=KEPT_BATCHES)
