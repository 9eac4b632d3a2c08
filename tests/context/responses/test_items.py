"""Items of a response, as they are kept and as the assistants see them."""

from __future__ import annotations

from typing import Any

import pytest

from harness.context.responses.items import conversation_items, kept_input
from harness.errors import ProtocolError
from harness.realtime.ids import Ids

CALL = {"type": "function_call", "call_id": "c", "name": "book", "arguments": "{}"}
RESULT = {"type": "function_call_output", "call_id": "c", "output": "done"}


def kept(*items: dict[str, Any], earlier: Any = ()) -> list[dict[str, Any]]:
    return kept_input(items, earlier, Ids(1))


def test_every_item_gets_an_id_a_type_and_parts() -> None:
    user, assistant = kept(
        {"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hello."}
    )
    assert user["id"].startswith("msg_")
    assert (user["type"], user["status"]) == ("message", "completed")
    assert user["content"] == [{"type": "input_text", "text": "Hi."}]
    assert assistant["content"][0]["type"] == "output_text"
    assert kept({"id": "mine", "role": "user", "content": "x"})[0]["id"] == "mine"


def test_a_reference_is_the_item_itself() -> None:
    first = kept({"id": "msg_a", "role": "user", "content": "Hi."})
    assert kept({"type": "item_reference", "id": "msg_a"}, earlier=first) == first
    with pytest.raises(ProtocolError, match="msg_b") as caught:
        kept({"type": "item_reference", "id": "msg_b"}, earlier=first)
    assert caught.value.param == "input[0].id"


def test_calls_and_outputs_belong_together() -> None:
    assert len(kept(CALL, RESULT)) == 2
    with pytest.raises(ProtocolError, match=r"No tool call found .* call_id c"):
        kept(RESULT)
    with pytest.raises(ProtocolError, match="No tool output found for function call c"):
        kept(CALL)
    assert kept(RESULT, earlier=[{"id": "f", **CALL}])[0]["call_id"] == "c"


def test_the_assistants_see_the_voice_sides_shapes() -> None:
    items = kept(
        {"role": "developer", "content": "Be brief."},
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "Look."},
                {"type": "input_image", "image_url": "data:,"},
                {"type": "input_file", "filename": "a.pdf"},
            ],
        },
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
        {"type": "reasoning", "id": "rs", "summary": []},
        CALL,
        {**RESULT, "output": [{"type": "input_text", "text": "done"}]},
    )
    system, user, assistant, call, result = conversation_items(items)
    assert system["role"] == "system"
    assert [part["type"] for part in user["content"]] == ["input_text", "input_image", "input_text"]
    assert "a.pdf" in user["content"][2]["text"]
    assert assistant["content"] == [{"type": "output_text", "text": "No."}]
    assert set(call) == {"id", "type", "call_id", "name", "arguments"}
    assert result["output"] == "done"
