"""One Live call: what its session says last, and what goes past its channel."""

from __future__ import annotations

from typing import Any

import pytest

from harness.clock import MonotonicClock
from harness.live.session import LiveSession
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.echo import Echo
from harness.realtime.wire import Event
from harness.server.calls.call_runner import OUR_MISTAKE
from harness.server.calls.live_call import HUNG_UP, LiveCall
from tests.support.fake_peer import FakePeers
from tests.support.fake_speech import fake_speech_workers
from tests.support.live_driver import MODEL
from tests.support.scripted_detector import ScriptedDetector


def call_of(**settings: Any) -> tuple[LiveCall, list[Event]]:
    session = LiveSession(
        {**MODEL, **settings},
        session_id="live_1",
        assistant=Echo(),
        detector=ScriptedDetector(),
        ids=Ids(1),
        unix_time_s=0.0,
    )
    peers = FakePeers()
    call = LiveCall("live_1", session, peers, fake_speech_workers(), MonotonicClock())
    peers.last.connection_state = "connected"
    seen: list[Event] = []
    call.watchers.append(seen.append)
    return call, seen


@pytest.mark.parametrize(
    ("because", "reason"),
    [
        (HUNG_UP, "close_requested"),
        ("the client closed its data channel", "remote_hangup"),
        ("the client is gone", "connection_lost"),
        (OUR_MISTAKE, "connection_lost"),
    ],
)
async def test_whoever_ends_it_the_session_says_so_once(because: str, reason: str) -> None:
    call, seen = call_of()
    call.open()
    call.end(because)
    call.end("again")
    assert [event["type"] for event in seen] == ["session.started", "session.closed"]
    assert seen[-1]["reason"] == reason
    assert call.ended_because == because


async def test_one_that_was_never_connected_says_nothing() -> None:
    call, seen = call_of()
    call.end("no connection within 15 s")
    assert seen == []


async def test_a_second_controller_is_too_early_before_the_session_has_started() -> None:
    call, _ = call_of()
    assert not call.receive_beside('{"type": "session.close"}')
    call.open()
    assert call.receive_beside('{"type": "session.input_audio.mute"}')


async def test_an_error_that_the_session_never_saw_has_the_protocol_s_shape() -> None:
    call, seen = call_of()
    call.open()
    call.report("event_not_sent", "Too large.", "server_error")
    assert seen[-1]["error"] == {
        "type": "server_error",
        "code": "harness_event_not_sent",
        "message": "Too large.",
    }
