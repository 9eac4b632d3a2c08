"""What carries a session, without any transport."""

from __future__ import annotations

import json

import pytest

from harness.realtime.wire import Event
from harness.server.shell import MOST_BUFFERED_BYTES, MOST_EARLY_MESSAGES, OUR_MISTAKE
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
        call.receive_text(json.dumps({"number": number}))
    assert call.sent == []
    call.open()
    assert call.kinds() == ["session.created"] + ["echo"] * MOST_EARLY_MESSAGES


async def test_watchers_see_every_event_as_the_session_meant_it() -> None:
    """Whatever happens to it on its way to the client."""
    call = ListCall()
    seen: list[Event] = []
    call.watchers.append(seen.append)
    call.outlet = lambda event: None
    call.open()
    assert [event["type"] for event in seen] == ["session.created"]
    assert call.sent == []


async def test_the_outlet_stands_between_session_and_wire() -> None:
    """It may send an event twice, late, or something that is none."""
    call = ListCall()
    kept: list[Event] = []
    call.outlet = kept.append
    call.open()
    for event in kept * 2:
        call.send_event(event)
    call.send_text("no event", "garbage")
    assert call.texts[0] == call.texts[1]
    assert call.texts[2] == "no event"


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
