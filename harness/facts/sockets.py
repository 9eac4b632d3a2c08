"""Facts of a page's WebSockets, from the probe in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from harness.facts.fact import PageFact


@dataclass(frozen=True, slots=True)
class _OfSocket(PageFact):
    socket: str
    """Which WebSocket."""

    label: str
    """Its address, without user and query."""


@dataclass(frozen=True, slots=True)
class SocketCreated(_OfSocket):
    """The page made a WebSocket."""

    type: ClassVar[Literal["web_socket.created"]] = "web_socket.created"


@dataclass(frozen=True, slots=True)
class SocketOpen(_OfSocket):
    """A WebSocket is open."""

    type: ClassVar[Literal["web_socket.open"]] = "web_socket.open"

    subprotocol: str
    """The one that both sides agreed on; "" for none."""


@dataclass(frozen=True, slots=True)
class SocketMessage(_OfSocket):
    """A message went over a WebSocket; of those that seem to be sound alone, one a second."""

    type: ClassVar[Literal["web_socket.message"]] = "web_socket.message"

    direction: Literal["sent", "received"]
    """As seen from the page."""

    text: str | None
    """What it says, long base64 as one "…"; null for a binary message and for a huge one."""

    bytes_length: int
    """How long it is, bytes."""

    data: str | None = None
    """Base64 of a short binary message that holds text, for the protocol; in no trace."""

    sound_bytes: int | None = None
    """Of one that seems to be sound alone: how much sound is in it, and in those like it that went
    since the one before that is told, bytes; null for any other."""


@dataclass(frozen=True, slots=True)
class SocketClosed(_OfSocket):
    """A WebSocket is closed."""

    type: ClassVar[Literal["web_socket.closed"]] = "web_socket.closed"

    code: int
    """Why, as the other side or the browser says."""

    reason: str
    """The same in words; mostly ""."""


SocketFact = SocketCreated | SocketOpen | SocketMessage | SocketClosed
