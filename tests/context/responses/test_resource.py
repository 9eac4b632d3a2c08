"""The response as the API shows it."""

from __future__ import annotations

from typing import Any

from harness.context.responses.request import read_request
from harness.context.responses.resource import new_resource, usage


def resource(**body: Any) -> dict[str, Any]:
    return new_resource("resp_1", read_request({"model": "m", "input": "Hi.", **body}), 5)


def test_the_official_models_take_it() -> None:
    from openai.types.responses import Response

    shown = resource()
    Response.model_validate(shown, strict=False)
    assert (shown["status"], shown["created_at"], shown["background"]) == ("in_progress", 5, False)
    assert shown["text"] == {"format": {"type": "text"}, "verbosity": "medium"}


def test_what_was_asked_for_is_shown_and_the_rest_filled_in() -> None:
    tool = {"type": "function", "name": "book", "parameters": {}}
    shown = resource(background=True, tools=[tool], text={"verbosity": "low"}, metadata={"a": "b"})
    assert (shown["status"], shown["metadata"]) == ("queued", {"a": "b"})
    assert shown["tools"] == [{**tool, "description": None, "strict": True}]
    assert shown["text"] == {"format": {"type": "text"}, "verbosity": "low"}
    assert "input" not in shown


def test_keys_of_tool_servers_are_not_shown() -> None:
    tool = {"type": "mcp", "server_label": "a", "authorization": "sk-1", "headers": {"x": "y"}}
    assert resource(tools=[tool])["tools"] == [{"type": "mcp", "server_label": "a"}]


def test_tokens_are_estimated_by_length() -> None:
    said = {"content": [{"text": "a" * 8}]}
    counted = usage("b" * 4, [said, {"output": "c" * 4}], [{"arguments": "d" * 4}])
    found = [counted[f"{kind}_tokens"] for kind in ("input", "output", "total")]
    assert found == [4, 1, 5]


def test_reasoning_counts_nothing_whatever_is_in_it() -> None:
    for content in ("abc", None, 7, [{"type": "reasoning_text", "text": "abc"}]):
        counted = usage("b" * 4, [{"type": "reasoning", "content": content}], [])
        assert counted["total_tokens"] == 1
