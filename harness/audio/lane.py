"""One source's part of a recording: its latest seconds, and what was given when."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from harness.audio.clip import CALL_RATE_HZ
from harness.audio.pcm16 import MonoInt16

BLOCK_FRAMES = CALL_RATE_HZ
MOST_RANGES = 64
"""Gaps of so many stretches are known one by one; of older ones the sum alone."""

Placed = tuple[int, MonoInt16]
"""Samples at 48 kHz and the frame of the first."""


@dataclass(slots=True)
class Lane:
    """The audio of one source on one side, in blocks that exist only where there was sound."""

    first_block: int = 0
    """Blocks before this one are in the file alone."""

    blocks: dict[int, MonoInt16] = field(default_factory=dict)
    """By their numbers: `BLOCK_FRAMES` samples at 48 kHz each."""

    written: list[tuple[int, int]] = field(default_factory=list)
    """Ranges of frames given, sorted, not touching each other."""

    _old_gap_frames: int = 0

    @property
    def end(self) -> int:
        """The frame behind the last one given."""
        return self.written[-1][1] if self.written else 0

    @property
    def gap_frames(self) -> int:
        """Not given between what was given."""
        gaps = (after[0] - before[1] for before, after in pairwise(self.written))
        return self._old_gap_frames + sum(gaps)

    def put(self, start: int, samples: MonoInt16) -> tuple[int, list[Placed]]:
        """Take the samples.

        Args:
            start: frame of the first.
            samples: int16, shape (frames,), 48 kHz.

        Returns:
            How many of the frames had been given before, and the parts that are new and whose
            blocks are in the file alone.
        """
        end = start + len(samples)
        border = self.first_block * BLOCK_FRAMES
        late = []
        if start < border:
            for first, last in self._new(start, min(end, border)):
                late.append((first, samples[first - start : last - start]))
        overlap = self._mark(start, end)
        for index, first, part in _by_block(start, samples):
            if index >= self.first_block:
                self._put(index, first, part)
        return overlap, late

    def forget(self, before_block: int) -> None:
        """Let go of the blocks before this one: they are in the file."""
        self.first_block = max(self.first_block, before_block)
        for index in [index for index in self.blocks if index < before_block]:
            del self.blocks[index]

    def _put(self, index: int, first: int, part: MonoInt16) -> None:
        block = self.blocks.get(index)
        if block is None:
            if not part.any():
                return
            block = self.blocks[index] = np.zeros(BLOCK_FRAMES, np.int16)
        block[first : first + len(part)] = part

    def _new(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of a range that nothing was given for."""
        found = []
        for first, last in self.written:
            if first >= end:
                break
            if last > start:
                found.append((start, first))
                start = max(start, last)
        found.append((start, end))
        return [(first, last) for first, last in found if last > first]

    def _mark(self, start: int, end: int) -> int:
        """Add the range to what is written; returns the frames that were in it already."""
        if not self.written or start > self.end:
            self.written.append((start, end))
            self._sum_up()
            return 0
        touching = [r for r in self.written if r[0] <= end and r[1] >= start]
        overlap = sum(max(0, min(r[1], end) - max(r[0], start)) for r in touching)
        merged = (min([start, *(r[0] for r in touching)]), max([end, *(r[1] for r in touching)]))
        self.written = sorted([r for r in self.written if r not in touching] + [merged])
        self._sum_up()
        return overlap

    def _sum_up(self) -> None:
        """Of the oldest gap only its length stays known."""
        if len(self.written) > MOST_RANGES:
            before, after = self.written[:2]
            self._old_gap_frames += after[0] - before[1]
            self.written[:2] = [(before[0], after[1])]


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
