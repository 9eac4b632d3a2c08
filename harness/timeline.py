"""The one timeline of a call: seconds since it was opened, as its audio clock counts them.

Page events carry the page's ``performance`` time, steps in Python carry Python's monotonic time;
`Timeline` maps both to that axis and says how wrong it may be.
"""

from __future__ import annotations

import bisect

LATEST_ANCHORS, OLDER_ANCHORS = 2_000, 1_000
"""Anchors that are kept: the latest ones, and so many of all before them, evenly spread. In a call
of eight hours what lies far back is placed by an anchor that is at most 15 s away."""


class Timeline:
    """Map page time, audio frames and Python time to seconds since the call was opened.

    Before the page's audio clock runs, the page's performance clock is the axis. The first
    anchor fixes audio frame f to the axis; from then on the audio clock is master, and page times
    are read against the nearest anchor, so that a starved audio thread (frames fall behind the
    wall) moves events with it. The spread of the anchors is the stated uncertainty.
    """

    def __init__(self) -> None:
        self._zero_page_ms: float | None = None
        self._first: tuple[float, float] | None = None  # (axis seconds, audio seconds)
        self._anchor_page_ms: list[float] = []
        self._anchor_audio_s: list[float] = []
        self._python_minus_page_s: float | None = None
        self._python_uncertainty_s = float("inf")
        self._jitter_s = 0.0

    @property
    def started(self) -> bool:
        """Whether second 0 is known."""
        return self._zero_page_ms is not None

    @property
    def anchored(self) -> bool:
        """Whether the audio clock is known yet."""
        return self._first is not None

    @property
    def uncertainty_s(self) -> float:
        """How far an event's place on the axis may be off: anchor jitter plus Python's pairing."""
        pairing_s = 0.0 if self._python_minus_page_s is None else self._python_uncertainty_s
        return self._jitter_s + pairing_s

    @property
    def audio_uncertainty_s(self) -> float:
        """How far page events may be off against audio frames: the anchors' jitter alone."""
        return self._jitter_s

    def start(self, page_ms: float) -> None:
        """The call was opened at this page time (epoch-based performance time, ms)."""
        if self._zero_page_ms is None:
            self._zero_page_ms = page_ms

    def anchor(self, frame: float, page_ms: float, sample_rate_hz: int) -> None:
        """Audio frame ``frame`` of the page's context was current at ``page_ms``."""
        self.start(page_ms)
        audio_s = frame / sample_rate_hz
        if self._first is None:
            self._first = (self._raw_page_s(page_ms), audio_s)
        elif page_ms < self._anchor_page_ms[-1]:
            return  # an old anchor that arrived late says nothing new
        else:
            self._note_jitter(page_ms, audio_s)
        self._anchor_page_ms.append(page_ms)
        self._anchor_audio_s.append(audio_s)
        if len(self._anchor_page_ms) >= LATEST_ANCHORS + 2 * OLDER_ANCHORS:
            self._thin()

    def pair_python(self, monotonic_s: float, page_ms: float, uncertainty_s: float) -> None:
        """One round trip: Python's time ``monotonic_s`` was page time ``page_ms``, give or take.

        The pairing with the smallest uncertainty wins.
        """
        if uncertainty_s <= self._python_uncertainty_s:
            self._python_uncertainty_s = uncertainty_s
            self._python_minus_page_s = monotonic_s - page_ms / 1000

    def python_to_page_ms(self, monotonic_s: float) -> float | None:
        """Page time (ms) of one of Python's own moments; None before any pairing."""
        if self._python_minus_page_s is None:
            return None
        return (monotonic_s - self._python_minus_page_s) * 1000

    def page_to_s(self, page_ms: float) -> float:
        """Seconds on the axis of a page time (ms)."""
        if self._first is None:
            return self._raw_page_s(page_ms)
        i = self._nearest_anchor(page_ms)
        audio_s = self._anchor_audio_s[i] + (page_ms - self._anchor_page_ms[i]) / 1000
        return self._audio_to_s(audio_s)

    def frame_to_s(self, frame: float, sample_rate_hz: int = 48_000) -> float:
        """Seconds on the axis of an audio frame; exact by definition once anchored."""
        return self._audio_to_s(frame / sample_rate_hz)

    def s_to_frame(self, t_s: float, sample_rate_hz: int = 48_000) -> int:
        """The audio frame at ``t_s`` on the axis."""
        axis_s, audio_s = self._need_first()
        return round((t_s - axis_s + audio_s) * sample_rate_hz)

    def python_to_s(self, monotonic_s: float) -> float:
        """Seconds on the axis of one of Python's own moments; 0.0 before any pairing."""
        if self._python_minus_page_s is None or self._zero_page_ms is None:
            return 0.0
        return self.page_to_s((monotonic_s - self._python_minus_page_s) * 1000)

    def _raw_page_s(self, page_ms: float) -> float:
        return 0.0 if self._zero_page_ms is None else (page_ms - self._zero_page_ms) / 1000

    def _audio_to_s(self, audio_s: float) -> float:
        axis_s, first_audio_s = self._need_first()
        return axis_s + audio_s - first_audio_s

    def _need_first(self) -> tuple[float, float]:
        if self._first is None:
            raise ValueError("the page's audio clock has not started: no anchor yet")
        return self._first

    def _nearest_anchor(self, page_ms: float) -> int:
        i = bisect.bisect_left(self._anchor_page_ms, page_ms)
        if i == 0:
            return 0
        if i == len(self._anchor_page_ms):
            return i - 1
        before, after = self._anchor_page_ms[i - 1], self._anchor_page_ms[i]
        return i - 1 if page_ms - before <= after - page_ms else i

    def _thin(self) -> None:
        """Of the older anchors keep some, evenly spread over the call: a call of hours has many."""
        first_ms, last_ms = self._anchor_page_ms[0], self._anchor_page_ms[-LATEST_ANCHORS]
        spacing_ms = (last_ms - first_ms) / OLDER_ANCHORS
        kept, next_ms = [], first_ms
        for place, page_ms in enumerate(self._anchor_page_ms[:-LATEST_ANCHORS]):
            if page_ms >= next_ms:
                kept.append(place)
                next_ms = page_ms + spacing_ms
        for anchors in (self._anchor_page_ms, self._anchor_audio_s):
            anchors[:-LATEST_ANCHORS] = [anchors[place] for place in kept]

    def _note_jitter(self, page_ms: float, audio_s: float) -> None:
        predicted_s = self._anchor_audio_s[-1] + (page_ms - self._anchor_page_ms[-1]) / 1000
        # A slowly growing maximum: one starved moment stays visible, and fades.
        self._jitter_s = max(abs(audio_s - predicted_s), self._jitter_s * 0.98)
