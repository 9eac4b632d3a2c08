"""A call by ear alone takes no message, and says why there are no events."""

from __future__ import annotations

import pytest

from harness.errors import UsageError
from harness.protocols.by_ear import ByEar
from harness.protocols.interface import Channel, Message

MESSAGE = Message(Channel("oai-events"), "received", '{"type": "session.created"}')


def test_no_message_is_anything() -> None:
    none = ByEar()
    assert not none.knows_channel(MESSAGE.channel)
    assert not none.knows(MESSAGE)
    assert none.read(MESSAGE) == []
    assert none.event_of(MESSAGE) is None
    assert none.tells == frozenset()


def test_what_needs_an_event_is_refused_with_the_way() -> None:
    with pytest.raises(UsageError, match="by ear alone") as refused:
        ByEar().end_turn()
    assert "module:name" in (refused.value.hint or "")
