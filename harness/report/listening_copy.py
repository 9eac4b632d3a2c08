"""The audio of a call in a form that a page can carry: FLAC or Opus to listen to, peaks to draw."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
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
"""A longer call's audio is Opus in the report: FLAC would be too large to open."""

MOST_BYTES = 12_000_000
"""Nor is FLAC of more put into a report, which is 16 MB as text: that is Opus, too."""

MOST_OPUS_BYTES = 15_000_000
"""Of more Opus a report has none, and plays the recording beside it: an hour always fits."""

OPUS_RATE_HZ = 24_000
OPUS_BITS_PER_S = (24_000, 16_000)
"""Of a side, the first that fits. Silence takes less; below 16 000 libopus mixes the sides."""

BLOCK_S = 5.0
RATES_HZ = (48_000, 24_000, 16_000)
PEAKS_PER_S = 200
MOST_PEAKS = 240_000
"""Of a side: at the largest zoom one of an hour is eight pixels wide."""

QUIETEST_PEAK = 0.02
"""A side quieter than this is drawn small, not blown up into noise."""


@dataclass(frozen=True, slots=True)
class ListeningCopy:
    """Two channels: left sent, right heard."""

    data_uri: str
    codec: str
    """FLAC of 16 bits, or Opus, which is not exact."""

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
    """Both sides of a call, as well as the size of a report allows.

    FLAC at the highest rate that stays within `BYTES_PER_S`, or within `MOST_BYTES` at the lowest;
    else Opus. None where that takes more than `MOST_OPUS_BYTES`, or there is no Opus here.
    """
    flac = _as_flac(audio) if audio.duration_s <= LONGEST_S else None
    return flac or _as_opus(audio)


def _as_flac(audio: CallAudio) -> ListeningCopy | None:
    enough = min(round(BYTES_PER_S * max(1.0, audio.duration_s)), MOST_BYTES)
    recorded_hz = audio.sent.sample_rate_hz
    # Recorded below the lowest of the rates: as it is.
    rates_hz = [rate for rate in RATES_HZ if rate <= recorded_hz] or [recorded_hz]
    for rate_hz in rates_hz:
        most = MOST_BYTES if rate_hz == rates_hz[-1] else enough
        flac = _flac(audio, rate_hz, most)
        if flac is not None:
            return _copy("FLAC", "audio/flac", flac, rate_hz)
    return None


def _as_opus(audio: CallAudio) -> ListeningCopy | None:
    import av  # FFmpeg, and only for long calls

    if "libopus" not in av.codecs_available:
        return None
    for bits_per_s in OPUS_BITS_PER_S:
        opus = _opus(audio, 2 * bits_per_s, MOST_OPUS_BYTES)
        if opus is not None:
            return _copy("Opus", "audio/ogg", opus, OPUS_RATE_HZ)
    return None


def _copy(codec: str, mime: str, data: bytes, rate_hz: int) -> ListeningCopy:
    text = base64.b64encode(data).decode("ascii")
    return ListeningCopy(f"data:{mime};base64,{text}", codec, rate_hz, len(data))


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


def _flac(audio: CallAudio, rate_hz: int, most: int) -> bytes | None:
    """Both sides at a rate; None as soon as they are more than so many bytes."""
    file = io.BytesIO()
    with soundfile.SoundFile(
        file, "w", rate_hz, 2, "PCM_16", format="FLAC", compression_level=0.8
    ) as packed:
        for block in _blocks(audio, rate_hz):
            packed.write(block)
            if file.tell() > most:
                return None
    return _at_most(file, most)


def _opus(audio: CallAudio, bits_per_s: int, most: int) -> bytes | None:
    """Both sides at `OPUS_RATE_HZ`; None as soon as they are more than so many bytes.

    By FFmpeg, whose libopus takes a third of the time that libsndfile's does.
    """
    import av

    file, given = io.BytesIO(), 0
    with av.open(file, "w", format="ogg") as packed:
        stream = packed.add_stream("libopus", rate=OPUS_RATE_HZ, layout="stereo")
        stream.bit_rate = bits_per_s
        for block in _blocks(audio, OPUS_RATE_HZ):
            frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="flt", layout="stereo")
            frame.sample_rate, frame.pts = OPUS_RATE_HZ, given
            given += len(block)
            packed.mux(stream.encode(frame))
            if file.tell() > most:
                return None
        packed.mux(stream.encode(None))
    return _at_most(file, most)


def _blocks(audio: CallAudio, rate_hz: int) -> Iterator[npt.NDArray[np.float32]]:
    """Both sides at a rate, piece by piece: float32, shape (frames, 2)."""
    sides = (audio.sent, audio.heard)
    resamplers = [StreamResampler(side.sample_rate_hz, rate_hz) for side in sides]
    for both in zip(*(pieces(side, BLOCK_S) for side in sides), strict=True):
        converted = [r.process(one.samples) for r, one in zip(resamplers, both, strict=True)]
        yield np.clip(np.stack(converted, axis=1), -1.0, 1.0)
    if any(side.sample_rate_hz != rate_hz for side in sides):
        rest = [r.process(np.zeros(0, np.float32), is_last=True) for r in resamplers]
        if len(rest[0]):
            yield np.clip(np.stack(rest, axis=1), -1.0, 1.0)


def _at_most(file: io.BytesIO, most: int) -> bytes | None:
    whole = file.getvalue()
    return whole if len(whole) <= most else None
