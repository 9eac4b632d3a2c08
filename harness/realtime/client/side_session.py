"""A second client of a session that another one leads: items, tools and requests beside it.

A page has its call and its own session settings; what is bound to the call from outside puts items
in, offers tools, asks for answers, and leaves the rest to the page. Pure, as `RealtimeSession`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness.errors import MalformedEvent
from harness.realtime.client.channel import refusal
from harness.realtime.client.core import SessionCore, SessionLimits
from harness.realtime.client.history import History, LeftOut
from harness.realtime.client.outputs import Output
from harness.realtime.client.responses import Responses
from harness.realtime.client.resume import Restoration
from harness.realtime.client.tool_calls import ToolCalls
from harness.realtime.client.tools import Tool
from harness.realtime.ids import Ids
from harness.realtime.items import Item
from harness.realtime.server_events import check_server_event, is_known
from harness.realtime.wire import Event


class SideSession:
    """Takes the session's events and "now"; hands out what to send and which tools to run.

    After every call its owner drains `take_outputs`; it calls `advance` at `wake_at_s`.

    Args:
        tools: those of this client; calls of others are the leading client's business.
        now_s: now, on any monotonic clock, the same in all calls.
        ids: where identifiers come from.
    """

    def __init__(self, tools: Iterable[Tool], now_s: float, ids: Ids | None = None) -> None:
        self.core = SessionCore(ids or Ids(), SessionLimits(), now_s)
        self.core.state = "open"
        self._answers = Responses(self.core)
        self._named: dict[str, Tool] = {tool.name: tool for tool in tools}
        self._tools = ToolCalls(
            self.core, self._answers, self._named, lambda name: name not in self._named
        )
        self._known: set[str] = set()
        self._restorations: list[Restoration] = []

    def offer(self, tools: Iterable[Tool]) -> None:
        """Run these from now on, and no others; the session is not told here."""
        self._named.clear()
        self._named.update({tool.name: tool for tool in tools})

    def put_in(self, history: History, now_s: float) -> None:
        """Put a history in front of the conversation; items that are there already stay."""
        self.core.arrive(now_s)
        restoration = Restoration(self.core, history, self._known)
        self._restorations.append(restoration)
        restoration.start()

    @property
    def is_put_in(self) -> bool:
        """Whether the server has taken, or refused, all that was put in."""
        return all(restoration.is_done for restoration in self._restorations)

    @property
    def put_in_count(self) -> int:
        """How many items the server took."""
        return sum(restoration.count for restoration in self._restorations)

    @property
    def left_out(self) -> list[LeftOut]:
        """What the server, or the history itself, left out, and why."""
        return [one for restoration in self._restorations for one in restoration.left_out]

    def update(self, session: Mapping[str, Any], now_s: float) -> str:
        """Change a part of the session's settings; gives the request's event_id."""
        self.core.arrive(now_s)
        return self.core.command({"type": "session.update", "session": dict(session)})

    def create_item(self, item: Item, now_s: float) -> str:
        """Put an item at the end of the conversation."""
        self.core.arrive(now_s)
        return self.core.command({"type": "conversation.item.create", "item": dict(item)})

    def respond(self, now_s: float) -> str:
        """Ask for an answer, as soon as no other one is active."""
        self.core.arrive(now_s)
        return self._answers.ask({"type": "response.create"})

    def on_server_event(self, event: Event, now_s: float) -> None:
        """One event of the server, whatever it is; one that is malformed is let pass."""
        self.core.arrive(now_s)
        if not is_known(event):
            return
        try:
            check_server_event(event)
        except MalformedEvent:
            return
        if event["type"] == "error":
            self._refused(event)
            return
        if event["type"] in ("conversation.item.added", "conversation.item.created"):
            self._known.add(event["item"]["id"])
        self._answers.on_server_event(event)
        self.core.answered_by(event)
        self._tools.on_server_event(event)
        self._answers.ask_held()
        for restoration in self._restorations:
            restoration.on_server_event(event)

    def tool_finished(
        self, call_id: str, output: object, error: BaseException | None, now_s: float
    ) -> None:
        """A tool gave its result, or failed; an answer to it is asked for."""
        self.core.arrive(now_s)
        self._tools.finished(call_id, output, error)

    def advance(self, now_s: float) -> None:
        """Time passed: a tool may have taken too long."""
        self.core.arrive(now_s)
        self._tools.advance()
        self._answers.ask_held()

    @property
    def is_working(self) -> bool:
        """A tool of this client runs; an answer comes after it."""
        return bool(self._tools.running)

    def wake_at_s(self) -> float | None:
        """When `advance` is needed at the latest; None: nothing is waited for."""
        return self._tools.wake_at_s()

    def end(self, now_s: float) -> None:
        """No tool's result is wanted any more."""
        self.core.arrive(now_s)
        self._tools.abandon()

    def take_outputs(self) -> list[Output]:
        """Everything to be done since the last call, in order."""
        return self.core.take_outputs()

    def _refused(self, event: Event) -> None:
        error, event_id = refusal(event["error"])
        if event_id is None:
            return
        is_put_in = any(one.refused(event_id, error) for one in self._restorations)
        is_asked = self._answers.refused(event_id, error)
        if not is_put_in and not is_asked and self.core.is_waiting(event_id):
            self.core.report(error, event_id=event_id, received=event)
            self.core.settle(event_id, error=error)
        self._answers.ask_held()
