"""A running call under fire: packets, messages and frames that nobody planned for."""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
from collections.abc import AsyncIterator

import pytest

from harness.peer.sdp import candidates
from tests.support.fuzzing import EXAMPLES
from tests.support.local_server import (
    WITH_KEY,
    Caller,
    LocalServer,
    call_to,
    local_server,
)
from tests.support.sockets import socket_to

QUARTER_MB = 256 * 1024
UPDATE = {"type": "session.update", "session": {"type": "realtime"}}
STARTS = (
    b"\x80\x6f",
    b"\x90\xc8",
    b"\x00\x01\x00\x08",
    b"\x16\xfe\xfd",
    b"\x17\xfe\xfd",
    b"\x2f",
    b"",
)
"""RTP, RTCP, STUN, DTLS, DTLS data, DTLS 1.3, nothing."""


@pytest.fixture(params=["wrtc", "aiortc"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[LocalServer]:
    async with local_server(request.param, has_real_sessions=True) as started:
        yield started


async def still_there(caller: Caller) -> None:
    """The session answers."""
    before = len(caller.events())
    caller.send(**UPDATE)
    await caller.listener.until(
        lambda: any(event["type"] == "session.updated" for event in caller.events()[before:])
    )


async def test_packets_from_anybody_harm_no_call(server: LocalServer) -> None:
    async with call_to(server) as caller:
        call = server.state.calls.running[0]
        await caller.event("session.created")
        chance = random.Random(7)
        targets = [one for one in candidates(caller.answer) if ":" not in one[0]]
        assert targets
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for _ in range(EXAMPLES * 10):
                packet = chance.choice(STARTS) + chance.randbytes(chance.randrange(0, 1400))
                sender.sendto(packet, chance.choice(targets))
        await still_there(caller)
        heard = len(caller.listener.audio)
        await caller.listener.until(lambda: len(caller.listener.audio) > heard + 20)
        assert call.ended_because is None


@pytest.mark.parametrize("is_text", [True, False], ids=["text", "binary"])
async def test_a_message_of_256_kb_is_answered(server: LocalServer, is_text: bool) -> None:
    async with call_to(server) as caller:
        await caller.event("session.created")
        long = "x" * (QUARTER_MB - 100)
        caller.peer.send("oai-events", long if is_text else long.encode())
        error = await caller.event("error")
        assert len(json.dumps(error)) < 2_000
        await still_there(caller)


async def test_a_socket_takes_long_messages_and_refuses_binary_ones() -> None:
    async with local_server(has_real_sessions=True) as server, socket_to(server) as client:
        await client.event("session.created")
        for length in (QUARTER_MB, 2**20, 2**23):
            await client.socket.send_str("x" * length)
            assert len(json.dumps(await client.event("error"))) < 2_000
        await client.socket.send_bytes(os.urandom(QUARTER_MB))
        await client.event("error")
        await client.send(**UPDATE)
        await client.event("session.updated")


async def test_junk_frames_end_their_socket_and_no_other() -> None:
    async with local_server(has_real_sessions=True) as server, socket_to(server) as client:
        await client.event("session.created")
        chance = random.Random(3)
        for _ in range(max(5, EXAMPLES // 6)):
            await _junk(server, chance.randbytes(chance.randrange(1, 300)))
        await client.send(**UPDATE)
        await client.event("session.updated")
        async with asyncio.timeout(20):
            while len(server.state.calls.running) > 1:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.02)


async def _junk(server: LocalServer, junk: bytes) -> None:
    """A handshake, then bytes that are no frames; the server closes or says nothing."""
    url = server.client.make_url("/v1/realtime?model=gpt-realtime")
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = [
        "GET /v1/realtime?model=gpt-realtime HTTP/1.1",
        f"Host: {url.host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Authorization: {WITH_KEY['Authorization']}",
    ]
    writer.write("\r\n".join([*head, "", ""]).encode() + junk)
    assert b"101" in await asyncio.wait_for(reader.readline(), 10)
    writer.close()
