"""Facts of a connection that a cassette may keep: what was agreed on, and no secret of it.

A session description holds passwords, fingerprints and addresses. Only what stands on a short list
here is taken from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

_CODEC = re.compile(r"^a=rtpmap:\d+ ([A-Za-z0-9_.\-]{1,40}/\d{1,6}(?:/\d{1,2})?)$")
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_KINDS = ("audio", "video", "application")

SHOWN_STATES = ("connection", "ice", "signaling")


class Told(Protocol):
    """An event of a trace."""

    @property
    def type(self) -> str:
        """As the trace names it."""

    @property
    def t_s(self) -> float | None:
        """Seconds on the timeline."""

    @property
    def data(self) -> Mapping[str, Any]:
        """What it says."""


def media_of(sdp: str) -> list[dict[str, Any]]:
    """Kind, direction and codecs of each media section; nothing else of the description.

    Args:
        sdp: an offer or an answer, whatever it holds.
    """
    sections: list[dict[str, Any]] = []
    for line in sdp.splitlines():
        if line.startswith("m="):
            kind = line[2:].split(" ", 1)[0]
            sections.append({"codecs": [], "kind": kind if kind in _KINDS else "other"})
        elif not sections:
            continue
        elif (found := _CODEC.match(line)) is not None:
            sections[-1]["codecs"].append(found[1])
        elif line.startswith("a=") and line[2:] in _DIRECTIONS:
            sections[-1]["direction"] = line[2:]
    return sections


def signalling_of(events: Iterable[Told]) -> dict[str, Any]:
    """What a trace tells of how the connection was made.

    Returns:
        ``offer`` and ``answer`` as `media_of`, each from its first; ``states`` with their times in
        seconds; ``tracks``, how many remote ones came. What did not happen is absent.
    """
    found: dict[str, Any] = {}
    states: list[dict[str, Any]] = []
    tracks = 0
    for event in events:
        data = event.data
        if event.type in ("peer_connection.offer", "peer_connection.answer"):
            side = event.type.rpartition(".")[2]
            found.setdefault(side, media_of(str(data.get("sdp", ""))))
        elif event.type == "peer_connection.state" and data.get("kind") in SHOWN_STATES:
            state = {"kind": str(data["kind"]), "state": str(data.get("state"))}
            states.append(state if event.t_s is None else {"at_s": round(event.t_s, 3), **state})
        elif event.type == "peer_connection.track":
            tracks += 1
    if states:
        found["states"] = states
    if tracks:
        found["tracks"] = tracks
    return found
