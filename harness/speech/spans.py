"""Voiced spans of sound: where somebody speaks, each edge with its uncertainty.

A detector says whether, `edges` when. The same function finds them in a fixture, in the answer of
a running call, in the recording of a call, and in a file of an hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from harness.audio.clip import AudioClip, MonoFloat32
from harness.audio.resample import StreamResampler
from harness.speech.band_levels import HOP_S, LevelMeter, Levels, joined_levels
from harness.speech.detected import OFF, ON, detected
from harness.speech.edges import Edge, EdgeFinder
from harness.speech.interface import SpeechDetector, probabilities_of
from harness.speech.silero import OFFSET_LATE_S, ONSET_LATE_S, SileroDetector

JOIN_GAP_S = 0.2
MIN_SPAN_S = 0.06
PIECE_S = 60.0
"""So much sound is looked at together, up to a pause in its second half."""

LONGEST_PIECE_S = 300.0
"""Speech without any pause is cut here."""

CONTEXT_S = 6.0
"""Kept of what was looked at: noise and the speaker's level are measured before an edge, too."""

LEAST_PAUSE_S = 0.7


@dataclass(frozen=True, slots=True)
class Span:
    """A voiced part of a clip, seconds from its first sample."""

    start_s: float
    end_s: float
    start_uncertainty_s: float | None = field(default=None, compare=False)
    """In 95 of 100 cases the true start lies this near, either way; None: not known."""

    end_uncertainty_s: float | None = field(default=None, compare=False)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s

    def later(self, by_s: float) -> Span:
        """The same, so many seconds later."""
        return replace(self, start_s=self.start_s + by_s, end_s=self.end_s + by_s)


def voiced_spans(
    clip: AudioClip,
    detector: SpeechDetector | None = None,
    *,
    threshold: float = ON,
    join_gap_s: float = JOIN_GAP_S,
    min_span_s: float = MIN_SPAN_S,
) -> list[Span]:
    """The spans of speech in a clip.

    Costs about 4 ms of CPU a second.

    Args:
        clip: any rate from 8 kHz on.
        detector: reset by this call; None makes a Silero detector.
        threshold: probability of speech that counts.
        join_gap_s: spans nearer to each other than this are one.
        min_span_s: shorter ones are left out.

    Raises:
        SpeechError: the detector cannot run.
    """
    finder = SpanFinder(
        clip.sample_rate_hz,
        detector,
        threshold=threshold,
        join_gap_s=join_gap_s,
        min_span_s=min_span_s,
    )
    found = finder.process(clip.samples, is_last=True)
    return [replace(span, end_s=min(span.end_s, clip.duration_s)) for span in found]


class SpanFinder:
    """Finds spans in sound that comes piece by piece, in memory that does not grow with it.

    Args:
        sample_rate_hz: of the sound.
        detector: reset here; None makes a Silero detector.
        threshold: probability of speech that counts.
        join_gap_s: spans nearer to each other than this are one.
        min_span_s: shorter ones are left out.
    """

    def __init__(
        self,
        sample_rate_hz: int,
        detector: SpeechDetector | None = None,
        *,
        threshold: float = ON,
        join_gap_s: float = JOIN_GAP_S,
        min_span_s: float = MIN_SPAN_S,
    ) -> None:
        self._min_span_s = min_span_s
        self._detector = detector or SileroDetector()
        self._detector.reset()
        self._threshold = threshold
        self._join_gap_s = join_gap_s
        self._window_s = self._detector.window_frames / self._detector.sample_rate_hz
        self._rate_hz = sample_rate_hz
        self._meter = LevelMeter(sample_rate_hz)
        self._to_detector = StreamResampler(sample_rate_hz, self._detector.sample_rate_hz)
        self._pending: MonoFloat32 = np.zeros(0, np.float32)
        self._probabilities: list[float] = []
        self._levels: list[Levels] = []
        self._from_window = 0
        self._told_until_s = 0.0
        self._open: Span | None = None
        self.has_background = False
        """Whether other voices were heard behind the speaker's, anywhere so far."""

    def process(self, samples: MonoFloat32, is_last: bool = False) -> list[Span]:
        """The spans that are complete by now, in seconds from the very first sample.

        Args:
            samples: float32, shape (frames,), at the finder's rate, directly after the ones before;
                any number.
            is_last: the sound is over: all spans that are left.

        Raises:
            SpeechError: the detector cannot run.
        """
        step = round(PIECE_S / 4 * self._rate_hz)
        found: list[Span] = []
        for first in range(0, max(1, len(samples)), step):
            piece = samples[first : first + step]
            self._take(piece, is_last and first + step >= len(samples))
            found += self._told(is_last=False)
        return found + (self._told(is_last=True) if is_last else [])

    def _take(self, samples: MonoFloat32, is_last: bool) -> None:
        """Measure it, and let the detector judge it."""
        self._levels.append(self._meter.process(samples, is_last))
        heard = self._to_detector.process(samples, is_last)
        self._pending = np.concatenate([self._pending, heard])
        size = self._detector.window_frames
        if is_last:
            rest = np.zeros(-len(self._pending) % size, np.float32)
            self._pending = np.concatenate([self._pending, rest])
        whole = len(self._pending) // size * size
        windows, self._pending = self._pending[:whole], self._pending[whole:]
        self._probabilities += probabilities_of(self._detector, windows.reshape(-1, size))

    def _told(self, is_last: bool) -> list[Span]:
        """The spans up to a pause, if it is time to look for one."""
        cut = len(self._probabilities) if is_last else self._pause()
        if cut is None:
            return []
        from_s = self._from_window * self._window_s
        until_s = from_s + cut * self._window_s
        levels = joined_levels(self._levels)
        spans = [span.later(from_s) for span in self._spans(levels)]
        new = [
            s for s in spans if self._told_until_s <= s.start_s and (is_last or s.start_s < until_s)
        ]
        self._told_until_s = until_s
        kept_from = max(0, cut - round(CONTEXT_S / self._window_s))
        # Hops and windows begin together, whatever the window's length.
        hop = round(kept_from * self._window_s / HOP_S)
        self._levels = [levels.behind(hop)]
        self._probabilities = self._probabilities[kept_from:]
        self._from_window += kept_from
        joined = self._joined(new, is_last)
        return [span for span in joined if span.duration_s >= self._min_span_s]

    def _pause(self) -> int | None:
        """The window in the middle of the longest pause, where enough is there to look at."""
        count = len(self._probabilities)
        already = round(self._told_until_s / self._window_s) - self._from_window
        if (count - already) * self._window_s < PIECE_S:
            return None
        later = already + (count - already) // 2
        quiet = np.array(self._probabilities[later:]) < OFF
        edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]])))
        runs = sorted(edges.reshape(-1, 2).tolist(), key=lambda run: run[0] - run[1])
        if runs and (runs[0][1] - runs[0][0]) * self._window_s >= LEAST_PAUSE_S:
            return later + sum(runs[0]) // 2
        return count if (count - already) * self._window_s > LONGEST_PIECE_S else None

    def _spans(self, levels: Levels) -> list[Span]:
        """All of a stretch, in seconds from its first hop."""
        found = detected(self._probabilities, self._window_s, levels, self._threshold)
        self.has_background = self.has_background or found.has_background
        edges = EdgeFinder(levels, found.seeds, found.has_background).edges()
        spans = [_span(onset, offset, levels.hops) for onset, offset in edges]
        if not found.has_background:
            return spans
        return [_doubted(*each) for each in zip(spans, found.doubts_s, strict=True)]

    def _joined(self, spans: Sequence[Span], is_last: bool) -> Iterator[Span]:
        """Those that nothing can be joined to any more."""
        for span in spans:
            if self._open is None:
                self._open = span
            elif span.start_s - self._open.end_s < self._join_gap_s:
                later = max(self._open, span, key=lambda each: each.end_s)
                self._open = replace(
                    self._open, end_s=later.end_s, end_uncertainty_s=later.end_uncertainty_s
                )
            else:
                yield self._open
                self._open = span
        if is_last and self._open is not None:
            yield self._open
            self._open = None


def _span(onset: Edge, offset: Edge, hops: int) -> Span:
    """From one edge to the other; where the samples show none, the detector's, set right."""
    start_s = onset.hop * HOP_S - (0.0 if onset.found else ONSET_LATE_S)
    # Speech that the clip's end cuts off had no time for a hangover.
    is_cut = offset.hop >= hops
    end_s = offset.hop * HOP_S - (0.0 if offset.found or is_cut else OFFSET_LATE_S)
    start_s = max(0.0, start_s)
    return Span(
        start_s,
        max(start_s, end_s),
        round(onset.uncertainty_s, 4),
        round(offset.uncertainty_s, 4),
    )


def _doubted(span: Span, doubts_s: tuple[float, float]) -> Span:
    """Less sure by what may or may not belong to it, on top of the rest."""
    starts, ends = span.start_uncertainty_s or 0.0, span.end_uncertainty_s or 0.0
    return replace(
        span,
        start_uncertainty_s=round(starts + doubts_s[0], 4),
        end_uncertainty_s=round(ends + doubts_s[1], 4),
    )
