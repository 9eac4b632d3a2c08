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
        self.left_out = list(history.left_out)

    @property
    def is_done(self) -> bool:
        """Whether the server has settled every step."""
        return all(step.is_settled for step in self._steps)

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
            for step in self._steps:
                if step.item["id"] == event["item"]["id"]:
                    step.is_settled = True

    def refused(self, event_id: str, error: ProtocolError) -> bool:
        """The server refused a request; True where it was one of these."""
        for index, step in enumerate(self._steps):
            if step.event_id == event_id and not step.is_settled:
                self._again(index, error)
                return True
        return False

    def _again(self, index: int, error: ProtocolError) -> None:
        step = self._steps[index]
        is_orphan = error.param == "previous_item_id" or error.code == "item_not_found"
        if error.code == "item_already_exists":
            step.is_settled = True
        elif is_orphan and index > 0 and step.attempts < MAX_ATTEMPTS:
            self._send(index)
        else:
            step.is_settled = step.is_dropped = True
            self.left_out.append(LeftOut(step.item["id"], error.message))

    def _send(self, index: int) -> None:
        step = self._steps[index]
        before = [s.item["id"] for s in self._steps[:index] if not s.is_dropped]
        step.attempts += 1
        event = self._core.numbered(
            {
                "type": "conversation.item.create",
                "previous_item_id": before[-1] if before else ROOT,
                "item": step.item,
            }
        )
        step.event_id = event["event_id"]
        self._core.send(event)
