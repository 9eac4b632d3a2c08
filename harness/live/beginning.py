"""The beginning of a session: made, opened, started; and how long the last may take."""

from __future__ import annotations

from dataclasses import dataclass

START_WITHIN_S = 15.0
"""How long a WebSocket may be open without a session."""


@dataclass(slots=True)
class Beginning:
    """The times before a session's timeline: monotonic seconds, and the time of day."""

    made_unix_s: float
    """When it was made, seconds of Unix."""

    made_s: float | None = None
    """The same moment, monotonic; None: it is opened at once."""

    waits_for_client: bool = False
    """Opened alone it does not start: a client has to ask for it."""

    open_s: float | None = None
    """When its client could be spoken to first."""

    def open(self, now_s: float) -> None:
        """The client can be spoken to."""
        self.open_s = now_s
        if self.made_s is None:
            self.made_s = now_s

    @property
    def start_by_s(self) -> float | None:
        """Until when a client has to ask for the session; None where none has to."""
        if self.open_s is None or not self.waits_for_client:
            return None
        return self.open_s + START_WITHIN_S

    def is_late(self, now_s: float) -> bool:
        """Whether a client that has not asked yet has had its time."""
        return self.start_by_s is not None and now_s >= self.start_by_s

    def unix_s(self, now_s: float) -> float:
        """The time of day at a monotonic time; seconds of Unix."""
        return self.made_unix_s + (0.0 if self.made_s is None else now_s - self.made_s)
