"""The network of a call while it runs."""

from __future__ import annotations

from typing import cast

import pytest

from harness.call.bad_network import change_network, counted_network, network_of
from harness.errors import UsageError
from harness.line.interface import Line
from harness.network.wish import read_change
from tests.support.fake_network import FakeNetwork


class LineWith:
    def __init__(self, network: FakeNetwork | None = None) -> None:
        self.network = network

    @property
    def as_line(self) -> Line:
        return cast("Line", self)


async def test_a_change_reaches_the_network_of_the_line() -> None:
    network = FakeNetwork()
    await change_network(LineWith(network).as_line, {"loss": "10%"})
    await change_network(LineWith(network).as_line, "good-wifi")
    assert network.told == [read_change({"loss": "10%"}), read_change("good-wifi")]


async def test_a_call_without_a_network_says_how_to_have_one() -> None:
    line = LineWith().as_line
    assert network_of(line) is None
    with pytest.raises(UsageError, match="CallOptions\\(network="):
        await change_network(line, "good-wifi")
    async with counted_network(line):
        pass


async def test_the_last_counts_are_told_whatever_happens_in_the_call() -> None:
    network = FakeNetwork()
    with pytest.raises(ZeroDivisionError):
        async with counted_network(LineWith(network).as_line):
            raise ZeroDivisionError
    assert network.told == ["end"]
