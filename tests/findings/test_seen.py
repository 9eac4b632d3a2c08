"""Messages as rules see them."""

from __future__ import annotations

import pytest

from harness.facts.connection import DataChannelMessage
from harness.findings.seen import LONGEST_MESSAGE, message_of
from tests.support.healthy_call import CHANNEL


@pytest.mark.parametrize(
    "text",
    [None, "hello", "[1]", "{", '{"type": 5}', "{}", '{"a":' * 50_000, "x" * (LONGEST_MESSAGE + 1)],
)
def test_what_is_no_event_is_none(text: str | None) -> None:
    assert message_of(DataChannelMessage(*CHANNEL, "sent", text, 0)) is None


def test_parts_of_an_event_are_there_or_empty() -> None:
    text = '{"type": "a", "b": {"c": "d"}, "e": 5}'
    message = message_of(DataChannelMessage(*CHANNEL, "received", text, 0))
    assert message is not None
    assert (message.type, message.carrier, message.label) == ("a", "connection-0", "oai-events")
    assert message.text("b", "c") == "d"
    assert message.text("e") == message.text("b", "x", "y") == ""
    assert message.part("e") == {}
