"""Facts of a call's server: what it did in faults' names, told at the end of the call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from harness.facts.fact import Fact


@dataclass(frozen=True, slots=True)
class _OfServer(Fact):
    source: ClassVar[Literal["server"]] = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultApplied(_OfServer):
    """The server did something because a fault was asked for."""

    type: ClassVar[Literal["fault.applied"]] = "fault.applied"

    name: str
    """Which fault."""

    detail: str = ""
    """What exactly it did, in words."""

    call_id: str = ""
    """The server's name for the call; absent where there was none yet."""

    uncertainty_s: float
    """How far its time may be off on the timeline, seconds."""


@dataclass(frozen=True, slots=True)
class FaultsDropped(_OfServer):
    """The server did more than its log could keep."""

    type: ClassVar[Literal["fault.dropped"]] = "fault.dropped"

    count: int
    """How many applied faults it forgot."""


@dataclass(frozen=True, slots=True)
class ServerFellBack(_OfServer):
    """The server went on with something else than it was asked for."""

    type: ClassVar[Literal["fallback"]] = "fallback"

    what: str
    """What it uses instead."""

    why: str
    """The reason, in words."""


@dataclass(frozen=True, slots=True)
class ServerSilent(_OfServer):
    """The server could not be asked for what it did: it may be gone."""

    type: ClassVar[Literal["server.unreachable"]] = "server.unreachable"

    error: str
    """Why, in words."""

    found: str
    """What was found in its place; "" where nothing was."""


ServerFact = FaultApplied | FaultsDropped | ServerFellBack | ServerSilent
