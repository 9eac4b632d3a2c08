"""Outputs of a client session: things its runner has to do, and news for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic

from typing_extensions import TypeVar

from harness.errors import ProtocolError
from harness.facts.fact import Typed
from harness.realtime.client.events import SessionFact
from harness.realtime.client.tools import Tool
from harness.realtime.wire import Event, SendEvent

__all__ = [
    "CancelTool",
    "Notify",
    "Output",
    "RequestCompleted",
    "RunTool",
    "SendEvent",
    "SessionEvent",
    "SetMicrophone",
    "SetVolume",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunTool:
    """Call ``tool.function(**arguments)``; answer with `RealtimeSession.tool_finished`."""

    call_id: str
    name: str

    arguments: dict[str, Any]
    """Checked, and of the types that the function's annotations name."""

    tool: Tool


@dataclass(frozen=True, slots=True)
class CancelTool:
    """This call took too long; its result is not wanted any more."""

    call_id: str


@dataclass(frozen=True, slots=True)
class RequestCompleted:
    """A request of ours is settled: answered, refused, or lost with the connection."""

    event_id: str
    """As the command that made the request returned it."""

    event: Event | None = None
    """The server's answer; None where there was nothing to do, or it was refused."""

    error: ProtocolError | None = None


@dataclass(frozen=True, slots=True)
class SetMicrophone:
    """Let the microphone be heard, or not."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Play the assistant at this volume, 0 to 1."""

    volume: float


F_co = TypeVar("F_co", bound=Typed, covariant=True, default=SessionFact)


@dataclass(frozen=True, slots=True)
class SessionEvent(Generic[F_co]):
    """One thing that people (and their programs) want to know of."""

    fact: F_co
    """What happened: a class of `harness.realtime.client.events`."""

    t_s: float = 0.0
    """When, on the clock of the session's shell."""

    @property
    def type(self) -> str:
        """One of `harness.realtime.client.events.EVENTS`."""
        return self.fact.type

    @property
    def data(self) -> dict[str, Any]:
        """The fields of the fact."""
        return self.fact.to_data()


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell whoever listens."""

    event: SessionEvent


Output = SendEvent | RunTool | CancelTool | RequestCompleted | SetMicrophone | SetVolume | Notify
