"""A client that vanishes, at whatever point: its call is gone soon, with everything it had.

Where the network itself falls silent: `tests/server/faults/test_sources.py`, `ice_fails`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from harness.clock import MonotonicClock
from harness.peer.backends import peer_factory
from harness.realtime.server.assistants.script import Script
from harness.server.calls import webrtc_call as call_module
from harness.server.calls.webrtc_call import Call
from harness.server.routes.calls import CALLS_PATH
from harness.server.routes.state import Limits
from tests.support.fake_peer import FakePeer, FakePeers
from tests.support.fake_session import FakeSession
from tests.support.fake_speech import fake_speech_workers
from tests.support.local_server import WITH_KEY, LocalServer, call_to, local_server
from tests.support.recording_listener import RecordingListener
from tests.support.sockets import SocketClient, socket_to
from tests.support.waiting import until

SDP = {**WITH_KEY, "Content-Type": "application/sdp"}
WITH_DATA = "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"


class AnsweringPeer(FakePeer):
    """The called end: its client is whoever moves its states."""

    async def accept_offer(self, sdp: str) -> str:
        return "v=0 answer"


@asynccontextmanager
async def call_without_network(connect_within_s: float = 30.0) -> AsyncIterator[AnsweringPeer]:
    """The remote peer of a call that is answered and runs; it has to be over after the block."""
    made: list[AnsweringPeer] = []
    speech, clock = fake_speech_workers(), MonotonicClock()

    def make_peer(listener: Any) -> Any:
        made.append(AnsweringPeer(listener, FakePeers()))
        made[0].open_channel("oai-events")
        return made[0]

    call = Call("rtc_1", FakeSession(), make_peer, speech, clock, connect_within_s=connect_within_s)
    await call.answer(WITH_DATA)
    running = asyncio.create_task(call.run())
    yield made[0]
    await asyncio.wait_for(running, 10)
    assert made[0].closed


def cut(client: SocketClient) -> None:
    """No goodbye of the protocol's: the process or the machine is gone."""
    transport = client.socket._writer.transport
    assert transport is not None
    transport.abort()


async def nothing_is_left(server: LocalServer) -> None:
    """No call, and its detector is the next one's."""
    await until(lambda: not server.state.calls.running)
    await until(lambda: len(server.state.speech._idle_detectors) == 1)


async def test_before_its_offer_was_answered() -> None:
    """Nobody is there to take the answer."""
    may_answer = asyncio.Event()

    class SlowPeer(AnsweringPeer):
        async def accept_offer(self, sdp: str) -> str:
            await may_answer.wait()
            return await super().accept_offer(sdp)

    async with local_server() as server:
        server.state.make_peer = lambda listener: SlowPeer(listener, FakePeers())
        post = asyncio.create_task(server.client.post(CALLS_PATH, data=WITH_DATA, headers=SDP))
        await until(lambda: bool(server.sessions))
        post.cancel()
        connections = server.client.server.handler
        await until(lambda: not connections.connections)
        may_answer.set()
        await nothing_is_left(server)


async def test_between_connection_and_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_module, "DISCONNECTED_GRACE_S", 0.05)
    async with call_without_network() as far:
        far.far_state("connected")
        far.far_state("disconnected")


async def test_connected_and_never_a_channel() -> None:
    """Its packets come, and nobody opens what was offered."""
    async with call_without_network(connect_within_s=0.05) as far:
        far.far_state("connected")


async def test_by_the_engine_s_own_word() -> None:
    """The connection failed before the engine called it silent."""
    async with call_without_network() as far:
        far.far_open()
        far.far_goes()


@pytest.mark.parametrize("is_websocket", [True, False])
async def test_in_the_middle_of_an_answer(is_websocket: bool) -> None:
    """What was still to be said is not made any more."""
    text = "one two three " * 400
    async with local_server(has_real_sessions=True) as server:
        server.state.assistants.follow(Script.model_validate({"rules": [{"say": text}]}))
        create = json.dumps({"type": "response.create"})
        if is_websocket:
            async with socket_to(server) as client:
                await client.socket.send_str(create)
                await client.event("response.output_audio.delta")
                cut(client)
                await nothing_is_left(server)
        else:
            async with call_to(server) as caller:
                caller.peer.send(caller.label, create)
                await caller.event("output_audio_buffer.started")
                call = server.state.calls.running[0]
                await caller.peer.aclose()
                await nothing_is_left(server)
                assert not call._jobs._running


async def test_in_the_middle_of_a_message() -> None:
    """Half a WebSocket frame, then nothing."""
    async with local_server() as server, socket_to(server) as client:
        await client.event("session.created")
        writer = client.socket._writer.transport
        assert writer is not None
        writer.write(b"\x81\xfe\x10\x00half")
        await asyncio.sleep(0.05)
        cut(client)
        await nothing_is_left(server)


async def test_a_sideband_that_vanishes_leaves_its_place() -> None:
    """It answers no ping; the call goes on."""
    async with local_server(limits=Limits(ping_s=0.2)) as server, call_to(server) as caller:
        call = server.state.calls.running[0]
        before = list(call.watchers)
        async with socket_to(server, f"?call_id={caller.call_id}", autoping=False):
            await until(lambda: call.sidebands == 1)
            await until(lambda: call.sidebands == 0)
        assert call.watchers == before
        caller.send(still="there")
        await caller.event("echo")


async def test_a_sideband_alone_keeps_no_call() -> None:
    """Its client never connects; the sideband is told the end."""
    async with local_server(limits=Limits(connect_s=2)) as server:
        peer = peer_factory("wrtc")(RecordingListener())
        peer.open_channel("oai-events")
        offer = await peer.create_offer()
        async with server.client.post(CALLS_PATH, data=offer, headers=SDP) as answer:
            call_id = answer.headers["Location"].rsplit("/", 1)[1]
        async with socket_to(server, f"?call_id={call_id}") as sideband:
            assert (await sideband.closed())[0] == 1000
        await nothing_is_left(server)
        await peer.aclose()
