"""The conversation as a chat endpoint takes it."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from harness.realtime.items import function_call, message
from harness.realtime.server.assistants.assistant import Prompt
from harness.server.assistants.chat_messages import MOST_MESSAGES, SilentAssistant, chat_request

LOOK = {"type": "function", "name": "look", "description": None, "parameters": {"type": "object"}}


def said(role: str, text: str) -> dict[str, Any]:
    kind = "output_text" if role == "assistant" else "input_text"
    return message("i", role, [{"type": kind, "text": text}], "completed")


def result(call_id: str, output: str) -> dict[str, Any]:
    return {"id": "o", "type": "function_call_output", "call_id": call_id, "output": output}


def messages_of(*items: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = chat_request(Prompt(items=items, **fields))["messages"]
    return messages


def test_everybodys_words_go_along() -> None:
    heard = message("i", "user", [{"type": "input_audio", "transcript": "hello"}], "completed")
    spoke = message("i", "assistant", [{"type": "output_audio", "transcript": "hi"}], "completed")
    assert messages_of(heard, spoke, said("system", "Hurry."), instructions="Be nice.") == [
        {"role": "system", "content": "Be nice."},
        {"role": "user", "content": "hello"},
        {"role": "assistant", "content": "hi"},
        {"role": "system", "content": "Hurry."},
    ]


def test_what_has_no_words_is_left_out() -> None:
    cut = message("i", "assistant", [{"type": "output_audio", "transcript": ""}], "incomplete")
    mute = message("i", "user", [{"type": "input_audio", "transcript": None}], "completed")
    assert [m["content"] for m in messages_of(said("user", "a"), cut, mute)] == ["a"]


def test_somebody_has_to_speak_first() -> None:
    assert [m["role"] for m in messages_of(instructions="Be nice.")] == ["system", "user"]


def test_a_picture_goes_along() -> None:
    parts = [
        {"type": "input_text", "text": "This?"},
        {"type": "input_image", "image_url": "data:x"},
    ]
    (sent,) = messages_of(message("i", "user", parts, "completed"))
    assert sent["content"][1] == {"type": "image_url", "image_url": {"url": "data:x"}}


def test_a_large_picture_pushes_no_words_out() -> None:
    picture = [{"type": "input_image", "image_url": "data:" + "x" * 100_000}]
    sent = messages_of(said("user", "a"), message("i", "user", picture, "completed"))
    assert len(sent) == 2


def test_each_call_has_its_result_behind_it() -> None:
    sent = messages_of(
        said("user", "look"),
        function_call("f1", "c1", "look", "{}", "completed"),
        function_call("f2", "c2", "move", '{"m": 1}', "completed"),
        said("user", "well?"),
        result("c2", "ok"),
        result("c9", "of nothing"),
    )
    assert [m["role"] for m in sent] == ["user", "assistant", "tool", "tool", "user"]
    assert [call["id"] for call in sent[1]["tool_calls"]] == ["c1", "c2"]
    assert (sent[2]["content"], sent[3]["content"]) == ("(no result yet)", "ok")


def test_the_latest_part_of_a_long_conversation_goes_along() -> None:
    many = [said("user", str(number)) for number in range(200)]
    sent = messages_of(*many, function_call("f", "c", "look", "{}", "completed"), result("c", "x"))
    assert len(sent) == MOST_MESSAGES
    assert [m["role"] for m in sent[-2:]] == ["assistant", "tool"]
    assert messages_of(said("user", "a"), said("user", "x" * 100_000))[0]["content"][0] == "x"


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        ("required", "required"),
        ({"type": "function", "name": "look"}, {"type": "function", "function": {"name": "look"}}),
        ({"type": "mcp", "server_label": "s"}, "auto"),
    ],
)
def test_tools_are_offered(choice: Any, sent: Any) -> None:
    request = chat_request(Prompt("hi", tools=(LOOK,), tool_choice=choice))
    function = {"name": "look", "parameters": {"type": "object"}}
    assert request["tools"] == [{"type": "function", "function": function}]
    assert request["tool_choice"] == sent


@pytest.mark.parametrize(
    ("pieces", "left"),
    [
        (["a <", "b"], "a <b"),
        (["a<th", "ink>b</th", "ink>c"], "ac"),
        (["<think>a</think><think>b</think>c"], "c"),
        (["a<think>b"], "a"),
        (["a<thi"], "a<thi"),
    ],
)
def test_thinking_aloud_is_taken_out(pieces: list[str], left: str) -> None:
    unthinking = SilentAssistant()
    assert "".join(map(unthinking.process, pieces)) + unthinking.finish() == left


def test_remote_calls_are_told_as_calls_of_functions() -> None:
    """Done, failed and refused; what is still to be decided is left out."""
    base = {"type": "mcp_call", "server_label": "desk", "name": "fetch", "arguments": "{}"}
    request = {**base, "id": "q", "type": "mcp_approval_request"}
    items = [
        {**base, "id": "a", "output": "fetched", "error": None},
        {**base, "id": "b", "output": None, "error": {"type": "http_error", "message": "gone"}},
        request,
        {"type": "mcp_approval_response", "id": "r", "approval_request_id": "q", "approve": False},
        {**request, "id": "open"},
    ]
    messages = chat_request(Prompt(items=tuple(cast("list[dict[str, Any]]", items))))["messages"]
    results = [message["content"] for message in messages if message["role"] == "tool"]
    assert results[0] == "fetched"
    assert json.loads(results[1]) == {"error": "gone"}
    assert "did not allow" in results[2]
    assert len(results) == 3
