"""The audio of a call in a form that a page can carry: FLAC to listen to, peaks to draw."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import numpy as np
import soundfile

from harness.audio.clip import AudioClip
from harness.audio.resample import resample
from harness.score.call_record import CallAudio

BYTES_PER_S = 70_000
"""FLAC bytes a second that a report may spend: a one-minute call stays below 6 MB as text."""

RATES_HZ = (48_000, 24_000, 16_000)
PEAKS_PER_S = 200
MOST_PEAKS = 24_000
QUIETEST_PEAK = 0.02
"""A side quieter than this is drawn small, not blown up into noise."""


@dataclass(frozen=True, slots=True)
class ListeningCopy:
    """FLAC, two channels PCM16: left sent, right heard."""

    data_uri: str
    sample_rate_hz: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Peaks:
    """The outline of one side, for drawing."""

    values: str
    """Base64 of signed bytes: highest, lowest, highest, lowest, …; full scale is 127."""

    peaks_per_s: float
    scale: float
    """What 127 stands for, full scale being 1.0."""

    loudest_dbfs: float | None
    """Loudest sample; None: digital silence."""


def listening_copy(audio: CallAudio) -> ListeningCopy:
    """Both sides as FLAC, at the highest rate that stays within the size a report may have."""
    flac, rate_hz = b"", 0
    for rate_hz in (rate for rate in RATES_HZ if rate <= audio.sent.sample_rate_hz):
        flac = _flac(audio, rate_hz)
        if len(flac) <= BYTES_PER_S * max(1.0, audio.duration_s):
            break
    if not flac:  # recorded below the lowest rate above: as it is
        rate_hz = audio.sent.sample_rate_hz
        flac = _flac(audio, rate_hz)
    text = base64.b64encode(flac).decode("ascii")
    return ListeningCopy(f"data:audio/flac;base64,{text}", rate_hz, len(flac))


def peaks_of(clip: AudioClip) -> Peaks:
    """Highest and lowest sample of short stretches; at most 24 000 stretches a call."""
    count = max(1, min(MOST_PEAKS, round(clip.duration_s * PEAKS_PER_S)))
    loudest = float(np.max(np.abs(clip.samples))) if clip.frames else 0.0
    scale = max(loudest, QUIETEST_PEAK)
    edges = np.linspace(0, clip.frames, count, endpoint=False).astype(np.int64)
    pairs = np.zeros((count, 2), np.float32)
    if clip.frames:
        pairs[:, 0] = np.maximum.reduceat(clip.samples, edges)
        pairs[:, 1] = np.minimum.reduceat(clip.samples, edges)
    values = np.clip(np.round(pairs / scale * 127), -127, 127).astype(np.int8)
    return Peaks(
        values=base64.b64encode(values.tobytes()).decode("ascii"),
        peaks_per_s=count / clip.duration_s if clip.frames else float(PEAKS_PER_S),
        scale=scale,
        loudest_dbfs=round(20 * float(np.log10(loudest)), 1) + 0.0 if loudest > 0 else None,
    )


def _flac(audio: CallAudio, rate_hz: int) -> bytes:
    sides = [resample(c.samples, c.sample_rate_hz, rate_hz) for c in (audio.sent, audio.heard)]
    file = io.BytesIO()
    soundfile.write(
        file,
        np.clip(np.stack(sides, axis=1), -1.0, 1.0),
        rate_hz,
        format="FLAC",
        subtype="PCM_16",
        compression_level=0.8,
    )
    return file.getvalue()
