"""Putting a history into a session: before everything else, in order, without duplicates."""

from __future__ import annotations

from dataclasses import dataclass

from harness.errors import ProtocolError
from harness.realtime.client.core import SessionCore
from harness.realtime.client.history import History, LeftOut
from harness.realtime.conversation import ROOT
from harness.realtime.items import Item
from harness.realtime.wire import Event

MAX_ATTEMPTS = 5


@dataclass(slots=True)
class _Step:
    item: Item
    event_id: str = ""
    attempts: int = 0
    is_settled: bool = False
    is_dropped: bool = False


class Restoration:
    """Sends all items at once, each behind the one before it, the first at the very front.

    So what the user says meanwhile stays behind the history. An item that the server refuses is
    left out and told of; those that were refused only because it is missing are sent again.
    """

    def __init__(self, core: SessionCore, history: History, known: set[str]) -> None:
        self._core = core
        self._steps = [_Step(item, is_settled=item["id"] in known) for item in history.items]
        self._is_new = [not step.is_settled for step in self._steps]
        self._by_item: dict[str, list[_Step]] = {}
        for step in self._steps:
            self._by_item.setdefault(step.item["id"], []).append(step)
        self._by_request: dict[str, int] = {}
        self._open_count = sum(self._is_new)
        self.left_out = list(history.left_out)

    @property
    def is_done(self) -> bool:
        """Whether the server has settled every step."""
        return self._open_count == 0

    @property
    def count(self) -> int:
        """How many items were put in."""
        pairs = zip(self._steps, self._is_new, strict=True)
        return sum(is_new and not step.is_dropped for step, is_new in pairs)

    def unfinished(self) -> History:
        """What was to be put in, without what the server does not want."""
        return History(tuple(step.item for step in self._steps if not step.is_dropped))

    def start(self) -> None:
        for index, step in enumerate(self._steps):
            if not step.is_settled:
                self._send(index)

    def on_server_event(self, event: Event) -> None:
        """One checked server event."""
        if event["type"] in ("conversation.item.added", "conversation.item.created"):
            for step in self._by_item.get(event["item"]["id"], ()):
                self._settle(step)

    def refused(self, event_id: str, error: ProtocolError) -> bool:
        """The server refused a request; True where it was one of these."""
        index = self._by_request.get(event_id)
        if index is None or self._steps[index].is_settled:
            return False
        self._again(index, error)
        return True

    def _again(self, index: int, error: ProtocolError) -> None:
        step = self._steps[index]
        is_orphan = error.param == "previous_item_id" or error.code == "item_not_found"
        if error.code == "item_already_exists":
            self._settle(step)
        elif is_orphan and index > 0 and step.attempts < MAX_ATTEMPTS:
            self._send(index)
        else:
            step.is_dropped = True
            self._settle(step)
            self.left_out.append(LeftOut(step.item["id"], error.message))

    def _settle(self, step: _Step) -> None:
        if not step.is_settled:
            step.is_settled = True
            self._open_count -= 1

    def _send(self, index: int) -> None:
        step = self._steps[index]
        before = next((s for s in reversed(self._steps[:index]) if not s.is_dropped), None)
        step.attempts += 1
        event = self._core.numbered(
            {
                "type": "conversation.item.create",
                "previous_item_id": ROOT if before is None else before.item["id"],
                "item": step.item,
            }
        )
        self._by_request.pop(step.event_id, None)
        step.event_id = event["event_id"]
        self._by_request[step.event_id] = index
        self._core.send(event)
