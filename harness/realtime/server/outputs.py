"""Outputs of a server session: things its runner has to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from harness.audio.clip import MonoFloat32
from harness.realtime.server.assistants.assistant import Piece
from harness.realtime.server.validation.mcp_values import RemoteServer
from harness.realtime.wire import SendEvent

__all__ = [
    "AskAssistant",
    "BeginFaults",
    "CallTool",
    "Close",
    "Job",
    "ListTools",
    "NoteFault",
    "Output",
    "Recognise",
    "SendEvent",
    "StopAssistant",
    "StopRemote",
    "Synthesise",
]

SESSION_EXPIRED = "session_expired"
"""The reason of `Close` when the session is too old."""

NOT_STARTED = "the client started no session"
"""The reason of `Close` when a connection waited for its first event in vain."""


@dataclass(frozen=True, slots=True, eq=False)
class Recognise:
    """Recognise these samples; answer with `ServerSession.receive_recognition`."""

    job_id: str

    samples: MonoFloat32
    """float32, shape (frames,), 24 kHz, full scale ±1.0."""

    sample_rate_hz: int

    is_ahead: bool = False
    """It may not be needed: fail it where the recogniser has other work."""

    asks_finished: bool = False
    """The turn may be over: say how likely that is, too, if there is an engine for it."""


@dataclass(frozen=True, slots=True)
class Synthesise:
    """Speak this text; answer with `receive_speech` (24 kHz), or with `speech_failed`."""

    job_id: str
    text: str

    voice: str
    """As the session or the script names it: one of the protocol's voices, or an engine's own."""

    speed: float
    """1.0 is the voice's normal rate."""


@dataclass(frozen=True, slots=True, eq=False)
class AskAssistant:
    """Take the assistant's pieces; hand each to `on_assistant_output`, None after the last.

    What it raises goes to `on_assistant_failed`. The iterator is to be closed in any case.
    """

    job_id: str
    pieces: AsyncIterator[Piece] = field(repr=False)


@dataclass(frozen=True, slots=True)
class StopAssistant:
    """Nobody waits for this `AskAssistant` any more: end it, and what it has under way."""

    job_id: str


@dataclass(frozen=True, slots=True)
class ListTools:
    """Ask a remote server for its tools; answer with `ServerSession.receive_tools`."""

    job_id: str
    server: RemoteServer

    within_s: float
    """Give up after this long, and say so."""


@dataclass(frozen=True, slots=True)
class CallTool:
    """Call a tool of a remote server; answer with `ServerSession.receive_tool_result`."""

    job_id: str
    server: RemoteServer
    name: str
    arguments: dict[str, Any]

    within_s: float
    """Give up after this long, and say so."""


@dataclass(frozen=True, slots=True)
class StopRemote:
    """Nobody waits for this `ListTools` or `CallTool` any more: end it."""

    job_id: str


@dataclass(frozen=True, slots=True)
class BeginFaults:
    """An answer begins whose rule has faults that the shell carries out."""

    faults: tuple[Any, ...]
    response_id: str


@dataclass(frozen=True, slots=True)
class NoteFault:
    """The session did something in a fault's name."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Close:
    """End the call after everything before this was sent."""

    reason: str

    message: str = ""
    """The same for people, where the transport can tell a client why it closes."""


Job = Recognise | Synthesise | AskAssistant | StopAssistant | ListTools | CallTool | StopRemote
Output = SendEvent | Job | BeginFaults | NoteFault | Close
