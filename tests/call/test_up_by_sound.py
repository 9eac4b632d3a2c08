"""A call without a peer connection is up when the page's scripts listen and can send."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harness.call import up_by_sound
from harness.call.events import CallEvent
from harness.streams.event_stream import EventStream

SOCKET = ("page.websocket", {"url": "ws://h/"})
TRANSPORT = ("page.web_transport", {"url": "https://h/"})
GRAPH = ("microphone.read", {"by": "audio_graph"})
RECORDER = ("microphone.read", {"by": "recorder"})
BROKEN = ("page.exception", {"message": "no server"})
PEER = ("peer_connection.created", {"connection": "connection-0"})


def events(*told: tuple[str, dict[str, Any]]) -> list[CallEvent]:
    return [CallEvent(0.0, "page", type_, data) for type_, data in told]


@pytest.mark.parametrize(
    ("told", "is_call"),
    [
        ([GRAPH, SOCKET], True),
        ([GRAPH, TRANSPORT], True),
        ([RECORDER], True),
        ([GRAPH], False),  # a meter may take samples, too
        ([SOCKET], False),
        ([GRAPH, SOCKET, PEER], False),
        ([], False),
    ],
)
def test_scripts_that_listen_and_a_way_to_send_are_a_call(
    told: list[tuple[str, dict[str, Any]]], is_call: bool
) -> None:
    assert up_by_sound.has_call_by_sound(events(*told)) is is_call


@pytest.mark.parametrize(
    ("told", "is_call"),
    [([GRAPH], True), ([GRAPH, BROKEN], False), ([GRAPH, PEER], False), ([SOCKET], False)],
)
async def test_a_page_that_does_nothing_but_listen_for_long_is_a_call(
    told: list[tuple[str, dict[str, Any]]], is_call: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may post what was said when the user has ended; one that complains is waited for."""
    monkeypatch.setattr(up_by_sound, "NO_WAY_FOR_S", 0.01)
    stream: EventStream[CallEvent] = EventStream("call", 10)
    for event in events(*told):
        stream.push(event)
    waiting = asyncio.ensure_future(up_by_sound.up_by_sound(stream))
    done, _ = await asyncio.wait([waiting], timeout=10 if is_call else 0.1)
    assert bool(done) is is_call
    waiting.cancel()


@pytest.mark.parametrize("comes_late", [True, False], ids=["a peer after all", "none"])
async def test_a_peer_connection_that_comes_late_is_waited_for(
    comes_late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(up_by_sound, "NO_PEER_FOR_S", 0.01)
    stream: EventStream[CallEvent] = EventStream("call", 10)
    waiting = asyncio.ensure_future(up_by_sound.up_by_sound(stream))
    await asyncio.sleep(0)
    for event in events(GRAPH, SOCKET, *([PEER] if comes_late else [])):
        stream.push(event)
    done, _ = await asyncio.wait([waiting], timeout=0.1 if comes_late else 10)
    assert bool(done) is not comes_late
    waiting.cancel()


async def test_what_cannot_be_judged_is_no_call() -> None:
    stream: EventStream[CallEvent] = EventStream("call", 10)
    stream.push(CallEvent(0.0, "page", "microphone.read", {}))
    with pytest.raises(KeyError):
        await up_by_sound.up_by_sound(stream)
