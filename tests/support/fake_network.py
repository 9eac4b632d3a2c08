"""A network that only remembers what it was told, and a report that remembers what was noted."""

from __future__ import annotations

from typing import Any, cast

from harness.errors import HarnessError
from harness.facts.catalogue import AnyFact
from harness.facts.network import NetworkBegan
from harness.network.bad_network import BadNetwork, Fail, Note
from harness.network.relay_address import RelayAddress
from harness.network.wish import NetworkChange


class FakeNetwork:
    """As `BadNetwork`, with three fronts."""

    address = RelayAddress("127.0.0.1", (7001, 7002, 7003), 7099)
    began = NetworkBegan("3g", 0)

    def __init__(self, failure: HarnessError | None = None) -> None:
        self.told: list[Any] = []
        self.failure = failure

    @property
    def as_network(self) -> BadNetwork:
        return cast("BadNetwork", self)

    async def route(self, fragment: str, front: int, host: str, port: int) -> None:
        if self.failure is not None:
            raise self.failure
        self.told.append((fragment, front, host, port))

    async def begin(self, note: Note, fail: Fail) -> None:
        self.told.append("begin")

    async def change(self, change: NetworkChange) -> None:
        self.told.append(change)

    async def end(self) -> None:
        self.told.append("end")


class NotingReport:
    """A `LineReport`."""

    def __init__(self) -> None:
        self.noted: list[AnyFact] = []
        self.failures: list[HarnessError] = []

    def note(self, fact: AnyFact) -> None:
        self.noted.append(fact)

    def fail(self, error: HarnessError) -> None:
        self.failures.append(error)

    def hide(self, secret: str) -> None:
        raise AssertionError("a network has no secrets")
