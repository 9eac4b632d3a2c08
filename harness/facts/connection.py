"""Facts of peer connections and data channels, from the probe in a page or from a line.

Both name them alike: "connection-1", "channel-1".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from typing_extensions import TypedDict

from harness.facts.fact import PageFact

Side = Literal["local", "remote"]


class IceServer(TypedDict):
    """A STUN or TURN server; its user's name and credential are masked."""

    urls: list[str]
    username: str | None
    credential: str | None


class Configuration(TypedDict, total=False):
    """What the page gave to `new RTCPeerConnection`, as far as it bears on the call."""

    iceServers: list[IceServer]
    iceTransportPolicy: str
    bundlePolicy: str
    rtcpMuxPolicy: str


@dataclass(frozen=True, slots=True)
class _OfConnection(PageFact):
    connection: str
    """Which peer connection."""


@dataclass(frozen=True, slots=True)
class _OfChannel(_OfConnection):
    channel: str
    """Which data channel."""

    label: str
    """The channel's label."""


@dataclass(frozen=True, slots=True)
class ConnectionCreated(_OfConnection):
    """The page made a peer connection."""

    type: ClassVar[Literal["peer_connection.created"]] = "peer_connection.created"

    configuration: Configuration
    """With what."""


@dataclass(frozen=True, slots=True)
class ConnectionState(_OfConnection):
    """One of a peer connection's states changed."""

    type: ClassVar[Literal["peer_connection.state"]] = "peer_connection.state"

    kind: Literal["connection", "ice", "gathering", "signaling"]
    """Which state."""

    state: str
    """What it is now, in the standard's word."""


@dataclass(frozen=True, slots=True)
class ConnectionOffer(_OfConnection):
    """An SDP offer was set."""

    type: ClassVar[Literal["peer_connection.offer"]] = "peer_connection.offer"

    side: Side
    """Whose."""

    sdp: str
    """The whole description, secrets masked."""


@dataclass(frozen=True, slots=True)
class ConnectionAnswer(_OfConnection):
    """An SDP answer was set."""

    type: ClassVar[Literal["peer_connection.answer"]] = "peer_connection.answer"

    side: Side
    """Whose."""

    sdp: str
    """The whole description, secrets masked."""


@dataclass(frozen=True, slots=True)
class ConnectionProblem(_OfConnection):
    """An operation on a peer connection failed."""

    type: ClassVar[Literal["peer_connection.error"]] = "peer_connection.error"

    operation: str
    """Which one, as in "setRemoteDescription"."""

    message: str
    """Why, in the browser's words."""

    line: str = ""
    """Where in the page's scripts it was asked for, as "http://127.0.0.1/call.js:12:5"."""

    candidate: str = ""
    """The line of the candidate that was to be added; "" for another operation."""


@dataclass(frozen=True, slots=True)
class ConnectionCandidate(_OfConnection):
    """An ICE candidate was found or added."""

    type: ClassVar[Literal["peer_connection.candidate"]] = "peer_connection.candidate"

    side: Side
    """Whose."""

    candidate: str | None
    """The candidate's line; null when gathering has ended."""


@dataclass(frozen=True, slots=True)
class IceServerProblem(_OfConnection):
    """A STUN or TURN server refused, or did not answer."""

    type: ClassVar[Literal["peer_connection.candidate_error"]] = "peer_connection.candidate_error"

    server: str
    """Its address as the page gave it, as in "turn:turn.example:3478?transport=udp"."""

    code: int
    """STUN's, as 401; 701 where no answer came."""

    message: str
    """Why, in the browser's words."""


@dataclass(frozen=True, slots=True)
class CandidateRelayed(_OfConnection):
    """A remote candidate was put behind the relay of a bad network, or kept from the page."""

    type: ClassVar[Literal["peer_connection.relayed"]] = "peer_connection.relayed"

    candidate: str
    """The candidate's line, as it came."""

    fragment: str
    """The remote peer's ICE user name fragment."""

    front: int | None
    """Which front of the relay stands for it, from 0; null where the page does not get it."""

    address: str
    """Its address."""

    port: int
    """Its port."""

    why: str | None
    """Why the page does not get it: tcp, mdns or too_many; null where it does."""


@dataclass(frozen=True, slots=True)
class ConnectionTrack(_OfConnection):
    """A remote track came."""

    type: ClassVar[Literal["peer_connection.track"]] = "peer_connection.track"

    track: str
    """Which one."""

    kind: str
    """audio or video."""

    streams: list[str]
    """The ids of its streams."""


@dataclass(frozen=True, slots=True)
class ConnectionClosed(_OfConnection):
    """The page closed a peer connection."""

    type: ClassVar[Literal["peer_connection.closed"]] = "peer_connection.closed"


@dataclass(frozen=True, slots=True)
class Stats(_OfConnection):
    """getStats of a peer connection, about once a second and when its state changes."""

    type: ClassVar[Literal["stats"]] = "stats"

    report: list[dict[str, Any]] | dict[str, Any]
    """Its objects, their members as in the standard: a list from a page, else a map by ids."""


@dataclass(frozen=True, slots=True)
class DataChannelCreated(_OfChannel):
    """There is a data channel."""

    type: ClassVar[Literal["data_channel.created"]] = "data_channel.created"

    side: Side
    """Who made it."""

    negotiated: bool = False
    """Whether both sides have agreed on its number beforehand, and neither announces it."""

    id: int | None = None
    """That number."""


@dataclass(frozen=True, slots=True)
class DataChannelOpen(_OfChannel):
    """A data channel is open."""

    type: ClassVar[Literal["data_channel.open"]] = "data_channel.open"


@dataclass(frozen=True, slots=True)
class DataChannelMessage(_OfChannel):
    """A message went over a data channel."""

    type: ClassVar[Literal["data_channel.message"]] = "data_channel.message"

    direction: Literal["sent", "received"]
    """As seen from the page."""

    text: str | None
    """What it says; null for a binary message."""

    bytes_length: int
    """How long it is, bytes."""

    data: str | None = None
    """Base64 of a short binary message that holds text, for the protocol; in no trace."""


@dataclass(frozen=True, slots=True)
class DataChannelError(_OfChannel):
    """A data channel failed."""

    type: ClassVar[Literal["data_channel.error"]] = "data_channel.error"

    message: str
    """Why, in the browser's words."""


@dataclass(frozen=True, slots=True)
class DataChannelSendFailed(_OfChannel):
    """The page sent on a data channel, and the browser refused it."""

    type: ClassVar[Literal["data_channel.send_failed"]] = "data_channel.send_failed"

    state: str
    """The channel's state, in the standard's word."""

    message: str
    """Why, in the browser's words."""

    line: str = ""
    """Where in the page's scripts, as "http://127.0.0.1/call.js:12:5"."""


@dataclass(frozen=True, slots=True)
class DataChannelClosed(_OfChannel):
    """A data channel is closed."""

    type: ClassVar[Literal["data_channel.closed"]] = "data_channel.closed"


ConnectionFact = (
    ConnectionCreated
    | ConnectionState
    | ConnectionOffer
    | ConnectionAnswer
    | ConnectionProblem
    | IceServerProblem
    | ConnectionCandidate
    | CandidateRelayed
    | ConnectionTrack
    | ConnectionClosed
    | Stats
    | DataChannelCreated
    | DataChannelOpen
    | DataChannelMessage
    | DataChannelError
    | DataChannelSendFailed
    | DataChannelClosed
)
