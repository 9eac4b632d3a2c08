"""The server's application in this process, on fakes, and a client for its calls."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from harness.peer.backends import peer_factory
from harness.peer.interface import NegotiatedChannels, PeerConnection
from harness.server.routes.app import create_app
from harness.server.routes.state import NewSession, ServerState
from tests.support.fake_session import FakeSession
from tests.support.fake_speech import fake_speech_workers
from tests.support.recording_listener import RecordingListener

API_KEY = "sk-test-1234567890"
WITH_KEY = {"Authorization": f"Bearer {API_KEY}"}
EVENTS = "oai-events"


@dataclass
class LocalServer:
    client: TestClient[Any, Any]
    state: ServerState
    sessions: list[FakeSession] = field(default_factory=list)
    made_from: list[NewSession] = field(default_factory=list)

    @property
    def session(self) -> FakeSession:
        return self.sessions[-1]


@asynccontextmanager
async def local_server(
    engine: str = "wrtc", *, has_real_sessions: bool = False, **options: Any
) -> AsyncIterator[LocalServer]:
    """A server on fake speech, with real WebRTC; its sessions are fakes unless asked otherwise."""
    state = ServerState(
        api_key=API_KEY,
        make_peer=peer_factory(engine),
        speech=fake_speech_workers(),
        **options,
    )
    async with TestClient(TestServer(create_app(state), host="127.0.0.1")) as client:
        server = LocalServer(client, state)

        def make_session(new: NewSession) -> FakeSession:
            server.made_from.append(new)
            server.sessions.append(FakeSession(new.settings))
            return server.sessions[-1]

        if not has_real_sessions:
            state.make_session = make_session
        yield server


@dataclass
class Caller:
    peer: PeerConnection
    listener: RecordingListener
    call_id: str
    label: str = EVENTS
    answer: str = ""
    """The server's SDP."""

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(data) for label, data in self.listener.messages if label == self.label]

    def send(self, **event: Any) -> None:
        self.peer.send(self.label, json.dumps(event))

    async def event(self, kind: str, within_s: float = 10.0) -> dict[str, Any]:
        """The first event of this type."""
        await self.listener.until(lambda: any(e["type"] == kind for e in self.events()), within_s)
        return next(event for event in self.events() if event["type"] == kind)


@asynccontextmanager
async def call_to(
    server: LocalServer,
    engine: str = "wrtc",
    *,
    with_channel: bool = True,
    label: str = EVENTS,
    headers: dict[str, str] | None = None,
    channel_id: int | None = None,
    path: str = "/v1/realtime/calls",
) -> AsyncIterator[Caller]:
    """A connected call, without a browser.

    Args:
        channel_id: of a channel that is agreed on, and not announced.
        path: where the offer goes.
    """
    listener = RecordingListener()
    peer = peer_factory(engine)(listener)
    try:
        if channel_id is not None:
            assert isinstance(peer, NegotiatedChannels)
            peer.open_negotiated_channel(label, channel_id)
        elif with_channel:
            peer.open_channel(label)
        offer = await peer.create_offer()
        headers = {**WITH_KEY, "Content-Type": "application/sdp", **(headers or {})}
        url = path + ("" if channel_id is None else f"?dcid={channel_id}")
        async with server.client.post(url, data=offer, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            call_id = answer.headers["Location"].rsplit("/", 1)[1]
            sdp = await answer.text()
            await peer.accept_answer(sdp)
        if with_channel:
            await listener.until(lambda: label in listener.opened)
        yield Caller(peer, listener, call_id, label, sdp)
    finally:
        await peer.aclose()
