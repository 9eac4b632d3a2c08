"""The little that a relay reads of packets: what they carry, and whose connection is checked."""

from __future__ import annotations

import struct

BINDING_REQUEST = 0x0001
MAGIC_COOKIE = 0x2112A442
HEADER_BYTES = 20
USERNAME = 0x0006

BINDING_METHOD_BITS = 0x3EEF
"""The bits of a STUN message's type that name its method; the others name its class."""

RTP_FIRST = range(128, 192)
"""First bytes of RTP and RTCP packets, among all that share a port (RFC 7983)."""

RTCP_SECOND = range(192, 224)
"""Second bytes of RTCP packets (RFC 5761 section 4)."""

_HEADER = struct.Struct("!HHI")
_ATTRIBUTE = struct.Struct("!HH")


def checked_fragment(packet: bytes) -> str | None:
    """The user name fragment that a connectivity check is sent to.

    A check names both ends, "theirs:ours", as seen from who sends it (RFC 8445 section 7.2.2; the
    message is that of RFC 8489 section 5).

    Args:
        packet: anything that came over UDP.

    Returns:
        The remote peer's fragment; None for what is no check.
    """
    if len(packet) < HEADER_BYTES or packet[0] != 0 or packet[1] != BINDING_REQUEST:
        return None
    _, length, cookie = _HEADER.unpack_from(packet)
    if cookie != MAGIC_COOKIE or len(packet) < HEADER_BYTES + length:
        return None
    position, end = HEADER_BYTES, HEADER_BYTES + length
    while position + _ATTRIBUTE.size <= end:
        kind, size = _ATTRIBUTE.unpack_from(packet, position)
        position += _ATTRIBUTE.size
        if kind == USERNAME:
            name = packet[position : min(position + size, end)].decode("utf-8", "replace")
            fragment, colon, _ = name.partition(":")
            return fragment if colon else None
        position += size + -size % 4
    return None


def is_media(packet: bytes) -> bool:
    """Whether a packet is one of RTP: sound or pictures."""
    return len(packet) > 1 and packet[0] in RTP_FIRST and packet[1] not in RTCP_SECOND


def without_credentials(packet: bytes) -> bytes:
    """A packet as it may be kept: of what is said to a TURN server, nothing but the header.

    Connectivity checks stay whole: their user names end with the call, and what proves them is no
    secret (RFC 8489 section 9.1).
    """
    if len(packet) < HEADER_BYTES or packet[0] > 3:
        return packet
    kind, _, cookie = _HEADER.unpack_from(packet)
    is_check = kind & BINDING_METHOD_BITS == BINDING_REQUEST
    return packet if is_check or cookie != MAGIC_COOKIE else packet[:HEADER_BYTES]
