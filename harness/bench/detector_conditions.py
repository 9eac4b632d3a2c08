"""Conditions that a call goes through before it is measured: codec, noise, voices, gain control."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from harness.audio.backgrounds import background
from harness.audio.clip import CALL_RATE_HZ, MonoFloat32
from harness.audio.g711 import RATE_HZ, decode, encode
from harness.audio.resample import resample
from harness.audio.signals import Noise, pink_noise, white_noise
from harness.bench.opus import opus_round_trip

ACTIVE_BELOW_PEAK_DB = 40.0
LINE_FROM_HZ = 300.0
AGC_STEP_S = 0.005
AGC_TARGET_DBFS = -20.0
AGC_MOST_DB = 20.0
AGC_ATTACK_S, AGC_RELEASE_S = 0.015, 0.6
AGC_SNR_DB = 40.0

Condition = Callable[[MonoFloat32, int, MonoFloat32], MonoFloat32]
"""Samples of 48 kHz, a seed, and other voices to babble, to samples of 48 kHz."""


def speech_rms(samples: MonoFloat32) -> float:
    """RMS of what is not silence: windows of 20 ms at most 40 dB below the loudest.

    Args:
        samples: float32, shape (frames,), 48 kHz.
    """
    size = CALL_RATE_HZ // 50
    windows = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    power = np.mean(windows**2, axis=1)
    return float(np.sqrt(np.mean(power[power > power.max() * 10 ** (-ACTIVE_BELOW_PEAK_DB / 10)])))


def with_noise(samples: MonoFloat32, noise: Noise, snr_db: float, seed: int) -> MonoFloat32:
    """Noise over all of the call, so far below its speech (whole band of 24 kHz)."""
    rms = speech_rms(samples) * 10 ** (-snr_db / 20)
    return samples + noise(len(samples) / CALL_RATE_HZ, rms, seed).samples[: len(samples)]


def with_babble(samples: MonoFloat32, snr_db: float, seed: int, voices: MonoFloat32) -> MonoFloat32:
    """Six others talk all the time, from other places of a recording of voices.

    Args:
        samples: float32, shape (frames,), 48 kHz; so are ``voices``.
    """
    random = np.random.default_rng(seed)
    mixed = np.zeros(len(samples), np.float32)
    repeated = np.resize(voices, len(samples) + len(voices))
    for at in random.integers(0, len(voices), 6):
        mixed += repeated[at : at + len(samples)]
    return samples + mixed * (speech_rms(samples) / speech_rms(mixed) * 10 ** (-snr_db / 20))


def telephone(samples: MonoFloat32) -> MonoFloat32:
    """G.711 mu-law at 8 kHz and back."""
    law = encode(resample(samples, CALL_RATE_HZ, RATE_HZ), "ULAW")
    there_and_back = resample(decode(law, "ULAW"), RATE_HZ, CALL_RATE_HZ)
    return np.pad(there_and_back, (0, max(0, len(samples) - len(there_and_back))))[: len(samples)]


def gain_controlled(samples: MonoFloat32, seed: int) -> MonoFloat32:
    """Noise 40 dB below speech, then a gain that follows the level: it pumps the noise up.

    Args:
        samples: float32, shape (frames,), 48 kHz.
    """
    noisy = with_noise(samples, pink_noise, AGC_SNR_DB, seed)
    size = round(AGC_STEP_S * CALL_RATE_HZ)
    steps = np.pad(noisy, (0, -len(noisy) % size)).reshape(-1, size).astype(np.float64)
    levels_db = 10 * np.log10(np.mean(steps**2, axis=1) + 1e-12)
    gains, envelope_db = np.empty(len(levels_db)), AGC_TARGET_DBFS
    fast, slow = (1 - np.exp(-AGC_STEP_S / tau) for tau in (AGC_ATTACK_S, AGC_RELEASE_S))
    for index, level_db in enumerate(levels_db):
        envelope_db += (level_db - envelope_db) * (fast if level_db > envelope_db else slow)
        gains[index] = min(AGC_MOST_DB, AGC_TARGET_DBFS - envelope_db)
    places = (np.arange(len(gains)) + 0.5) * size
    curve = np.interp(np.arange(len(noisy)), places, gains)
    return np.clip(noisy * 10 ** (curve / 20), -1, 1).astype(np.float32)


def _clean(samples: MonoFloat32, seed: int, voices: MonoFloat32) -> MonoFloat32:
    return samples


def _opus(samples: MonoFloat32, seed: int, voices: MonoFloat32) -> MonoFloat32:
    return opus_round_trip(samples)


def _noisy(noise: Noise, snr_db: float) -> Condition:
    def condition(samples: MonoFloat32, seed: int, voices: MonoFloat32) -> MonoFloat32:
        return with_noise(samples, noise, snr_db, seed)

    return condition


def _in_place(kind: str, snr_db: float) -> Condition:
    """The shipped background of a place, as a scenario's `noise` has it."""

    def condition(samples: MonoFloat32, seed: int, voices: MonoFloat32) -> MonoFloat32:
        around = np.resize(background(kind, seed).samples, len(samples))
        level = speech_rms(samples) / float(np.sqrt(np.mean(np.square(around, dtype=np.float64))))
        return (samples + around * (level * 10 ** (-snr_db / 20))).astype(np.float32)

    return condition


def _babble(samples: MonoFloat32, seed: int, voices: MonoFloat32) -> MonoFloat32:
    return with_babble(samples, 15, seed, voices)


def _telephone(samples: MonoFloat32, seed: int, voices: MonoFloat32) -> MonoFloat32:
    return telephone(samples)


def _telephone_line(samples: MonoFloat32, seed: int, voices: MonoFloat32) -> MonoFloat32:
    """With all that a line may take below, too: the fundamental of a voice."""
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / CALL_RATE_HZ) < LINE_FROM_HZ] = 0.0
    return telephone(np.fft.irfft(spectrum, len(samples)).astype(np.float32))


def _hum(samples: MonoFloat32, seed: int, voices: MonoFloat32) -> MonoFloat32:
    """The mains and its overtones, 20 dB below speech, with a little hiss."""
    random = np.random.default_rng(seed)
    time_s = np.arange(len(samples)) / CALL_RATE_HZ
    hum = 0.05 * random.normal(0.0, 1.0, len(samples))
    for number in range(1, 12):
        hum += np.sin(2 * np.pi * (50 * number * time_s + random.random())) / number
    level = speech_rms(samples) * 10 ** (-20 / 20) / float(np.sqrt(np.mean(hum**2)))
    return (samples + level * hum).astype(np.float32)


def _gain_control(samples: MonoFloat32, seed: int, voices: MonoFloat32) -> MonoFloat32:
    return gain_controlled(samples, seed)


CONDITIONS: Mapping[str, Condition] = {
    "clean": _clean,
    "opus": _opus,
    "white_30db": _noisy(white_noise, 30),
    "white_15db": _noisy(white_noise, 15),
    "pink_15db": _noisy(pink_noise, 15),
    "babble_15db": _babble,
    "cafe_20db": _in_place("cafe", 20),
    "street_20db": _in_place("street", 20),
    "hum_20db": _hum,
    "telephone": _telephone,
    "telephone_300hz": _telephone_line,
    "gain_control": _gain_control,
}
"""By name."""

WITH_BACKGROUND = frozenset(
    {
        "white_30db",
        "white_15db",
        "pink_15db",
        "babble_15db",
        "cafe_20db",
        "street_20db",
        "hum_20db",
    }
)
"""Those that add something to the voice and change nothing else."""
