"""Events that a call tells Python: one stream of values, told apart by their type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

CallSource = Literal["page", "wire", "dialogue", "harness"]


@dataclass(frozen=True, slots=True)
class CallEvent:
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

    def matches(self, pattern: str) -> bool:
        """Whether the type fits a glob such as "response.*"."""
        return fnmatchcase(self.type, pattern)

    def __str__(self) -> str:
        arrow = {"sent": "→", "received": "←", None: ""}[self.direction]
        return f"{arrow}{self.type}"
