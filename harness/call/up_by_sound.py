"""A call without a peer connection: when it is up.

Its sound goes over a WebSocket, WebTransport or fetch, through the page's own scripts. Nothing says
that such a call is connected, so it is up once the page's scripts get what the microphone hears,
the page has a way to send it or plays sound itself, and no peer connection has come for a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from harness.call.events import CallEvent
from harness.streams.event_stream import EventStream

NO_PEER_FOR_S = 1.5
"""A page may look at its microphone before it makes a peer connection."""

WAYS = frozenset({"page.websocket", "page.web_transport"})


async def up_by_sound(events: EventStream[CallEvent]) -> None:
    """Wait until a call without a peer connection is up.

    For ever, where it has one, or where the stream has ended: whoever waits watches for that, too.
    """
    while not has_call_by_sound(events.snapshot()):
        await events.wait_changed()
    await asyncio.sleep(NO_PEER_FOR_S)
    while not has_call_by_sound(events.snapshot()):
        await events.wait_changed()


def has_call_by_sound(events: Sequence[CallEvent]) -> bool:
    """Whether what the page did so far is a call without a peer connection."""
    types = {event.type for event in events}
    if "peer_connection.created" in types:
        return False
    readers = {event.data["by"] for event in events if event.type == "microphone.read"}
    return bool(readers) and ("recorder" in readers or bool(WAYS & types))
