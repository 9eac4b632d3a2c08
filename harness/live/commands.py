"""Commands of a client to a running session: done at once, most of them acknowledged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from harness.live.appends import Appends
from harness.live.delegations import Delegations
from harness.live.ears import Ears
from harness.live.session_object import updated_session
from harness.live.shapes import APPENDS
from harness.live.state import LiveState, refusal
from harness.live.talk import Talk
from harness.realtime.wire import Event

ACKNOWLEDGED_AS = {kind: f"{kind}ed" for kind in APPENDS}


@dataclass(slots=True)
class Commands:
    """Carries out what a client asks for. An event is of its shape, and allowed, already."""

    state: LiveState
    ears: Ears
    talk: Talk
    delegations: Delegations
    appends: Appends
    _handlers: dict[str, Callable[[Event], None]] = field(init=False)

    def __post_init__(self) -> None:
        self._handlers = {
            "session.update": self._update,
            "session.input_audio.mute": self._mute,
            "session.input_audio.unmute": self._mute,
            "response.item.create": self._item,
            "response.create": self._respond,
            **dict.fromkeys(ACKNOWLEDGED_AS, self._append),
        }

    def receive(self, event: Event) -> None:
        """Carry one out.

        Raises:
            ProtocolError: it cannot be done now; then nothing was.
        """
        self._handlers[event["type"]](event)

    def _update(self, event: Event) -> None:
        self.state.session = updated_session(self.state.session, event["session"])
        self.state.send("session.updated", event.get("event_id"), session=self.state.session)

    def _mute(self, event: Event) -> None:
        self.ears.is_muted = event["type"].endswith(".mute")
        self.state.send(f"{event['type']}d", event.get("event_id"))

    def _item(self, event: Event) -> None:
        self.delegations.receive_item(event["item"])

    def _respond(self, event: Event) -> None:
        for ask in self.delegations.receive_create():
            self.talk.work(ask)

    def _append(self, event: Event) -> None:
        delegation_id, content = event["delegation_id"], event["content"]
        if delegation_id is not None and not self.delegations.knows_client(delegation_id):
            message = "It is not the id of a delegation to this application."
            raise refusal(message, "unknown_delegation", "delegation_id")
        if "commentary" in event["type"]:
            self.talk.comment(content)
        elif "thinking" in event["type"]:
            self.talk.think(content)
        else:
            self.talk.instruct(content)
        self.appends.add(ACKNOWLEDGED_AS[event["type"]], content, event.get("event_id"))
