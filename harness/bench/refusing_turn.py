"""A TURN server that lets nobody in, on loopback: what a page meets whose credentials ran out."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from harness.network.packets import HEADER_BYTES, MAGIC_COOKIE

UNAUTHORIZED = 401
ALLOCATE_REQUEST = 0x0003
ALLOCATE_ERROR = 0x0113
ERROR_CODE, REALM, NONCE = 0x0009, 0x0014, 0x0015

_HEADER = struct.Struct("!HHI12s")


def refusal(packet: bytes) -> bytes | None:
    """The answer to a packet: 401, with the realm and the nonce that a client tries again with.

    It tries once more with its user and credential, gets the same again, and gives up.

    Args:
        packet: anything that came over UDP.

    Returns:
        An Allocate error response; None for what is no Allocate request.

    Source: RFC 8489 section 14.8, RFC 8656 section 7.
    """
    if len(packet) < HEADER_BYTES:
        return None
    kind, _, cookie, transaction = _HEADER.unpack_from(packet)
    if kind != ALLOCATE_REQUEST or cookie != MAGIC_COOKIE:
        return None
    reason = struct.pack("!HBB", 0, *divmod(UNAUTHORIZED, 100)) + b"Unauthorized"
    body = b"".join(
        _attribute(name, value)
        for name, value in ((ERROR_CODE, reason), (REALM, b"planted"), (NONCE, b"planted"))
    )
    return _HEADER.pack(ALLOCATE_ERROR, len(body), MAGIC_COOKIE, transaction) + body


@asynccontextmanager
async def refusing_turn() -> AsyncIterator[str]:
    """Such a server while the block lasts; gives its address, as a page names it."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(_Refuser, local_addr=("127.0.0.1", 0))
    try:
        host, port = transport.get_extra_info("sockname")
        yield f"turn:{host}:{port}?transport=udp"
    finally:
        transport.close()


class _Refuser(asyncio.DatagramProtocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = refusal(data)
        if answer is not None:
            self._transport.sendto(answer, addr)


def _attribute(name: int, value: bytes) -> bytes:
    return struct.pack("!HH", name, len(value)) + value + bytes(-len(value) % 4)
