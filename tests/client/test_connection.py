"""One link at a time: connecting, losing, replacing, closing, in any order somebody may try."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from harness.client.connection import Connection
from harness.client.reconnect import NEVER, ReconnectPolicy
from harness.client.signalling import Negotiation, ThroughHost
from harness.errors import (
    AlreadyConnected,
    ClosedWhileConnecting,
    ConnectInProgress,
    HarnessError,
    NegotiationFailed,
    NotConnected,
    PeerLost,
    ReconnectFailed,
    ServerRefused,
    ServerUnreachable,
)
from harness.peer.interface import Samples, StateKind
from tests.support.fake_peer import FakePeers, silence
from tests.support.waiting import until

AT_ONCE = ReconnectPolicy(most_attempts=3, first_delay_s=0, disconnected_grace_s=0.02)


class Owner:
    """Ready with the first message; refuses to negotiate as often as it is told."""

    def __init__(self) -> None:
        self.peers = FakePeers()
        self.told: list[str] = []
        self.refusals: list[Exception] = []
        self.ended: list[HarnessError] = []
        self.is_ready_by_itself = True
        self.hold: asyncio.Event | None = None
        self.connection: Connection

    async def negotiation(self, is_again: bool) -> Negotiation:
        self.told.append("again" if is_again else "first")
        if self.hold is not None:
            await self.hold.wait()
        if self.refusals:
            raise self.refusals.pop(0)
        return ThroughHost(self.peers.signalling)

    def link_opened(self) -> None:
        self.told.append("opened")

    def link_lost(self, error: HarnessError) -> None:
        self.told.append("lost")

    def attempt_failed(self, error: HarnessError) -> None:
        self.told.append("failed")

    async def gave_up(self, error: HarnessError) -> None:
        self.ended.append(error)

    def peer_state(self, kind: StateKind, state: str) -> None: ...

    def channel_state(self, label: str, state: str) -> None: ...

    def received(self, data: str | bytes) -> None:
        if self.is_ready_by_itself:
            self.connection.ready()

    def on_samples(self, samples: Samples) -> None:
        self.told.append("heard")


def make(policy: ReconnectPolicy = AT_ONCE, within_s: float = 5.0) -> Owner:
    owner = Owner()
    owner.connection = Connection(owner, owner.peers, silence, policy, within_s, seed=1)
    return owner


def is_open(owner: Owner) -> Callable[[], bool]:
    return lambda: owner.connection.state == "open"


async def test_connect_returns_when_the_owner_is_ready() -> None:
    owner = make()
    owner.is_ready_by_itself = False
    connecting = asyncio.create_task(owner.connection.connect())
    await until(lambda: "opened" in owner.told)
    assert not connecting.done()
    owner.connection.ready()
    await connecting
    assert owner.connection.state == "open"
    assert owner.connection.link.is_open
    await owner.connection.close()
    assert owner.peers.last.closed


async def test_a_second_connect_is_refused_by_name() -> None:
    owner = make()
    first = asyncio.create_task(owner.connection.connect())
    await asyncio.sleep(0)
    with pytest.raises(ConnectInProgress):
        await owner.connection.connect()
    await first
    with pytest.raises(AlreadyConnected):
        await owner.connection.connect()
    assert len(owner.peers.made) == 1
    await owner.connection.close()


@pytest.mark.parametrize("stage", ["negotiating", "opening", "starting"])
async def test_closing_during_connect_ends_it_by_name(stage: str) -> None:
    owner = make()
    owner.hold = asyncio.Event() if stage == "negotiating" else None
    owner.peers.opens_by_itself = stage != "opening"
    owner.is_ready_by_itself = False
    connecting = asyncio.create_task(owner.connection.connect())
    await until(
        lambda: (
            {"negotiating": "first", "opening": "first", "starting": "opened"}[stage] in owner.told
        )
    )
    await owner.connection.close()
    with pytest.raises(ClosedWhileConnecting):
        await connecting
    assert owner.connection.state == "idle"
    assert all(peer.closed for peer in owner.peers.made)


async def test_a_cancelled_connect_leaves_nothing() -> None:
    owner = make()
    owner.peers.opens_by_itself = False
    connecting = asyncio.create_task(owner.connection.connect())
    await until(lambda: owner.peers.made != [])
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    assert owner.connection.state == "idle"
    assert owner.peers.last.closed


async def test_a_failed_connect_says_why_and_may_be_repeated() -> None:
    owner = make()
    owner.refusals = [ServerRefused("no", status=401)]
    with pytest.raises(ServerRefused):
        await owner.connection.connect()
    await owner.connection.connect()
    await owner.connection.close()


@pytest.mark.parametrize("opens", [True, False])
async def test_what_does_not_come_in_time_is_named(opens: bool) -> None:
    owner = make(within_s=0.05)
    owner.peers.opens_by_itself = opens
    owner.peers.greets = False
    with pytest.raises(NegotiationFailed):
        await owner.connection.connect()
    assert owner.peers.last.closed


async def test_a_loss_before_the_session_began_fails_the_connect() -> None:
    owner = make()
    owner.is_ready_by_itself = False
    connecting = asyncio.create_task(owner.connection.connect())
    await until(lambda: "opened" in owner.told)
    owner.peers.last.far_goes()
    with pytest.raises(PeerLost):
        await connecting


async def test_a_lost_link_is_replaced_after_failed_attempts() -> None:
    owner = make()
    await owner.connection.connect()
    owner.refusals = [ServerUnreachable("away"), ServerRefused("busy", status=503)]
    owner.peers.last.far_goes()
    assert owner.connection.state == "reconnecting"
    with pytest.raises(NotConnected):
        _ = owner.connection.link
    with pytest.raises(ConnectInProgress):
        await owner.connection.connect()
    await until(is_open(owner))
    tried = ["again", "failed", "again", "failed", "again", "opened"]
    assert owner.told == ["first", "opened", "lost", *tried]
    assert [peer.closed for peer in owner.peers.made] == [True, False]
    await owner.connection.close()


async def test_it_gives_up_after_the_last_attempt() -> None:
    owner = make()
    await owner.connection.connect()
    owner.refusals = [ServerUnreachable("away")] * 3
    owner.peers.last.far_goes()
    await until(lambda: owner.ended != [])
    assert isinstance(owner.ended[0], ReconnectFailed)
    assert isinstance(owner.ended[0].__cause__, ServerUnreachable)
    assert owner.connection.state == "idle"


async def test_what_will_be_refused_again_is_not_tried_again() -> None:
    owner = make()
    await owner.connection.connect()
    owner.refusals = [ServerRefused("bad key", status=401)]
    owner.peers.last.far_goes()
    await until(lambda: owner.ended != [])
    assert owner.told.count("again") == 1


async def test_a_mistake_while_reconnecting_is_an_error_too() -> None:
    owner = make()
    await owner.connection.connect()
    owner.refusals = [ZeroDivisionError("ours")]
    owner.peers.last.far_goes()
    await until(lambda: owner.ended != [])
    assert "ZeroDivisionError" in str(owner.ended[0].__cause__)


async def test_without_a_policy_the_loss_itself_is_the_end() -> None:
    owner = make(NEVER)
    await owner.connection.connect()
    owner.peers.last.far_goes()
    await until(lambda: owner.ended != [])
    assert type(owner.ended[0]) is PeerLost


async def test_closing_while_reconnecting_ends_that() -> None:
    owner = make(ReconnectPolicy(first_delay_s=60))
    await owner.connection.connect()
    owner.peers.last.far_goes()
    await owner.connection.close()
    assert owner.connection.state == "idle"
    assert owner.ended == []


async def test_a_short_disconnection_is_no_loss_and_a_long_one_is() -> None:
    owner = make()
    await owner.connection.connect()
    owner.peers.last.far_state("disconnected")
    owner.peers.last.far_state("connected")
    await asyncio.sleep(0.05)  # real time passes: the grace is what is tested
    assert owner.connection.state == "open"
    owner.peers.last.far_state("disconnected")
    await until(lambda: owner.told.count("opened") == 2)
    await owner.connection.close()


async def test_an_old_link_is_heard_no_more() -> None:
    owner = make()
    await owner.connection.connect()
    old = owner.peers.last
    old.far_goes()
    await until(lambda: owner.told.count("opened") == 2)
    old.far_goes()
    old.far_sounds(silence())
    assert "heard" not in owner.told
    assert owner.told.count("lost") == 1
    await owner.connection.close()
