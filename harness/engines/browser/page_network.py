"""The routes of a page's packets: what the probe tells of remote candidates goes to the relay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from harness.errors import HarnessError
from harness.line.envelope import Envelope
from harness.line.interface import LineReport
from harness.network.bad_network import BadNetwork
from harness.streams.event_stream import EventReader, EventStream

RELAYED = "peer_connection.relayed"


@asynccontextmanager
async def follow_routes(
    network: BadNetwork, envelopes: EventStream[Envelope], report: LineReport
) -> AsyncIterator[None]:
    """Tell the relay where packets go, for the length of the block.

    The network begins with the first remote candidate: a course of conditions runs from there.
    """
    report.note(network.began)
    routes = envelopes.reader(match=lambda envelope: envelope.type == RELAYED)
    following = asyncio.create_task(_follow(network, routes, report), name="network routes")
    try:
        yield
    finally:
        following.cancel()
        await asyncio.wait([following])


async def _follow(network: BadNetwork, routes: EventReader[Envelope], report: LineReport) -> None:
    has_begun = False
    with suppress(HarnessError):  # the page is gone: whoever holds the call is told otherwise
        async for envelope in routes:
            data = envelope.data
            try:
                if data["front"] is not None:
                    await network.route(
                        data["fragment"], data["front"], data["address"], data["port"]
                    )
                if not has_begun:
                    has_begun = True
                    await network.begin(report.note, report.fail)
            except HarnessError as error:
                report.fail(error)
