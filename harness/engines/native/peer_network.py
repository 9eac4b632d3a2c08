"""The relay of a bad network before a peer connection whose descriptions are in our own hands."""

from __future__ import annotations

import re

from harness.line.interface import LineReport
from harness.network.bad_network import BadNetwork
from harness.peer.sdp import candidates, moved, relayed

_FRAGMENT = re.compile(r"^a=ice-ufrag:(\S+)", re.MULTILINE)


def without_ways_in(network: BadNetwork | None, offer: str) -> str:
    """An offer whose candidates lead nowhere: the remote peer learns ours through the relay."""
    if network is None:
        return offer
    return moved(offer, network.address.host, network.address.sink)


async def through_relay(network: BadNetwork | None, answer: str, report: LineReport) -> str:
    """An answer whose UDP candidates are the relay's; others go. The network begins.

    Raises:
        NetworkFailed: the relay has ended.
    """
    if network is None:
        return answer
    report.note(network.began)
    address = network.address
    targets = candidates(answer)[: len(address.fronts)]
    for fragment in dict.fromkeys(_FRAGMENT.findall(answer)):
        for front, (host, port) in enumerate(targets):
            await network.route(fragment, front, host, port)
    await network.begin(report.note, report.fail)
    fronts = zip(targets, address.fronts, strict=False)
    return relayed(answer, {target: (address.host, port) for target, port in fronts})
