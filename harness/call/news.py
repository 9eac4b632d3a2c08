"""Events that are news to an expectation: those since the last thing the user did began.

Nothing comes "too early" (an event between the action and the expectation counts), nothing old
counts (an event from before the action does not), and what one expectation has taken is not given
to the next.
"""

from __future__ import annotations

from harness.call.events import CallEvent
from harness.streams.event_stream import EventStream


class News:
    """The news of one call, as its expectations see them."""

    def __init__(self, events: EventStream[CallEvent]) -> None:
        self._events = events
        self._taken: dict[int, CallEvent] = {}
        self.since = 0
        """Number of the first event that is news."""

        self.began_s: float | None = None
        """When the user's last action began, on the timeline; None before the first."""

    def user_acts(self, now_s: float) -> None:
        """The user begins to do something: whatever came until now is old."""
        self.since = self._events.count
        self.began_s = now_s

    def is_free(self, event: CallEvent) -> bool:
        """Whether no expectation has taken this event yet."""
        return id(event) not in self._taken

    def take(self, event: CallEvent) -> None:
        """An expectation held by this event: it is used up."""
        self._taken[id(event)] = event  # kept, so that no other can have its id

    def old(self, pattern: str) -> str | None:
        """In words: the latest event that fits a glob and is no news any more; None: none was."""
        kept = self._events.snapshot()
        fitting = [number for number, event in enumerate(kept) if event.matches(pattern)]
        if not fitting:
            return None
        latest = kept[fitting[-1]]
        why = "and an earlier step has taken it"
        if self._events.numbers()[fitting[-1]] < self.since:
            why = f"before the user's last action, which began at {self.began_s or 0.0:.3f} s"
        return f"the latest one came at {latest.t_s:.3f} s, {why}: old news"
