"""Facts of the network that was asked for between page and remote peer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from typing_extensions import TypedDict

from harness.facts.fact import HarnessFact


class LinkCounts(TypedDict):
    """What became of the packets of one direction, since the call began."""

    packets: int
    """That came to the relay."""

    bytes: int
    """In them, without headers of IP and UDP."""

    lost: int
    """By the asked loss."""

    overflowed: int
    """The queue of the rate had no room for."""

    blacked_out: int
    """That came in a blackout."""

    duplicated: int
    """That went on twice."""

    overtaken: int
    """That were to arrive after one that was sent later."""

    waited_s: float
    """All delays of those that went on, together."""


@dataclass(frozen=True, slots=True)
class NetworkBegan(HarnessFact):
    """A relay stands between the calling end and its remote peers; nothing happens there yet."""

    type: ClassVar[Literal["network.began"]] = "network.began"

    asked: str
    """What for, as a scenario has it."""

    seed: int
    """Of what is left to chance."""


@dataclass(frozen=True, slots=True)
class NetworkChanged(HarnessFact):
    """From here on packets meet these conditions."""

    type: ClassVar[Literal["network.changed"]] = "network.changed"

    name: str
    """The profile or its stage; "" for conditions without a name."""

    up: dict[str, Any]
    """From the page to the remote peer; what is not named changes nothing."""

    down: dict[str, Any]
    """From the remote peer to the page."""


@dataclass(frozen=True, slots=True)
class NetworkCounted(HarnessFact):
    """What the relay has counted until here."""

    type: ClassVar[Literal["network.counted"]] = "network.counted"

    up: LinkCounts
    """From the page to the remote peer."""

    down: LinkCounts
    """From the remote peer to the page."""

    unknown: int
    """Packets that were part of no connection."""

    direct: int
    """Packets that a remote peer sent to the page past the relay; none of them arrived."""

    cpu_s: float
    """The relay's processor time, seconds."""


@dataclass(frozen=True, slots=True)
class NetworkKept(HarnessFact):
    """The packets of the call are in a capture file beside the trace."""

    type: ClassVar[Literal["network.kept"]] = "network.kept"

    file: str
    """Its name. What is said and written in the call is encrypted in it."""

    packets: int
    """In it: each one as it came to the relay, and as it left it."""

    left_out: int
    """That it had no room for."""


NetworkFact = NetworkBegan | NetworkChanged | NetworkCounted | NetworkKept
