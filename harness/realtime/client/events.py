"""The events a client session has for people, a class each.

Their meaning is the same whatever carries the call; an engine without a button or a page simply
never has the clicks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

from typing_extensions import TypedDict

from harness.errors import HarnessError
from harness.facts.fact import Typed
from harness.realtime.client.conversation_events import (
    AnswerOver,
    AnswerStarted,
    AnswerText,
    ApprovalRequested,
    AudioEnded,
    AudioStarted,
    ConversationEvent,
    ToolCalled,
    ToolFinished,
    ToolsListed,
    UserSpeechStarted,
    UserSpeechStopped,
    UserTranscript,
    UserTranscriptFailed,
)
from harness.realtime.wire import Event

__all__ = [
    "EVENTS",
    "AnswerOver",
    "AnswerStarted",
    "AnswerText",
    "ApprovalRequested",
    "AudioEnded",
    "AudioStarted",
    "ChannelState",
    "CloseClicked",
    "Closed",
    "ConnectionLost",
    "ErrorTold",
    "LeftOutItem",
    "MicrophoneChanged",
    "MicrophoneClicked",
    "Opened",
    "PeerState",
    "RateLimits",
    "RealtimeEvent",
    "Resumed",
    "SessionFact",
    "ToolCalled",
    "ToolFinished",
    "ToolsListed",
    "UnknownEvent",
    "UserSpeechStarted",
    "UserSpeechStopped",
    "UserTranscript",
    "UserTranscriptFailed",
    "VolumeChanged",
]  # fmt: skip


class LeftOutItem(TypedDict):
    """An item that could not be put back, and why."""

    item_id: str
    why: str


# --- the session and its connection --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened(Typed):
    """The session is ready."""

    type: ClassVar[Literal["opened"]] = "opened"

    session_id: str | None
    """The server's name for it; None where it gave none."""

    resumed: bool
    """Whether the connection had been there before."""


@dataclass(frozen=True, slots=True)
class ConnectionLost(Typed):
    """The connection went; it may come back."""

    type: ClassVar[Literal["lost"]] = "lost"

    reason: str
    """Why, in words."""


@dataclass(frozen=True, slots=True)
class Resumed(Typed):
    """Settings and conversation are back."""

    type: ClassVar[Literal["resumed"]] = "resumed"

    items: int
    """How many items were put back."""

    left_out: list[LeftOutItem]
    """Those that could not be, and why."""


@dataclass(frozen=True, slots=True)
class Closed(Typed):
    """Over for good."""

    type: ClassVar[Literal["closed"]] = "closed"

    reason: str
    """Why, in words."""


@dataclass(frozen=True, slots=True)
class PeerState(Typed):
    """The peer connection's state changed."""

    type: ClassVar[Literal["peer_state"]] = "peer_state"

    state: str
    """What it is now, in the standard's word."""


@dataclass(frozen=True, slots=True)
class ChannelState(Typed):
    """The events channel's state changed."""

    type: ClassVar[Literal["data_channel"]] = "data_channel"

    label: str
    """The channel's label."""

    state: str
    """What it is now, in the standard's word."""


@dataclass(frozen=True, slots=True)
class RealtimeEvent(Typed):
    """One event of the wire."""

    type: ClassVar[Literal["realtime_event"]] = "realtime_event"

    direction: Literal["sent", "received"]
    """As seen from here."""

    event: Event
    """As it is; its types are those of the `openai` package."""


# --- the microphone and the volume ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VolumeChanged(Typed):
    """The assistant is played at another volume."""

    type: ClassVar[Literal["volume_changed"]] = "volume_changed"

    volume: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class MicrophoneChanged(Typed):
    """The microphone is heard from now on, or not."""

    type: ClassVar[Literal["microphone_changed"]] = "microphone_changed"

    is_on: bool
    """Whether it is heard."""


@dataclass(frozen=True, slots=True)
class MicrophoneClicked(Typed):
    """Somebody used the microphone button."""

    type: ClassVar[Literal["microphone_clicked"]] = "microphone_clicked"

    is_on: bool
    """Whether the microphone is heard from now on."""


@dataclass(frozen=True, slots=True)
class CloseClicked(Typed):
    """Somebody used the close button."""

    type: ClassVar[Literal["close_clicked"]] = "close_clicked"


# --- the rest ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RateLimits(Typed):
    """The server told its limits."""

    type: ClassVar[Literal["rate_limits"]] = "rate_limits"

    rate_limits: list[dict[str, Any]]
    """As the protocol has them."""


@dataclass(frozen=True, slots=True)
class UnknownEvent(Typed):
    """The server sent a type that we do not know."""

    type: ClassVar[Literal["unknown_event"]] = "unknown_event"

    event: Event
    """As it came."""


@dataclass(frozen=True, slots=True)
class ErrorTold(Typed):
    """Something went wrong; the session goes on."""

    type: ClassVar[Literal["error"]] = "error"

    kind: str
    """The error's class in `harness.errors`."""

    code: str | None
    """The protocol's code; None where there is none."""

    message: str
    """In words."""

    param: str | None
    """Which field of a request was wrong; None where none was."""

    event_id: str | None
    """Of the request that was refused; None where there was none."""

    is_race: bool
    """Whether it only says that the other side was quicker."""

    error: HarnessError
    """The exception itself."""

    received: object
    """What came from the server; None where nothing did."""


SessionFact = (
    Opened
    | ConnectionLost
    | Resumed
    | Closed
    | PeerState
    | ChannelState
    | RealtimeEvent
    | VolumeChanged
    | MicrophoneChanged
    | MicrophoneClicked
    | CloseClicked
    | ConversationEvent
    | RateLimits
    | UnknownEvent
    | ErrorTold
)
"""Every event of a session."""

EVENTS: dict[str, type[Typed]] = {known.type: known for known in get_args(SessionFact)}
"""By type."""
