"""The fundamental of a voice, given back where a telephone took it: from the beat of its overtones.

A telephone passes 300 to 3400 Hz. What is left of a voice beats in its fundamental, and the size
of the samples (their rectified wave) has that beat as a tone of its own. Whether a sound came by
telephone is told from what was heard of it until then; where it did not, no sample changes.

Source: bandwidth extension by rectification, as in Iser, Minker and Schmidt, Bandwidth Extension of
Speech Signals (2008), chapter 5.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from harness.audio.clip import MonoFloat32

RATE_HZ = 16_000

STEP_FRAMES = 8
"""0.5 ms at 16 kHz: so much is one step of the beat, which is slower than 400 Hz."""

FAST_STEPS = 9
"""A Hann window of 5 ms: what beats faster is none of a fundamental, ..."""

SLOW_STEPS = 50
"""... and what moves slower than within 25 ms neither."""

VOICE_HZ, ABOVE_HZ = (300.0, 3400.0), (4200.0, 7600.0)
"""What a telephone passes, and what it leaves nothing of."""

NOTHING_ABOVE = 10 ** (-63 / 10)
"""Of 133 voices with all their sound there is 10 dB more above at any time, be it a vowel that
begins; after G.711, or the telephone of a scenario's microphone, 6 dB less and further down."""

MOST_ABOVE = 10 * NOTHING_ABOVE
"""A window counts for no more, so that a click is soon outvoted."""

KEPT_SHARE = float(np.exp(-0.032 / 5.0))
"""Of what was heard, with each window of 32 ms: in 5 s a third is left, and of speech, which is
louder than what lies between, enough for most of a minute."""


def _taps() -> MonoFloat32:
    """What is of a fundamental: the fast mean less the slow one, 2 ms late."""
    fast = np.hanning(FAST_STEPS + 2)[1:-1]
    taps = np.full(SLOW_STEPS, -1.0 / SLOW_STEPS)
    taps[:FAST_STEPS] += fast / fast.sum()
    return taps.astype(np.float32)


_TAPS = _taps()


class FundamentalRestorer:
    """Adds the beat of what it hears to it where that came by telephone, as one stream.

    Some 40 µs for 32 ms of sound, and 6 where many windows come together.
    """

    def __init__(self) -> None:
        self._line = _Line()
        self._before: MonoFloat32 = np.zeros(SLOW_STEPS, np.float32)

    def process(self, windows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The next windows; what came by telephone with its fundamental.

        Args:
            windows: shape (count, frames), at 16 kHz; the frames are whole steps.
        """
        sizes = np.abs(windows).reshape(-1, STEP_FRAMES).mean(axis=1)
        steps = np.concatenate([self._before, sizes])
        self._before = steps[-SLOW_STEPS:]
        by_telephone = self._line.process(windows)
        if not by_telephone.any():
            return windows
        beat = np.convolve(steps, _TAPS, "valid")  # begins one step before the windows
        share = np.arange(1, STEP_FRAMES + 1, dtype=np.float32) / STEP_FRAMES
        between = beat[:-1, np.newaxis] + np.diff(beat)[:, np.newaxis] * share
        restored = windows + between.astype(np.float32).reshape(windows.shape)
        return np.where(by_telephone[:, np.newaxis], restored, windows)

    def reset(self) -> None:
        """Start a new stream."""
        self._line = _Line()
        self._before = np.zeros(SLOW_STEPS, np.float32)


class _Line:
    """Whether a sound came by telephone, from what was heard of it until then."""

    def __init__(self) -> None:
        self._last: npt.NDArray[np.float32] | None = None
        self._voice = self._above = 0.0

    def process(self, windows: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
        """Of each of the next windows, shape (count, frames) at 16 kHz; the result (count,)."""
        if not len(windows):
            return np.zeros(0, np.bool_)
        before = np.zeros_like(windows[0]) if self._last is None else self._last
        self._last = windows[-1].copy()
        pairs = np.hstack([np.vstack([before, windows[:-1]]), windows])
        return np.array([self._is_telephone(*each) for each in zip(*_energies(pairs), strict=True)])

    def _is_telephone(self, voice: float, above: float) -> bool:
        self._voice = KEPT_SHARE * self._voice + voice
        self._above = KEPT_SHARE * self._above + min(above, MOST_ABOVE * voice)
        return self._above < NOTHING_ABOVE * self._voice


def _energies(pieces: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], ...]:
    """Of voices and above them in each piece, shape (count, frames) at 16 kHz, in one unit."""
    window, voice, above = _spectrum(pieces.shape[1])
    bins = np.abs(np.fft.rfft(pieces * window, axis=1)) ** 2
    return bins[:, voice].sum(axis=1), bins[:, above].sum(axis=1)


@cache
def _spectrum(frames: int) -> tuple[MonoFloat32, slice, slice]:
    """A window of so many frames at 16 kHz, and the bins of voices and above them."""
    voice, above = (
        slice(*(round(hz * frames / RATE_HZ) for hz in band)) for band in (VOICE_HZ, ABOVE_HZ)
    )
    return np.blackman(frames).astype(np.float32), voice, above
