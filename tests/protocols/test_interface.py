"""The smallest adapter there can be, and messages of any protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.facts.dialogue import DialogueFact
from harness.protocols.interface import Channel, Message, VoiceProtocol, parse_message


class Smallest(VoiceProtocol):
    name: ClassVar[str] = "Smallest"
    labels: ClassVar[Sequence[str]] = ("small",)

    def knows(self, message: Message) -> bool:
        return message.text == "small"

    def read(self, message: Message) -> Sequence[DialogueFact]:
        return []


def test_its_channel_is_known_by_its_label_and_a_web_socket_of_that_name_is_not() -> None:
    adapter = Smallest()
    assert adapter.knows_channel(Channel("small"))
    assert not adapter.knows_channel(Channel("large"))
    assert not adapter.knows_channel(Channel("small", "web_socket"))


def test_what_it_does_not_have_is_refused_by_its_name() -> None:
    adapter = Smallest()
    assert not adapter.asks_for_answer({"type": "response.create"})
    with pytest.raises(UsageError, match="Smallest"):
        adapter.end_turn()
    with pytest.raises(UsageError, match="a tool's result"):
        adapter.tool_result("call", "done")


def test_messages_have_the_type_that_their_protocol_gives_them() -> None:
    channel = Channel("small")
    assert parse_message('{"type": "a.b", "x": 1}') == ("a.b", {"type": "a.b", "x": 1})
    assert parse_message("[1]")[0] == "message.untyped"
    assert parse_message("{")[0] == "message.unreadable"
    assert Smallest().event_of(Message(channel, "sent", "[1]"))
    assert Smallest().event_of(Message(channel, "sent", None, b"x")) is None


def test_nesting_without_end_is_kept_as_unreadable() -> None:
    assert parse_message("[" * 100_000)[0] == "message.unreadable"


@given(st.text())
def test_any_text_is_some_event(text: str) -> None:
    kind, content = parse_message(text)
    assert kind
    assert isinstance(content, dict)
