"""The pieces of one answer, from the assistant to the moment each is due."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from harness.realtime.server.assistants.assistant import (
    InjectFault,
    Piece,
    Play,
    Say,
    Show,
    UseTool,
    Wait,
)
from harness.realtime.server.assistants.checked import checked


@dataclass(slots=True)
class AssistantOutput:
    """What the assistant has handed out and is still to be carried out, in order."""

    asked_at_s: float = 0.0
    """When what is answered was over: a spoken turn by its samples, else when it was asked."""

    is_complete: bool = False
    """Nothing more will come."""

    _pieces: deque[tuple[Say | Play | UseTool | Wait | InjectFault, float]] = field(
        default_factory=deque
    )
    """Each with the time at which it came."""

    _resumes_at_s: float = 0.0
    """Where the last `Wait` ends."""

    _is_waiting: bool = False

    def add(self, piece: Piece, now_s: float) -> None:
        """Take a piece that the assistant gave at this moment.

        Raises:
            AssistantError: it is none, or its sound cannot be used.
        """
        right = checked(piece)
        if not isinstance(right, Show):  # there is nothing to look at in a call
            self._pieces.append((right, now_s))

    def take(self, now_s: float) -> tuple[Say | Play | UseTool | InjectFault, float] | None:
        """The next piece that is due, and since when; None where there is none, or not yet."""
        self._is_waiting = now_s < self._resumes_at_s
        while self._pieces and not self._is_waiting:
            piece, came_at_s = self._pieces.popleft()
            due_at_s = max(came_at_s, self._resumes_at_s)
            if not isinstance(piece, Wait):
                return piece, due_at_s
            from_s = self.asked_at_s if piece.since_asked else due_at_s
            self._resumes_at_s = max(due_at_s, from_s + max(0.0, piece.seconds))
            self._is_waiting = now_s < self._resumes_at_s
        return None

    def wake_at_s(self) -> float | None:
        """When `take` has something to do that nobody else wakes it for."""
        return self._resumes_at_s if self._is_waiting else None

    @property
    def is_over(self) -> bool:
        """Whether everything was carried out, as of the last `take`."""
        return self.is_complete and not self._pieces and not self._is_waiting
