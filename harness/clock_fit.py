"""The offset of one clock against another, from readings taken one after the other. Pure.

Two kinds of clocks meet in a call. Between audio and page there are many small readings; the audio
clock drifts, and steps for good where its thread was starved. Between page and Python there are few
readings of very different worth, each a round trip.
"""

from __future__ import annotations

import bisect
import math
import statistics

NEAR = 3
"""Readings whose median is the offset: one that is wrong alone is outvoted, two make a step."""

PARTS_PER_SECOND = 15e-6
"""What two undisciplined clocks may drift apart in a second; NTP (RFC 5905) assumes the same."""

LATEST, OLDER = 2_000, 1_000
"""What is kept: the latest readings, and so many groups of all before them, evenly spread. What
lies far back in a call of eight hours is placed by readings that are at most 15 s away."""


class OffsetFit:
    """Follow an offset that drifts slowly, and now and then steps for good.

    The offset at a moment is the median of the three readings around it, or of the last three where
    it lies behind them. Where these disagree, it may be that the newest is wrong, or that the clock
    has stepped; the next reading decides it, and till then the doubt is as large as the step.
    """

    def __init__(self) -> None:
        self._at: list[float] = []
        self._offsets: list[float] = []
        self._doubts: list[float] = []
        self._found_doubts: list[float] = []
        self._sorted_doubts: list[float] = []

    def __bool__(self) -> bool:
        return bool(self._at)

    @property
    def last_at(self) -> float:
        """The moment of the latest reading; -infinity before any."""
        return self._at[-1] if self._at else -math.inf

    @property
    def doubt(self) -> float:
        """How far the offset may have been off, in 95 of 100 readings so far; 0 before any."""
        if not self._sorted_doubts:
            return 0.0
        return self._sorted_doubts[math.ceil(0.95 * len(self._sorted_doubts)) - 1]

    def add(self, at: float, offset: float, doubt: float = 0.0) -> None:
        """Take a reading.

        Args:
            at: when, by the clock that moments are asked for in; one from before the latest says
                nothing new.
            offset: of the other clock, in the same unit.
            doubt: how far this reading itself may be off.
        """
        if at < self.last_at:
            return
        self._at.append(at)
        self._offsets.append(offset)
        self._doubts.append(doubt)
        found = self.doubt_at(at)
        self._found_doubts.append(found)
        bisect.insort(self._sorted_doubts, found)
        if len(self._at) >= LATEST + 2 * NEAR * OLDER:
            self._thin()

    def offset_at(self, at: float) -> float:
        """The offset at a moment.

        Raises:
            ValueError: there is no reading yet.
        """
        if not self._at:
            raise ValueError("the other clock was never read")
        first, last = self._around(at)
        return statistics.median(self._offsets[first:last])

    def doubt_at(self, at: float) -> float:
        """How far the offset at a moment may be off: the readings' own doubt, and their spread."""
        nearest, (first, last) = self._nearest(at), self._around(at)
        if last - first < NEAR:
            first, last = max(0, nearest - 1), nearest + 1
        near = self._offsets[first:last]
        return max(near) - min(near) + statistics.median(self._doubts[first:last])

    def _thin(self) -> None:
        """Of the older readings keep some, evenly spread: a call of hours has many.

        They are kept in groups of `NEAR`, so that a median stays one of readings close together.
        """
        older = len(self._at) - LATEST
        spacing = (self._at[older] - self._at[0]) / OLDER
        kept: list[int] = []
        following = self._at[0]
        for place in range(older):
            if self._at[place] >= following and (not kept or place > kept[-1]):
                kept += range(place, min(place + NEAR, older))
                following = self._at[place] + spacing
        for readings in (self._at, self._offsets, self._doubts, self._found_doubts):
            readings[:-LATEST] = [readings[place] for place in kept]
        self._sorted_doubts = sorted(self._found_doubts)

    def _around(self, at: float) -> tuple[int, int]:
        nearest = self._nearest(at)
        if len(self._at) < NEAR:
            return nearest, nearest + 1
        first = min(max(0, nearest - NEAR // 2), len(self._at) - NEAR)
        return first, first + NEAR

    def _nearest(self, at: float) -> int:
        i = bisect.bisect_right(self._at, at)
        if i == 0 or i == len(self._at):
            return max(0, i - 1)
        return i - 1 if at - self._at[i - 1] <= self._at[i] - at else i


class BestPairing:
    """Keep the best of few readings: an old one loses its worth as the clocks drift apart."""

    def __init__(self) -> None:
        self._at = 0.0
        self._offset: float | None = None
        self._doubt = math.inf

    @property
    def offset(self) -> float | None:
        """Of the best reading; None before any."""
        return self._offset

    def doubt_at(self, at: float) -> float:
        """How far the offset may be off at a moment; infinite before any reading."""
        return self._doubt + abs(at - self._at) * PARTS_PER_SECOND

    def add(self, at: float, offset: float, doubt: float) -> None:
        """Take a reading; kept where it is better, or where it says that a clock was set.

        Args:
            at: when, in seconds.
            offset: in seconds.
            doubt: how far it may be off, in seconds.
        """
        kept = self.doubt_at(at)
        is_set = self._offset is not None and abs(offset - self._offset) > kept + doubt
        if self._offset is None or is_set or doubt <= kept:
            self._at, self._offset, self._doubt = at, offset, doubt
