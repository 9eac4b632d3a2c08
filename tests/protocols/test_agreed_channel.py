"""A channel that both sides agree on beforehand, and its two numbers."""

from __future__ import annotations

from typing import Any

import pytest

from harness.call.events import CallEvent
from harness.protocols.agreed_channel import channel_notes


def event(kind: str, **data: Any) -> CallEvent:
    return CallEvent(0.0, "page", kind, data)


def made(number: int | None, label: str = "oai-events") -> CallEvent:
    return event("data_channel.created", label=label, negotiated=number is not None, id=number)


def asked(number: int) -> CallEvent:
    return event("page.channel_asked", channel_id=number)


GOT = event("data_channel.message", direction="received")
SENT = event("data_channel.message", direction="sent")


@pytest.mark.parametrize(
    "events",
    [
        [],
        [made(None)],
        [asked(4)],  # the channel is still to be made
        [made(4), asked(4), SENT, GOT],
        [made(4), GOT],
        [event("data_channel.created", label="oai-events", side="local")],  # of an older trace
    ],
)
def test_a_channel_that_works_or_is_announced_is_no_news(events: list[CallEvent]) -> None:
    assert channel_notes(events) == []


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([made(4), asked(7), SENT], "with the id 4, and asked for its call with ?dcid=7"),
        ([made(0)], "without ?dcid=0: the server does not know of it"),
        ([made(None), asked(7)], "no data channel with `negotiated: true, id: 7` (“oai-events”"),
        ([made(4), asked(4)], "nothing came on the data channel “oai-events”, agreed on"),
    ],
)
def test_one_that_stays_silent_says_why(events: list[CallEvent], expected: str) -> None:
    (note,) = channel_notes(events)
    assert expected in note
