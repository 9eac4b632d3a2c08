"""Envelopes about the connection of a line without a page, as a page would send them."""

from __future__ import annotations

from typing import Any

from harness.line.envelope import Envelope
from harness.streams.event_stream import EventStream

CONNECTION = "connection-1"
CHANNEL = "channel-1"
ENVELOPES_KEPT = 100_000


class ConnectionEnvelopes:
    """The envelopes of one connection with one data channel.

    Args:
        name: who tells them; also their realm.
        label: of the data channel.
    """

    def __init__(self, name: str, label: str) -> None:
        self.stream: EventStream[Envelope] = EventStream(name, ENVELOPES_KEPT)
        self._name = name
        self._channel = {"connection": CONNECTION, "channel": CHANNEL, "label": label}
        self._seq = 0

    def tell(self, type: str, data: dict[str, Any], page_ms: float) -> None:
        """One envelope."""
        self.stream.push(
            Envelope(v=1, frame_id=self._name, seq=self._seq, page_ms=page_ms, type=type, data=data)
        )
        self._seq += 1

    def about(self, type: str, page_ms: float, **facts: Any) -> None:
        """Something about the connection: "peer_connection.state", "stats", ..."""
        self.tell(type, {"connection": CONNECTION, **facts}, page_ms)

    def channel(self, what: str, page_ms: float, **facts: Any) -> None:
        """Something about the data channel: "created", "open", "closed"."""
        self.tell(f"data_channel.{what}", {**self._channel, **facts}, page_ms)

    def message(self, direction: str, data: str | bytes, page_ms: float) -> None:
        """A message on the data channel, "sent" or "received" as seen from here."""
        text = data if isinstance(data, str) else None
        size = len(data.encode() if isinstance(data, str) else data)
        self.channel("message", page_ms, direction=direction, text=text, bytes_length=size)
