"""A call without a peer connection: when it is up.

Its sound goes over a WebSocket, WebTransport or fetch, through the page's own scripts. Nothing says
that such a call is connected, so it is up once the page's scripts get what the microphone hears,
the page has a way to send it, and no peer connection has come for a while. A page that finds the
end of a sentence itself, and posts it then, has shown no way before somebody spoke: it is up when
it has done nothing but listen for longer, and complained of nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from harness.call.events import CallEvent
from harness.call.page_said import page_said
from harness.streams.event_stream import EventStream

NO_PEER_FOR_S = 1.5
"""A page may look at its microphone before it makes a peer connection."""

NO_WAY_FOR_S = 5.0
"""A page with a meter shows its level before it connects, and a slow one connects after seconds."""

WAYS = frozenset({"page.websocket", "page.web_transport"})


async def up_by_sound(events: EventStream[CallEvent]) -> None:
    """Wait until a call without a peer connection is up.

    For ever, where it has one, or where the stream has ended: whoever waits watches for that, too.
    """
    ways = (
        asyncio.ensure_future(_lasts(events, has_call_by_sound, NO_PEER_FOR_S)),
        asyncio.ensure_future(_lasts(events, only_listens, NO_WAY_FOR_S)),
    )
    try:
        done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in done:
            way.result()  # one that failed has found no call
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _lasts(
    events: EventStream[CallEvent], is_so: Callable[[Sequence[CallEvent]], bool], for_s: float
) -> None:
    """Wait until something has been so for a while; or is so again, where it was not then."""
    while not is_so(events.snapshot()):
        await events.wait_changed()
    await asyncio.sleep(for_s)
    while not is_so(events.snapshot()):
        await events.wait_changed()


def has_call_by_sound(events: Sequence[CallEvent]) -> bool:
    """Whether what the page did so far is a call without a peer connection."""
    readers = _readers(events)
    return bool(readers) and ("recorder" in readers or any(event.type in WAYS for event in events))


def only_listens(events: Sequence[CallEvent]) -> bool:
    """Whether the page's scripts get what the microphone hears, and nothing of it went wrong."""
    return bool(_readers(events)) and not page_said(events)


def _readers(events: Sequence[CallEvent]) -> set[str]:
    """What takes the microphone's sound, on a page without a peer connection."""
    if any(event.type == "peer_connection.created" for event in events):
        return set()
    return {event.data["by"] for event in events if event.type == "microphone.read"}
