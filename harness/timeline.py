"""The one timeline of a call: seconds since it was opened, as its audio clock counts them.

Page events carry the page's ``performance`` time, steps in Python carry Python's monotonic time;
`Timeline` maps both to that axis and says how wrong it may be.
"""

from __future__ import annotations

from harness.clock_fit import BestPairing, OffsetFit


class Timeline:
    """Map page time, audio frames and Python time to seconds since the call was opened.

    Before the page's audio clock runs, the page's performance clock is the axis. The first
    anchor fixes audio frame f to the axis; from then on the audio clock is master, and page times
    are read against the anchors around them (`OffsetFit`), so that a starved audio thread (frames
    fall behind the wall) moves events with it.
    """

    def __init__(self) -> None:
        self._zero_page_ms: float | None = None
        self._first: tuple[float, float] | None = None  # (axis seconds, audio seconds)
        self._audio_minus_page = OffsetFit()
        self._python_minus_page = BestPairing()
        self._paired_page_s = 0.0

    @property
    def started(self) -> bool:
        """Whether second 0 is known."""
        return self._zero_page_ms is not None

    @property
    def zero_page_ms(self) -> float | None:
        """Page time (ms) of second 0; None before it is known."""
        return self._zero_page_ms

    @property
    def anchored(self) -> bool:
        """Whether the audio clock is known yet."""
        return self._first is not None

    @property
    def uncertainty_s(self) -> float:
        """How far an event's place on the axis may be off: against audio, plus Python's pairing."""
        return self._audio_minus_page.doubt + self.pairing_uncertainty_s

    @property
    def pairing_uncertainty_s(self) -> float:
        """How far Python's own moments may be off against page time; 0 before any pairing."""
        if self._python_minus_page.offset is None:
            return 0.0
        return self._python_minus_page.doubt_at(self._paired_page_s)

    @property
    def audio_uncertainty_s(self) -> float:
        """How far page events may be off against audio frames, in 95 of 100 cases."""
        return self._audio_minus_page.doubt

    def start(self, page_ms: float) -> None:
        """The call was opened at this page time (epoch-based performance time, ms)."""
        if self._zero_page_ms is None:
            self._zero_page_ms = page_ms

    def anchor(
        self, frame: float, page_ms: float, sample_rate_hz: int, uncertainty_s: float = 0.0
    ) -> None:
        """Audio frame ``frame`` of the page's context was current at ``page_ms``, give or take.

        An old anchor that arrives late says nothing new.
        """
        self.start(page_ms)
        audio_s = frame / sample_rate_hz
        if self._first is None:
            self._first = (self._raw_page_s(page_ms), audio_s)
        page_s = self._raw_page_s(page_ms)  # small numbers: an epoch's milliseconds cost digits
        self._audio_minus_page.add(page_s, audio_s - page_s, uncertainty_s)

    def pair_python(self, monotonic_s: float, page_ms: float, uncertainty_s: float) -> None:
        """One round trip: Python's time ``monotonic_s`` was page time ``page_ms``, give or take.

        The best pairing wins, as long as the two clocks cannot have drifted apart; see
        `BestPairing`.
        """
        self._paired_page_s = page_ms / 1000
        self._python_minus_page.add(page_ms / 1000, monotonic_s - page_ms / 1000, uncertainty_s)

    def python_to_page_ms(self, monotonic_s: float) -> float | None:
        """Page time (ms) of one of Python's own moments; None before any pairing."""
        offset_s = self._python_minus_page.offset
        return None if offset_s is None else (monotonic_s - offset_s) * 1000

    def page_to_s(self, page_ms: float) -> float:
        """Seconds on the axis of a page time (ms)."""
        page_s = self._raw_page_s(page_ms)
        if self._first is None:
            return page_s
        return self._audio_to_s(page_s + self._audio_minus_page.offset_at(page_s))

    def frame_to_s(self, frame: float, sample_rate_hz: int = 48_000) -> float:
        """Seconds on the axis of an audio frame; exact by definition once anchored."""
        return self._audio_to_s(frame / sample_rate_hz)

    def s_to_frame(self, t_s: float, sample_rate_hz: int = 48_000) -> int:
        """The audio frame at ``t_s`` on the axis."""
        axis_s, audio_s = self._need_first()
        return round((t_s - axis_s + audio_s) * sample_rate_hz)

    def python_to_s(self, monotonic_s: float) -> float:
        """Seconds on the axis of one of Python's own moments; 0.0 before any pairing."""
        page_ms = self.python_to_page_ms(monotonic_s)
        if page_ms is None or self._zero_page_ms is None:
            return 0.0
        return self.page_to_s(page_ms)

    def _raw_page_s(self, page_ms: float) -> float:
        return 0.0 if self._zero_page_ms is None else (page_ms - self._zero_page_ms) / 1000

    def _audio_to_s(self, audio_s: float) -> float:
        axis_s, first_audio_s = self._need_first()
        return axis_s + audio_s - first_audio_s

    def _need_first(self) -> tuple[float, float]:
        if self._first is None:
            raise ValueError("the page's audio clock has not started: no anchor yet")
        return self._first
