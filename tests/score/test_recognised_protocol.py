"""The protocol of a call in words, as its trace tells."""

from __future__ import annotations

from typing import Any

import pytest

from harness.score.recognised_protocol import protocol_in_words
from harness.trace import TraceEvent


def recognised(protocol: str, over: str, label: str) -> TraceEvent:
    data = {"protocol": protocol, "over": over, "label": label}
    return TraceEvent(1, 0.5, "harness", "call.protocol", data)


@pytest.mark.parametrize(
    ("header", "events", "words"),
    [
        (
            {"protocol": "auto"},
            [recognised("Realtime", "data_channel", "oai-events")],
            "Realtime, over the data channel “oai-events”",
        ),
        (
            {"protocol": "rtvi"},
            [recognised("RTVI", "web_socket", "ws://bot/")],
            "RTVI, over the WebSocket “ws://bot/”, as named",
        ),
        ({"protocol": "auto"}, [], "none recognised: the call is known by ear alone"),
        ({"protocol": "none"}, [], "none, as named: the call is known by ear alone"),
        ({"protocol": "mine:Toy"}, [], "mine:Toy, as named; no message of it came"),
        ({}, [], None),
    ],
)
def test_it_is_said_what_was_recognised_and_over_what(
    header: dict[str, Any], events: list[TraceEvent], words: str | None
) -> None:
    assert protocol_in_words(header, events) == words
