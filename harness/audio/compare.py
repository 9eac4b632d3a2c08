"""Compare what arrived with what was sent: delay, likeness, missing start."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.audio.clip import MonoFloat32
from harness.audio.level import FLOOR_DBFS, window_levels_dbfs

PEAK_WITHIN_S = 0.02
"""A jitter buffer that stretched the sound moves parts of it by so much."""

WHITE_DOWN_TO = 1e-6
"""Power against the strongest; what is weaker, such as the band that a telephone cuts off, has no
say about where a sound lies."""


@dataclass(frozen=True, slots=True)
class Delay:
    """How much later the received signal is."""

    delay_s: float
    """Seconds; negative when the received one is earlier."""

    likeness: float
    """Normalised correlation at that delay, 0 to 1; below about 0.3 the delay means nothing."""


def find_delay(
    reference: MonoFloat32,
    received: MonoFloat32,
    sample_rate_hz: int,
    max_delay_s: float | None = None,
) -> Delay:
    """Where in the received signal the reference lies, by correlation; exact to one sample.

    Args:
        reference: float32, shape (frames,).
        received: the same rate; may be longer or shorter, with silence around it.
        sample_rate_hz: rate of both.
        max_delay_s: look only at delays from minus to plus this; None looks everywhere.

    Returns:
        The delay; likeness 0.0 where one of them is silent or empty.
    """
    if not reference.any() or not received.any():
        return Delay(0.0, 0.0)
    correlation, first_lag = _correlate(reference, received)
    lags = np.arange(len(correlation)) + first_lag
    if max_delay_s is not None:
        is_allowed = np.abs(lags) <= max_delay_s * sample_rate_hz
        correlation, lags = correlation[is_allowed], lags[is_allowed]
    best = int(np.argmax(correlation))
    lag = int(lags[best])
    overlap = received[max(0, lag) : max(0, lag + len(reference))].astype(np.float64)
    energy = float(np.sum(reference.astype(np.float64) ** 2) * np.sum(overlap**2))
    likeness = float(correlation[best] / np.sqrt(energy)) if energy > 0 else 0.0
    return Delay(lag / sample_rate_hz, min(1.0, max(0.0, likeness)))


def aligned(
    reference: MonoFloat32, received: MonoFloat32, delay_s: float, sample_rate_hz: int
) -> MonoFloat32:
    """The part of received that belongs to the reference, exactly as long; zeros where it ends.

    Args:
        reference: float32, shape (frames,).
        received: the same rate.
        delay_s: how much later received is, as `find_delay` says.
        sample_rate_hz: rate of both.
    """
    start = round(delay_s * sample_rate_hz)
    part = np.zeros(len(reference), np.float32)
    first, last = max(0, start), min(len(received), start + len(reference))
    if last > first:
        part[first - start : last - start] = received[first:last]
    return part


def prominence(
    reference: MonoFloat32, received: MonoFloat32, sample_rate_hz: int, delay_s: float
) -> float:
    """How far a delay stands out over all others when every frequency has the same say.

    Voices look alike by their strongest tones alone: two vowels of one pitch correlate. With both
    spectra whitened, only the very same sound gives a peak.

    Args:
        reference: float32, shape (frames,).
        received: the same rate.
        sample_rate_hz: rate of both.
        delay_s: how much later received is, as `find_delay` says.

    Returns:
        The peak within `PEAK_WITHIN_S` of the delay, in standard deviations of all lags. Of sounds
        that have nothing in common about 5, the largest of so many; 0.0 where one is silent.

    Source: Knapp and Carter, 1976 (phase transform).
    """
    if not reference.any() or not received.any():
        return 0.0
    correlation, first_lag = _correlate(reference, received, is_white=True)
    spread = float(np.std(correlation))
    at = round(delay_s * sample_rate_hz) - first_lag
    within = round(PEAK_WITHIN_S * sample_rate_hz)
    near = correlation[max(0, at - within) : at + within + 1]
    return float(np.max(near)) / spread if spread > 0 and len(near) else 0.0


def missing_start_s(
    reference: MonoFloat32,
    received: MonoFloat32,
    sample_rate_hz: int,
    quieter_db: float = 15.0,
    window_s: float = 0.005,
) -> float:
    """How much of the start of the speech did not arrive.

    Both signals are aligned and equally long. The speech starts at the reference's first
    window within 30 dB of its 95th-percentile level; it has arrived from the first window on
    whose received level is at most quieter_db below the reference's, both corrected for the
    difference of their overall levels.

    Returns:
        Seconds, a multiple of window_s; 0.0 when nothing is missing; the length of the speech
        when none of it came.
    """
    sent = window_levels_dbfs(reference, sample_rate_hz, window_s)
    came = window_levels_dbfs(received, sample_rate_hz, window_s)
    if len(sent) == 0 or float(sent.max()) <= FLOOR_DBFS:
        return 0.0
    is_speech = sent > float(np.percentile(sent, 95)) - 30.0
    gain_db = float(sent.max()) - float(came.max())
    is_there = is_speech & (came > FLOOR_DBFS) & (came + gain_db >= sent - quieter_db)
    speech = np.flatnonzero(is_speech)
    there = np.flatnonzero(is_there)
    first_there = there[0] if len(there) else speech[-1] + 1
    return float(first_there - speech[0]) * window_s


def _correlate(
    reference: MonoFloat32, received: MonoFloat32, is_white: bool = False
) -> tuple[npt.NDArray[np.float64], int]:
    """Full cross-correlation by FFT, and the lag (samples) of its first value."""
    length = len(reference) + len(received) - 1
    size = 1 << (length - 1).bit_length()
    spectrum = np.fft.rfft(received, size) * np.conj(np.fft.rfft(reference, size))
    if is_white:
        sizes = np.abs(spectrum)
        spectrum /= sizes + float(np.max(sizes)) * WHITE_DOWN_TO
    circular = np.fft.irfft(spectrum, size)
    first_lag = -(len(reference) - 1)
    return np.concatenate([circular[first_lag:], circular[: len(received)]])[-length:], first_lag
