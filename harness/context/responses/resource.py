"""The response as the API shows it, from the request and what was answered so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from harness.context.responses.request import ResponseRequest
from harness.realtime.items import Item
from harness.realtime.server.tokens import text_tokens
from harness.realtime.server.validation.mcp_values import without_secrets

Status = Literal["queued", "in_progress", "completed", "failed", "cancelled", "incomplete"]
ENDED = ("completed", "failed", "cancelled", "incomplete")

DEFAULTS: Mapping[str, Any] = {
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "prompt_cache_key": None,
    "reasoning": {"effort": None, "summary": None},
    "safety_identifier": None,
    "service_tier": "default",
    "store": True,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}, "verbosity": "medium"},
    "tool_choice": "auto",
    "tools": [],
    "top_logprobs": 0,
    "top_p": 1.0,
    "truncation": "disabled",
    "user": None,
    "metadata": {},
}
"""What a response says where its request says nothing."""


def new_resource(response_id: str, request: ResponseRequest, created_at: int) -> dict[str, Any]:
    """A response of which nothing is answered yet.

    Args:
        created_at: Unix seconds.
    """
    wanted = without_secrets(dict(request.settings))
    settings = {key: wanted.get(key, default) for key, default in DEFAULTS.items()}
    settings["text"] = {**DEFAULTS["text"], **settings["text"]}
    settings["reasoning"] = {**DEFAULTS["reasoning"], **settings["reasoning"]}
    settings["tools"] = [_tool(tool) for tool in settings["tools"]]
    if settings["service_tier"] == "auto":
        settings["service_tier"] = "default"
    return {
        "id": response_id,
        "object": "response",
        "created_at": created_at,
        "status": "queued" if request.is_background else "in_progress",
        "background": request.is_background,
        "completed_at": None,
        "error": None,
        "incomplete_details": None,
        "model": request.settings["model"],
        "output": [],
        "usage": None,
        **settings,
    }


def _tool(tool: dict[str, Any]) -> dict[str, Any]:
    if tool["type"] != "function":
        return tool
    return {"description": None, "parameters": None, "strict": True, **tool}


def usage(instructions: str, items: list[Item], output: list[Item]) -> dict[str, Any]:
    """An estimate of the tokens, by lengths: the same every time."""
    taken = text_tokens(instructions + "".join(map(_written, items)))
    given = text_tokens("".join(map(_written, output)))
    return {
        "input_tokens": taken,
        "input_tokens_details": {"cache_write_tokens": 0, "cached_tokens": 0},
        "output_tokens": given,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": taken + given,
    }


def _written(item: Item) -> str:
    if item.get("type") == "reasoning":
        return ""  # no model reads it here, and nothing says what is in it
    content = item.get("content") or []
    words = "".join(str(part.get("text") or "") for part in content)
    output = item.get("output") or ""
    return words + str(item.get("arguments") or "") + (output if isinstance(output, str) else "")
