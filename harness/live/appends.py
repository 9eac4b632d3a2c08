"""Context that a client adds to a session, acknowledged when the timeline reaches its end."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from harness.live.state import LiveState, refusal

LEAST_MS = 200
MS_PER_CHAR = 4
MOST_MS = 1_000
"""How long added context takes on the timeline: an estimate of this server's own."""


@dataclass(frozen=True, slots=True)
class _Append:
    kind: str
    client_event_id: str | None
    start_ms: int
    end_ms: int


@dataclass(slots=True)
class Appends:
    """The appends that are not acknowledged yet, in their order."""

    state: LiveState
    _waiting: deque[_Append] = field(init=False, default_factory=deque)

    def add(self, kind: str, content: str, client_event_id: str | None) -> None:
        """Take one; ``kind`` is of the event that acknowledges it."""
        start_ms = max(self.state.now_ms, self._waiting[-1].end_ms if self._waiting else 0)
        length_ms = min(MOST_MS, LEAST_MS + MS_PER_CHAR * len(content))
        self._waiting.append(_Append(kind, client_event_id, start_ms, start_ms + length_ms))

    def advance(self) -> None:
        """Acknowledge what the timeline has reached."""
        while self._waiting and self._waiting[0].end_ms <= self.state.now_ms:
            one = self._waiting.popleft()
            self.state.send(one.kind, one.client_event_id, start_ms=one.start_ms, end_ms=one.end_ms)

    def give_up(self) -> None:
        """The session closes: what is not acknowledged yet gets an error."""
        while self._waiting:
            one = self._waiting.popleft()
            error = refusal("The session closes before this was taken in.", "session_closing")
            self.state.send_error(error, one.client_event_id)

    def due_ms(self) -> int | None:
        """When the next one is acknowledged."""
        return self._waiting[0].end_ms if self._waiting else None
