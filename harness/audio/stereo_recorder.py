"""The recording of a call: what was sent on the left, what was heard on the right.

Sample 0 is t 0 of the call's timeline, so a place in the file is a time in the trace.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from harness.audio.clip import CALL_RATE_HZ, MonoFloat32
from harness.audio.files import write_atomically
from harness.audio.pcm16 import MonoInt16, to_int16
from harness.audio.wav import wav_header

BLOCK_FRAMES = 10 * CALL_RATE_HZ
MAX_DURATION_S = 60 * 60.0
"""Longest recording. What lies behind it is counted, not kept."""

SNAP_FRAMES = 1
"""Audio that starts this near to the end of the audio before it follows without a seam.

Start times come as seconds; their rounding must not cut or double a sample.
"""


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What the recorder had to decide, in frames at 48 kHz, one count for both sides."""

    frames: int
    """Length of the recording."""

    gap_frames: int
    """Not given between two pieces of one source; written as silence."""

    overlap_frames: int
    """Given twice by one source; the later ones were kept."""

    before_start_frames: int
    """Before t 0 of the timeline; left out."""

    beyond_end_frames: int
    """Behind the longest duration; left out."""


@dataclass(slots=True)
class _Lane:
    """The audio of one source on one side, in blocks that exist only where there was sound."""

    blocks: dict[int, MonoInt16] = field(default_factory=dict)
    written: list[tuple[int, int]] = field(default_factory=list)
    """Ranges of frames given, sorted, not touching each other."""

    @property
    def end(self) -> int:
        return self.written[-1][1] if self.written else 0

    @property
    def gap_frames(self) -> int:
        return sum(after[0] - before[1] for before, after in pairwise(self.written))

    def put(self, start: int, samples: MonoInt16) -> int:
        """Write the samples; returns how many frames had been written before."""
        overlap = self._mark(start, start + len(samples))
        for index, first, part in _by_block(start, samples):
            block = self.blocks.get(index)
            if block is None:
                if not part.any():
                    continue
                block = self.blocks[index] = np.zeros(BLOCK_FRAMES, np.int16)
            block[first : first + len(part)] = part
        return overlap

    def _mark(self, start: int, end: int) -> int:
        """Add the range to what is written; returns the frames that were in it already."""
        if not self.written or start > self.end:
            self.written.append((start, end))
            return 0
        touching = [r for r in self.written if r[0] <= end and r[1] >= start]
        overlap = sum(max(0, min(r[1], end) - max(r[0], start)) for r in touching)
        merged = (min([start, *(r[0] for r in touching)]), max([end, *(r[1] for r in touching)]))
        self.written = sorted([r for r in self.written if r not in touching] + [merged])
        return overlap


class StereoRecorder:
    """Collects both sides of a call by their time and writes one stereo WAV file.

    Memory is bounded: int16, at most MAX_DURATION_S, and silence costs none. Several sources of
    one side (two tracks, two frames of a page) are mixed. Not safe for several threads at once.
    """

    sample_rate_hz = CALL_RATE_HZ

    def __init__(self, max_duration_s: float = MAX_DURATION_S) -> None:
        self._max_frames = round(max_duration_s * CALL_RATE_HZ)
        self._sides: tuple[dict[str, _Lane], dict[str, _Lane]] = ({}, {})
        self._overlap_frames = 0
        self._before_start_frames = 0
        self._beyond_end_frames = 0

    def add_sent(self, start_s: float, samples: MonoFloat32 | MonoInt16, source: str = "") -> None:
        """Audio that went into the peer connection.

        Args:
            start_s: time of its first sample on the timeline.
            samples: float32 or int16, 48 kHz, shape (frames,).
            source: what gave it; times of one source should follow each other.
        """
        self._add(0, start_s, samples, source)

    def add_heard(self, start_s: float, samples: MonoFloat32 | MonoInt16, source: str = "") -> None:
        """Audio that the page played: float32 or int16, 48 kHz, shape (frames,); see `add_sent`."""
        self._add(1, start_s, samples, source)

    @property
    def duration_s(self) -> float:
        """From t 0 to the end of the last audio given."""
        return self._frames / CALL_RATE_HZ

    @property
    def facts(self) -> RecordingFacts:
        """Counts so far."""
        lanes = [lane for side in self._sides for lane in side.values()]
        return RecordingFacts(
            frames=self._frames,
            gap_frames=sum(lane.gap_frames for lane in lanes),
            overlap_frames=self._overlap_frames,
            before_start_frames=self._before_start_frames,
            beyond_end_frames=self._beyond_end_frames,
        )

    def samples(self) -> npt.NDArray[np.int16]:
        """The whole recording: int16, 48 kHz, shape (frames, 2), left sent, right heard."""
        return np.concatenate([self._block(i) for i in range(self._block_count(self._frames))])

    def write(self, path: str | Path, until_s: float | None = None) -> Path:
        """Write the WAV file, whole or not at all.

        Args:
            path: where to.
            until_s: length wanted at least; silence is added.

        Raises:
            ArtifactError: the disk is full or the folder cannot be written to.
        """
        frames = max(self._frames, round((until_s or 0.0) * CALL_RATE_HZ))
        frames = min(frames, self._max_frames)

        def write(file: BinaryIO) -> None:
            file.write(wav_header(frames * 4, 2, CALL_RATE_HZ))
            for index in range(self._block_count(frames)):
                block = self._block(index, frames)
                file.write(np.ascontiguousarray(block, dtype="<i2").data)

        write_atomically(Path(path), write)
        return Path(path)

    @property
    def _frames(self) -> int:
        return max((lane.end for side in self._sides for lane in side.values()), default=0)

    @staticmethod
    def _block_count(frames: int) -> int:
        return max(1, -(-frames // BLOCK_FRAMES))

    def _block(self, index: int, frames: int | None = None) -> npt.NDArray[np.int16]:
        """Block number index of both sides, shape (frames in it, 2)."""
        end = self._frames if frames is None else frames
        length = max(0, min(BLOCK_FRAMES, end - index * BLOCK_FRAMES))
        both = np.zeros((length, 2), np.int32)
        for column, side in enumerate(self._sides):
            for lane in side.values():
                if index in lane.blocks:
                    both[:, column] += lane.blocks[index][:length]
        return np.clip(both, -32768, 32767).astype(np.int16)

    def _add(
        self, side: int, start_s: float, samples: MonoFloat32 | MonoInt16, source: str
    ) -> None:
        pcm = _as_int16(samples)
        lane = self._sides[side].setdefault(source, _Lane())
        start = round(start_s * CALL_RATE_HZ)
        if lane.written and abs(start - lane.end) <= SNAP_FRAMES:
            start = lane.end
        before = min(len(pcm), max(0, -start))
        beyond = min(len(pcm) - before, max(0, start + len(pcm) - self._max_frames))
        self._before_start_frames += before
        self._beyond_end_frames += beyond
        pcm = pcm[before : len(pcm) - beyond]
        if len(pcm):
            self._overlap_frames += lane.put(start + before, pcm)


def _as_int16(samples: MonoFloat32 | MonoInt16) -> MonoInt16:
    if samples.dtype == np.int16:
        return samples.astype(np.int16, copy=False)
    return to_int16(samples.astype(np.float32, copy=False))


def _by_block(start: int, samples: MonoInt16) -> list[tuple[int, int, MonoInt16]]:
    """The samples cut at block borders: (block number, first frame in it, part)."""
    parts = []
    position = 0
    while position < len(samples):
        index, first = divmod(start + position, BLOCK_FRAMES)
        length = min(BLOCK_FRAMES - first, len(samples) - position)
        parts.append((index, first, samples[position : position + length]))
        position += length
    return parts
