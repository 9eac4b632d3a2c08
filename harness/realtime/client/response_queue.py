"""Requests for answers: one at a time on the conversation, any number outside it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from harness.errors import ProtocolError
from harness.realtime.client.core import SessionCore, is_outside_request
from harness.realtime.wire import Event

Purpose = Literal["asked", "tools", "mcp"]
"""Why an answer is requested: by the caller, to go on after tools, after remote tools."""


@dataclass(slots=True)
class _Asked:
    event: Event
    purpose: Purpose
    item_ids: tuple[str, ...] = ()
    """What the answer should know of; one that began after these were in makes it needless."""

    is_settled: bool = False
    """Who asked has been told of an answer already."""


class Asking:
    """Requests that are held, and the one that is out.

    A request that loses the race against an answer that the server began by itself is put back
    and goes out again; one whose purpose that answer serves already is dropped.
    """

    def __init__(self, core: SessionCore) -> None:
        self._core = core
        self._held: deque[_Asked] = deque()
        self._in_flight: _Asked | None = None
        self._overtaken: _Asked | None = None
        """Out when an answer began: it may be the answer to it, or have been before it."""

        self._events = 0
        self._added: dict[str, int] = {}
        """Results of tools, and the number of the event that put each into the conversation."""

        self._began_at = 0
        """The number of the event that began the latest answer on the conversation."""

    @property
    def is_out(self) -> bool:
        """A request was sent, and the server has not said a word on it."""
        return self._in_flight is not None

    def ask(self, event: Event, purpose: Purpose, item_ids: tuple[str, ...]) -> str:
        """Take a request; gives its event_id. It goes out with `send_next`."""
        event = self._core.numbered(event)
        if is_outside_request(event):
            return self._core.command(event)
        self._core.check(event)
        self._held.append(_Asked(event, purpose, item_ids))
        return str(event["event_id"])

    def send_next(self) -> None:
        """Let the next request out. Only while no answer is active."""
        if self._held and self._in_flight is None and self._core.state == "open":
            self._in_flight = self._held.popleft()
            self._core.send(self._in_flight.event, is_waited_for=not self._in_flight.is_settled)

    def will_answer(self) -> bool:
        """Whether a request for a plain answer waits to be sent: it will know of all before it."""
        return any(not asked.event.get("response") for asked in self._held)

    def on_server_event(self, event: Event) -> None:
        """Count one checked server event, and note when results of tools arrive."""
        self._events += 1
        is_added = event["type"] == "conversation.item.added"
        if is_added and event["item"]["type"] == "function_call_output":
            self._added.setdefault(event["item"]["id"], self._events)

    def answer_began(self) -> None:
        """An answer on the conversation began: most likely the one that is asked for."""
        self._began_at = self._events
        self._overtaken, self._in_flight = self._in_flight, None

    def refused(self, event_id: str, error: ProtocolError, is_active: bool) -> bool:
        """A request was refused; True where it was only overtaken and is taken care of.

        Args:
            event_id: the request's.
            error: the server's.
            is_active: an answer on the conversation is known to be active.
        """
        asked = next((a for a in (self._in_flight, self._overtaken) if _is(a, event_id)), None)
        if asked is None:
            return False
        if asked is self._in_flight:
            self._in_flight = None
        self._overtaken = None
        if error.code != "conversation_already_has_active_response" or not is_active:
            return False
        asked.is_settled = not self._core.is_waiting(event_id)
        if asked.purpose == "mcp" or self._is_known_to_latest(asked.item_ids):
            if not asked.is_settled:
                self._core.settle(event_id)
        else:
            self._held.appendleft(asked)
        return True

    def give_up(self, event_id: str) -> None:
        """The server never said a word on this request."""
        if _is(self._in_flight, event_id):
            self._in_flight = None

    def lose(self) -> None:
        """The connection went. What should go on after tools is asked for again."""
        if self._in_flight is not None and self._in_flight.purpose == "tools":
            self._in_flight.is_settled = True  # with an error, like all that were out
            self._held.appendleft(self._in_flight)
        self._in_flight = self._overtaken = None

    def drop_held(self, error: ProtocolError) -> None:
        """Nothing is asked for any more."""
        held, self._held = self._held, deque()
        for asked in held:
            if not asked.is_settled:
                self._core.settle(asked.event["event_id"], error=error)

    def _is_known_to_latest(self, item_ids: tuple[str, ...]) -> bool:
        """Whether these items were in the conversation when the latest answer began."""
        numbers = [self._added.get(item_id) for item_id in item_ids]
        return bool(numbers) and all(n is not None and n < self._began_at for n in numbers)


def _is(asked: _Asked | None, event_id: str) -> bool:
    return asked is not None and asked.event["event_id"] == event_id
