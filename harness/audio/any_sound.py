"""Sound in any file: by libsndfile, else by FFmpeg, as of a telephone's M4A or a page's WebM."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from harness.audio.mended_file import MendedFile

FFMPEG_SUFFIXES = frozenset(
    {
        *(".m4a", ".aac", ".mp4", ".mov", ".3gp", ".webm", ".mka", ".mkv"),
        *(".amr", ".wma", ".caf"),
    }
)
"""Endings of what FFmpeg alone reads."""

_READ = {"format_whitelist": "mov,mp4,matroska,webm,aac,amr,asf,caf"}
"""Sound in one piece. Left to guess, FFmpeg also takes descriptions of sound that is elsewhere, as
SDP and playlists are, and opens the ports and addresses that they name."""

LEAST_GAP_S = 0.05
"""A hole between two times of a file is silence; what is less is the rounding of its clock."""


def open_sound(source: str | MendedFile) -> soundfile.SoundFile | DecodedFile:
    """The sound of a file, to be read from its beginning.

    Args:
        source: a path, or what `harness.audio.containers.look_into` made of it.

    Raises:
        soundfile.LibsndfileError, OSError, RuntimeError, TypeError, ValueError: as libsndfile
            raises them; nobody can decode it.
    """
    try:
        return soundfile.SoundFile(source)
    except soundfile.LibsndfileError:
        if isinstance(source, str):
            with suppress(OSError):
                return DecodedFile(source)
        raise


class DecodedFile:
    """The first sound track of a file, read forward with FFmpeg, in memory that does not grow.

    Has what readers of recordings use of a `soundfile.SoundFile`.

    Args:
        path: of the file.

    Raises:
        OSError: there is no sound in it that can be decoded.
    """

    def __init__(self, path: str) -> None:
        import av

        try:
            self._container = av.open(path, mode="r", options=_READ)
        except (av.FFmpegError, ValueError) as error:
            raise OSError(f"FFmpeg cannot read it: {error}") from error
        self._blocks = self._decoded()
        self._left: npt.NDArray[np.float32] = np.zeros((0, 1), np.float32)
        self.samplerate = 0
        self.channels = 0
        self.subtype = ""
        """FFmpeg's name of the encoding, in capitals."""

        first = next(self._blocks, None)
        if first is None:
            self.close()
            raise OSError("FFmpeg finds no sound in it")
        self._left = first

    def __enter__(self) -> DecodedFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def read(
        self, frames: int = -1, dtype: str = "float32", always_2d: bool = True
    ) -> npt.NDArray[np.float32]:
        """What follows: float32, shape (frames, channels), at `samplerate` Hz; fewer at its end.

        Args:
            frames: at most so many; -1: all.
            dtype: nothing else: what was compressed with losses has no whole numbers.
            always_2d: as it is.
        """
        parts, count = [self._left], len(self._left)
        while (frames < 0 or count < frames) and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            count += len(block)
        whole = np.concatenate(parts)
        end = len(whole) if frames < 0 else min(frames, len(whole))
        self._left = whole[end:].copy()
        return whole[:end]

    def _decoded(self) -> Iterator[npt.NDArray[np.float32]]:
        """Blocks of float32, shape (frames, channels); a hole in the file's times is silence."""
        import av

        resampler: Any = None
        begun_s, written = 0.0, 0
        for frame in self._frames():
            if resampler is None:
                self.samplerate = int(frame.sample_rate)
                self.channels = len(frame.layout.channels)
                layout, rate_hz = frame.layout.name, frame.sample_rate
                resampler = av.AudioResampler(format="flt", layout=layout, rate=rate_hz)
                begun_s = frame.time or 0.0
            if frame.time is not None:
                hole_s = frame.time - begun_s - written / self.samplerate
                hole = round(hole_s * self.samplerate) if hole_s > LEAST_GAP_S else 0
                written += hole
                for silent in _split(hole, self.samplerate):
                    yield np.zeros((silent, self.channels), np.float32)
            for part in resampler.resample(frame):
                block = part.to_ndarray().reshape(-1, self.channels).astype(np.float32, copy=False)
                written += len(block)
                yield block

    def _frames(self) -> Iterator[Any]:
        """Decoded frames of the first track; a damaged packet is left out, as players do it."""
        import av

        tracks = self._container.streams.audio
        if not tracks:
            return
        self.subtype = str(tracks[0].codec_context.name).upper()
        try:
            for packet in self._container.demux(tracks[0]):
                with suppress(av.FFmpegError):
                    yield from packet.decode()
        except av.FFmpegError:
            return  # the file is cut here


def _split(frames: int, most: int) -> Iterator[int]:
    while frames > 0:
        yield min(frames, most)
        frames -= most
