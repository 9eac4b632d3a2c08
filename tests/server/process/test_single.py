"""A server in one process."""

from __future__ import annotations

import asyncio
import json
from functools import partial

import pytest

from harness.peer.backends import peer_factory
from harness.server.http.connection_guard import ConnectionGuard
from harness.server.process.single import CountTold, listening
from harness.server.routes.state import ServerState
from tests.support.fake_speech import fake_speech_workers
from tests.support.list_call import ListCall


def test_a_worker_says_how_many_calls_it_has(capsys: pytest.CaptureFixture[str]) -> None:
    """A line each time that changes; its front chooses by it."""
    count = 1
    told = CountTold(lambda: count)
    told.call_began(ListCall())
    count = 0
    told.call_ended(ListCall(), "hung up")
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == [{"calls": 1}, {"calls": 0}]


async def test_it_has_the_same_door_as_a_front(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more connections than so many, and none that keeps its headers to itself."""
    monkeypatch.setattr(
        "harness.server.process.single.ConnectionGuard",
        partial(ConnectionGuard, head_within_s=1.0),
    )
    state = ServerState(
        api_key="sk-test-1", make_peer=peer_factory("wrtc"), speech=fake_speech_workers()
    )
    async with listening(state, host="127.0.0.1", port=0, socket=None) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 408")
        writer.close()
