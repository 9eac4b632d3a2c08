"""The recording of a call, on disk while it lasts: left what was sent, right what was heard.

Sample 0 is t 0 of the call's timeline, so a place in the file is a time in the trace. What was
given is in the file, and its header knows of it, `FLUSH_S` of sound later at the latest: who kills
the process, or looks into the file meanwhile, finds a file that opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.growing_wav import GrowingWav, Pcm
from harness.audio.lane import BLOCK_FRAMES, Lane
from harness.audio.pcm16 import MonoInt16, from_int16, to_int16
from harness.errors import ArtifactError

FLUSH_S = 0.2
"""Sound of all sources together that waits to be written."""

KEPT_BLOCKS = 10
"""Seconds in memory behind the newest sound. What comes later than that is mixed into the file."""

MAX_DURATION_S = 24 * 60 * 60.0
"""Longest recording. What lies behind it is counted, not kept."""

SNAP_FRAMES = 1
"""Audio that starts this near to the end of the audio before it follows without a seam.

Start times come as seconds; their rounding must not cut or double a sample.
"""


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What the recorder had to decide, in frames at 48 kHz, one count for all sides."""

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


class StereoRecorder:
    """Puts both sides of a call by their time into one WAV file.

    Memory is bounded, however long the call: the latest seconds of each source. Several sources of
    one side (two tracks, two frames of a page) are mixed. Give it sound from one thread; any other
    may `read`. A failing disk is remembered (see `broken`), not raised: the call goes on.

    Args:
        path: the file, made new.
        sides: 2 for what was sent and what was heard, 1 for one side alone.
        max_duration_s: longest recording.

    Raises:
        ArtifactError: the file cannot be made.
    """

    sample_rate_hz = CALL_RATE_HZ

    def __init__(
        self, path: str | Path, *, sides: int = 2, max_duration_s: float = MAX_DURATION_S
    ) -> None:
        self.path = Path(path)
        self.broken: ArtifactError | None = None
        """The first write that failed, or what else the file lacks; None: nothing did."""

        self.was_removed = False
        """Whether somebody removed the file meanwhile; it is there again after `close`."""

        self._max_frames = round(max_duration_s * CALL_RATE_HZ)
        self._sides: tuple[dict[str, Lane], ...] = tuple({} for _ in range(sides))
        self._first_block = 0
        self._frames = 0
        self._waiting_frames = 0
        self._changed: tuple[int, int] | None = None
        self._overlap_frames = 0
        self._before_start_frames = 0
        self._beyond_end_frames = 0
        try:
            self._file = GrowingWav(self.path, sides)
        except OSError as error:
            raise _cannot_write(self.path, error) from error

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
        self._add(-1, start_s, samples, source)

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

    def samples(self) -> Pcm:
        """The whole recording: int16, 48 kHz, shape (frames, sides)."""
        self.flush()
        return self._file.read(0, self._frames)

    def read(self, side: int, from_s: float, until_s: float) -> AudioClip:
        """One side between two times, as far as it is in the file; else silence.

        Args:
            side: 0 for what was sent, 1 for what was heard.
            from_s: seconds on the timeline, not before 0.
            until_s: seconds on the timeline.

        Raises:
            ArtifactError: the file lacks something, or cannot be read.
        """
        if self.broken is not None:
            raise self.broken
        first = max(0, round(from_s * CALL_RATE_HZ))
        try:
            pcm = self._file.read(first, max(0, round(until_s * CALL_RATE_HZ) - first))
        except (OSError, ValueError) as error:
            raise _cannot_write(self.path, error) from error
        return AudioClip(from_int16(np.ascontiguousarray(pcm[:, side])), CALL_RATE_HZ)

    def flush(self) -> None:
        """Put into the file what waits for it, and let the header say so."""
        if self._changed is not None and self.broken is None:
            start, end = self._changed
            try:
                for index in range(start // BLOCK_FRAMES, -(-end // BLOCK_FRAMES)):
                    first = max(start, index * BLOCK_FRAMES)
                    last = min(end, (index + 1) * BLOCK_FRAMES)
                    # A page may jump by hours: silence behind the end is length alone.
                    if first < self._file.frames or self._has(index):
                        self._file.write(first, self._mixed(index, first, last))
                self._lengthen(end)
                self._file.tell_length()
            except OSError as error:
                self.broken = _cannot_write(self.path, error)
        self._changed, self._waiting_frames = None, 0
        self._forget()

    def close(self, until_s: float = 0.0) -> None:
        """Write what is left and let go of the file; harmless when repeated.

        Where somebody removed it meanwhile, it is written again, to where it was.

        Args:
            until_s: length wanted at least; silence is added.
        """
        if self._file.closed:
            return
        self.flush()
        frames = min(round(until_s * CALL_RATE_HZ), self._max_frames)
        try:
            if frames > self._frames and self.broken is None:
                self._lengthen(frames)
                self._file.tell_length()
            if not self.path.exists():
                self._file.copy_to(self.path)
                self.was_removed = True
        except OSError as error:
            self.broken = self.broken or _cannot_write(self.path, error)
        try:
            self._file.close()
        except OSError as error:
            self.broken = self.broken or _cannot_write(self.path, error)

    def _lengthen(self, frames: int) -> None:
        """Silence up to there, if the file does not reach so far."""
        if frames > self._file.frames:
            self._file.write(frames, np.zeros((0, len(self._sides)), np.int16))

    def _has(self, index: int) -> bool:
        """Whether any source has sound in block number index."""
        return any(index in lane.blocks for side in self._sides for lane in side.values())

    def _mixed(self, index: int, first: int, last: int) -> Pcm:
        """Frames of block number index, of all sides."""
        both = np.zeros((last - first, len(self._sides)), np.int32)
        begin = index * BLOCK_FRAMES
        for column, side in enumerate(self._sides):
            for lane in side.values():
                if index in lane.blocks:
                    both[:, column] += lane.blocks[index][first - begin : last - begin]
        return np.clip(both, -32768, 32767).astype(np.int16)

    def _add(
        self, side: int, start_s: float, samples: MonoFloat32 | MonoInt16, source: str
    ) -> None:
        pcm = _as_int16(samples)
        lane = self._sides[side].setdefault(source, Lane(self._first_block))
        start = round(start_s * CALL_RATE_HZ)
        if lane.written and abs(start - lane.end) <= SNAP_FRAMES:
            start = lane.end
        before = min(len(pcm), max(0, -start))
        beyond = min(len(pcm) - before, max(0, start + len(pcm) - self._max_frames))
        self._before_start_frames += before
        self._beyond_end_frames += beyond
        pcm = pcm[before : len(pcm) - beyond]
        if len(pcm):
            self._take(lane, side, start + before, pcm)

    def _take(self, lane: Lane, side: int, start: int, pcm: MonoInt16) -> None:
        overlap, late = lane.put(start, pcm)
        self._overlap_frames += overlap
        for first, part in late:
            self._mix_late(side, first, part)
        end = start + len(pcm)
        self._frames = max(self._frames, end)
        start = max(start, self._first_block * BLOCK_FRAMES)
        if start < end:
            known = self._changed or (start, end)
            self._changed = min(known[0], start), max(known[1], end)
        self._waiting_frames += len(pcm)
        if self._waiting_frames >= FLUSH_S * CALL_RATE_HZ:
            self.flush()

    def _mix_late(self, side: int, first: int, part: MonoInt16) -> None:
        """Add to what is in the file alone."""
        if self.broken is not None:
            return
        try:
            both = self._file.read(first, len(part))
            mixed = both[:, side].astype(np.int32) + part
            both[:, side] = np.clip(mixed, -32768, 32767)
            self._file.write(first, both)
        except OSError as error:
            self.broken = _cannot_write(self.path, error)

    def _forget(self) -> None:
        first_block = self._frames // BLOCK_FRAMES - KEPT_BLOCKS
        if first_block > self._first_block:
            self._first_block = first_block
            for lane in (lane for side in self._sides for lane in side.values()):
                lane.forget(first_block)


def _as_int16(samples: MonoFloat32 | MonoInt16) -> MonoInt16:
    if samples.dtype == np.int16:
        return samples.astype(np.int16, copy=False)
    return to_int16(samples.astype(np.float32, copy=False))


def _cannot_write(path: Path, error: Exception) -> ArtifactError:
    reason = getattr(error, "strerror", None) or str(error)
    return ArtifactError(
        f"Cannot write the recording {path}: {reason}.",
        expected="a folder with room that may be written to",
        found=f"{type(error).__name__}: {reason}",
        hint="free some space or choose another --out folder",
    )
