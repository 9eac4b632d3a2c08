"""State of a call at an event: connections, microphones, what the user says, the session.

Kept once, so that a rule has to say what is wrong and not how to follow a call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.facts.call import CallHungUp, CallOpened, ClipPlayed
from harness.facts.connection import (
    ConnectionAnswer,
    ConnectionCandidate,
    ConnectionClosed,
    ConnectionCreated,
    ConnectionOffer,
    ConnectionState,
    DataChannelCreated,
    DataChannelOpen,
    IceServerProblem,
)
from harness.facts.media import MicrophoneStarted, MicrophoneStopped
from harness.facts.microphone import NoiseMixedIn
from harness.facts.page import CloseClicked, PageUnloaded
from harness.facts.sockets import SocketClosed, SocketOpen
from harness.findings.sdp import Description, read_description
from harness.findings.seen import NOTHING, Message, Seen
from harness.trace import TraceEvent

UP = frozenset({"connected", "completed"})

PAGELESS = frozenset({"native", "simulated"})
"""Engines that hold a call without a page."""


@dataclass
class ConnectionNow:
    """One peer connection."""

    name: str
    created: Seen
    local: Description | None = None
    remote: Description | None = None
    offered: Seen | None = None
    """The latest offer, of either side."""

    answered: Seen | None = None
    """The answer to it; None as long as there is none."""

    states: dict[str, str] = field(default_factory=dict)
    """By kind: connection, ice, gathering and signaling."""

    was_up: Seen | None = None
    """When it was connected first."""

    local_candidates: list[str] = field(default_factory=list)
    remote_candidates: list[str] = field(default_factory=list)
    """Those that came on their own; more may stand in the descriptions."""

    server_problems: list[IceServerProblem] = field(default_factory=list)
    """Of the STUN and TURN servers that it was given."""

    labels: list[str] = field(default_factory=list)
    """Of its data channels."""

    closed: Seen | None = None

    @property
    def is_up(self) -> bool:
        """Whether media can flow."""
        return self.closed is None and self.states.get("connection") in UP

    def candidates(self, side: str) -> list[str]:
        """All candidates of a side."""
        alone = self.local_candidates if side == "local" else self.remote_candidates
        description = self.local if side == "local" else self.remote
        return [*alone, *(description.candidates if description else ())]


@dataclass
class SessionNow:
    """The Realtime session on one carrier of events."""

    settings: Mapping[str, Any]
    """As the server told them last."""

    created: Seen


class CallState:
    """What is known of a call; `take` is told every event, before the rules are."""

    def __init__(self) -> None:
        self.connections: dict[str, ConnectionNow] = {}
        self.past_connections: list[ConnectionNow] = []
        """Those whose name another one has now: of a document that is gone."""

        self.microphones: dict[str, TraceEvent] = {}
        """Those that are open."""

        self.was_microphone = False
        self.sockets: set[str] = set()
        """WebSockets that are open."""

        self.clips: list[ClipPlayed] = []
        """What the user said, in order; also what is still being said."""

        self.has_noise = False
        """Whether a noise is mixed into what the microphone hears."""

        self.sessions: dict[str, SessionNow] = {}
        """By the carrier of their events."""

        self.updates: dict[str, list[Seen]] = {}
        """The session.update that the page sent, by carrier; it may come before the session."""

        self.opened: Seen | None = None
        self.ending: Seen | None = None
        """When somebody began to end the call; what closes from here on was meant to."""

    def switched_off(self, setting: str) -> str | None:
        """Which setting keeps the server from acting by itself, in words; None: not this one.

        Args:
            setting: of the turn detection: "create_response" or "interrupt_response".
        """
        for session in self.sessions.values():
            detection = turn_detection(session.settings)
            if detection is None:
                return "turn detection is off"
            if detection.get(setting) is False:
                return f"{setting} is false"
        return None

    def take(self, seen: Seen) -> None:
        """Follow one event."""
        match seen.fact:
            case CallOpened():
                self.opened = seen
            case CallHungUp() | CloseClicked():
                self.ending = self.ending or seen
            case PageUnloaded():
                self.microphones.clear()
                self.sockets.clear()
            case SocketOpen(socket=name):
                self.sockets.add(name)
            case SocketClosed(socket=name):
                self.sockets.discard(name)
            case ClipPlayed() as clip:
                self.clips.append(clip)
            case NoiseMixedIn(noise=noise):
                self.has_noise = bool(noise)
            case MicrophoneStarted(microphone=name):
                self.microphones[name], self.was_microphone = seen.event, True
            case MicrophoneStopped(microphone=name):
                self.microphones.pop(name, None)
            case _:
                self._connection(seen)
        if seen.message is not None:
            self._message(seen, seen.message)

    @property
    def has_page(self) -> bool:
        """Whether a page holds the call; engines without one have no getUserMedia to call."""
        opened = self.opened.fact if self.opened is not None else None
        return not isinstance(opened, CallOpened) or opened.engine not in PAGELESS

    @property
    def is_going_on(self) -> bool:
        """Whether a call is held now, and nobody ends it: over a connection, else a WebSocket."""
        if self.ending is not None:
            return False
        is_up = any(one.is_up for one in self.connections.values())
        return is_up or (not self.connections and bool(self.sockets))

    def all_connections(self) -> Iterator[ConnectionNow]:
        """Every peer connection of the call so far."""
        yield from self.past_connections
        yield from self.connections.values()

    def connection(self, name: str) -> ConnectionNow | None:
        """The peer connection of this name."""
        return self.connections.get(name)

    def is_speaking(self, t_s: float, *, before_s: float = 0.0, after_s: float = 0.0) -> bool:
        """Whether the user's voice is sent then, or was a little before, or will be."""
        return any(
            clip.speech_start_s - after_s <= t_s <= clip.speech_end_s + before_s
            for clip in self.clips
            if not clip.muted
        )

    def _connection(self, seen: Seen) -> None:
        if isinstance(seen.fact, ConnectionCreated):
            name = seen.fact.connection
            if (before := self.connections.pop(name, None)) is not None:
                self.past_connections.append(before)
            self.connections[name] = ConnectionNow(name, seen)
            return
        found = self.connections.get(getattr(seen.fact, "connection", ""))
        if found is None:
            return
        match seen.fact:
            case ConnectionOffer(side=side, sdp=sdp):
                found.offered, found.answered = seen, None
                _describe(found, side, read_description("offer", sdp))
            case ConnectionAnswer(side=side, sdp=sdp):
                found.answered = seen
                _describe(found, side, read_description("answer", sdp))
            case ConnectionCandidate(side=side, candidate=str(line)) if line:
                (found.local_candidates if side == "local" else found.remote_candidates).append(
                    line
                )
            case IceServerProblem() as problem:
                found.server_problems.append(problem)
            case ConnectionState(kind=kind, state=state):
                found.states[kind] = state
                if kind == "connection" and state in UP:
                    found.was_up = found.was_up or seen
            case DataChannelCreated(label=label) | DataChannelOpen(label=label):
                if label not in found.labels:
                    found.labels.append(label)
            case ConnectionClosed():
                found.closed = found.closed or seen
            case _:
                pass

    def _message(self, seen: Seen, message: Message) -> None:
        session = self.sessions.get(message.carrier)
        if message.direction == "received" and message.type == "session.created":
            self.sessions[message.carrier] = SessionNow(message.part("session"), seen)
        elif seen.is_sent("session.update"):
            self.updates.setdefault(message.carrier, []).append(seen)
        elif session is not None and seen.is_received("session.updated"):
            session.settings = message.part("session")


def in_conversation(message: Message) -> bool:
    """Whether a response is one of the conversation, and not beside it."""
    response = message.part("response")
    has_none = response.get("conversation") == "none"
    return not has_none and not ("conversation_id" in response and not response["conversation_id"])


def turn_detection(settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The session's turn detection; None where it is off."""
    audio = settings.get("audio")
    found = audio.get("input") if isinstance(audio, Mapping) else None
    detection = found.get("turn_detection", NOTHING) if isinstance(found, Mapping) else NOTHING
    return detection if isinstance(detection, Mapping) else None


def _describe(found: ConnectionNow, side: str, description: Description) -> None:
    if side == "local":
        found.local = description
    else:
        found.remote = description
