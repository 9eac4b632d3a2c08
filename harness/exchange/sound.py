"""Sound of a packed call: WAV to FLAC and back, piece by piece, the same samples.

A track that came is mostly what was heard as well, so that it is kept as its difference to that:
where the page plays it as it came, that is silence, which costs next to nothing.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import IO

import numpy as np
import soundfile
from numpy.typing import NDArray

from harness.audio.growing_wav import HEADER_BYTES, growing_header
from harness.errors import ArtifactError

PIECE_FRAMES = 480_000
"""Ten seconds."""

SMALLEST = 1.0
"""The best that FLAC does; some 4% less, at twice the time of the usual."""

MOST_CHANNELS = 8
HEARD = 1
"""The channel of the call with what was heard."""


def is_flac_able(path: Path) -> bool:
    """Whether a WAV file holds what FLAC can hold: 16 bits, up to eight channels, any samples."""
    try:
        with soundfile.SoundFile(str(path)) as file:
            return (
                file.format in ("WAV", "WAVEX", "RF64")
                and file.subtype == "PCM_16"
                and file.channels <= MOST_CHANNELS
                and file.frames > 0
            )
    except (soundfile.LibsndfileError, OSError, RuntimeError):
        return False


def to_flac(
    source: Path, target: IO[bytes], from_s: float = 0.0, less: IO[bytes] | None = None
) -> int:
    """Write a WAV file as FLAC; how many bytes the WAV file is that `from_flac` makes of it.

    Args:
        source: of 16 bits.
        target: can seek.
        from_s: what is before is written as silence.
        less: the call as FLAC, of the same rate; what was heard in it is taken away.

    Raises:
        ArtifactError: it cannot be read.
    """
    try:
        with contextlib.ExitStack() as stack:
            file = stack.enter_context(soundfile.SoundFile(str(source)))
            heard = None if less is None else stack.enter_context(_Heard(less))
            rate_hz, channels = file.samplerate, file.channels
            quiet, frames = round(from_s * rate_hz), 0
            made = stack.enter_context(
                soundfile.SoundFile(
                    target,
                    "w",
                    rate_hz,
                    channels,
                    subtype="PCM_16",
                    format="FLAC",
                    compression_level=SMALLEST,
                )
            )
            while len(piece := file.read(PIECE_FRAMES, dtype="int16", always_2d=True)):
                piece[: max(0, quiet - frames)] = 0
                made.write(piece if heard is None else piece - heard.read(len(piece)))
                frames += len(piece)
    except (soundfile.LibsndfileError, RuntimeError, OSError) as error:
        raise ArtifactError(
            f"{source} cannot be packed.", expected="a WAV file", found=str(error)
        ) from error
    return HEADER_BYTES + int(frames * channels * 2)


def is_like_heard(source: Path, call: IO[bytes]) -> bool:
    """Whether a WAV file can be told by what was heard in a call: one channel, the same rate."""
    call.seek(0)
    with soundfile.SoundFile(str(source)) as file, soundfile.SoundFile(call) as both:
        same_rate = file.samplerate == both.samplerate
        return bool(same_rate and file.channels == 1 and both.channels > HEARD)


def from_flac(source: IO[bytes], target: Path, most_bytes: int, plus: Path | None = None) -> None:
    """Write FLAC as the WAV file that it was.

    Args:
        source: can seek.
        target: made new.
        most_bytes: the file may become so large.
        plus: the call; what was heard in it is added.

    Raises:
        ValueError: no FLAC, damaged, or larger.
        OSError: the disk is full, or the call is not there.
    """
    try:
        with contextlib.ExitStack() as stack:
            file = stack.enter_context(soundfile.SoundFile(source))
            if file.format != "FLAC":
                raise ValueError(f"no FLAC: {file.format}")
            heard = None
            if plus is not None:
                call = stack.enter_context(plus.open("rb"))
                heard = stack.enter_context(_Heard(call))
            made = stack.enter_context(target.open("wb"))
            channels, frames = file.channels, 0
            made.write(growing_header(0, channels, file.samplerate))
            while len(piece := file.read(PIECE_FRAMES, dtype="int16", always_2d=True)):
                frames += len(piece)
                if HEADER_BYTES + frames * channels * 2 > most_bytes:
                    raise ValueError(f"more than the {most_bytes} bytes that are listed")
                whole = piece if heard is None else piece + heard.read(len(piece))
                made.write(np.ascontiguousarray(whole, dtype="<i2").tobytes())
            made.seek(0)
            made.write(growing_header(frames, channels, file.samplerate))
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise ValueError(f"no FLAC: {error}") from error


def check_flac(path: Path, most_bytes: int) -> None:
    """See that a file is FLAC, and promises no more than a WAV file of so many bytes.

    Raises:
        ValueError: it is not, or does.
    """
    try:
        with soundfile.SoundFile(str(path)) as file:
            if file.format != "FLAC":
                raise ValueError(f"no FLAC: {file.format}")
            if HEADER_BYTES + file.frames * file.channels * 2 > most_bytes:
                raise ValueError(f"more than the {most_bytes} bytes that are listed")
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise ValueError(f"no FLAC: {error}") from error


class _Heard:
    """What was heard in a call, piece by piece; silence after its end.

    Sums and differences of samples go around at 16 bits, so that each is undone by the other.
    """

    def __init__(self, call: IO[bytes]) -> None:
        call.seek(0)
        self._file = soundfile.SoundFile(call)
        if self._file.channels <= HEARD:
            raise ValueError("a call without what was heard")

    def __enter__(self) -> _Heard:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, frames: int) -> NDArray[np.int16]:
        samples = np.zeros((frames, 1), np.int16)
        piece = self._file.read(frames, dtype="int16", always_2d=True)
        samples[: len(piece), 0] = piece[:, HEARD]
        return samples
