"""State that the routes of one server share, and what a session is made of."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from harness.peer.interface import PeerFactory
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.assistant import Assistant
from harness.realtime.server.session import ServerSession
from harness.realtime.server.state import Transport
from harness.server.assistants.choice import Assistants
from harness.server.calls.call_session import CallSession
from harness.server.calls.registry import Calls
from harness.server.chatkit.desk import ChatDesk
from harness.server.faults.sources import FaultSources
from harness.server.http.client_secrets import ClientSecrets
from harness.speech.interface import SpeechDetector
from harness.speech.workers import SpeechWorkers


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a session of one call is made of."""

    session_id: str
    settings: dict[str, Any]
    assistant: Assistant
    detector: SpeechDetector
    seed: int | None
    """For its ids; None for random ones."""
    transport: Transport = "webrtc"
    faults: tuple[Any, ...] = ()


MakeSession = Callable[[NewSession], CallSession]


def server_session(new: NewSession) -> CallSession:
    """The real session, which starts now."""
    return ServerSession(
        settings=new.settings,
        assistant=new.assistant,
        detector=new.detector,
        ids=Ids(new.seed),
        unix_time_s=time.time(),
        transport=new.transport,
        session_id=new.session_id,
        faults=new.faults,
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a client may leave the server waiting, in seconds."""

    body_s: float = 20.0
    """For the whole body of a request."""
    connect_s: float = 15.0
    """From the SDP answer to the open data channel."""
    ping_s: float = 10.0
    """A silent WebSocket is asked for a sign of life this often; it has half of it to answer."""


@dataclass(slots=True)
class ServerState:
    """What the routes share."""

    api_key: str = field(repr=False)
    make_peer: PeerFactory
    speech: SpeechWorkers
    assistants: Assistants = field(default_factory=Assistants)
    make_session: MakeSession = server_session
    is_recording: bool = False
    seed: int | None = None
    """Makes the sessions' ids repeat; None for random ones."""
    worker: int = 0
    """Which of several processes this is; part of the ids of its calls."""
    accepts_any_key: bool = False
    """Every key, and none, begins calls and mints secrets; loopback only."""
    limits: Limits = field(default_factory=Limits)
    calls: Calls = field(default_factory=Calls)
    client_secrets: ClientSecrets = field(default_factory=ClientSecrets)
    fault_sources: FaultSources = field(default_factory=FaultSources)
    chat: ChatDesk = field(default_factory=ChatDesk)


STATE = web.AppKey("state", ServerState)
