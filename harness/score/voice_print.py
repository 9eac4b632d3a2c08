"""Prints of voices: how high somebody speaks, and with which colour, whatever the words are.

Pure. Pitch by autocorrelation, colour as the mean of mel cepstra over voiced moments: neither knows
how loud it is, and both survive a codec. What the distance of two prints means was measured; see
`OTHER_DISTANCE_SAME_WORDS`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.audio.clip import AudioClip
from harness.audio.resample import resample

RATE_HZ = 16_000
HOP_FRAMES = 160
HOP_S = HOP_FRAMES / RATE_HZ
WINDOW_FRAMES = 640
"""40 ms: three periods of the lowest voice."""

LOWEST_HZ, HIGHEST_HZ = 70.0, 400.0
PERIODIC = 0.5
"""Of a moment that is voiced: its autocorrelation one period later, 0 to 1."""

RANGE_DB = 30.0
"""What is quieter than the loudest moment by more than this is no voice worth measuring."""

BANDS = 26
BAND_EDGES_HZ = (100.0, 5_500.0)
CEPSTRA = 12

PITCH_SPREAD = 1.7
"""Semitones by which one voice's sentences differ from each other, typically."""

COLOUR_SPREAD = (0.7, 0.5, 0.5, 0.35, 0.35, 0.25, 0.2, 0.2, 0.15, 0.15, 0.15, 0.15)
"""The same of each cepstrum."""

OTHER_DISTANCE_SAME_WORDS = 3.6
"""Two voices that say the same words are at least so far from each other. By ``harness bench
compare`` (six synthetic voices, other paces, Opus) one voice stays below 3, two are above 4.3."""

OTHER_DISTANCE = 10.0
"""Two voices, whatever they say. One synthetic voice stays below 7, a reader of a novel reached 9.5
from sentence to sentence; half of all other voices are nearer than this."""

DOUBTFUL_DISTANCE = 7.0
"""From here on they may be two, whatever they say."""

ENOUGH_S = 0.5
"""Of voiced speech: less says nothing for sure."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class VoicePrint:
    """What is typical of a voice in a stretch of speech."""

    pitch_hz: float
    """The median."""

    cepstrum: tuple[float, ...]
    """Means of mel cepstra 1 to 12: the colour."""

    voiced_s: float
    """How much voiced speech it was made of."""


def voice_print(clip: AudioClip) -> VoicePrint | None:
    """The print of whoever speaks in a clip of any rate and level; None: nobody does.

    Some 3 ms of CPU a second of sound.
    """
    samples = np.asarray(resample(clip.samples, clip.sample_rate_hz, RATE_HZ), np.float64)
    if len(samples) < WINDOW_FRAMES:
        return None
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW_FRAMES)[::HOP_FRAMES]
    energy = np.square(frames).mean(axis=1)
    loud = frames[energy > max(energy.max() * 10 ** (-RANGE_DB / 10), 1e-10)]
    if not len(loud):
        return None
    pitches, periodic = _pitches(loud)
    voiced = periodic >= PERIODIC
    if not voiced.any():
        return None
    cepstra = _cepstra(loud[voiced]).mean(axis=0)
    return VoicePrint(
        pitch_hz=float(np.median(pitches[voiced])),
        cepstrum=tuple(float(value) for value in cepstra),
        voiced_s=int(voiced.sum()) * HOP_S,
    )


def voice_distance(one: VoicePrint, other: VoicePrint) -> float:
    """How far two voices are from each other; `OTHER_DISTANCE` says what that means.

    Formula: √(Δp² + Σ Δc²) with Δp semitones / `PITCH_SPREAD` and Δc a cepstrum's / its spread.
    """
    colour = (np.asarray(one.cepstrum) - np.asarray(other.cepstrum)) / COLOUR_SPREAD
    pitch = semitones(one, other) / PITCH_SPREAD
    return math.sqrt(pitch**2 + float(np.square(colour).sum()))


def semitones(one: VoicePrint, other: VoicePrint) -> float:
    """How much higher the other one speaks."""
    return 12 * math.log2(other.pitch_hz / one.pitch_hz)


def joined_prints(prints: Sequence[VoicePrint]) -> VoicePrint:
    """Several stretches as one, each by how much voiced speech it has; at least one."""
    weights = np.asarray([one.voiced_s for one in prints])
    shares = weights / weights.sum()
    pitch = float(np.exp(shares @ np.log([one.pitch_hz for one in prints])))
    cepstrum = shares @ np.asarray([one.cepstrum for one in prints])
    return VoicePrint(pitch, tuple(float(value) for value in cepstrum), float(weights.sum()))


def _pitches(frames: Floats) -> tuple[Floats, Floats]:
    """Pitch in Hz and how periodic each frame is, by Boersma's autocorrelation (1993)."""
    size = 2 * WINDOW_FRAMES
    spectra = (
        np.abs(np.fft.rfft((frames - frames.mean(axis=1, keepdims=True)) * _hann(), size)) ** 2
    )
    correlation = np.fft.irfft(spectra, size)[:, :WINDOW_FRAMES]
    correlation = correlation / np.maximum(correlation[:, :1], 1e-12) / _hann_correlation()
    first, last = round(RATE_HZ / HIGHEST_HZ), round(RATE_HZ / LOWEST_HZ)
    lags = np.arange(first, last + 1)
    # A small price for longer periods: two periods are as periodic as one.
    strength = correlation[:, first : last + 1] - 0.02 * np.log2(lags / first)
    best = strength.argmax(axis=1)
    rows = np.arange(len(frames))
    return RATE_HZ / lags[best], correlation[rows, first + best]


def _cepstra(frames: Floats) -> Floats:
    """Shape (frames, CEPSTRA)."""
    power = np.abs(np.fft.rfft(frames * _hann(), axis=1)) ** 2 @ _filters().T
    levels = 10 * np.log10(np.maximum(power, power.max(axis=1, keepdims=True) * 1e-6) + 1e-12)
    found: Floats = levels @ _cosines().T
    return found


@functools.cache
def _hann() -> Floats:
    return np.hanning(WINDOW_FRAMES + 1)[:-1]


@functools.cache
def _hann_correlation() -> Floats:
    size = 2 * WINDOW_FRAMES
    whole = np.fft.irfft(np.abs(np.fft.rfft(_hann(), size)) ** 2, size)[:WINDOW_FRAMES]
    shape: Floats = np.maximum(whole / whole[0], 0.05)
    return shape


@functools.cache
def _filters() -> Floats:
    """Triangles of one height between equal steps on the mel scale, shape (BANDS, bins)."""
    low, high = (2595 * math.log10(1 + hz / 700) for hz in BAND_EDGES_HZ)
    corners_hz = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    bins_hz = np.fft.rfftfreq(WINDOW_FRAMES, 1 / RATE_HZ)
    left, middle, right = (corners_hz[n : n + BANDS, np.newaxis] for n in range(3))
    rising, falling = (bins_hz - left) / (middle - left), (right - bins_hz) / (right - middle)
    triangles: Floats = np.maximum(0.0, np.minimum(rising, falling))
    return triangles


@functools.cache
def _cosines() -> Floats:
    """Rows 1 to CEPSTRA of the cosine transform, so that a constant gain is in none of them."""
    orders, bands = np.arange(1, CEPSTRA + 1)[:, np.newaxis], np.arange(BANDS)
    cosines: Floats = np.cos(np.pi * orders * (bands + 0.5) / BANDS) / BANDS
    return cosines
