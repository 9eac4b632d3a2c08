"""Descriptions of connections in memory: what SDP has to say, and who wrote it."""

from __future__ import annotations

_MAKER = "a=x-simulated:"
_LINES = (
    "v=0",
    "o=- 1 1 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0 1",
    _MAKER + "{name}",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "c=IN IP4 127.0.0.1",
    "a=mid:0",
    "a=sendrecv",
    "a=msid:{name} track-of-{name}",
    "a=rtpmap:111 opus/48000/2",
    "a=setup:{setup}",
    "a=candidate:1 1 udp 1 127.0.0.1 9 typ host",
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 127.0.0.1",
    "a=mid:1",
    "a=sctp-port:5000",
    "a=setup:{setup}",
)


def describe(name: str, setup: str) -> str:
    """The description made by the connection of that name.

    Args:
        setup: "actpass" in an offer, "active" in an answer.
    """
    return "".join(f"{line}\r\n" for line in _LINES).format(name=name, setup=setup)


def maker_of(sdp: str) -> str | None:
    """Who made a description; None for one that no simulated connection made."""
    for line in sdp.splitlines():
        if line.startswith(_MAKER):
            return line.removeprefix(_MAKER)
    return None
