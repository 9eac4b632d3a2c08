"""Events that a call tells Python: one stream of values, told apart by their type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Generic, Literal, cast

from typing_extensions import TypeVar

from harness.errors import UsageError
from harness.facts.catalogue import CATALOGUE, AnyFact, fact_of
from harness.facts.fact import Unknown
from harness.streams.event_stream import EventStream

CallSource = Literal["page", "wire", "dialogue", "harness"]

KEPT = {"statistics": 60, "details": 2_000, "page": 10_000}
"""How many of the latest events stay in memory, at least: of what comes all the time, and of what a
page is free to do as often as it likes. What happens a few times a turn stays for the whole call;
in the trace stands all of it."""

_DETAILS = frozenset(
    {"data_channel.message", "web_socket.message", "audio.anchor", "answer.text"}
    | {"page.console", "page.exception", "page.error", "page.request_failed", "page.http_error"}
    | {"page.redirected", "network.counted", "volume.changed", "playback.changed"}
    | {"microphone.enabled"}
)

_FRAGMENTS = frozenset({"user.transcript"})
"""Of other sources what may come as often: some protocols tell the user's words in fragments."""


@dataclass(frozen=True, slots=True)
class ProtocolEvent:
    """One event of the call's voice protocol; its shape is the protocol's own."""

    type: str
    direction: Literal["sent", "received"] | None
    """As seen from the page."""

    event: Mapping[str, Any]
    """All of it."""


F = TypeVar("F", default=AnyFact | ProtocolEvent)


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

    def matches(self, pattern: str) -> bool:
        """Whether the type fits a glob such as "response.*"."""
        return fnmatchcase(self.type, pattern)

    def __str__(self) -> str:
        arrow = {"sent": "→", "received": "←", None: ""}[self.direction]
        return f"{arrow}{self.type}"


def matching(what: str | type[Any]) -> Callable[[CallEvent], bool]:
    """Whether an event is what was asked for: a glob for its type, or the class of its fact.

    Raises:
        UsageError: a class that no event of a call has.
    """
    if isinstance(what, str):
        return lambda event: event.matches(what)
    if what not in (*CATALOGUE.values(), ProtocolEvent, Unknown):
        raise UsageError(
            "No event of a call is of this class.",
            expected="a class of harness.facts, or ProtocolEvent",
            found=f"{what.__module__}.{what.__name__}",
        )
    return lambda event: isinstance(event.fact, what)


def call_events() -> EventStream[CallEvent]:
    """The events of one call, however long: see `KEPT`."""
    return EventStream("call events", kind_of=_kind_of, limits=KEPT)


def _kind_of(event: CallEvent) -> str:
    if event.type == "stats":
        return "statistics"
    if event.source == "wire" or event.type in _DETAILS:
        return "details"
    is_page_s = event.source == "page" or event.type.startswith("page.")
    return "page" if is_page_s or event.type in _FRAGMENTS else ""
