"""Conditions that speech goes through before it is judged: Opus, noise, a telephone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.g711 import RATE_HZ, decode, encode
from harness.audio.resample import resample
from harness.audio.signals import white_noise
from harness.bench.opus import opus_round_trip
from harness.speech.spans import Span, voiced_spans

QUIET_S = 0.5
"""Silence before and behind each sentence, as in a call: more than the ears get of it."""

NOISE_SNR_DB = 15.0


@dataclass(frozen=True, slots=True)
class Sound:
    """A sentence as it arrives."""

    clip: AudioClip
    """48 kHz."""

    spans: list[Span]
    """Where voice is; none where the detector hears none."""


def arrived(clip: AudioClip, condition: str) -> Sound:
    """The clip under one of CONDITIONS.

    Args:
        clip: any rate.
    """
    samples = np.pad(
        resample(clip.samples, clip.sample_rate_hz, CALL_RATE_HZ), round(QUIET_S * CALL_RATE_HZ)
    )
    heard = AudioClip(CONDITIONS[condition](samples), CALL_RATE_HZ)
    return Sound(heard, voiced_spans(heard))


def _clean(samples: MonoFloat32) -> MonoFloat32:
    return samples


def _noise(samples: MonoFloat32) -> MonoFloat32:
    """White noise, 15 dB below the speech's mean power (without its silence), then Opus."""
    power = np.square(samples)
    speech_power = float(np.mean(power[power > np.max(power) * 1e-4]))
    rms = float(np.sqrt(speech_power * 10 ** (-NOISE_SNR_DB / 10)))
    noise = white_noise(len(samples) / CALL_RATE_HZ, rms, seed=1).samples
    noisy = np.clip(samples + noise, -1, 1)
    return opus_round_trip(noisy.astype(np.float32))


def _telephone(samples: MonoFloat32) -> MonoFloat32:
    """G.711 at 8 kHz and back."""
    law = encode(resample(samples, CALL_RATE_HZ, RATE_HZ), "ULAW")
    return resample(decode(law, "ULAW"), RATE_HZ, CALL_RATE_HZ)


CONDITIONS: Mapping[str, Callable[[MonoFloat32], MonoFloat32]] = {
    "clean": _clean,
    "opus": opus_round_trip,
    "noise_15db": _noise,
    "telephone": _telephone,
}
"""By name: what happens to samples of 48 kHz, shape (frames,)."""
