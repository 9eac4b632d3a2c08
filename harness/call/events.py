"""What a call tells Python: one stream of values, told apart by their type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Generic, Literal, TypeGuard, cast

from typing_extensions import TypeVar

from harness.facts.catalogue import AnyFact, fact_of

CallSource = Literal["page", "wire", "dialogue", "harness"]


@dataclass(frozen=True, slots=True)
class ProtocolEvent:
    """One event of the call's voice protocol; its shape is the protocol's own."""

    type: str
    direction: Literal["sent", "received"] | None
    """As seen from the page."""

    event: Mapping[str, Any]
    """All of it."""


F = TypeVar("F", default=AnyFact | ProtocolEvent)
G = TypeVar("G")
Kind = type[G]


@dataclass(frozen=True, slots=True)
class CallEvent(Generic[F]):
    """One event of a call."""

    t_s: float
    """Seconds on the call's timeline."""

    source: CallSource
    """page: WebRTC and page events; wire: protocol events of the data channel; dialogue: what
    they mean for the conversation; harness: what the harness heard or did."""

    type: str
    """For the wire the protocol's own type, else for example "peer_connection.state"."""

    data: Mapping[str, Any] = field(default_factory=dict)
    """The protocol event, or the facts of any other event."""

    direction: Literal["sent", "received"] | None = None
    """For the wire: as seen from the page."""

    @property
    def fact(self) -> F:
        """The same as ``data``, typed: a class of `harness.facts`, or a `ProtocolEvent`.

        `harness.facts.fact.Unknown` where the type, or its data, is not in the catalogue.
        """
        if self.source == "wire":
            return cast("F", ProtocolEvent(self.type, self.direction, self.data))
        return cast("F", fact_of(self.source, self.type, self.data))

    def holds(self, kind: Kind[G]) -> TypeGuard[CallEvent[G]]:
        """Whether its fact is of this class."""
        return isinstance(self.fact, kind)

    def matches(self, pattern: str) -> bool:
        """Whether the type fits a glob such as "response.*"."""
        return fnmatchcase(self.type, pattern)

    def __str__(self) -> str:
        arrow = {"sent": "→", "received": "←", None: ""}[self.direction]
        return f"{arrow}{self.type}"
