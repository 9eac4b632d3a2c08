"""Requests for a response: what is read, and what is refused with the service's words."""

from __future__ import annotations

from typing import Any

import pytest

from harness.context.responses.request import read_request
from harness.errors import ProtocolError

TOOL = {"type": "function", "name": "book", "parameters": {}}
CALL = {"type": "function_call", "call_id": "c", "name": "book", "arguments": "{}"}


def refusal(**body: Any) -> tuple[str | None, str | None]:
    with pytest.raises(ProtocolError) as caught:
        read_request({"model": "m", "input": "Hi.", **body})
    return caught.value.code, caught.value.param


def test_a_text_is_the_users_message() -> None:
    request = read_request({"model": "m", "input": "Hi.", "instructions": None})
    assert request.input == ({"role": "user", "content": "Hi."},)
    assert (request.is_background, request.is_streamed, request.is_stored) == (False, False, True)
    assert (request.instructions, request.functions, request.is_padded) == ("", (), True)


def test_all_that_a_client_sends_of_an_earlier_answer_is_taken() -> None:
    """Output items come back as input with all their keys, also those that are null."""
    text = {"type": "output_text", "text": "Hi.", "annotations": [], "logprobs": []}
    message = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed"}
    items = [
        {"role": "user", "content": [{"type": "input_text", "text": "Hello."}]},
        {**message, "phase": None, "content": [text]},
        {**CALL, "id": "fc_1", "status": "completed"},
        {
            "type": "function_call_output",
            "call_id": "c",
            "output": [{"type": "input_text", "text": "a"}],
        },
        {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"},
        {"type": "item_reference", "id": "msg_0"},
    ]
    assert read_request({"model": "m", "input": items}).input == tuple(items)


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ("auto", ["book", "ask"]),
        ("none", []),
        ({"type": "function", "name": "ask"}, ["ask"]),
        ({"type": "allowed_tools", "mode": "auto", "tools": [{"name": "book"}]}, ["book"]),
    ],
)
def test_the_choice_says_which_functions_may_be_called(choice: Any, names: list[str]) -> None:
    tools = [TOOL, {"type": "web_search"}, {**TOOL, "name": "ask"}]
    request = read_request({"model": "m", "input": "Hi.", "tools": tools, "tool_choice": choice})
    assert [tool["name"] for tool in request.functions] == names


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"model": None}, "missing_required_parameter", "model"),
        ({"input": None}, "missing_required_parameter", "input"),
        ({"input": 7}, "invalid_type", "input"),
        ({"input": [7]}, "invalid_type", "input[0]"),
        ({"input": [{"type": "noise"}]}, "invalid_value", "input[0].type"),
        ({"input": [{"role": "user"}]}, "missing_required_parameter", "input[0].content"),
        ({"input": [{"role": "pope", "content": ""}]}, "invalid_value", "input[0].role"),
        (
            {"input": [{"role": "user", "content": [{"type": "output_text", "text": ""}]}]},
            "invalid_value",
            "input[0].content[0].type",
        ),
        ({"colour": 1}, "unknown_parameter", "colour"),
        ({"tools": [{"type": "function"}]}, "missing_required_parameter", "tools[0].name"),
        ({"tools": [{"type": "gun"}]}, "invalid_value", "tools[0].type"),
        ({"tool_choice": "required"}, "invalid_value", "tool_choice"),
        ({"tool_choice": {"type": "function", "name": "x"}}, "invalid_value", "tool_choice"),
        ({"max_output_tokens": 15}, "integer_below_min_value", "max_output_tokens"),
        ({"temperature": 2.5}, "decimal_above_max_value", "temperature"),
        ({"background": True, "store": False}, "invalid_value", "store"),
        ({"conversation": "conv_1"}, "unsupported_parameter", "conversation"),
        ({"prompt": {"id": "p"}}, "unsupported_parameter", "prompt"),
        ({"metadata": {"a": 1}}, "invalid_type", "metadata.a"),
        (
            {"text": {"format": {"type": "json_schema"}}},
            "missing_required_parameter",
            "text.format.name",
        ),
    ],
)
def test_what_is_wrong_is_named(body: dict[str, Any], code: str, param: str) -> None:
    assert refusal(**body) == (code, param)


def test_an_earlier_response_needs_no_input() -> None:
    assert read_request({"model": "m", "previous_response_id": "resp_1"}).previous_id == "resp_1"
