"""The way of a microphone to the other side, where it comes up after the call.

Some clients hold two connections, one for what is heard and one for what is said, or add the
microphone to one that is up already; LiveKit's do both. What is said before that goes nowhere.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from harness.call.events import CallEvent
from harness.findings.sdp import read_description
from harness.streams.event_stream import EventStream

COMES_WITHIN_S = 3.0
"""A second negotiation takes some hundred milliseconds."""


async def until_sent(events: EventStream[CallEvent], within_s: float = COMES_WITHIN_S) -> None:
    """Wait until a connection takes what the page's microphone hears, but no longer than this.

    Returns at once where no connection of the page has anything to do with audio.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while is_unsent(events.snapshot()):
                await events.wait_changed()


def is_unsent(events: Sequence[CallEvent]) -> bool:
    """Whether the page's connections carry audio, and none that is up takes any of the page's."""
    up: set[str] = set()
    answers: dict[str, CallEvent] = {}
    for event in events:
        name = str(event.data.get("connection"))
        if event.type == "peer_connection.state" and event.data.get("kind") == "connection":
            (up.add if event.data.get("state") == "connected" else up.discard)(name)
        elif event.type == "peer_connection.answer":
            answers[name] = event
    has_audio = False
    for name, answer in answers.items():
        sections = read_description("answer", str(answer.data.get("sdp"))).of("audio")
        has_audio = has_audio or bool(sections)
        is_own = answer.data.get("side") == "local"
        if name in up and any(each.sends if is_own else each.receives for each in sections):
            return False
    return has_audio
