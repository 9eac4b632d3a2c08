from __future__ import annotations

from typing import get_args

from harness.realtime.client import events
from harness.realtime.client.conversation_events import ConversationEvent


def test_all_events_are_found_in_one_module() -> None:
    for known in get_args(ConversationEvent):
        assert getattr(events, known.__name__) is known
        assert known.__name__ in events.__all__
        assert events.EVENTS[known.type] is known
