"""Responses and turns: which one runs, which is heard, and when one is really over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from harness.errors import AnswerLost, EventOutOfOrder, ProtocolError
from harness.realtime.client.core import SessionCore, is_outside
from harness.realtime.client.events import (
    AnswerOver,
    AnswerStarted,
    AnswerText,
    AudioEnded,
    AudioStarted,
)
from harness.realtime.client.response_queue import Asking, Purpose
from harness.realtime.response_object import final_text_of, reason_of
from harness.realtime.wire import Event

Playback = Literal["none", "playing", "ended"]

_WORDS = ("response.output_audio_transcript.delta", "response.output_text.delta")

MAX_REMEMBERED = 200
"""Responses that are over and still known, so that stragglers are told from nonsense."""


@dataclass(slots=True)
class Response:
    """One response of the server."""

    response_id: str
    is_outside: bool
    last_event_s: float
    status: str = "in_progress"
    reason: str | None = None
    text: str = ""
    playback: Playback = "none"
    done_s: float | None = None
    has_audio: bool = False
    is_played_here: bool = False
    """Its sound came as events: nobody will tell when it is played."""

    is_over: bool = False


class Responses:
    """Follows the server's answers and lets one request for an answer out at a time.

    A response on the conversation is requested only when none is active. The rule: call
    `ask_held` after each event and each `advance`.
    """

    def __init__(self, core: SessionCore) -> None:
        self._core = core
        self._answers: dict[str, Response] = {}
        self.asking = Asking(core)
        self.active_id: str | None = None
        """The response on the conversation that is not done."""

    # --- asking ---

    def ask(self, event: Event, purpose: Purpose = "asked", item_ids: tuple[str, ...] = ()) -> str:
        """Request an answer as soon as that is possible; gives the request's event_id."""
        event_id = self.asking.ask(event, purpose, item_ids)
        self.ask_held()
        return event_id

    def ask_held(self) -> None:
        """Let the next request out, where nothing is in its way."""
        if self.active_id is None:
            self.asking.send_next()

    def is_busy(self) -> bool:
        """An answer on the conversation is asked for, or made."""
        return self.active_id is not None or self.asking.is_out

    def refused(self, event_id: str, error: ProtocolError) -> bool:
        """A request was refused; True where it was only overtaken and is taken care of."""
        return self.asking.refused(event_id, error, self.active_id is not None)

    # --- following ---

    def on_server_event(self, event: Event) -> ProtocolError | None:
        """Apply one checked server event; gives what was wrong with it, if anything was."""
        self.asking.on_server_event(event)
        kind = event["type"]
        if kind == "response.created":
            return self._created(event["response"])
        if kind == "response.done":
            return self._done(event["response"])
        if kind.startswith("output_audio_buffer."):
            return self._played(event["response_id"], kind.rpartition(".")[2])
        if isinstance(event.get("response_id"), str):
            return self._progress(event)
        return None

    def get(self, response_id: str) -> Response | None:
        """The response of this id; None where there is none."""
        return self._answers.get(response_id)

    def open_answers(self) -> list[Response]:
        """Responses that are not over, oldest first."""
        return [answer for answer in self._answers.values() if not answer.is_over]

    def has_sound(self) -> bool:
        """Something is heard, or may still be."""
        return any(
            answer.playback == "playing" or (answer.has_audio and answer.playback == "none")
            for answer in self.open_answers()
        )

    def playing(self) -> Response | None:
        """The answer that is heard now."""
        return next((a for a in self._answers.values() if a.playback == "playing"), None)

    def _created(self, response: dict[str, Any]) -> ProtocolError | None:
        response_id, outside = response["id"], is_outside(response)
        if response_id in self._answers:
            return EventOutOfOrder(f"The answer {response_id} began twice.", code="out_of_order")
        problem = None
        if not outside:
            if self.active_id is not None:
                problem = EventOutOfOrder(
                    f"The answer {response_id} began while {self.active_id} was not done.",
                    code="out_of_order",
                )
            self.active_id = response_id
            self.asking.answer_began()
        self._begin(response_id, outside)
        return problem

    def _begin(self, response_id: str, outside: bool) -> Response:
        answer = Response(response_id, outside, self._core.now_s)
        self._answers[response_id] = answer
        self._forget_old()
        self._core.notify(AnswerStarted(response_id, outside))
        return answer

    def _progress(self, event: Event) -> ProtocolError | None:
        answer = self._answers.get(event["response_id"])
        if answer is None:
            return EventOutOfOrder(
                f"{event['type']} is about an answer that never began.", code="out_of_order"
            )
        answer.last_event_s = self._core.now_s
        if event["type"] == "response.output_audio.delta":
            answer.is_played_here = True
        elif event["type"].startswith("response.output_audio"):
            answer.has_audio = True
        if event["type"] in (
            "response.output_audio_transcript.delta",
            "response.output_text.delta",
        ):
            answer.text += event["delta"]
            told = AnswerText(event["response_id"], event["item_id"], event["delta"])
            self._core.notify(told)
        return None

    def _done(self, response: dict[str, Any]) -> ProtocolError | None:
        answer = self._answers.get(response["id"])
        problem = None
        if answer is None:
            problem = EventOutOfOrder(
                f"The answer {response['id']} ended and never began.", code="out_of_order"
            )
            answer = self._begin(response["id"], is_outside(response))
        elif answer.done_s is not None:
            return EventOutOfOrder(f"The answer {response['id']} ended twice.", code="out_of_order")
        answer.status = response["status"]
        answer.reason = reason_of(response)
        answer.text = final_text_of(response) or answer.text
        self._conclude(answer)
        return problem

    def _conclude(self, answer: Response) -> None:
        answer.done_s = self._core.now_s
        if self.active_id == answer.response_id:
            self.active_id = None
        self._end_if_over(answer)

    def _played(self, response_id: str, how: str) -> ProtocolError | None:
        answer = self._answers.get(response_id)
        if answer is None:
            return EventOutOfOrder(
                f"Playback of an answer that never began: {response_id}.", code="out_of_order"
            )
        if how == "started":
            if answer.playback != "none":
                return EventOutOfOrder(
                    f"Playback of {response_id} started twice.", code="out_of_order"
                )
            answer.playback = "playing"
            self._core.notify(AudioStarted(response_id))
            return None
        was = answer.playback
        self._end_playback(answer, how)
        if was != "playing":
            return EventOutOfOrder(
                f"Playback of {response_id} {how} and was not heard.", code="out_of_order"
            )
        return None

    def _end_playback(self, answer: Response, how: str) -> None:
        if answer.playback == "playing":
            self._core.notify(AudioEnded(answer.response_id, how))
        answer.playback = "ended"
        self._end_if_over(answer)

    def _end_if_over(self, answer: Response) -> None:
        """Done, and not heard any more: over. Told once."""
        is_told = answer.has_audio and not answer.is_played_here
        still_to_play = is_told and answer.playback == "none"
        if answer.is_over or answer.done_s is None or answer.playback == "playing":
            return
        if still_to_play and self._core.now_s < answer.done_s + self._core.limits.playback_begins_s:
            return
        answer.is_over = True
        over = AnswerOver(
            response_id=answer.response_id,
            status=answer.status,
            reason=answer.reason,
            text=answer.text,
            is_outside=answer.is_outside,
        )
        self._core.notify(over)

    # --- time, and bad days ---

    def advance(self) -> None:
        """Give up waiting for what should have come."""
        now_s, limits = self._core.now_s, self._core.limits
        for answer in self.open_answers():
            if answer.done_s is None:
                if now_s >= answer.last_event_s + limits.silent_answer_s:
                    self._lose(answer, f"no event for {limits.silent_answer_s:g} s")
            elif now_s >= answer.done_s + limits.playback_ends_s:
                self._end_playback(answer, "unknown")
            else:
                self._end_if_over(answer)

    def wake_at_s(self) -> float | None:
        limits = self._core.limits
        times = []
        for answer in self.open_answers():
            if answer.done_s is None:
                times.append(answer.last_event_s + limits.silent_answer_s)
            elif answer.playback == "playing":
                times.append(answer.done_s + limits.playback_ends_s)
            else:
                times.append(answer.done_s + limits.playback_begins_s)
        return min(times, default=None)

    def lose_all(self, reason: str) -> None:
        """The connection went: nothing of these answers comes any more."""
        self.asking.lose()
        for answer in self.open_answers():
            if answer.done_s is None:
                answer.status, answer.reason, answer.done_s = "lost", reason, self._core.now_s
            self._end_playback(answer, "lost")
        self._answers.clear()
        self.active_id = None

    def _lose(self, answer: Response, reason: str) -> None:
        error = AnswerLost(
            f"The answer {answer.response_id} began and never ended: {reason}.", code="answer_lost"
        )
        self._core.report(error)
        answer.status, answer.reason = "lost", reason
        if answer.playback == "none":
            answer.playback = "ended"
        self._conclude(answer)

    def _forget_old(self) -> None:
        over = [answer.response_id for answer in self._answers.values() if answer.is_over]
        for response_id in over[: max(0, len(over) - MAX_REMEMBERED)]:
            del self._answers[response_id]
