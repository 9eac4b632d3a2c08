"""What the probe tells of remote candidates becomes routes of the relay."""

from __future__ import annotations

import asyncio
from typing import Any

from harness.engines.browser.page_network import follow_routes
from harness.errors import NetworkFailed
from harness.line.envelope import Envelope
from harness.streams.event_stream import EventStream
from tests.support.fake_network import FakeNetwork, NotingReport


def told(type_: str, **data: Any) -> Envelope:
    return Envelope(v=1, frame_id="a", seq=0, page_ms=0, type=type_, data=data)


def relayed(port: int, front: int | None) -> Envelope:
    return told(
        "peer_connection.relayed", fragment="peer", front=front, address="192.0.2.2", port=port
    )


async def follow(network: FakeNetwork, *envelopes: Envelope) -> NotingReport:
    stream: EventStream[Envelope] = EventStream("page")
    report = NotingReport()
    async with follow_routes(network.as_network, stream, report):
        for envelope in envelopes:
            stream.push(envelope)
        for _ in range(10):
            await asyncio.sleep(0)
    return report


async def test_each_candidate_is_a_route_and_the_network_begins_with_the_first() -> None:
    network = FakeNetwork()
    report = await follow(network, relayed(1, 0), told("page.loaded"), relayed(2, 1))
    assert network.told == [("peer", 0, "192.0.2.2", 1), "begin", ("peer", 1, "192.0.2.2", 2)]
    assert report.noted == [network.began]


async def test_one_that_the_page_does_not_get_is_no_route() -> None:
    network = FakeNetwork()
    await follow(network, relayed(9, None), relayed(1, 0))
    assert network.told == ["begin", ("peer", 0, "192.0.2.2", 1)]


async def test_a_page_that_never_connects_has_asked_and_not_begun() -> None:
    network = FakeNetwork()
    report = await follow(network, told("page.loaded"))
    assert network.told == []
    assert report.noted == [network.began]


async def test_a_relay_that_has_ended_fails_the_call() -> None:
    report = await follow(FakeNetwork(NetworkFailed("The relay has ended.")), relayed(1, 0))
    assert [str(error) for error in report.failures] == ["The relay has ended."]
