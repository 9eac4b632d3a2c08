"""Descriptions of a peer connection without a page, with a relay before its remote peer."""

from __future__ import annotations

from harness.engines.native.peer_network import through_relay, without_ways_in
from tests.support.fake_network import FakeNetwork, NotingReport

UDP = "a=candidate:1 1 udp 99 {} {} typ host\r\n"
TCP = "a=candidate:3 1 tcp 99 192.0.2.2 9 typ host tcptype active\r\n"


def sdp(*candidates: str) -> str:
    return "".join(("v=0\r\n", "m=audio 9 X\r\n", "a=ice-ufrag:peer\r\n", *candidates))


async def test_the_answer_leads_to_the_relay_and_the_relay_to_the_peer() -> None:
    network, report = FakeNetwork(), NotingReport()
    answer = sdp(UDP.format("192.0.2.2", 1), UDP.format("fd00::2", 2), TCP)
    routed = await through_relay(network.as_network, answer, report)
    assert routed == sdp(UDP.format("127.0.0.1", 7001), UDP.format("127.0.0.1", 7002))
    assert network.told == [
        ("peer", 0, "192.0.2.2", 1),
        ("peer", 1, "fd00::2", 2),
        "begin",
    ]
    assert report.noted == [network.began]


async def test_more_candidates_than_fronts_are_left_out() -> None:
    network = FakeNetwork()
    many = sdp(*(UDP.format("192.0.2.2", port) for port in range(1, 6)))
    routed = await through_relay(network.as_network, many, NotingReport())
    assert routed.count("a=candidate") == len(network.address.fronts) == 3


def test_the_offer_leads_nowhere() -> None:
    offer = without_ways_in(FakeNetwork().as_network, sdp(UDP.format("192.0.2.1", 1)))
    assert offer == sdp(UDP.format("127.0.0.1", 7099))


async def test_without_a_network_nothing_is_changed() -> None:
    plain = sdp(UDP.format("192.0.2.1", 1))
    assert without_ways_in(None, plain) == plain
    assert await through_relay(None, plain, NotingReport()) == plain
