"""Every adapter of ours runs the suite that an adapter from outside runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from harness.browser.launch import Chromium
from harness.peer.backends import peer_factory
from harness.peer.interface import PeerFactory
from harness.peer.page_peer import page_factory
from harness.testing.peer_contract import PeerContract
from harness.testing.peer_contract_tools import Ends
from harness.testing.simulated_peer import SimulatedNetwork


class TestWrtc(PeerContract):
    """libwebrtc; its remote peer is the other native engine."""

    @pytest.fixture
    def make_peer(self) -> PeerFactory:
        return peer_factory("wrtc")

    @pytest.fixture
    def reference(self) -> PeerFactory:
        return peer_factory("aiortc")


class TestAiortc(PeerContract):
    """WebRTC written in Python."""

    @pytest.fixture
    def make_peer(self) -> PeerFactory:
        return peer_factory("aiortc")


class TestSimulated(PeerContract):
    """In memory, its time moved on as fast as the machine can; it talks only with its own kind."""

    @pytest_asyncio.fixture
    async def make_peer(self) -> AsyncIterator[PeerFactory]:  # type: ignore[override]
        network = SimulatedNetwork()
        running = asyncio.create_task(network.run())
        yield network.make_peer
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    @pytest.fixture
    def ends(self, make_peer: PeerFactory) -> Ends:
        return Ends(make_peer, make_peer)


class TestPage(PeerContract):
    """A page in Chromium, driven by Python."""

    @pytest.fixture
    def make_peer(self, shared_chromium: Chromium) -> PeerFactory:
        return page_factory(shared_chromium)
