"""What a call speaks is waited for, where its channel is there and its first words are not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harness.call.events import CallEvent
from harness.call.protocol_channels import ProtocolChannels
from harness.call.spoken_protocol import spoken_protocol
from harness.errors import PageClosed
from harness.facts.call import ProtocolRecognised
from harness.line.envelope import Envelope
from harness.protocols.by_ear import ByEar
from harness.protocols.choice import adapters
from harness.protocols.realtime import RealtimeProtocol
from harness.streams.event_stream import EventStream
from harness.virtual_time import run_in_virtual_time

OPEN: CallEvent[Any] = CallEvent(0.1, "page", "data_channel.open", {"label": "mine"})
CREATED = {
    "connection": "c",
    "channel": "channel-0",
    "label": "mine",
    "direction": "received",
    "text": '{"type": "session.created", "session": {}}',
}


def events_with(*events: CallEvent[Any]) -> EventStream[CallEvent[Any]]:
    stream: EventStream[CallEvent[Any]] = EventStream("a call")
    for event in events:
        stream.push(event)
    return stream


def test_the_first_words_on_a_channel_of_any_name_are_waited_for() -> None:
    channels, events = ProtocolChannels(adapters("auto")), events_with(OPEN)

    async def main() -> None:
        waiting = asyncio.create_task(spoken_protocol(channels, events))
        await asyncio.sleep(1.0)
        assert not waiting.done()
        message = Envelope(
            v=1, frame_id="top", seq=0, page_ms=0.0, type="data_channel.message", data=CREATED
        )
        assert channels.take_message(message)
        events.push(CallEvent(1.1, "harness", ProtocolRecognised.type))
        assert isinstance(await waiting, RealtimeProtocol)

    run_in_virtual_time(main)


@pytest.mark.parametrize(
    ("protocol", "events", "spoken"),
    [
        ("realtime", [OPEN], RealtimeProtocol),
        ("none", [OPEN], ByEar),
        ("auto", [], ByEar),
    ],
)
def test_what_is_named_or_has_no_channel_is_not_waited_for(
    protocol: str, events: list[CallEvent[Any]], spoken: type
) -> None:
    async def main() -> None:
        began_s = asyncio.get_running_loop().time()
        found = await spoken_protocol(ProtocolChannels(adapters(protocol)), events_with(*events))
        assert isinstance(found, spoken)
        assert asyncio.get_running_loop().time() == began_s

    run_in_virtual_time(main)


def test_one_that_says_nothing_speaks_none() -> None:
    async def main() -> None:
        channels = ProtocolChannels(adapters("auto"))
        assert isinstance(await spoken_protocol(channels, events_with(OPEN)), ByEar)

    run_in_virtual_time(main)


def test_a_call_that_breaks_meanwhile_says_why() -> None:
    events = events_with(OPEN)
    events.end(PageClosed("The page was closed."))

    async def main() -> None:
        with pytest.raises(PageClosed):
            await spoken_protocol(ProtocolChannels(adapters("auto")), events)

    run_in_virtual_time(main)
