from __future__ import annotations

from typing import Any

import pytest

from harness.errors import ProtocolError
from harness.realtime.server.validation.client_events import check_client_event

USER_TEXT = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]}


def user_image(url: str) -> dict[str, Any]:
    content = [{"type": "input_image", "image_url": url}]
    return {"type": "message", "role": "user", "content": content}


@pytest.mark.parametrize(
    "event",
    [
        {"type": "session.update", "session": {"type": "realtime"}},
        {"type": "response.create"},
        {"type": "response.create", "response": {"metadata": {"topic": "x"}, "input": [USER_TEXT]}},
        {"type": "conversation.item.create", "item": USER_TEXT, "previous_item_id": None},
        {"type": "conversation.item.create", "item": user_image("data:image/png;base64,iVBORw==")},
        {"type": "response.create", "response": {"prompt": {"id": "pmpt_1", "version": "2"}}},
        {"type": "response.cancel", "response_id": "resp_1", "event_id": "e"},
    ],
)
def test_legal_events_pass(event: dict[str, Any]) -> None:
    check_client_event(event)


@pytest.mark.parametrize(
    ("event", "code", "param"),
    [
        ({"type": "session.close"}, "invalid_value", "type"),
        ({"type": "session.update"}, "missing_required_parameter", "session"),
        ({"type": "response.cancel", "event_id": "x" * 513}, "string_above_max_length", "event_id"),
        (
            {"type": "response.create", "response": {"modalities": ["text"]}},
            "unknown_parameter",
            "response.modalities",
        ),
        (
            {"type": "response.create", "response": {"audio": {"voice": "ash"}}},
            "unknown_parameter",
            "response.audio.voice",
        ),
        (
            {"type": "response.create", "response": {"conversation": "mine"}},
            "invalid_value",
            "response.conversation",
        ),
        *[
            (
                {"type": "conversation.item.create", "item": user_image(url)},
                "invalid_value",
                "item.content[0].image_url",
            )
            for url in ("https://127.0.0.1/a.png", "data:image/gif;base64,AAAA",
                        "data:image/png;base64,", "data:image/png;base64,!", "data:image/png,AAAA")
        ],
        (
            {"type": "conversation.item.create", "item": {"role": "user"}},
            "missing_required_parameter",
            "item.type",
        ),
        (
            {"type": "conversation.item.create", "item": {"type": "message", "content": []}},
            "missing_required_parameter",
            "item.role",
        ),
        (
            {
                "type": "conversation.item.create",
                "item": {
                    "type": "message",
                    "role": "assistant",
                    "content": [{"type": "text", "text": "x"}],
                },
            },
            "invalid_value",
            "item.content[0].type",
        ),
        (
            {"type": "conversation.item.create", "item": {"type": "mcp_approval_response"}},
            "missing_required_parameter",
            "item.approval_request_id",
        ),
        (
            {"type": "conversation.item.truncate", "item_id": "a", "content_index": 0,
             "audio_end_ms": -1},
            "integer_below_min_value",
            "audio_end_ms",
        ),
    ],
)  # fmt: skip
def test_illegal_events_are_refused(event: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        check_client_event(event)
    assert (caught.value.code, caught.value.param) == (code, param)
