"""The network of a call while it runs: another one at any moment, and its counts at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from harness.errors import UsageError
from harness.line.interface import Line
from harness.network.bad_network import BadNetwork
from harness.network.wish import NetworkChange, read_change


def network_of(line: Line) -> BadNetwork | None:
    """What the packets of a line pass; None where nothing stands between it and its peer."""
    found: BadNetwork | None = getattr(line, "network", None)
    return found


async def change_network(line: Line, change: str | Mapping[str, Any] | NetworkChange) -> None:
    """Another network from here on.

    Raises:
        UsageError: no such network, or the line was opened without one.
        NetworkFailed: its relay has ended.
    """
    wanted, network = read_change(change), network_of(line)
    if network is None:
        raise UsageError(
            "The network of this call cannot be changed.",
            expected="a call that was opened with a network",
            found="one whose packets go straight to the remote peer",
            hint='open it with CallOptions(network="transparent")',
        )
    await network.change(wanted)


@asynccontextmanager
async def counted_network(line: Line) -> AsyncIterator[None]:
    """The relay's last counts are told at the end of the block, where there is one."""
    try:
        yield
    finally:
        network = network_of(line)
        if network is not None:
            await network.end()
