"""The TURN server that refuses everybody."""

from __future__ import annotations

import asyncio
import struct

from harness.bench.refusing_turn import refusal, refusing_turn

TRANSACTION = b"twelve bytes"
ALLOCATE = struct.pack("!HHI12s", 0x0003, 0, 0x2112A442, TRANSACTION)


def attributes(packet: bytes) -> dict[int, bytes]:
    """By their types."""
    found, position = {}, 20
    while position < len(packet):
        kind, size = struct.unpack_from("!HH", packet, position)
        found[kind] = packet[position + 4 : position + 4 + size]
        position += 4 + size + -size % 4
    return found


def test_an_allocation_is_refused_with_what_a_client_tries_again_with() -> None:
    answer = refusal(ALLOCATE)
    assert answer is not None
    kind, length, cookie, transaction = struct.unpack_from("!HHI12s", answer)
    assert (kind, cookie, transaction) == (0x0113, 0x2112A442, TRANSACTION)
    assert length == len(answer) - 20
    found = attributes(answer)
    assert found[0x0009] == b"\0\0\x04\x01Unauthorized"
    assert found[0x0014]
    assert found[0x0015]


def test_what_asks_for_no_allocation_gets_no_answer() -> None:
    binding = struct.pack("!HHI12s", 0x0001, 0, 0x2112A442, TRANSACTION)
    of_another_cookie = struct.pack("!HHI12s", 0x0003, 0, 1, TRANSACTION)
    for packet in (b"", b"hello", binding, of_another_cookie):
        assert refusal(packet) is None


async def test_it_answers_at_the_address_that_it_gives() -> None:
    class Client(asyncio.DatagramProtocol):
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def datagram_received(self, data: bytes, addr: object) -> None:
            self.answer.set_result(data)

    async with refusing_turn() as address:
        host, port = address.removeprefix("turn:").removesuffix("?transport=udp").split(":")
        transport, client = await asyncio.get_running_loop().create_datagram_endpoint(
            Client, remote_addr=(host, int(port))
        )
        try:
            transport.sendto(ALLOCATE)
            async with asyncio.timeout(5):
                assert await client.answer == refusal(ALLOCATE)
        finally:
            transport.close()
