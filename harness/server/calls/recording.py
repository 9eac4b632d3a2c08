"""The recording of what a call received, kept for whoever measures it."""

from __future__ import annotations

import io
import wave

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 48_000
MOST_FRAMES = 30 * 60 * RATE_HZ
"""Half an hour; what comes later is counted, not kept."""


class Recording:
    """48 kHz mono audio as it came out of the peer connection."""

    def __init__(self, most_frames: int = MOST_FRAMES) -> None:
        self._blocks: list[NDArray[np.int16]] = []
        self._most_frames = most_frames
        self.frames = 0
        self.dropped_frames = 0

    def add(self, samples: NDArray[np.float32]) -> None:
        """The next samples: 48 kHz, float32, shape (frames,), full scale ±1.0."""
        if self.frames + len(samples) > self._most_frames:
            self.dropped_frames += len(samples)
            return
        self._blocks.append(np.clip(samples * 32767.0, -32768, 32767).astype("<i2"))
        self.frames += len(samples)

    def wav(self) -> bytes:
        """A WAV file of all of it: PCM16, 48 kHz, mono."""
        file = io.BytesIO()
        with wave.open(file, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE_HZ)
            out.writeframes(b"".join(block.tobytes() for block in self._blocks))
        return file.getvalue()
