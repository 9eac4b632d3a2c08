"""Dump events: what webrtc-internals and rtcstats write down, in the words that both share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

GET_USER_MEDIA = "navigator.mediaDevices.getUserMedia"
DUMPED = "dumped"
"""The dump itself was made: our word, where the dump tells when."""

MOST_MS = 8.64e15
"""The last moment that a page's clock can tell, milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class DumpEvent:
    """One call of the page, its outcome, or an event of a peer connection."""

    t_ms: float
    """When, milliseconds since 1970."""

    connection: str | None
    """Which peer connection, by the dump's own name; None: none."""

    method: str
    """As rtcstats calls it, but for an "on" before an event: "setLocalDescriptionOnSuccess",
    "connectionstatechange", "getStats"."""

    value: Any = None
    """Its argument or outcome, as JSON; of getStats all of the report, by ids."""

    extra: tuple[Any, ...] = ()
    """What else stands in the dump: an id that joins a call with its outcome, an address."""


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump as it was read."""

    form: str
    """webrtc-internals or rtcstats."""

    version: str
    """Of the form, or of the browser; "" where it does not say."""

    user_agent: str
    events: list[DumpEvent]
    """In order of time."""

    cut: str = ""
    """What of it could not be read, in words; "": nothing."""
