"""Sound of a packed call: WAV to FLAC and back, piece by piece, the same samples."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import numpy as np
import soundfile

from harness.audio.growing_wav import HEADER_BYTES, growing_header
from harness.errors import ArtifactError

PIECE_FRAMES = 480_000
"""Ten seconds."""

MOST_CHANNELS = 8


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


def to_flac(source: Path, target: IO[bytes], from_s: float = 0.0) -> int:
    """Write a WAV file as FLAC; how many bytes the WAV file is that `from_flac` makes of it.

    Args:
        source: of 16 bits.
        target: can seek.
        from_s: what is before is written as silence.

    Raises:
        ArtifactError: it cannot be read.
    """
    try:
        with soundfile.SoundFile(str(source)) as file:
            rate_hz, channels = file.samplerate, file.channels
            quiet, frames = round(from_s * rate_hz), 0
            with soundfile.SoundFile(
                target, "w", rate_hz, channels, subtype="PCM_16", format="FLAC"
            ) as made:
                while len(piece := file.read(PIECE_FRAMES, dtype="int16", always_2d=True)):
                    piece[: max(0, quiet - frames)] = 0
                    made.write(piece)
                    frames += len(piece)
    except (soundfile.LibsndfileError, RuntimeError, OSError) as error:
        raise ArtifactError(
            f"{source} cannot be packed.", expected="a WAV file", found=str(error)
        ) from error
    return HEADER_BYTES + int(frames * channels * 2)


def from_flac(source: IO[bytes], target: Path, most_bytes: int) -> None:
    """Write FLAC as the WAV file that it was.

    Args:
        source: can seek.
        target: made new.
        most_bytes: the file may become so large.

    Raises:
        ValueError: no FLAC, damaged, or larger.
        OSError: the disk is full.
    """
    try:
        with soundfile.SoundFile(source) as file, target.open("wb") as made:
            if file.format != "FLAC":
                raise ValueError(f"no FLAC: {file.format}")
            channels, frames = file.channels, 0
            made.write(growing_header(0, channels, file.samplerate))
            while len(piece := file.read(PIECE_FRAMES, dtype="int16", always_2d=True)):
                frames += len(piece)
                if HEADER_BYTES + frames * channels * 2 > most_bytes:
                    raise ValueError(f"more than the {most_bytes} bytes that are listed")
                made.write(np.ascontiguousarray(piece, dtype="<i2").tobytes())
            made.seek(0)
            made.write(growing_header(frames, channels, file.samplerate))
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise ValueError(f"no FLAC: {error}") from error
