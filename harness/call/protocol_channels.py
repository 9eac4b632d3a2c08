"""Data channels of a page that carry the protocol, whatever they are called.

Services take the protocol's usual label or another one, and pages have channels of their own. The
usual label is the protocol's; under any other it is known by what goes over it.
"""

from __future__ import annotations

from harness.call.protocol import Direction, Wire
from harness.line.envelope import Envelope

Channel = tuple[str, str]
"""Name of the page's realm, and the channel's name in it."""


class ProtocolChannels:
    """Follows the data channels of one call.

    Args:
        wire: the protocol.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._label: str | None = None
        self._carrying: set[Channel] = set()
        """Open channels on which the service has spoken the protocol."""

    @property
    def label(self) -> str:
        """Where the protocol's events go; its usual label before it was seen under another."""
        return self._label or self._wire.label

    @property
    def calls(self) -> int:
        """How many calls are held at once: channels on which a service speaks the protocol."""
        return len(self._carrying)

    def take_message(self, envelope: Envelope) -> bool:
        """Take a message of any channel; True where it is one of the protocol's."""
        data = envelope.data
        text, label = data.get("text"), str(data.get("label"))
        if not isinstance(text, str):
            return False
        direction: Direction = "sent" if data.get("direction") == "sent" else "received"
        if label != self.label and label != self._wire.label and not self._knows(direction, text):
            return False
        if label != self._wire.label:
            self._label = label
        if direction == "received":
            self._carrying.add(_channel(envelope))
        return True

    def take_closed(self, envelope: Envelope) -> bool:
        """Take a channel's end; True where the protocol has no channel left."""
        label = envelope.data.get("label")
        self._carrying.discard(_channel(envelope))
        return label in (self.label, self._wire.label) and not self._carrying

    def forget_realm(self, realm: str) -> None:
        """The realm is gone, and its channels with it."""
        self._carrying = {channel for channel in self._carrying if channel[0] != realm}

    def _knows(self, direction: Direction, text: str) -> bool:
        return self._wire.knows(direction, text)


def _channel(envelope: Envelope) -> Channel:
    return envelope.frame_id, str(envelope.data.get("channel"))
