"""Cuts of a recording: the very samples of its stretches, read once from its beginning to its end.

A place in a compressed file is exact only where the file is read up to it, so nothing is sought.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile

from harness.audio.clip import AudioClip
from harness.audio.files import write_atomically
from harness.replay.redaction import redact
from harness.score.recording import BLOCK_S, OpenFile, Wanted, opened
from harness.speech.spans import Span

WANTED = Wanted(
    verb="replay",
    expected="a recording of a call: the caller alone, or the caller on the left channel and the "
    "agent on the right",
    channels=(1, 2),
    hint="export it with one channel, or with each party on a channel of its own",
)

SIXTEEN_BITS = frozenset(
    {
        *("PCM_16", "PCM_S8", "PCM_U8", "ULAW", "ALAW", "ALAC_16"),
        *("IMA_ADPCM", "MS_ADPCM", "GSM610", "VOX_ADPCM", "G721_32", "G723_24", "G723_40"),
    }
)
"""Encodings, by libsndfile's names, whose samples 16 bits hold."""

TWENTY_FOUR_BITS = frozenset({"PCM_24", "ALAC_20", "ALAC_24"})

Samples = npt.NDArray[Any]
"""One channel, shape (frames,): int16, int32 or float32, as `Kept.dtype` says."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How samples are kept so that none of them changes."""

    dtype: str
    """As they are read and written."""

    format: str
    subtype: str
    suffix: str


def kept_as(subtype: str) -> Kept:
    """The smallest file that holds each sample of an encoding.

    Args:
        subtype: libsndfile's name of the encoding.
    """
    if subtype in SIXTEEN_BITS:
        return Kept("int16", "FLAC", "PCM_16", ".flac")
    if subtype in TWENTY_FOUR_BITS:
        return Kept("int32", "FLAC", "PCM_24", ".flac")
    return Kept("float32", "WAV", "FLOAT", ".wav")


class Reader:
    """Reads one channel of a recording forward.

    Args:
        file: at its beginning.
        channel: from 0.
        dtype: of the samples.
    """

    def __init__(self, file: OpenFile, channel: int, dtype: str) -> None:
        self._file = file
        self._channel = channel
        self._dtype = dtype
        self._size = round(BLOCK_S * file.samplerate)
        self._at = 0

    def between(self, first: int, last: int) -> Iterator[tuple[int, Samples]]:
        """Blocks from a frame up to another at the file's rate, each with its first frame's number.

        Args:
            first: not before where the last one ended.
            last: the frame behind the last one.
        """
        while self._at < first and len(self._read(first - self._at)):
            pass
        while self._at < last:
            at, block = self._at, self._read(last - self._at)
            if len(block) == 0:
                return
            yield at, block

    def _read(self, frames: int) -> Samples:
        block = self._file.read(min(frames, self._size), dtype=self._dtype, always_2d=True)
        self._at += len(block)
        return np.ascontiguousarray(block[:, self._channel])


def clips_of(
    path: Path, channel: int, spans: Sequence[Span], redacted: Sequence[Span]
) -> Iterator[AudioClip]:
    """The sound of stretches, one at a time, with silence where it is redacted; for a recogniser.

    Args:
        path: the recording.
        channel: from 0.
        spans: in order of time, and apart.
        redacted: stretches whose sound is taken out.

    Raises:
        FixtureError: it cannot be read any more.
    """
    with opened(path, WANTED, []) as file:
        rate_hz = int(file.samplerate)
        reader = Reader(file, channel, "float32")
        for span in spans:
            first, last = round(span.start_s * rate_hz), round(span.end_s * rate_hz)
            blocks = [
                redact(block, at, rate_hz, redacted) for at, block in reader.between(first, last)
            ]
            samples = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
            yield AudioClip(samples, rate_hz)


def write_cuts(
    path: Path,
    channel: int,
    cuts: Sequence[tuple[Path, Span]],
    redacted: Sequence[Span],
    *,
    bleep: bool = False,
) -> list[Path]:
    """Write stretches of a recording as files; but for what is redacted no sample changes.

    Args:
        path: the recording, which stays as it is.
        channel: from 0.
        cuts: where to, without a suffix, and what; in order of time, and apart.
        redacted: stretches whose sound is taken out.
        bleep: with a tone in their place.

    Returns:
        The files: FLAC, or WAV of 32-bit floats where the recording is compressed with losses.

    Raises:
        FixtureError: it cannot be read any more.
        ArtifactError: a file cannot be written.
    """
    written: list[Path] = []
    with opened(path, WANTED, []) as file:
        rate_hz, kept = int(file.samplerate), kept_as(file.subtype)
        reader = Reader(file, channel, kept.dtype)
        for stem, span in cuts:
            first, last = round(span.start_s * rate_hz), round(span.end_s * rate_hz)

            def write(out: BinaryIO, first: int = first, last: int = last) -> None:
                with soundfile.SoundFile(
                    out, "w", rate_hz, 1, kept.subtype, format=kept.format
                ) as made:
                    for at, block in reader.between(first, last):
                        made.write(redact(block, at, rate_hz, redacted, bleep=bleep))

            written.append(stem.with_name(stem.name + kept.suffix))
            write_atomically(written[-1], write)
    return written
