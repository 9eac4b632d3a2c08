"""The one interface of a voice protocol: messages in, facts of a conversation out.

An adapter is pure. It is given each message with the channel that carried it, in their order,
keeps what it must remember of one call, knows no clock, never waits, and never raises over what
came: a page may send anything. All but `knows` and `read` has a default.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

from harness.errors import UsageError
from harness.facts.dialogue import DialogueFact

Direction = Literal["sent", "received"]
"""As seen from the page."""

Carrier = Literal["data_channel", "web_socket"]

Tells = Literal["answers", "user_words", "tools"]
"""What a protocol's messages tell: when answers begin, end and are cut; what was understood of the
user; which tools are called."""


@dataclass(frozen=True, slots=True)
class Channel:
    """What carries messages of a page."""

    label: str
    """A data channel's label; a WebSocket's address, without its query."""

    carrier: Carrier = "data_channel"
    subprotocol: str = ""
    """A WebSocket's, as both sides agreed on it; "" for none."""

    @property
    def path(self) -> str:
        """Of a WebSocket's address, as "/v1/realtime"; "" for a data channel."""
        if self.carrier == "data_channel":
            return ""
        _, slash, path = self.label.partition("://")[2].partition("/")
        return slash + path


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a page."""

    channel: Channel
    direction: Direction
    text: str | None
    """What it says; None for a binary one, and for a text of more than 256 000 characters. Long
    base64 in it (sound, mostly) is one "…" on a WebSocket."""

    data: bytes | None = field(default=None, repr=False)
    """The bytes of a binary one that seems to hold text, up to 32 kB; else None."""


@runtime_checkable
class VoiceProtocol(Protocol):
    """The adapter of one voice protocol, for one call. Derive from it: most has a default."""

    name: ClassVar[str]
    """As people call it."""

    labels: ClassVar[Sequence[str]] = ()
    """Labels of data channels that are this protocol's, whatever goes over them; the first one is
    where events go before any came."""

    tells: ClassVar[frozenset[Tells]] = frozenset()

    user_words_may_lack: ClassVar[bool] = False
    """Whether "user_words" is told in some calls of this protocol alone: in one that has told none
    yet, the user's words are judged by ear."""

    words_settle_s: ClassVar[float] = 0.0
    """How long after words of the user more of them may come: of a protocol that tells them in
    fragments, and no end."""

    socket_is_call: ClassVar[bool] = True
    """Whether a call is up when the protocol is recognised on a WebSocket of a page that has no
    peer connection."""

    def tells_now(self) -> frozenset[Tells]:
        """What is told in this call, as far as is known by now: `tells`, or a part of it."""
        return self.tells

    def knows_channel(self, channel: Channel) -> bool:
        """Whether a channel is certainly this protocol's, before anything goes over it."""
        return channel.carrier == "data_channel" and channel.label in self.labels

    @abstractmethod
    def knows(self, message: Message) -> bool:
        """Whether a message is certainly one of this protocol's, whatever channel carries it."""

    @abstractmethod
    def read(self, message: Message) -> Sequence[DialogueFact]:
        """What one message means for the conversation."""

    def event_of(self, message: Message) -> tuple[str, dict[str, Any]] | None:
        """The protocol's event that a message is: its type and content; None: none of interest."""
        return None if message.text is None else parse_message(message.text)

    def end_turn(self) -> list[dict[str, Any]]:
        """The events that end the user's turn by hand and ask for an answer.

        Raises:
            UsageError: the protocol has none.
        """
        raise self._lacks("an event that ends a turn by hand")

    def typed(self, text: str) -> list[dict[str, Any]]:
        """The events that put in a written message of the user's and ask for an answer to it.

        Raises:
            UsageError: the protocol has none.
        """
        raise self._lacks("an event that holds a written message")

    def asks_for_answer(self, event: dict[str, Any]) -> bool:
        """Whether a client's event asks for an answer by hand."""
        return False

    def tool_result(self, call_id: str, output: str) -> list[dict[str, Any]]:
        """The events that give a tool's result and ask for an answer to it.

        Raises:
            UsageError: the protocol has none.
        """
        raise self._lacks("an event that gives a tool's result")

    def _lacks(self, what: str) -> UsageError:
        return UsageError(
            f"The protocol {self.name} has no such thing.",
            expected=what,
            found=f"the page speaks {self.name}",
            hint="leave the step out, or do it on the page",
        )


def parse_message(text: str) -> tuple[str, dict[str, Any]]:
    """The type and content of a JSON message; anything else is kept as it came."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return "message.unreadable", {"text": text[:2000]}
    if isinstance(message, dict) and isinstance(message.get("type"), str):
        return message["type"], message
    return "message.untyped", {"message": message}
