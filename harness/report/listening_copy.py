"""The audio of a call in a form that a page can carry: FLAC to listen to, peaks to draw."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soundfile

from harness.audio.resample import StreamResampler
from harness.audio.side_of_file import Sound, pieces
from harness.score.call_record import CallAudio

BYTES_PER_S = 70_000
"""FLAC bytes a second that a report may spend: a one-minute call stays below 6 MB as text."""

LONGEST_S = 12 * 60.0
"""A longer call's audio is not put into the report, which would be too large to open: the report
plays the recording beside it."""

MOST_BYTES = 12_000_000
"""Nor is audio of more FLAC, which is 16 MB as text."""

BLOCK_S = 5.0
RATES_HZ = (48_000, 24_000, 16_000)
PEAKS_PER_S = 200
MOST_PEAKS = 240_000
"""Of a side: at the largest zoom one of an hour is eight pixels wide."""

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


def listening_copy(audio: CallAudio) -> ListeningCopy | None:
    """Both sides as FLAC, at the highest rate that stays within the size a report may have.

    None where even the lowest rate takes more than `MOST_BYTES`.
    """
    flac, rate_hz = b"", 0
    enough = min(BYTES_PER_S * max(1.0, audio.duration_s), MOST_BYTES)
    for rate_hz in (rate for rate in RATES_HZ if rate <= audio.sent.sample_rate_hz):
        flac = _flac(audio, rate_hz)
        if len(flac) <= enough:
            break
    if not flac:  # recorded below the lowest rate above: as it is
        rate_hz = audio.sent.sample_rate_hz
        flac = _flac(audio, rate_hz)
    if len(flac) > MOST_BYTES:
        return None
    text = base64.b64encode(flac).decode("ascii")
    return ListeningCopy(f"data:audio/flac;base64,{text}", rate_hz, len(flac))


def peaks_of(sound: Sound) -> Peaks:
    """Highest and lowest sample of short stretches; at most `MOST_PEAKS` stretches a call."""
    count = max(1, min(MOST_PEAKS, round(sound.duration_s * PEAKS_PER_S)))
    pairs = _pairs(sound, count) if sound.frames else np.zeros((count, 2), np.float32)
    loudest = float(np.max(np.abs(pairs)))
    scale = max(loudest, QUIETEST_PEAK)
    values = np.clip(np.round(pairs / scale * 127), -127, 127).astype(np.int8)
    return Peaks(
        values=base64.b64encode(values.tobytes()).decode("ascii"),
        peaks_per_s=count / sound.duration_s if sound.frames else float(PEAKS_PER_S),
        scale=scale,
        loudest_dbfs=round(20 * float(np.log10(loudest)), 1) + 0.0 if loudest > 0 else None,
    )


def _pairs(sound: Sound, count: int) -> npt.NDArray[np.float32]:
    """Highest and lowest sample of so many stretches, shape (count, 2); read a bit at a time."""
    rate_hz = sound.sample_rate_hz
    edges = np.linspace(0, sound.frames, count + 1).astype(np.int64)
    together = max(1, int(count * BLOCK_S / max(sound.duration_s, BLOCK_S)))
    pairs = np.zeros((count, 2), np.float32)
    for first in range(0, count, together):
        borders = edges[first : first + together + 1]
        samples = sound.between(borders[0] / rate_hz, borders[-1] / rate_hz).samples
        begins = borders[:-1] - borders[0]
        pairs[first : first + together, 0] = np.maximum.reduceat(samples, begins)
        pairs[first : first + together, 1] = np.minimum.reduceat(samples, begins)
    return pairs


def _flac(audio: CallAudio, rate_hz: int) -> bytes:
    sides = (audio.sent, audio.heard)
    resamplers = [StreamResampler(side.sample_rate_hz, rate_hz) for side in sides]
    file = io.BytesIO()
    with soundfile.SoundFile(
        file, "w", rate_hz, 2, "PCM_16", format="FLAC", compression_level=0.8
    ) as flac:
        for both in zip(*(pieces(side, BLOCK_S) for side in sides), strict=True):
            converted = [r.process(one.samples) for r, one in zip(resamplers, both, strict=True)]
            flac.write(np.clip(np.stack(converted, axis=1), -1.0, 1.0))
        if any(side.sample_rate_hz != rate_hz for side in sides):
            rest = [r.process(np.zeros(0, np.float32), is_last=True) for r in resamplers]
            flac.write(np.clip(np.stack(rest, axis=1), -1.0, 1.0))
    return file.getvalue()
