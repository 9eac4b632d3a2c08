"""The protocol that a call speaks, where its first words have not come yet."""

from __future__ import annotations

from harness.call.events import CallEvent
from harness.call.protocol_channels import ProtocolChannels
from harness.call.recorder import OPENINGS
from harness.errors import ExpectationFailed, HarnessError
from harness.facts.call import ProtocolRecognised
from harness.protocols.interface import VoiceProtocol
from harness.streams.event_stream import EventStream
from harness.streams.waiting import expect

SPEAKS_WITHIN_S = 5.0
"""After a channel is there. A service says something at once, which crosses the network first."""


async def spoken_protocol(
    channels: ProtocolChannels, events: EventStream[CallEvent], within_s: float = SPEAKS_WITHIN_S
) -> VoiceProtocol:
    """What a call speaks; none, where nothing tells it within that time.

    A channel under a page's own label tells what it carries by its first message, a moment after
    the call is up: whoever does something by the protocol is not to be faster.

    Raises:
        HarnessError: the call broke meanwhile.
    """
    has_channels = any(event.type in OPENINGS for event in events.snapshot())
    if has_channels and not channels.is_known:
        try:
            await expect(
                events,
                lambda event: event.type == ProtocolRecognised.type,
                within_s,
                what="a voice protocol",
            )
        except ExpectationFailed as error:
            if isinstance(error.__cause__, HarnessError):
                raise error.__cause__ from None
    return channels.protocol
