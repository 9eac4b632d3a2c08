"""The contract of WebRTC engines: the suite that an adapter runs to be one of them.

It is shipped with the package, so that an adapter kept elsewhere runs it as ours do. Its tests
need pytest and pytest-asyncio, and nothing else of the harness's own tests:

    class TestMyPeer(PeerContract):
        @pytest.fixture
        def make_peer(self) -> PeerFactory:
            return MyPeer

Each test of two ends runs three times: the adapter with itself, and calling and called by the
`reference` engine. An adapter that can only talk with itself overrides the fixture `ends`.
"""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from harness.errors import NegotiationFailed, PeerError
from harness.peer.backends import peer_factory
from harness.peer.interface import PeerFactory, Samples
from harness.peer.sdp import media_kinds
from harness.testing.peer_contract_pairs import LONG_TEXT, PairContract
from harness.testing.peer_contract_tools import (
    LABEL,
    Ends,
    Footprint,
    Side,
    Tone,
    connected,
    hear,
    one_side,
)

NONSENSE = ("", "nonsense", "v=0\r\n", "v=0\r\nm=audio 9 UDP/TLS x\r\n")

VANISHED_WITHIN_S = 30.0
"""How long an engine may take to notice a remote peer that left without a word that arrived."""


class PeerContract(PairContract):
    """The rules of `harness.peer.interface` as tests. Subclass it and give it a factory."""

    pytestmark = pytest.mark.asyncio
    spare_handles = 0
    """File handles that an engine keeps for later calls (a thread pool's, say)."""

    # What a subclass says

    @pytest.fixture
    def make_peer(self) -> PeerFactory:
        """The adapter under test. Override it."""
        raise NotImplementedError("override the fixture make_peer: it returns your factory")

    @pytest.fixture
    def reference(self) -> PeerFactory:
        """The engine that the adapter calls and is called by."""
        return peer_factory("wrtc")

    @pytest.fixture(params=["itself", "calling", "called"])
    def ends(
        self, request: pytest.FixtureRequest, make_peer: PeerFactory, reference: PeerFactory
    ) -> Ends:
        """Who calls whom."""
        return {
            "itself": Ends(make_peer, make_peer),
            "calling": Ends(make_peer, reference),
            "called": Ends(reference, make_peer),
        }[str(request.param)]

    # Negotiation

    async def test_descriptions_are_complete(self, make_peer: PeerFactory) -> None:
        """Candidates inside, loopback among them, one audio section with a stream id."""
        async with one_side(make_peer) as caller, one_side(make_peer) as callee:
            caller.peer.open_channel(LABEL)
            offer = await caller.peer.create_offer()
            answer = await callee.peer.accept_offer(offer)
        for sdp in (offer, answer):
            assert media_kinds(sdp) == ["audio", "application"]
            assert " 127.0.0.1 " in sdp
            assert "a=msid:" in sdp
            assert "a=sendrecv" in sdp
            assert "opus/48000/2" in sdp

    @pytest.mark.parametrize("sdp", NONSENSE)
    async def test_nonsense_is_refused(self, make_peer: PeerFactory, sdp: str) -> None:
        """Text that is no description is an error of ours, never the engine's own."""
        async with one_side(make_peer) as side:
            with pytest.raises(NegotiationFailed):
                await side.peer.accept_offer(sdp)
            with pytest.raises(NegotiationFailed):
                await side.peer.accept_answer(sdp)
            with pytest.raises(NegotiationFailed):
                await side.peer.add_candidate("nonsense", "0")

    async def test_an_answer_needs_an_offer(self, make_peer: PeerFactory) -> None:
        """A good answer in the wrong state is refused too."""
        async with one_side(make_peer) as caller, one_side(make_peer) as callee:
            answer = await callee.peer.accept_offer(await caller.peer.create_offer())
            async with one_side(make_peer) as stranger:
                with pytest.raises(NegotiationFailed):
                    await stranger.peer.accept_answer(answer)

    # Errors and the end

    async def test_it_says_what_it_can(self, make_peer: PeerFactory) -> None:
        """A name, and messages at least as long as the protocol needs."""
        async with one_side(make_peer) as side:
            assert side.peer.connection_state == "new"
            assert side.peer.capabilities.engine
            assert side.peer.capabilities.max_message_bytes >= 60_000

    async def test_sending_needs_an_open_channel(self, make_peer: PeerFactory) -> None:
        """Unknown channel, too large a message and a closed connection are all PeerError."""
        async with connected(Ends(make_peer, make_peer)) as (caller, _callee):
            with pytest.raises(PeerError):
                caller.peer.send("no such channel", "text")
            with pytest.raises(PeerError):
                caller.peer.send(LABEL, "x" * 20_000_000)
            assert caller.peer.buffered_bytes("no such channel") == 0
            await caller.peer.aclose()
            with pytest.raises(PeerError):
                caller.peer.send(LABEL, "text")
            with pytest.raises(PeerError):
                await caller.peer.stats()

    async def test_a_microphone_that_raises_is_told(self, make_peer: PeerFactory) -> None:
        """The listener hears why the sending stopped."""

        def broken(frames: int) -> Samples:
            raise ValueError(f"no more samples, not even {frames}")

        async with connected(Ends(make_peer, make_peer)) as (caller, _callee):
            caller.peer.attach_microphone(broken)
            await caller.listener.until(lambda: bool(caller.listener.errors))
            assert "no more samples" in str(caller.listener.errors[0])

    async def test_stats_count_packets(self, make_peer: PeerFactory) -> None:
        """Packets of both directions are counted once audio flows."""
        async with connected(Ends(make_peer, make_peer)) as (caller, callee):
            await hear(callee, 0.5)
            await hear(caller, 0.5)
            stats = await caller.peer.stats()
            assert (stats.packets_sent or 0) > 10
            assert (stats.packets_received or 0) > 10
            assert stats.report

    async def test_closing_leaves_nothing_behind(self, make_peer: PeerFactory) -> None:
        """No task, thread or file handle survives call after call, and closing again is nothing."""
        await _short_call(make_peer)  # what an engine makes once and keeps
        before = Footprint()
        for _ in range(3):
            caller = await _short_call(make_peer)
            await caller.peer.aclose()
            assert caller.peer.connection_state == "closed"
        await before.check_nothing_left(self.spare_handles)

    async def test_nothing_is_told_after_the_end(self, make_peer: PeerFactory) -> None:
        """Whatever the remote peer still sends."""
        async with connected(Ends(make_peer, make_peer)) as (caller, callee):
            caller.peer.attach_microphone(Tone(440.0))
            await hear(callee, 0.2)
            caller.peer.send(LABEL, LONG_TEXT)
            await callee.peer.aclose()
            told = callee.listener.told
            # A farewell lost among the data leaves it to ICE to notice, which takes its time.
            await caller.listener.until(
                lambda: LABEL in caller.listener.closed or bool(caller.listener.errors),
                within_s=VANISHED_WITHIN_S,
            )
            assert callee.listener.told == told

    async def test_closing_while_negotiating(self, make_peer: PeerFactory) -> None:
        """A side that never got its answer closes quietly; so does one that is just being asked."""
        async with one_side(make_peer) as side:
            side.peer.open_channel(LABEL)
            await side.peer.create_offer()
            await side.peer.aclose()
            assert not side.listener.errors
        async with one_side(make_peer) as side:
            asking = asyncio.create_task(side.peer.create_offer())
            await asyncio.sleep(0)
            await side.peer.aclose()
            with contextlib.suppress(PeerError):
                await asking
            assert not side.listener.errors

    async def test_a_cancelled_negotiation_can_be_closed(self, make_peer: PeerFactory) -> None:
        """Cancelling is not swallowed, and what was begun ends with the connection."""
        await _short_call(make_peer)
        before = Footprint()
        async with one_side(make_peer) as caller:
            offer = await caller.peer.create_offer()
            async with one_side(make_peer) as callee:
                asking = asyncio.create_task(callee.peer.accept_offer(offer))
                await asyncio.sleep(0)
                asking.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await asking
            assert callee.peer.connection_state == "closed"
        await before.check_nothing_left(self.spare_handles)

    async def test_a_closed_connection_is_not_used_again(self, make_peer: PeerFactory) -> None:
        """A new call needs a new connection."""
        async with one_side(make_peer) as side:
            await side.peer.aclose()
            with pytest.raises(PeerError):
                await side.peer.create_offer()


async def _short_call(make_peer: PeerFactory) -> Side:
    async with connected(Ends(make_peer, make_peer)) as (caller, callee):
        caller.peer.attach_microphone(Tone(440.0))
        await hear(callee, 0.1)
    return caller
