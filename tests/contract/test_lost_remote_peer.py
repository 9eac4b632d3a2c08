"""A remote peer that vanishes without a word: its process was killed, or its network is gone."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from harness.bench.callee import open_callee
from harness.browser.launch import Chromium
from harness.errors import PeerLost
from harness.peer.backends import ENGINE_NAMES, peer_factory
from harness.peer.interface import PeerFactory
from harness.peer.page_peer import page_factory
from harness.testing.peer_contract_tools import LABEL, Side, one_side

NOTICED_WITHIN_S = 45.0
FAILED_WITHIN_S = 60.0


@asynccontextmanager
async def lost_far_end(make_peer: PeerFactory) -> AsyncIterator[Side]:
    """A call whose remote peer has just been killed."""
    async with open_callee("wrtc") as far, one_side(make_peer) as near:
        near.peer.open_channel(LABEL)
        await near.peer.accept_answer(await far.answer(await near.peer.create_offer()))
        await near.listener.until(lambda: LABEL in near.listener.opened)
        assert far.pid is not None
        os.kill(far.pid, signal.SIGKILL)
        yield near


async def check_that_it_is_noticed(make_peer: PeerFactory) -> None:
    """Disconnected or failed within seconds, failed for good in the end, and told as an error."""
    async with lost_far_end(make_peer) as near:
        lost = {"disconnected", "failed", "closed"}
        await near.listener.until(
            lambda: not lost.isdisjoint(near.listener.states_of("connection")), NOTICED_WITHIN_S
        )
        await near.listener.until(lambda: bool(near.listener.errors), FAILED_WITHIN_S)
        assert isinstance(near.listener.errors[0], PeerLost)


async def test_every_engine_notices(shared_chromium: Chromium) -> None:
    """At the same time: each waits for up to half a minute by its engine's own rules."""
    factories = {name: peer_factory(name) for name in ENGINE_NAMES}
    factories["browser"] = page_factory(shared_chromium)
    noticed = await asyncio.gather(
        *map(check_that_it_is_noticed, factories.values()), return_exceptions=True
    )
    assert dict(zip(factories, noticed, strict=True)) == dict.fromkeys(factories)
