"""The log of applied faults, kept for whoever asks: `GET /harness/faults/applied`."""

from __future__ import annotations

from collections import deque
from typing import Any

from harness.realtime.faults.triggers import Applied, Note

MOST_KEPT = 2_000

QUICK_VOICE = "quick_voice"
"""No fault: the machine was too slow for the voice, and another one spoke."""


class FaultLog:
    """The last things that faults did, of all calls and requests."""

    def __init__(self) -> None:
        self._kept: deque[dict[str, Any]] = deque(maxlen=MOST_KEPT)
        self.dropped = 0

    def note_for(self, call_id: str | None) -> Note:
        """Who is told of what was done to a call, or to a request where there is none."""

        def note(applied: Applied) -> None:
            self.add(applied, call_id)

        return note

    def add(self, applied: Applied, call_id: str | None = None) -> None:
        """Keep one applied fault; beyond `MOST_KEPT` the oldest is dropped."""
        self.dropped += len(self._kept) == MOST_KEPT
        self._kept.append(
            {
                "name": applied.name,
                "detail": applied.detail,
                "at_s": applied.at_s,
                "call_id": call_id,
            }
        )

    def since(self, at_s: float) -> list[dict[str, Any]]:
        """What was done after a moment, as the server's monotonic clock has it, in order."""
        return [one for one in self._kept if one["at_s"] > at_s]
