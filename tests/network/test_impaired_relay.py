"""The relay's sockets: who sends to a front comes out at the remote peer, and the other way."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from harness.network.impaired_relay import HOST, ImpairedRelay
from harness.network.impairment.conditions import Conditions, NetworkConditions
from harness.network.pcap import PcapFile
from tests.network.test_packets import check
from tests.network.test_pcap import written
from tests.support.waiting import until

CHECK, OTHER_CHECK = check("theirs:ours"), check("renewed:ours")
SOUND = b"\x80\x6f" + bytes(30)


class End:
    """A UDP socket of the page or of a remote peer."""

    def __init__(self, family: socket.AddressFamily = socket.AF_INET) -> None:
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind(("::1" if family == socket.AF_INET6 else HOST, 0))
        self.address: tuple[str, int] = self.socket.getsockname()[:2]

    def send(self, packet: bytes, port: int) -> None:
        self.socket.sendto(packet, (HOST, port))

    async def hear(self) -> tuple[bytes, tuple[str, int]]:
        loop = asyncio.get_running_loop()
        packet, sender = await asyncio.wait_for(loop.sock_recvfrom(self.socket, 2048), 5)
        return packet, sender[:2]

    def has_heard_nothing(self) -> bool:
        try:
            self.socket.recv(10)
        except BlockingIOError:
            return True
        return False


@pytest.fixture
def page() -> Iterator[End]:
    end = End()
    yield end
    end.socket.close()


@pytest.fixture
def peer() -> Iterator[End]:
    end = End()
    yield end
    end.socket.close()


@pytest.fixture
async def relay() -> AsyncIterator[ImpairedRelay]:
    made = ImpairedRelay(NetworkConditions())
    yield made
    made.close()


async def test_packets_pass_both_ways_and_the_peer_sees_the_relay_alone(
    relay: ImpairedRelay, page: End, peer: End
) -> None:
    front = relay.fronts[2]
    relay.route("theirs", 2, peer.address)
    page.send(CHECK, front)
    packet, back = await peer.hear()
    assert packet == CHECK
    assert back not in (page.address, (HOST, front))
    peer.socket.sendto(SOUND, back)
    assert await page.hear() == (SOUND, (HOST, front))
    page.send(SOUND, front)
    assert await peer.hear() == (SOUND, back)
    assert (relay.up.counts.packets, relay.down.counts.packets) == (2, 1)


async def test_one_front_leads_to_as_many_peers_as_there_are_connections(
    relay: ImpairedRelay, page: End, peer: End
) -> None:
    other_page, other_peer = End(), End()
    relay.route("theirs", 0, peer.address)
    relay.route("renewed", 0, other_peer.address)
    page.send(CHECK, relay.fronts[0])
    other_page.send(OTHER_CHECK, relay.fronts[0])
    assert (await peer.hear())[0] == CHECK
    assert (await other_peer.hear())[0] == OTHER_CHECK
    for end in (other_page, other_peer):
        end.socket.close()


async def test_a_page_that_restarts_ice_is_led_to_the_new_address(
    relay: ImpairedRelay, page: End, peer: End
) -> None:
    moved = End()
    relay.route("theirs", 0, peer.address)
    page.send(CHECK, relay.fronts[0])
    await peer.hear()
    relay.route("renewed", 0, moved.address)
    page.send(OTHER_CHECK, relay.fronts[0])
    assert (await moved.hear())[0] == OTHER_CHECK
    page.send(SOUND, relay.fronts[0])
    assert (await moved.hear())[0] == SOUND
    moved.socket.close()


async def test_a_check_that_comes_before_its_route_waits_for_it(
    relay: ImpairedRelay, page: End, peer: End
) -> None:
    page.send(CHECK, relay.fronts[0])
    await asyncio.sleep(0.01)
    assert peer.has_heard_nothing()
    relay.route("theirs", 0, peer.address)
    assert (await peer.hear())[0] == CHECK


async def test_what_is_part_of_no_connection_goes_nowhere(
    relay: ImpairedRelay, page: End, peer: End
) -> None:
    relay.route("theirs", 0, peer.address)
    page.send(SOUND, relay.fronts[0])
    peer.send(SOUND, relay.sink)
    await until(lambda: bool(relay.strays.unknown and relay.strays.direct))
    assert (relay.strays.unknown, relay.strays.direct) == (1, 1)
    assert page.has_heard_nothing()
    assert peer.has_heard_nothing()


async def test_a_peer_of_ipv6_is_reached_over_ipv4(relay: ImpairedRelay, page: End) -> None:
    try:
        peer = End(socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    relay.route("theirs", 0, peer.address)
    page.send(CHECK, relay.fronts[0])
    assert (await peer.hear())[0] == CHECK
    peer.socket.close()


async def test_an_address_that_cannot_be_reached_is_no_error(
    relay: ImpairedRelay, page: End
) -> None:
    relay.route("theirs", 0, ("no address", 9))
    page.send(CHECK, relay.fronts[0])
    await asyncio.sleep(0.01)
    assert relay.up.counts.packets == 0


async def test_packets_take_as_long_as_asked_and_leave_in_the_order_of_their_arrival(
    relay: ImpairedRelay, page: End, peer: End
) -> None:
    loop = asyncio.get_running_loop()
    relay.route("theirs", 0, peer.address)
    relay.change(NetworkConditions(up=Conditions(delay_ms=500)))
    began_s = loop.time()
    page.send(CHECK, relay.fronts[0])
    await until(lambda: relay.up.counts.packets == 1)
    relay.change(NetworkConditions(up=Conditions(delay_ms=20, reorder=True)))
    page.send(SOUND, relay.fronts[0])
    assert (await peer.hear())[0] == SOUND
    assert (await peer.hear())[0] == CHECK
    assert loop.time() - began_s >= 0.5


async def test_a_blackout_passes_nothing_and_ends(
    relay: ImpairedRelay, page: End, peer: End
) -> None:
    relay.route("theirs", 0, peer.address)
    relay.change(NetworkConditions(up=Conditions(blackout=True)))
    page.send(CHECK, relay.fronts[0])
    await until(lambda: relay.up.counts.blacked_out == 1)
    relay.change(NetworkConditions())
    page.send(SOUND, relay.fronts[0])
    assert (await peer.hear())[0] == SOUND
    assert relay.up.counts.blacked_out == 1


async def test_after_the_end_nothing_is_left(page: End, peer: End) -> None:
    relay = ImpairedRelay(NetworkConditions(up=Conditions(delay_ms=1000)))
    front = relay.fronts[0]
    relay.route("theirs", 0, peer.address)
    page.send(CHECK, front)
    await asyncio.sleep(0.01)
    relay.close()
    relay.close()
    again = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    again.bind((HOST, front))  # the port is free
    again.close()


async def test_a_capture_has_each_packet_on_both_sides_of_the_relay(
    tmp_path: Path, page: End, peer: End
) -> None:
    pcap = PcapFile(tmp_path / "call.pcap")
    relay = ImpairedRelay(NetworkConditions(), pcap=pcap)
    front = relay.fronts[0]
    relay.route("theirs", 0, peer.address)
    page.send(CHECK, front)
    _, back = await peer.hear()
    peer.socket.sendto(SOUND, back)
    await page.hear()
    relay.change(NetworkConditions(up=Conditions(blackout=True)))
    page.send(SOUND, front)
    await until(lambda: relay.up.counts.blacked_out == 1)
    relay.close()
    here, there = ("127.0.0.1", front), peer.address
    seen = [(source, target) for source, target, _ in ends_of(tmp_path / "call.pcap")]
    assert seen.count((page.address, here)) == 2
    assert seen[-1] == (page.address, here), "one that was lost is there once"
    assert seen.index((back, there)) < seen.index((there, back)) < seen.index((here, page.address))
    contents = {content for _, _, content in ends_of(tmp_path / "call.pcap")}
    assert contents == {CHECK, SOUND}


def ends_of(path: Path) -> list[tuple[tuple[str, int], tuple[str, int], bytes]]:
    """Sender, receiver and content of the packets of IPv4 in a capture."""
    return [
        (
            (socket.inet_ntoa(packet[12:16]), int.from_bytes(packet[20:22])),
            (socket.inet_ntoa(packet[16:20]), int.from_bytes(packet[22:24])),
            packet[28:],
        )
        for _, _, packet in written(path)
    ]
