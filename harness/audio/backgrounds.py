"""Backgrounds to speak before: room tone, babble, street and café, seeded, without an end.

All are made here, of random numbers and of the shipped recordings of speech. Each is one period
of a signal that repeats without a seam: its filters and what is put into it go around its end.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.audio.fixtures import library
from harness.audio.resample import resample_clip

PERIOD_S = 12.0
PEAK = 0.9
VOICES = 8
"""That talk at once in babble."""

VOICES_FROM_HZ = 80.0
"""What recordings have below that is no voice, and would count as level."""

SEAM_S = 0.05
"""The end of a recording fades into its beginning for so long."""

Samples = npt.NDArray[np.float64]


def background(kind: str, seed: int = 0) -> AudioClip:
    """One period of a background: 12 s at 48 kHz, its peak at 0.9.

    Args:
        kind: one of `KINDS`.
        seed: the same one gives the same samples.
    """
    random = np.random.default_rng([seed, *kind.encode()])
    samples = KINDS[kind](random, round(PERIOD_S * CALL_RATE_HZ))
    return AudioClip((PEAK * samples / np.max(np.abs(samples))).astype(np.float32), CALL_RATE_HZ)


def without_seam(clip: AudioClip) -> AudioClip:
    """A recording as one period: its last 50 ms fade into its first ones; shorter by them."""
    samples = resample_clip(clip, CALL_RATE_HZ).samples
    seam = min(round(SEAM_S * CALL_RATE_HZ), len(samples) // 2)
    if seam == 0:
        return AudioClip(samples, CALL_RATE_HZ)
    rising = np.sqrt(np.linspace(0.0, 1.0, seam, endpoint=False, dtype=np.float32))
    falling = np.sqrt(1.0 - rising**2)
    body = samples[:-seam].copy()
    body[:seam] = body[:seam] * rising + samples[-seam:] * falling
    return AudioClip(body, CALL_RATE_HZ)


def _room(random: np.random.Generator, frames: int) -> Samples:
    """Air and machines: power that falls by 5 dB an octave above 60 Hz, and a little mains hum."""
    hum = np.zeros(frames)
    time_s = np.arange(frames) / CALL_RATE_HZ
    for frequency_hz, share in ((50, 0.10), (100, 0.15), (150, 0.05)):
        hum += share * np.sin(2 * np.pi * (frequency_hz * time_s + random.random()))
    return _coloured(random, frames, exponent=1.7, from_hz=60.0) + hum


def _street(random: np.random.Generator, frames: int) -> Samples:
    """Traffic: a steady rumble, and four vehicles that come and go."""
    whole = 0.5 * _coloured(random, frames, exponent=1.5, from_hz=40.0)
    place = np.arange(frames) / frames
    for _ in range(4):
        middle, width = random.random(), random.uniform(0.04, 0.1)
        away = np.abs(place - middle)
        near = np.exp(-0.5 * (np.minimum(away, 1 - away) / width) ** 2)
        vehicle = _coloured(random, frames, exponent=random.uniform(1.0, 1.6), from_hz=80.0)
        whole += random.uniform(0.5, 1.2) * near * vehicle
    return whole


def _babble(random: np.random.Generator, frames: int) -> Samples:
    """Eight voices at once, each as loud as the others, from the shipped clips."""
    clips = [one for _, one in sorted(library().items()) if one.transcript]
    whole = np.zeros(frames)
    for _ in range(VOICES):
        place = int(random.integers(frames))
        filled = 0
        while filled < frames:
            chosen = clips[int(random.integers(len(clips)))].load().clip
            samples = resample_clip(chosen, CALL_RATE_HZ).samples.astype(np.float64)
            samples = samples[: frames - filled]
            level = float(np.sqrt(np.mean(samples**2)))
            where = (place + filled + np.arange(len(samples))) % frames
            whole[where] += samples / max(level, 1e-4)
            filled += len(samples)
    spectrum = np.fft.rfft(whole)
    spectrum[np.fft.rfftfreq(frames, 1 / CALL_RATE_HZ) < VOICES_FROM_HZ] = 0.0
    whole = np.fft.irfft(spectrum, frames)
    return _of_level_one(whole)


def _cafe(random: np.random.Generator, frames: int) -> Samples:
    """Babble, a machine's hiss, and cups: short rings of 2 to 6 kHz."""
    whole = _babble(random, frames) + 0.4 * _coloured(random, frames, exponent=0.3, from_hz=500.0)
    length = round(0.12 * CALL_RATE_HZ)
    time_s = np.arange(length) / CALL_RATE_HZ
    for _ in range(20):
        ring = np.zeros(length)
        for _ in range(3):
            ring += np.sin(2 * np.pi * random.uniform(2000, 6000) * time_s)
        ring *= random.uniform(0.3, 2.0) * np.exp(-time_s / 0.02)
        where = (int(random.integers(frames)) + np.arange(length)) % frames
        whole[where] += ring
    return whole


KINDS: dict[str, Callable[[np.random.Generator, int], Samples]] = {
    "room": _room,
    "babble": _babble,
    "street": _street,
    "cafe": _cafe,
}
"""What each kind is made by."""


def _coloured(
    random: np.random.Generator, frames: int, *, exponent: float, from_hz: float
) -> Samples:
    """Noise of RMS 1 whose power falls with frequency to this exponent, and nothing below."""
    spectrum = np.fft.rfft(random.normal(0.0, 1.0, frames))
    frequency_hz = np.fft.rfftfreq(frames, 1 / CALL_RATE_HZ)
    shape = np.zeros(len(spectrum))
    above = frequency_hz >= from_hz
    shape[above] = (frequency_hz[above] / from_hz) ** (-exponent / 2)
    return _of_level_one(np.fft.irfft(spectrum * shape, frames))


def _of_level_one(samples: Samples) -> Samples:
    scaled: Samples = samples / np.sqrt(np.mean(samples**2))
    return scaled
