"""A peer connection as a line, on a peer that does as the test says."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest
from aiohttp import web

from harness.audio.clip import AudioClip
from harness.clock import MonotonicClock
from harness.engines.native.line import NativeLine, open_native_line
from harness.engines.servers import RemoteServer
from harness.errors import NegotiationFailed, PeerError, ServerRefused
from harness.facts.catalogue import AnyFact
from harness.peer.interface import PeerCapabilities, PeerListener, Pull, StatsSnapshot
from tests.support.small_server import serve

SECRETS, CALLS = ("POST", "/v1/realtime/client_secrets"), ("POST", "/v1/realtime/calls")


class FakePeer:
    """Opens its channel with the answer; the test pulls its microphone."""

    def __init__(self, listener: PeerListener) -> None:
        self.listener = listener
        self.sent: list[str] = []
        self.pull: Pull | None = None
        self.closed = 0

    @property
    def capabilities(self) -> PeerCapabilities:
        return PeerCapabilities("fake", 65_536, False, True)

    def open_channel(self, label: str) -> None:
        self.label = label

    async def create_offer(self) -> str:
        return "v=0\r\noffer"

    async def accept_answer(self, sdp: str) -> None:
        assert sdp == "v=0\r\nanswer"
        self.listener.state_changed("connection", "connected")
        self.listener.channel_opened(self.label)

    def attach_microphone(self, pull: Pull) -> None:
        self.pull = pull

    def send(self, label: str, data: str) -> None:
        if label != self.label:
            raise PeerError("no such channel")
        self.sent.append(data)

    async def stats(self) -> StatsSnapshot:
        return StatsSnapshot(report={"a": {"type": "inbound-rtp"}})

    async def aclose(self) -> None:
        self.closed += 1


class Report:
    def __init__(self) -> None:
        self.hidden: list[str] = []

    def note(self, fact: AnyFact) -> None: ...
    def fail(self, error: Exception) -> None: ...
    def hide(self, secret: str) -> None:
        self.hidden.append(secret)


def routes(status: int = 201) -> dict[tuple[str, str], Any]:
    async def mint(_: web.Request) -> web.Response:
        return web.json_response({"value": "ek_0123456789"})

    async def call(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer ek_0123456789"
        assert request.headers["Content-Type"] == "application/sdp"
        assert await request.text() == "v=0\r\noffer"
        return web.Response(status=status, text="v=0\r\nanswer" if status == 201 else "no")

    return {SECRETS: mint, CALLS: call}


class Joined:
    """A line, its peer, and what it reported."""

    def __init__(self) -> None:
        self.report = Report()
        self.peers: list[FakePeer] = []

    def make_peer(self, listener: PeerListener) -> Any:
        self.peers.append(FakePeer(listener))
        return self.peers[-1]

    def open(self, url: str) -> Any:
        server = RemoteServer(url, "sk-test-0123456789")
        return open_native_line(self.make_peer, server, {}, MonotonicClock())

    @property
    def peer(self) -> FakePeer:
        return self.peers[-1]


def kinds(line: NativeLine) -> list[str]:
    return [e.type for e in line.envelopes.snapshot()]


async def test_it_calls_with_an_ephemeral_secret_and_tells_what_happens() -> None:
    joined = Joined()
    async with serve(routes()) as url, joined.open(url) as line:
        await line.connect(5, joined.report)
        assert joined.report.hidden == ["ek_0123456789"]
        await line.send_text("oai-events", "{}")
        joined.peer.listener.channel_message("oai-events", '{"type": "x"}')
        assert joined.peer.sent == ["{}"]
        await line.hang_up()
    assert kinds(line) == [
        "peer_connection.created",
        "data_channel.created",
        "peer_connection.offer",
        "peer_connection.answer",
        "peer_connection.state",
        "data_channel.open",
        "data_channel.message",
        "data_channel.message",
        "data_channel.closed",
        "peer_connection.closed",
    ]
    assert joined.peer.closed == 1
    assert line.envelopes.ended


async def test_its_microphone_is_its_time_line() -> None:
    joined = Joined()
    async with serve(routes()) as url, joined.open(url) as line:
        await line.connect(5, joined.report)
        with pytest.raises(NegotiationFailed, match="did not begin"):
            await line.microphone.ready(within_s=0.01)
        assert joined.peer.pull is not None
        joined.peer.pull(960)
        await line.microphone.ready(within_s=10)
        played = await line.microphone.play(AudioClip(np.full(960, 0.5, np.float32), 48_000))
        assert joined.peer.pull(960).max() == 0.5
        for _ in range(8):
            joined.peer.pull(960)
        sent = line.sent.snapshot()
        assert sent[0].end_s == pytest.approx(sent[1].start_s)
        assert played.start_s == pytest.approx(sent[0].start_s + 0.02)


async def test_heard_audio_is_put_on_the_same_time_line() -> None:
    joined = Joined()
    async with serve(routes()) as url, joined.open(url) as line:
        await line.connect(5, joined.report)
        listener = joined.peer.listener
        listener.remote_audio(np.ones(480, np.float32))  # too early: there is no timeline yet
        assert joined.peer.pull is not None
        joined.peer.pull(960)
        for _ in range(20):
            listener.remote_audio(np.ones(480, np.float32))
        heard = line.heard.snapshot()
        assert len(heard) == 2
        assert heard[1].start_s == pytest.approx(heard[0].end_s)


async def test_statistics_are_told() -> None:
    joined = Joined()
    async with serve(routes()) as url, joined.open(url) as line:
        await line.connect(5, joined.report)
        async with asyncio.timeout(5):
            async for envelope in line.envelopes.reader():
                if envelope.type == "stats":
                    assert envelope.data["report"] == {"a": {"type": "inbound-rtp"}}
                    break


async def test_a_refused_call_is_named() -> None:
    joined = Joined()
    async with serve(routes(status=429)) as url, joined.open(url) as line:
        with pytest.raises(ServerRefused, match="429"):
            await line.connect(5, joined.report)
    assert joined.peer.closed == 1


async def test_an_answer_that_does_not_come_is_not_waited_for_long() -> None:
    async def never(_: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    joined = Joined()
    async with serve({**routes(), CALLS: never}) as url, joined.open(url) as line:
        with pytest.raises(NegotiationFailed, match="did not come up"):
            await line.connect(0.3, joined.report)


async def test_a_connection_that_fails_says_so() -> None:
    joined = Joined()
    async with serve(routes()) as url, joined.open(url) as line:
        await line.connect(5, joined.report)
        joined.peer.listener.failed(PeerError("gone"))
        last = line.envelopes.snapshot()[-1]
        assert (last.type, last.data["state"]) == ("peer_connection.state", "failed")
