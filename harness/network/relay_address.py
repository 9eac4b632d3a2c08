"""The addresses of a bad network's relay: all that whoever calls has to know of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RelayAddress:
    """Where a relay stands."""

    host: str
    fronts: tuple[int, ...]
    """Ports that stand for the addresses of a remote peer."""

    sink: int
    """The port that stands for addresses of the page."""
