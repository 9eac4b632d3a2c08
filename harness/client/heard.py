"""Audio that the client hears, as a stream of samples with the volume applied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, MonoFloat32
from harness.streams.event_stream import EventStream

KEPT_BLOCKS = 12_000
"""About two minutes; a reader that is slower than that misses the oldest, and it is counted."""


@dataclass(frozen=True, slots=True, eq=False)
class HeardAudio:
    """The next stretch of what is heard."""

    start_s: float
    """Place of the first sample, in seconds since the client was made."""

    samples: MonoFloat32
    """float32, shape (frames,), 48 kHz, the volume applied; full scale ±1.0."""

    sample_rate_hz: int = CALL_RATE_HZ

    @property
    def end_s(self) -> float:
        """End of the last sample, in seconds since the client was made."""
        return self.start_s + len(self.samples) / self.sample_rate_hz


class Heard:
    """Puts received samples on a time axis that has no gap within one connection."""

    def __init__(self, volume: float = 1.0) -> None:
        self.stream: EventStream[HeardAudio] = EventStream(
            "heard audio", KEPT_BLOCKS, "drop_oldest"
        )
        self.volume = volume
        self._began_s = 0.0
        self._frames: int | None = None

    def new_connection(self) -> None:
        """The next samples start a stretch of their own."""
        self._frames = None

    def on_samples(self, samples: MonoFloat32, now_s: float) -> None:
        """Take the next samples (48 kHz); ``now_s`` places the first ones of a connection."""
        if self._frames is None:
            self._began_s = max(now_s, self._end_s())
            self._frames = 0
        start_s = self._began_s + self._frames / CALL_RATE_HZ
        self._frames += len(samples)
        played = samples if self.volume == 1.0 else samples * np.float32(self.volume)
        self.stream.push(HeardAudio(start_s, played))

    def _end_s(self) -> float:
        latest = self.stream.latest
        return 0.0 if latest is None else latest.end_s
