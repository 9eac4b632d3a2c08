"""The fundamental of a voice, given back where a telephone took it: from the beat of its overtones.

A telephone passes 300 to 3400 Hz. What is left of a voice beats in its fundamental, and the size
of the samples (their rectified wave) has that beat as a tone of its own. A voice with a fundamental
gets the same once more, which changes nothing that is heard.

Source: bandwidth extension by rectification, as in Iser, Minker and Schmidt, Bandwidth Extension of
Speech Signals (2008), chapter 5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.audio.clip import MonoFloat32

STEP_FRAMES = 8
"""0.5 ms at 16 kHz: so much is one step of the beat, which is slower than 400 Hz."""

FAST_STEPS = 9
"""A Hann window of 5 ms: what beats faster is none of a fundamental, ..."""

SLOW_STEPS = 50
"""... and what moves slower than within 25 ms neither."""


def _taps() -> MonoFloat32:
    """What is of a fundamental: the fast mean less the slow one, 2 ms late."""
    fast = np.hanning(FAST_STEPS + 2)[1:-1]
    taps = np.full(SLOW_STEPS, -1.0 / SLOW_STEPS)
    taps[:FAST_STEPS] += fast / fast.sum()
    return taps.astype(np.float32)


_TAPS = _taps()


class FundamentalRestorer:
    """Adds the beat of what it hears to it, window by window, as one stream.

    Some 20 µs for 32 ms of sound.
    """

    def __init__(self) -> None:
        self._before: MonoFloat32 = np.zeros(SLOW_STEPS, np.float32)

    def process(self, windows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The next windows with their fundamental.

        Args:
            windows: shape (count, frames), at 16 kHz; the frames are whole steps.
        """
        sizes = np.abs(windows).reshape(-1, STEP_FRAMES).mean(axis=1)
        steps = np.concatenate([self._before, sizes])
        self._before = steps[-SLOW_STEPS:]
        beat = np.convolve(steps, _TAPS, "valid")  # begins one step before the windows
        share = np.arange(1, STEP_FRAMES + 1, dtype=np.float32) / STEP_FRAMES
        between = beat[:-1, np.newaxis] + np.diff(beat)[:, np.newaxis] * share
        return windows + between.astype(np.float32).reshape(windows.shape)

    def reset(self) -> None:
        """Start a new stream."""
        self._before = np.zeros(SLOW_STEPS, np.float32)
