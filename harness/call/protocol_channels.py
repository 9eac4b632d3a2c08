"""Channels of a page that carry its protocol, whatever they are called, and which protocol it is.

Pages have data channels and WebSockets of their own. A channel is the protocol's by its name, or
by what goes over it; the first one that is some protocol's for certain decides which it is. A name
that several protocols use decides nothing: the first message that only one of them has does.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from harness.errors import UsageError
from harness.line.envelope import Envelope
from harness.protocols.by_ear import ByEar
from harness.protocols.interface import Carrier, Channel, Direction, Message, VoiceProtocol

Name = tuple[str, str]
"""Name of the page's realm, and the channel's name in it."""


class ProtocolChannels:
    """Follows the data channels and the WebSockets of one call.

    Args:
        candidates: the protocols that it may speak, in the order in which they are asked.
    """

    def __init__(self, candidates: Sequence[VoiceProtocol]) -> None:
        self._candidates = candidates
        self._protocol = candidates[0] if len(candidates) == 1 else None
        self._likely: VoiceProtocol | None = None
        """The first of several that use the name of a channel."""

        self.channel: Channel | None = None
        """The channel by which the protocol was recognised; None: not yet, or never."""

        self._label: str | None = None
        self._labels: set[str] = set()
        self._subprotocols: dict[Name, str] = {}
        self._carrying: dict[Name, Name] = {}
        """Open channels on which the service has spoken the protocol, and what holds each call:
        its connection, or a WebSocket itself."""

    @property
    def protocol(self) -> VoiceProtocol:
        """The call's protocol: the one that was named or recognised; else none, by ear alone."""
        return self._protocol or self._likely or ByEar()

    @property
    def is_known(self) -> bool:
        """Whether the protocol was named, recognised, or is likely by the name of a channel."""
        return (self._protocol or self._likely) is not None

    @property
    def label(self) -> str:
        """Where the protocol's events go; its usual label before it was seen under another."""
        return self._label or next(iter(self.protocol.labels), "")

    @property
    def sending_label(self) -> str:
        """The label of the channel to send an event on.

        Raises:
            UsageError: no channel of the protocol is known.
        """
        if self.label:
            return self.label
        raise UsageError(
            "There is no channel to send a protocol's event on.",
            expected="a page whose voice protocol is recognised, or named, and was spoken",
            found=f"the protocol “{self.protocol.name}”, and no message of it so far",
            hint="see “Your own protocol”, or do it on the page",
        )

    @property
    def calls(self) -> int:
        """How many calls are held at once.

        They are the connections and WebSockets on which a service speaks the protocol: several
        channels of a connection are one call.
        """
        return len(set(self._carrying.values()))

    @property
    def is_call_on_socket(self) -> bool:
        """Whether a WebSocket carries the call, as far as the protocol says."""
        found = self.channel
        return found is not None and found.carrier == "web_socket" and self.protocol.socket_is_call

    def take_open(self, envelope: Envelope) -> bool:
        """Take a channel that is made or opens; True where the protocol is recognised by it."""
        if "subprotocol" in envelope.data:
            self._subprotocols[_name(envelope)] = str(envelope.data["subprotocol"])
        channel = self._channel(envelope)
        return self._recognise(channel, [p for p in self._asked if p.knows_channel(channel)])

    def take_message(self, envelope: Envelope) -> Message | None:
        """Take a message of any channel; given back where it is one of the protocol's."""
        message = self._message(envelope)
        if message.text is None and message.data is None:
            return None
        channel = message.channel
        is_taken = channel.label in self._labels and self.channel is not None
        if not is_taken and not self._knows(message):
            return None
        self._labels.add(channel.label)
        if self._label is None or channel.label not in self.protocol.labels:
            self._label = channel.label
        if message.direction == "received" and self._may_be_call(channel):
            self._carrying[_name(envelope)] = _holder(envelope)
        return message

    def take_closed(self, envelope: Envelope) -> bool:
        """Take a channel's end; True where the protocol has no channel left."""
        self._carrying.pop(_name(envelope), None)
        return self.has_label(envelope) and not self._carrying

    def has_label(self, envelope: Envelope) -> bool:
        """Whether a channel is called as those of the protocol are."""
        label = str(envelope.data.get("label"))
        return label in self._labels or label in self.protocol.labels

    def forget_realm(self, realm: str) -> None:
        """The realm is gone, and its channels with it."""
        self._carrying = {name: by for name, by in self._carrying.items() if name[0] != realm}

    def _may_be_call(self, channel: Channel) -> bool:
        """A WebSocket that only signals is none: what it arranges is the call."""
        return channel.carrier == "data_channel" or self.protocol.socket_is_call

    @property
    def _asked(self) -> Sequence[VoiceProtocol]:
        return self._candidates if self._protocol is None else [self._protocol]

    def _knows(self, message: Message) -> bool:
        channel = message.channel
        by_name = [p for p in self._asked if p.knows_channel(channel)]
        by_message = [p for p in self._asked if p.knows(message)]
        # Of those that use this name, the one that has such a message; else any that has.
        knowing = [p for p in by_name if p in by_message] or by_name or by_message
        self._recognise(channel, knowing)
        return bool(knowing)

    def _recognise(self, channel: Channel, knowing: Sequence[VoiceProtocol]) -> bool:
        if not knowing or self.channel is not None:
            return False
        if len(knowing) > 1:
            self._likely = self._likely or knowing[0]
            return False
        self._protocol, self.channel = knowing[0], channel
        return True

    def _message(self, envelope: Envelope) -> Message:
        data = envelope.data
        direction: Direction = "sent" if data.get("direction") == "sent" else "received"
        text = data.get("text")
        return Message(
            self._channel(envelope),
            direction,
            text if isinstance(text, str) else None,
            _decoded(data.get("data")),
        )

    def _channel(self, envelope: Envelope) -> Channel:
        is_socket = envelope.type.startswith("web_socket.")
        carrier: Carrier = "web_socket" if is_socket else "data_channel"
        label = str(envelope.data.get("label"))
        return Channel(label, carrier, self._subprotocols.get(_name(envelope), ""))


def _decoded(data: object) -> bytes | None:
    try:
        return base64.b64decode(data) if isinstance(data, str) else None
    except (binascii.Error, ValueError):
        return None  # a page may forge what the probe says


def _holder(envelope: Envelope) -> Name:
    data = envelope.data
    return envelope.frame_id, str(data.get("connection") or data.get("socket"))


def _name(envelope: Envelope) -> Name:
    return envelope.frame_id, str(envelope.data.get("channel") or envelope.data.get("socket"))
