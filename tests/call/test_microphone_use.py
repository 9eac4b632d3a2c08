"""A microphone that the page gave back."""

from __future__ import annotations

from typing import Any

import pytest

from harness.call.events import CallEvent
from harness.call.microphone_use import MicrophoneUse
from harness.streams.event_stream import EventStream

TOP = ("page.loaded", {"is_top": True})
REFUSED = ("user_media.refused", {"name": "NotAllowedError"})
FRAME = ("page.loaded", {"is_top": False})


def started(name: str) -> tuple[str, dict[str, Any]]:
    return "microphone.started", {"microphone": name}


def stopped(name: str) -> tuple[str, dict[str, Any]]:
    return "microphone.stopped", {"microphone": name}


@pytest.mark.parametrize(
    ("told", "is_given_back"),
    [
        ([], False),
        ([TOP], False),
        ([TOP, started("a")], False),
        ([TOP, started("a"), stopped("a")], True),
        ([TOP, started("a"), started("b"), stopped("a")], False),
        ([TOP, started("a"), stopped("a"), started("b")], False),
        ([TOP, started("a"), TOP], True),
        ([TOP, started("a"), FRAME], False),
        ([TOP, REFUSED], True),
        ([TOP, REFUSED, started("a")], False),
    ],
)
def test_it_is_given_back_when_the_last_one_has_stopped(
    told: list[tuple[str, dict[str, Any]]], is_given_back: bool
) -> None:
    events: EventStream[CallEvent] = EventStream("call events")
    use = MicrophoneUse(events)
    for kind, data in told:
        events.push(CallEvent(0.0, "page", kind, data))
    assert use.is_given_back is is_given_back
    assert use.is_given_back is is_given_back  # asking changes nothing
