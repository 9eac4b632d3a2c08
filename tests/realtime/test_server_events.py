from __future__ import annotations

from typing import Any, get_args

import pytest

from harness.errors import MalformedEvent
from harness.realtime.server_events import SERVER_EVENTS, check_server_event, is_known


def test_the_events_are_those_of_the_official_package() -> None:
    from openai.types.realtime import RealtimeServerEvent

    union = get_args(RealtimeServerEvent)[0]
    official: set[str] = set()
    for model in get_args(union):
        official.update(get_args(model.model_fields["type"].annotation))
    assert official <= set(SERVER_EVENTS)
    assert set(SERVER_EVENTS) - official <= {"conversation.item.created"}


def test_a_type_that_nobody_knows_is_fine() -> None:
    event = {"type": "session.improved", "item": 3}
    assert not is_known(event)
    check_server_event(event)


@pytest.mark.parametrize(
    ("event", "param"),
    [
        ({"type": "error"}, "error"),
        ({"type": "session.created", "session": None}, "session"),
        ({"type": "conversation.item.added", "item": {"type": "message"}}, "item"),
        ({"type": "conversation.item.added", "item": {"id": "", "type": "x"}}, "item"),
        ({"type": "conversation.item.deleted", "item_id": 3}, "item_id"),
        ({"type": "conversation.item.truncated", "item_id": "a"}, "audio_end_ms"),
        (
            {"type": "conversation.item.truncated", "item_id": "a", "audio_end_ms": -1},
            "audio_end_ms",
        ),
        ({"type": "response.created", "response": {}}, "response"),
        ({"type": "response.done", "response": {"id": "a"}}, "response"),
        ({"type": "output_audio_buffer.started"}, "response_id"),
        ({"type": "rate_limits.updated", "rate_limits": {}}, "rate_limits"),
    ],
)
def test_what_an_event_lacks_is_named(event: dict[str, Any], param: str) -> None:
    with pytest.raises(MalformedEvent) as caught:
        check_server_event(event)
    assert (caught.value.code, caught.value.param) == ("malformed_event", param)


@pytest.mark.parametrize(
    "item",
    [
        {"id": "a", "type": "message", "role": "user", "content": "words"},
        {"id": "a", "type": "message", "role": "user", "content": [1]},
        {"id": "a", "type": "message", "content": []},
        {"id": "a", "type": "function_call", "name": "x", "arguments": {}, "call_id": "c"},
        {"id": "a", "type": "function_call_output", "call_id": "c"},
    ],
)
def test_items_are_looked_into(item: dict[str, Any]) -> None:
    with pytest.raises(MalformedEvent):
        check_server_event({"type": "conversation.item.added", "item": item})
    output = {"id": "r", "status": "completed", "output": [item]}
    with pytest.raises(MalformedEvent):
        check_server_event({"type": "response.done", "response": output})


def test_an_item_of_a_new_type_needs_an_id_alone() -> None:
    event = {"type": "conversation.item.added", "item": {"id": "a", "type": "hologram"}}
    check_server_event(event)
