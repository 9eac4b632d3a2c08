"""Faults in a session's answers, and in its length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.realtime.faults.models_call import (
    AnswerFailed,
    AnswerIncomplete,
    AnswerNeverEnds,
    SessionLimit,
)
from harness.realtime.faults.parse import ANSWER_FAULTS
from harness.realtime.server.assistants.assistant import Play, Say
from harness.realtime.session_object import MAX_SESSION_S

REPEATED_AHEAD_S = 3.0
"""An answer without an end is made this far ahead of its playing, no further."""

LEAST_BETWEEN_REPEATS_S = 0.5


@dataclass(frozen=True, slots=True)
class Ending:
    """How a fault ends an answer."""

    name: str
    status: str
    details: dict[str, Any]


class SessionFaults:
    """The faults of one session that the session itself carries out."""

    def __init__(self, faults: Iterable[Any] = ()) -> None:
        chosen = list(faults)
        self._answers = [fault for fault in chosen if isinstance(fault, ANSWER_FAULTS)]
        limits = [fault.after_s for fault in chosen if isinstance(fault, SessionLimit)]
        self.limit_s: float = min(limits, default=MAX_SESSION_S)
        self._count = 0

    @property
    def is_limited(self) -> bool:
        """Whether a fault ends the session before its usual end."""
        return self.limit_s < MAX_SESSION_S

    def outcome_of_next_response(self) -> ResponseOutcome:
        """What becomes of the next answer of the session."""
        self._count += 1
        return ResponseOutcome([one for one in self._answers if one.nth in (None, self._count)])


@dataclass(slots=True)
class ResponseOutcome:
    """What faults make of one answer."""

    faults: list[Any] = field(default_factory=list)
    _said: list[Say | Play] = field(default_factory=list)
    _repeat_at_s: float = 0.0

    def add(self, faults: Sequence[Any]) -> list[Any]:
        """Faults of the rule that answers; gives those that are not an answer's own."""
        self.faults += [fault for fault in faults if isinstance(fault, ANSWER_FAULTS)]
        return [fault for fault in faults if not isinstance(fault, ANSWER_FAULTS)]

    def ending(self, words: int, *, is_over: bool) -> Ending | None:
        """How the answer ends now, after so many words; None: it goes on, or ends well."""
        for fault in self.faults:
            if isinstance(fault, AnswerFailed | AnswerIncomplete) and (
                is_over or words >= fault.after_words
            ):
                return _ending(fault)
        return None

    def said(self, piece: Say | Play) -> None:
        """A piece that is said again, where the answer never ends."""
        if self.never_ends:
            self._said.append(piece)

    @property
    def never_ends(self) -> bool:
        """Whether a fault keeps the response from ending."""
        return any(isinstance(fault, AnswerNeverEnds) for fault in self.faults)

    def take_repetition(self, made_until_s: float, now_s: float) -> list[Say | Play]:
        """What is said again, if anything is, and if it is time.

        Args:
            made_until_s: when the audio that is made by now will have been played, about.
        """
        if not self._said:
            return []
        if self._repeat_at_s <= now_s:
            self._repeat_at_s = max(made_until_s - REPEATED_AHEAD_S, now_s)
            self._repeat_at_s += LEAST_BETWEEN_REPEATS_S
            return list(self._said)
        return []

    def wake_at_s(self) -> float | None:
        """When the next repetition is due."""
        return self._repeat_at_s if self._said else None


def _ending(fault: AnswerFailed | AnswerIncomplete) -> Ending:
    if isinstance(fault, AnswerIncomplete):
        details = {"type": "incomplete", "reason": fault.reason}
        return Ending(fault.name, "incomplete", details)
    error = {"type": "server_error", "code": fault.code, "message": "The model failed."}
    return Ending(fault.name, "failed", {"type": "failed", "error": error})
