"""What carries a session, without any transport."""

from __future__ import annotations

import json

import pytest

from harness.clock import MonotonicClock
from harness.realtime.faults.call import CallFaults
from harness.realtime.faults.parse import read_faults
from harness.realtime.wire import Event
from harness.server.calls.call_runner import MOST_BUFFERED_BYTES, MOST_EARLY_MESSAGES, OUR_MISTAKE
from harness.server.faults.injector import FaultInjector
from tests.support.list_call import ListCall
from tests.support.waiting import until


async def test_a_call_opens_once() -> None:
    """Its session's first event is the first thing sent."""
    call = ListCall()
    call.open()
    call.open()
    call.receive_text('{"hello": 1}')
    assert call.kinds() == ["session.created", "echo"]


async def test_messages_before_the_session_wait_for_it() -> None:
    """Whoever controls a call beside its client may be there first; there is a bound."""
    call = ListCall()
    for number in range(MOST_EARLY_MESSAGES + 5):
        assert call.receive_text(json.dumps({"number": number})) == (number < MOST_EARLY_MESSAGES)
    assert call.sent == []
    call.open()
    assert call.kinds() == ["session.created"] + ["echo"] * MOST_EARLY_MESSAGES


def spoilt(*faults: str) -> ListCall:
    call = ListCall()
    machine = CallFaults(read_faults(list(faults)), lambda _: None)
    call.injector = FaultInjector(call, machine, lambda _: None, MonotonicClock())
    return call


async def test_watchers_see_every_event_as_the_session_meant_it() -> None:
    """Whatever happens to it on its way to the client."""
    call = spoilt("event_missing")
    seen: list[Event] = []
    call.watchers.append(seen.append)
    call.open()
    assert [event["type"] for event in seen] == ["session.created"]
    assert call.sent == []


async def test_faults_stand_between_session_and_wire() -> None:
    """An event may come twice, or as something that is none."""
    call = spoilt("event_malformed; how=not_json; skip=1", "event_doubled; times=1")
    call.open()
    call.receive_text('{"hello": 1}')
    assert call.texts[0] == call.texts[1]
    assert "Bad Gateway" in call.texts[2]


async def test_a_channel_that_is_closed_by_a_fault_ends_the_call() -> None:
    """Where the transport has nothing else."""
    call = spoilt("channel_closes; on=session.created; after_s=0")
    call.open()
    assert call.ended_because == "the server closed the channel"


async def test_it_ends_after_the_last_words() -> None:
    """Everything before the end is sent, nothing after it; then the transport is freed."""
    call = ListCall()
    call.open()
    call.receive_text('{"do": "close"}')
    call.receive_text('{"too": "late"}')
    assert await call.run() == "asked to"
    assert call.kinds() == ["session.created", "last words"]
    assert call.is_freed


async def test_a_client_that_reads_nothing_is_taken_for_dead() -> None:
    """Rather than keeping its events for ever."""
    call = ListCall()
    call.waiting_bytes = MOST_BUFFERED_BYTES + 1
    call.open()
    assert call.ended_because == "the client does not read its events"


async def test_a_mistake_of_ours_ends_the_call_loudly(caplog: pytest.LogCaptureFixture) -> None:
    """Rather than leaving it half alive."""
    call = ListCall()
    call.open()
    call.receive_text('{"do": "break"}')
    assert await call.run() == OUR_MISTAKE
    assert "a mistake in the session" in caplog.text


async def test_the_session_is_woken_when_it_asked_to_be() -> None:
    """By its own clock."""
    call = ListCall()
    call.open()
    call.receive_text('{"do": "wake"}')
    await until(lambda: "woken" in call.kinds())
    call.end("enough")
    await call.run()
