"""A WAV file that grows while a call lasts, at any place in it, and that opens at any moment.

WAV, since its header may be set right at any time and its samples may be written and read at any
place: a piece that comes late is mixed in where it belongs, and what a process left behind when it
was killed opens in every program. FLAC would need half the room, and can do neither. Beyond 4 GiB
(6.2 hours of two channels) the header becomes that of RF64 (EBU Tech 3306), in room that was kept
for it.
"""

from __future__ import annotations

import struct
import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt

from harness.audio.clip import CALL_RATE_HZ

Pcm = npt.NDArray[np.int16]
"""Samples of all channels of a file at 48 kHz: int16, shape (frames, channels)."""

HEADER_BYTES = 80
MOST_RIFF_BYTES = 0xFFFFFFFF


class GrowingWav:
    """A PCM16 WAV file at 48 kHz that is written in place. Safe for several threads.

    What was written is in the file once `write` is back (the system's cache counts as the file:
    it outlives the process, and not a loss of power). The header knows of it from `tell_length` on.

    Args:
        path: the file, made new; missing folders are made.
        channels: of each frame.

    Raises:
        OSError: the file cannot be made.
    """

    def __init__(self, path: Path, channels: int) -> None:
        self.path = path
        self.channels = channels
        self.frames = 0
        """Length so far."""

        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w+b", buffering=0)
        try:
            self.tell_length()
        except OSError:
            self._file.close()
            raise

    @property
    def closed(self) -> bool:
        """Whether the file was let go of."""
        return self._file.closed

    def write(self, frame: int, samples: Pcm) -> None:
        """Put samples at a frame; what was never written before it is silence.

        Raises:
            OSError: the disk is full, or fails.
        """
        end = frame + len(samples)
        with self._lock:
            if end > self.frames and frame >= self.frames and not samples.any():
                self._file.truncate(self._place(end))  # silence that need not lie on the disk
            else:
                self._file.seek(self._place(frame))
                self._put(np.ascontiguousarray(samples, dtype="<i2").tobytes())
            self.frames = max(self.frames, end)

    def read(self, frame: int, count: int) -> Pcm:
        """So many frames from there on; silence behind the end.

        Raises:
            OSError: it cannot be read.
        """
        found = np.zeros((count, self.channels), np.int16)
        with self._lock:
            self._file.seek(self._place(frame))
            wanted = max(0, min(count, self.frames - frame)) * self.channels * 2
            data = self._get(wanted)
        whole = len(data) // (self.channels * 2)
        if whole:
            pcm = np.frombuffer(data, "<i2", whole * self.channels)
            found[:whole] = pcm.reshape(-1, self.channels)
        return found

    def tell_length(self) -> None:
        """Set the header right: from here on other programs see all that was written.

        Raises:
            OSError: the disk fails.
        """
        header = growing_header(self.frames, self.channels, CALL_RATE_HZ)
        with self._lock:
            self._file.seek(0)
            self._put(header)

    def close(self) -> None:
        """Let go of the file; harmless when repeated.

        Raises:
            OSError: the disk fails.
        """
        self._file.close()

    def copy_to(self, path: Path) -> None:
        """Write all of it to another place, such as its own after somebody removed it.

        Raises:
            OSError: it cannot be written there.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, path.open("wb") as copy:
            self._file.seek(0)
            while piece := self._file.read(1 << 20):
                copy.write(piece)

    def _place(self, frame: int) -> int:
        return HEADER_BYTES + frame * self.channels * 2

    def _put(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]

    def _get(self, size: int) -> bytes:
        pieces = []
        while size > 0 and (piece := self._file.read(size)):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)


def growing_header(frames: int, channels: int, sample_rate_hz: int) -> bytes:
    """The 80 bytes before the samples of a PCM16 WAV file that may become longer than 4 GiB.

    The samples that follow have shape (frames, channels), int16, little-endian.

    Args:
        frames: length.
        channels: of each frame.
        sample_rate_hz: frames a second.
    """
    block = channels * 2
    data_bytes = frames * block
    riff_bytes = HEADER_BYTES - 8 + data_bytes
    is_long = riff_bytes > MOST_RIFF_BYTES
    sizes = struct.pack("<QQQI", riff_bytes, data_bytes, frames, 0) if is_long else bytes(28)
    return struct.pack(
        "<4sI4s4sI28s4sIHHIIHH4sI",
        *(b"RF64" if is_long else b"RIFF", MOST_RIFF_BYTES if is_long else riff_bytes, b"WAVE"),
        *(b"ds64" if is_long else b"JUNK", 28, sizes),
        *(b"fmt ", 16, 1, channels, sample_rate_hz, sample_rate_hz * block, block, 16),
        *(b"data", MOST_RIFF_BYTES if is_long else data_bytes),
    )
