"""Delivery of results that come late: put in when neither side speaks. Pure: time is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.realtime.items import Item
from harness.realtime.wire import Event

QUIET_S = 0.6
"""Neither side has spoken for so long: pauses before an answer are shorter."""

ANSWER_BEGINS_WITHIN_S = 5.0
"""After it was asked for; the server may be slow."""

BYTES_A_SECOND = 48_000
"""Of sound that comes as events: 24 kHz, 16 bit, one channel."""


@dataclass(frozen=True, slots=True)
class LateResult:
    """What long work came to."""

    job: str
    """Its id, of this call."""

    item_id: str
    output_id: str
    """Ids of its two items in the conversation: the call of the tool, and its result."""

    tool: str
    arguments: str
    """As JSON."""

    output: str
    """For the model: the result, or what went wrong as JSON."""

    def items(self) -> tuple[Item, Item]:
        """A call of the tool with its result, as the conversation has them."""
        call = {
            "id": self.item_id,
            "type": "function_call",
            "status": "completed",
            "call_id": self.item_id,
            "name": self.tool,
            "arguments": self.arguments,
        }
        output = {
            "id": self.output_id,
            "type": "function_call_output",
            "call_id": self.item_id,
            "output": self.output,
        }
        return call, output


class Delivery:
    """Follows who speaks, and hands out what waits when nobody does; each result once, in order."""

    def __init__(self, now_s: float, quiet_s: float = QUIET_S) -> None:
        self._quiet_s = quiet_s
        self._quiet_from_s = now_s
        """Nobody has spoken since; sound that came as events may be played until later."""

        self._user_speaks = False
        self._made: set[str] = set()
        self._played: set[str] = set()
        """Responses that are made, and those that are played."""

        self._answer_by_s: float | None = None
        """An answer is asked for, and begins until then."""

        self._waiting: list[LateResult] = []

    @property
    def is_quiet(self) -> bool:
        """Neither side speaks, as far as is known; it may have begun to be quiet this moment."""
        return not self._user_speaks and not self._made and not self._played

    @property
    def waiting(self) -> list[LateResult]:
        """What was not handed out."""
        return list(self._waiting)

    def add(self, result: LateResult) -> None:
        """Something is there."""
        self._waiting.append(result)

    def drop(self, jobs: Iterable[str]) -> None:
        """These results are not wanted any more."""
        dropped = set(jobs)
        self._waiting = [one for one in self._waiting if one.job not in dropped]

    def on_server_event(self, event: Event, now_s: float) -> None:
        """One event of the server."""
        kind = event.get("type")
        before = self.is_quiet
        if kind == "input_audio_buffer.speech_started":
            self._user_speaks = True
        elif kind == "input_audio_buffer.speech_stopped":
            self._user_speaks = False
        elif kind in ("response.created", "response.done"):
            self._follow_response(kind, event.get("response"))
        elif kind == "output_audio_buffer.started":
            self._played.add(str(event.get("response_id")))
        elif kind in ("output_audio_buffer.stopped", "output_audio_buffer.cleared"):
            self._played.discard(str(event.get("response_id")))
        elif kind == "response.output_audio.delta":
            seconds = len(str(event.get("delta") or "")) * 3 / 4 / BYTES_A_SECOND
            self._quiet_from_s = max(now_s, self._quiet_from_s) + seconds
        elif kind == "conversation.item.truncated":
            self._quiet_from_s = now_s
        else:
            return
        if not before:
            self._quiet_from_s = max(now_s, self._quiet_from_s)

    def lost(self, now_s: float) -> None:
        """The connection went: nobody is heard any more."""
        self._user_speaks, self._answer_by_s = False, None
        self._made.clear()
        self._played.clear()
        self._quiet_from_s = now_s

    def due(self, now_s: float) -> list[LateResult]:
        """What is to be put in now, and an answer asked for."""
        due_s = self.wake_at_s()
        if due_s is None or now_s < due_s:
            return []
        due, self._waiting = self._waiting, []
        self._answer_by_s = now_s + ANSWER_BEGINS_WITHIN_S
        return due

    def wake_at_s(self) -> float | None:
        """When something is due if nobody speaks until then; None: nothing waits, or one speaks."""
        if not self._waiting or not self.is_quiet:
            return None
        return max(self._quiet_from_s + self._quiet_s, self._answer_by_s or 0.0)

    def _follow_response(self, kind: str, response: object) -> None:
        response_id = str(response.get("id")) if isinstance(response, dict) else ""
        if kind == "response.created":
            self._made.add(response_id)
            self._answer_by_s = None
        else:
            self._made.discard(response_id)
