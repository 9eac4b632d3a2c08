"""Envelopes about the connection of a line without a page, as a page would send them."""

from __future__ import annotations

from typing import Literal

from harness.facts.connection import ConnectionFact, DataChannelMessage
from harness.line.envelope import Envelope
from harness.streams.event_stream import EventStream

CONNECTION = "connection-1"
CHANNEL = "channel-1"
ENVELOPES_KEPT = 100_000
"""The most that a reader of a call may lag behind."""

TAKEN_KEPT = 1_000
"""What a call's reader has taken stays so long, for those who look back."""


class ConnectionEnvelopes:
    """The envelopes of one connection with one data channel.

    Args:
        name: who tells them; also their realm.
        label: of the data channel.
    """

    def __init__(self, name: str, label: str) -> None:
        self.stream: EventStream[Envelope] = EventStream(name, ENVELOPES_KEPT, kept=TAKEN_KEPT)
        self.channel = (CONNECTION, CHANNEL, label)
        """What each fact of the data channel begins with."""

        self._name = name
        self._seq = 0

    def tell(self, fact: ConnectionFact, page_ms: float) -> None:
        """One envelope."""
        envelope = Envelope(
            v=1,
            frame_id=self._name,
            seq=self._seq,
            page_ms=page_ms,
            type=fact.type,
            data=fact.to_data(),
        )
        self.stream.push(envelope)
        self._seq += 1

    def message(
        self, direction: Literal["sent", "received"], data: str | bytes, page_ms: float
    ) -> None:
        """A message on the data channel, as seen from here."""
        text = data if isinstance(data, str) else None
        size = len(data.encode() if isinstance(data, str) else data)
        self.tell(DataChannelMessage(*self.channel, direction, text, size), page_ms)
