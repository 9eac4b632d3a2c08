"""A second witness of the page's time: the harness's own clock.

Python's clock was paired with page time in a world of the browser that no page can touch. What a
page's realm then says about time must fit: an anchor cannot come from the future, and a clock that
is asked must answer with a moment between question and answer. Anchors that are old again and again
come from a clock that is behind, or on a machine so busy that nobody is told in time: the clock is
asked which.
"""

from __future__ import annotations

from collections import deque

from harness.errors import ClockError
from harness.timeline import Timeline

EARLY_MS = 50.0
"""No anchor comes from further in the future: the clocks are one machine's."""

LATE_MS = 1_000.0
"""Where each of `ANCHORS` anchors is older than this, the realm's clock is asked."""

READING_MS = 50.0
"""How far a clock that is asked may be outside of question and answer, beside the doubt about
Python's own place: on a busy machine that is known to a tenth of a second alone."""

ANCHORS = 8
"""Four seconds of anchors."""

ASKS_EVERY = 10
"""One anchor in so many (five seconds) is an occasion to ask the realm's clock; so is the first."""


class ClockCheck:
    """Holds what realms say about time against the harness's own clock.

    Args:
        timeline: paired with Python's clock.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._counts: dict[str, int] = {}
        self._late_ms: dict[str, deque[float]] = {}

    def take_anchor(self, realm: str, page_ms: float, arrived_s: float) -> bool:
        """Take an anchor of a realm, which came at Python's ``arrived_s``.

        Returns:
            Whether it is time to ask the realm's clock itself, see `take_reading`.

        Raises:
            ClockError: anchors come from the future.
        """
        now_ms = self._timeline.python_to_page_ms(arrived_s)
        if now_ms is None:
            return False
        late_ms = self._late_ms.setdefault(realm, deque(maxlen=ANCHORS))
        late_ms.append(now_ms - page_ms)
        if len(late_ms) == ANCHORS:
            # Of many, one alone says nothing: the machine's wall clock may have been set meanwhile.
            if max(late_ms) < -EARLY_MS - self._doubt_ms:
                raise self._does_not_fit(-max(late_ms), "ahead")
            if min(late_ms) > LATE_MS:
                late_ms.clear()  # the next ones are an occasion of their own
                return True
        count = self._counts[realm] = self._counts.get(realm, -1) + 1
        return count % ASKS_EVERY == 0

    def take_reading(self, page_ms: float, before_s: float, after_s: float) -> None:
        """Take what a realm's clock answered between two of Python's moments.

        Raises:
            ClockError: it is not between them.
        """
        least_ms = self._timeline.python_to_page_ms(before_s)
        most_ms = self._timeline.python_to_page_ms(after_s)
        if least_ms is None or most_ms is None:
            return
        within_ms = READING_MS + self._doubt_ms
        if page_ms > most_ms + within_ms:
            raise self._does_not_fit(page_ms - most_ms, "ahead")
        if not page_ms >= least_ms - within_ms:  # also what is no number
            raise self._does_not_fit(least_ms - page_ms, "behind")

    @property
    def _doubt_ms(self) -> float:
        return self._timeline.pairing_uncertainty_s * 1000

    def _does_not_fit(self, off_ms: float, where: str) -> ClockError:
        within_ms = READING_MS + self._doubt_ms
        return ClockError(
            "The page's clock cannot be trusted, so nothing that was measured in this call can.",
            expected=f"page time within {within_ms:.0f} ms of the harness's own clock",
            found=f"it is {off_ms / 1000:.3f} s {where}",
            hint="something replaces the clock before the page's first script: install fake timers "
            "from the page itself, or without Date and performance; where nothing does, please "
            "report it with the trace",
        )
