"""Test signals whose measured answer follows by arithmetic: tones, chirps, clicks, noise."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32


class Noise(Protocol):
    """A kind of noise: white_noise or pink_noise."""

    def __call__(
        self, duration_s: float, rms: float, seed: int, sample_rate_hz: int = CALL_RATE_HZ
    ) -> AudioClip: ...


def tone(
    frequency_hz: float,
    duration_s: float,
    amplitude: float = 0.5,
    sample_rate_hz: int = CALL_RATE_HZ,
) -> AudioClip:
    """A sine that starts at phase 0. A gap or a jump in it shows as one in its phase."""
    time_s = _times_s(duration_s, sample_rate_hz)
    return _clip(amplitude * np.sin(2.0 * np.pi * frequency_hz * time_s), sample_rate_hz)


def chirp(
    start_hz: float,
    end_hz: float,
    duration_s: float,
    amplitude: float = 0.5,
    sample_rate_hz: int = CALL_RATE_HZ,
) -> AudioClip:
    """A linear sweep. It correlates with itself at one place only, so it finds a delay."""
    time_s = _times_s(duration_s, sample_rate_hz)
    rate_hz_per_s = (end_hz - start_hz) / max(duration_s, 1e-9)
    phase = 2.0 * np.pi * (start_hz * time_s + 0.5 * rate_hz_per_s * time_s**2)
    return _clip(amplitude * np.sin(phase), sample_rate_hz)


def click(at_s: float, duration_s: float, sample_rate_hz: int = CALL_RATE_HZ) -> AudioClip:
    """Silence with one sample of 0.9 at at_s.

    Raises:
        ValueError: at_s is not inside the clip.
    """
    samples = np.zeros(round(duration_s * sample_rate_hz))
    frame = round(at_s * sample_rate_hz)
    if not 0 <= frame < len(samples):
        raise ValueError(f"the click at {at_s} s is outside of a clip of {duration_s} s")
    samples[frame] = 0.9
    return _clip(samples, sample_rate_hz)


def white_noise(
    duration_s: float, rms: float, seed: int, sample_rate_hz: int = CALL_RATE_HZ
) -> AudioClip:
    """Gaussian white noise of the given RMS (full scale 1.0); the same seed, the same noise."""
    frames = round(duration_s * sample_rate_hz)
    return _clip(np.random.default_rng(seed).normal(0.0, rms, frames), sample_rate_hz)


def pink_noise(
    duration_s: float, rms: float, seed: int, sample_rate_hz: int = CALL_RATE_HZ
) -> AudioClip:
    """Noise whose power falls by 3 dB an octave, of the given RMS; nearer to a room than white."""
    frames = round(duration_s * sample_rate_hz)
    if frames < 2:
        return _clip(np.zeros(frames), sample_rate_hz)
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(0.0, 1.0, frames))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0.0
    shaped = np.fft.irfft(spectrum, frames)
    return _clip(shaped * (rms / np.sqrt(np.mean(shaped**2))), sample_rate_hz)


def _times_s(duration_s: float, sample_rate_hz: int) -> npt.NDArray[np.float64]:
    return np.arange(round(duration_s * sample_rate_hz), dtype=np.float64) / sample_rate_hz


def _clip(samples: npt.NDArray[np.float64], sample_rate_hz: int) -> AudioClip:
    as_float32: MonoFloat32 = samples.astype(np.float32)
    return AudioClip(as_float32, sample_rate_hz)
