"""A relay passes packets both ways until it is told not to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from harness.network.relay import Relay, carries_data, open_relay

STUN, DTLS_HANDSHAKE, DTLS_DATA, SRTP = b"\x00\x01", b"\x16\xfe", b"\x17\xfe", b"\x80\x6f"


class End:
    """A UDP socket that remembers who spoke to it last."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind(("127.0.0.1", 0))
        self.address: tuple[str, int] = self.socket.getsockname()

    async def hear(self) -> tuple[bytes, tuple[str, int]]:
        loop = asyncio.get_running_loop()
        return await asyncio.wait_for(loop.sock_recvfrom(self.socket, 2048), 5)


@pytest.fixture
def ends() -> Iterator[tuple[End, End]]:
    both = (End(), End())
    yield both
    for end in both:
        end.socket.close()


@pytest.fixture
async def relay(ends: tuple[End, End]) -> Relay:
    return open_relay([ends[1].address])


async def test_packets_pass_both_ways(relay: Relay, ends: tuple[End, End]) -> None:
    client, call = ends
    client.socket.sendto(STUN, relay.fronts[call.address])
    packet, back = await call.hear()
    assert packet == STUN
    call.socket.sendto(SRTP, back)
    assert await client.hear() == (SRTP, relay.fronts[call.address])
    relay.close()


async def test_data_can_be_kept_out_and_audio_let_through(
    relay: Relay, ends: tuple[End, End]
) -> None:
    client, call = ends
    relay.blocks_data = True
    for packet in (DTLS_DATA, DTLS_HANDSHAKE, SRTP):
        client.socket.sendto(packet, relay.fronts[call.address])
    assert [(await call.hear())[0] for _ in range(2)] == [DTLS_HANDSHAKE, SRTP]
    relay.close()


async def test_a_cut_passes_nothing(relay: Relay, ends: tuple[End, End]) -> None:
    client, call = ends
    client.socket.sendto(STUN, relay.fronts[call.address])
    _, back = await call.hear()
    relay.is_cut = True
    client.socket.sendto(STUN, relay.fronts[call.address])
    call.socket.sendto(STUN, back)
    await asyncio.sleep(0)
    await asyncio.sleep(0.05)  # nothing can be waited for that does not come
    for end in ends:
        with pytest.raises(BlockingIOError):
            end.socket.recv(10)
    relay.close()


async def test_an_address_that_is_not_ours_has_no_relay() -> None:
    relay = open_relay([("192.0.2.1", 9)])
    assert relay.fronts == {}
    relay.close()


@pytest.mark.parametrize(
    ("first", "is_data"), [(0x17, True), (0x2F, True), (0x2E, False), (0x16, False), (0x80, False)]
)
def test_what_carries_data(first: int, is_data: bool) -> None:
    assert carries_data(bytes([first, 0])) is is_data
    assert not carries_data(b"")
