"""The core that all parts of a client session share: time, outputs, the way to the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal

from harness.errors import MalformedEvent, ProtocolError, SessionClosed
from harness.realtime.client.events import ErrorTold, RealtimeEvent, SessionFact
from harness.realtime.client.outputs import (
    Notify,
    Output,
    RequestCompleted,
    SendEvent,
    SessionEvent,
)
from harness.realtime.ids import Ids
from harness.realtime.wire import Event, encode

State = Literal["new", "open", "lost", "closed"]
"""Not yet connected; the events channel is open; it went and may come back; over."""

MAX_CLOCK_S = 1e12
"""A clock beyond it is broken: so far out, adding a second to a time changes too little."""

RACES = ("response_cancel_not_active", "conversation_already_has_active_response")
"""Refusals that only say that the other side was quicker."""


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long the session waits for what must come. Seconds."""

    request_s: float = 30.0
    """For the server's word on a request."""

    silent_answer_s: float = 60.0
    """Between two events of an answer that is not done."""

    playback_begins_s: float = 3.0
    """From the end of an answer with audio to the begin of its playback."""

    playback_ends_s: float = 300.0
    """From the end of an answer to the end of its playback."""


class SessionCore:
    """Time, outputs and the state of the connection. One for each session."""

    def __init__(self, ids: Ids, limits: SessionLimits, now_s: float) -> None:
        self.ids = ids
        self.limits = limits
        self.now_s = now_s if abs(now_s) < MAX_CLOCK_S else 0.0
        self.state: State = "new"
        self.on_settled: Callable[[str, bool], None] = lambda event_id, is_accepted: None
        """Called with each request that is settled, and whether the server accepted it."""

        self._outputs: list[Output] = []
        self._held: list[Event] = []
        self._waiting: dict[str, tuple[Event, float]] = {}
        """Requests without an answer, the oldest first: time does not go back here."""

        self._creating: dict[str, list[str]] = {}
        """Those of them that put an item in, by its id: there are many where a history goes in."""

    # --- time ---

    def arrive(self, now_s: float) -> None:
        """Move to now; a clock that goes back, or is none, stands still."""
        if abs(now_s) < MAX_CLOCK_S:
            self.now_s = max(self.now_s, now_s)

    # --- out ---

    def put(self, output: Output) -> None:
        """Hand something out."""
        self._outputs.append(output)

    def take_outputs(self) -> list[Output]:
        """Everything handed out since the last call, in order."""
        taken, self._outputs = self._outputs, []
        return taken

    def notify(self, fact: SessionFact) -> None:
        """Hand out a session event, at this moment."""
        self.put(Notify(SessionEvent(fact, self.now_s)))

    def report(
        self, error: ProtocolError, event_id: str | None = None, received: object = None
    ) -> None:
        """Tell people of an error; the session goes on."""
        self.notify(
            ErrorTold(
                kind=type(error).__name__,
                code=error.code,
                message=error.message,
                param=error.param,
                event_id=event_id,
                is_race=error.code in RACES,
                error=error,
                received=received,
            )
        )

    def command(self, event: Event) -> str:
        """Send an event, or hold it until the channel is open; gives its event_id.

        Raises:
            SessionClosed: the session is over.
            MalformedEvent: it is not JSON.
        """
        numbered = self.numbered(event)
        self.check(numbered)
        if self.state == "open":
            self.send(numbered)
        else:
            self._held.append(numbered)
        return str(numbered["event_id"])

    def check(self, event: Event) -> None:
        """Nothing, where this event may be sent.

        Raises:
            SessionClosed: the session is over.
            MalformedEvent: it is not JSON.
        """
        self.refuse_if_closed()
        try:
            encode(event)
        except (TypeError, ValueError, RecursionError) as error:
            raise MalformedEvent(
                f"The event cannot be sent: {error}.", code="invalid_event"
            ) from error

    def refuse_if_closed(self) -> None:
        """Nothing, while the session is open.

        Raises:
            SessionClosed: it is closed.
        """
        if self.state == "closed":
            raise SessionClosed(
                "The session is closed.", code="session_closed", hint="make a new one"
            )

    def numbered(self, event: Event) -> Event:
        """The event with an event_id."""
        given = event.get("event_id")
        if isinstance(given, str) and given:
            return event
        return {**event, "event_id": self.ids.event()}

    def send(self, event: Event, is_waited_for: bool = True) -> None:
        """Send an event that has its event_id, and wait for its answer where it has one."""
        self.put(SendEvent(event))
        self.notify(RealtimeEvent("sent", event))
        if is_waited_for and _will_be_answered(event):
            self._waiting[event["event_id"]] = (event, self.now_s)
            if event["type"] == "conversation.item.create":
                self._creating.setdefault(str(_item_id(event)), []).append(event["event_id"])

    def send_held(self) -> None:
        """Send what was held while there was no channel."""
        held, self._held = self._held, []
        for event in held:
            self.send(event)

    # --- answers to requests ---

    def settle(
        self, event_id: str, answer: Event | None = None, error: ProtocolError | None = None
    ) -> None:
        """A request is answered, refused or given up."""
        request, _ = self._waiting.pop(event_id, (None, 0.0))
        if request is not None and request["type"] == "conversation.item.create":
            self._is_created(str(_item_id(request)), event_id)
        self.on_settled(event_id, answer is not None)
        self.put(RequestCompleted(event_id, answer, error))

    def answered_by(self, event: Event) -> None:
        """Settle the oldest request that this server event answers, if there is one."""
        if event["type"] in _ADDED:
            if creating := self._creating.get(event["item"]["id"]):
                self.settle(creating[0], answer=event)
            return
        for event_id, (request, _) in self._waiting.items():
            if event["type"] in _ANSWERS[request["type"]] and _belongs(request, event):
                self.settle(event_id, answer=event)
                return

    def is_waiting(self, event_id: str) -> bool:
        """Whether a request with this `event_id` waits for the server."""
        return event_id in self._waiting

    def request(self, event_id: str) -> Event | None:
        """The request that still waits under this id."""
        return self._waiting[event_id][0] if event_id in self._waiting else None

    def give_up_requests(self, error: ProtocolError, also_held: bool) -> None:
        """Everything that waits for an answer will get none."""
        for event_id in list(self._waiting):
            self.settle(event_id, error=error)
        if also_held:
            held, self._held = self._held, []
            for event in held:
                self.settle(event["event_id"], error=error)

    def overdue(self) -> list[str]:
        """Requests that waited too long."""
        # The same sum as in wake_at_s: another one may round to "not yet", and never get there.
        limit_s = self.limits.request_s
        waiting = self._waiting.items()
        return [i for i, _ in takewhile(lambda one: self.now_s >= one[1][1] + limit_s, waiting)]

    def wake_at_s(self) -> float | None:
        oldest = next(iter(self._waiting.values()), None)
        return None if oldest is None else oldest[1] + self.limits.request_s

    def _is_created(self, item_id: str, event_id: str) -> None:
        others = [one for one in self._creating.pop(item_id, ()) if one != event_id]
        if others:
            self._creating[item_id] = others


_ADDED = ("conversation.item.added", "conversation.item.created", "conversation.item.done")
_ANSWERS: dict[str, tuple[str, ...]] = {
    "session.update": ("session.updated",),
    "input_audio_buffer.commit": ("input_audio_buffer.committed",),
    "input_audio_buffer.clear": ("input_audio_buffer.cleared",),
    "output_audio_buffer.clear": ("output_audio_buffer.cleared", "output_audio_buffer.stopped"),
    "conversation.item.create": _ADDED,  # by the item's id, see `answered_by`
    "conversation.item.retrieve": ("conversation.item.retrieved",),
    "conversation.item.delete": ("conversation.item.deleted",),
    "conversation.item.truncate": ("conversation.item.truncated",),
    "response.create": ("response.created",),
    "response.cancel": ("response.done",),
}


def _will_be_answered(request: Event) -> bool:
    """Whether an answer could be told from others: an item without an id has none of its own."""
    is_nameless = request["type"] == "conversation.item.create" and _item_id(request) is None
    return request["type"] in _ANSWERS and not is_nameless


def _item_id(request: Event) -> object:
    item = request.get("item")
    return item.get("id") if isinstance(item, dict) else None


def _belongs(request: Event, answer: Event) -> bool:
    """Whether an answer of the right type is about the same thing."""
    match request["type"]:
        case "conversation.item.retrieve":
            return bool(request.get("item_id") == answer["item"]["id"])
        case "conversation.item.delete" | "conversation.item.truncate":
            return bool(request.get("item_id") == answer["item_id"])
        case "response.create":
            return is_outside_request(request) == is_outside(answer["response"])
        case "response.cancel":
            wanted = request.get("response_id")
            return wanted is None or bool(wanted == answer["response"]["id"])
    return True


def is_outside_request(request: Event) -> bool:
    """A request for an answer that stays out of the conversation."""
    response = request.get("response")
    return isinstance(response, dict) and response.get("conversation") == "none"


def is_outside(response: dict[str, Any]) -> bool:
    """An answer that stays out of the conversation."""
    return "conversation_id" in response and response["conversation_id"] is None
