"""Requests for a response: their shape, and what is read from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.errors import ProtocolError
from harness.realtime import vocabulary as v

LEAST_OUTPUT_TOKENS = 16
MOST_INPUT_CHARS = 10_485_760
MOST_ID_CHARS = 512

HOSTED_TOOLS = (
    *("web_search", "web_search_preview", "file_search", "code_interpreter", "computer"),
    *("computer_use_preview", "image_generation", "local_shell", "shell", "apply_patch", "mcp"),
    *("custom", "tool_search"),
)
"""Taken and given back; no assistant here uses them."""

_ID = v.Text(MOST_ID_CHARS, may_be_empty=False)
_STATUS = v.Choice(("in_progress", "completed", "incomplete"))
_OBJECT = v.Record({}, is_open=True)

INPUT_PARTS = v.OneOf(
    "type",
    {
        "input_text": v.Record(
            {
                "type": v.Text(),
                "text": v.Text(MOST_INPUT_CHARS),
                "prompt_cache_breakpoint": _OBJECT,
            },
            required=("text",),
        ),
        "input_image": v.Record(
            {
                "type": v.Text(),
                "image_url": v.Text(),
                "file_id": v.Text(),
                "detail": v.Choice(("low", "high", "auto", "original")),
                "prompt_cache_breakpoint": _OBJECT,
            }
        ),
        "input_file": v.Record(
            {
                "type": v.Text(),
                "file_data": v.Text(),
                "file_id": v.Text(),
                "file_url": v.Text(),
                "filename": v.Text(),
                "detail": v.Text(),
                "prompt_cache_breakpoint": _OBJECT,
            }
        ),
    },
)
OUTPUT_PARTS = v.OneOf(
    "type",
    {
        "output_text": v.Record(
            {
                "type": v.Text(),
                "text": v.Text(MOST_INPUT_CHARS),
                "annotations": v.Array(_OBJECT),
                "logprobs": v.Array(_OBJECT),
            },
            required=("text",),
        ),
        "refusal": v.Record({"type": v.Text(), "refusal": v.Text()}, required=("refusal",)),
    },
)


def _message(parts: v.Shape) -> v.Record:
    fields: dict[str, v.Shape] = {
        "type": v.Choice(("message",)),
        "id": _ID,
        "role": v.Choice(("user", "assistant", "system", "developer")),
        "status": _STATUS,
        "phase": v.Choice(("commentary", "final_answer")),
        "content": v.ByJsonType(text=v.Text(MOST_INPUT_CHARS), many=v.Array(parts)),
    }
    return v.Record(fields, required=("role", "content"))


CALL = v.Record(
    {
        "type": v.Text(),
        "id": _ID,
        "call_id": _ID,
        "name": v.Text(128, may_be_empty=False),
        "arguments": v.Text(MOST_INPUT_CHARS),
        "status": _STATUS,
        "namespace": v.Text(),
        "caller": _OBJECT,
        "async": v.Boolean(),
    },
    required=("call_id", "name", "arguments"),
)
CALL_OUTPUT = v.Record(
    {
        "type": v.Text(),
        "id": _ID,
        "call_id": _ID,
        "name": v.Text(),
        "namespace": v.Text(),
        "caller": _OBJECT,
        "output": v.ByJsonType(text=v.Text(MOST_INPUT_CHARS), many=v.Array(INPUT_PARTS)),
        "status": _STATUS,
    },
    required=("call_id", "output"),
)
REASONING = v.Record({"type": v.Text()}, is_open=True)
REFERENCE = v.Record({"type": v.Text(), "id": _ID}, required=("id",))

TYPED = {
    "function_call": CALL,
    "function_call_output": CALL_OUTPUT,
    "reasoning": REASONING,
    "item_reference": REFERENCE,
}


def _check_item(value: Any, path: str) -> None:
    kind = value.get("type") or "message"
    if not isinstance(kind, str):
        v.refuse_type(v.join(path, "type"), "a string", kind)
    if kind == "message":
        shape: v.Shape = _message(OUTPUT_PARTS if value.get("role") == "assistant" else INPUT_PARTS)
    elif kind in TYPED:
        shape = TYPED[kind]
    else:
        v.refuse_choice(v.join(path, "type"), kind, ("message", *TYPED))
    shape.check(value, path)


ITEM = v.Checked(v.Anything(), _check_item)

FUNCTION = v.Record(
    {
        "type": v.Text(),
        "name": v.Text(128, may_be_empty=False),
        "description": v.Text(),
        "parameters": v.Anything(),
        "strict": v.Boolean(),
        "allowed_callers": v.Array(v.Choice(("direct", "programmatic"))),
        "defer_loading": v.Boolean(),
        "output_schema": v.Anything(),
        "async": v.Boolean(),
    },
    required=("name",),
)
TOOLS = v.Array(
    v.OneOf("type", {"function": FUNCTION, **dict.fromkeys(HOSTED_TOOLS, _OBJECT)}), 128
)
TOOL_CHOICE = v.ByJsonType(
    text=v.Choice(("none", "auto", "required")),
    record=v.OneOf(
        "type",
        {
            "function": v.Record({"type": v.Text(), "name": v.Text()}, required=("name",)),
            "allowed_tools": v.Record(
                {
                    "type": v.Text(),
                    "mode": v.Choice(("auto", "required")),
                    "tools": v.Array(_OBJECT),
                },
                required=("mode", "tools"),
            ),
            **dict.fromkeys(HOSTED_TOOLS, _OBJECT),
        },
    ),
)
FORMAT = v.OneOf(
    "type",
    {
        "text": v.Record({"type": v.Text()}),
        "json_object": v.Record({"type": v.Text()}),
        "json_schema": v.Record(
            {
                "type": v.Text(),
                "name": v.Text(64, may_be_empty=False),
                "description": v.Text(),
                "schema": v.Anything(),
                "strict": v.Boolean(),
            },
            required=("name", "schema"),
        ),
    },
)
NOT_HERE = {
    "conversation": "This server keeps no conversations: use 'previous_response_id'.",
    "prompt": "This server stores no prompts: give 'instructions' and 'input'.",
    "moderation": "This server moderates nothing.",
}
REQUEST = v.Record(
    {
        "model": v.Text(256, may_be_empty=False),
        "input": v.ByJsonType(text=v.Text(MOST_INPUT_CHARS), many=v.Array(ITEM)),
        "instructions": v.Text(MOST_INPUT_CHARS),
        "previous_response_id": _ID,
        "tools": TOOLS,
        "tool_choice": TOOL_CHOICE,
        "parallel_tool_calls": v.Boolean(),
        "max_tool_calls": v.Integer(1),
        "max_output_tokens": v.Integer(LEAST_OUTPUT_TOKENS),
        "metadata": v.StringMap(16, 64, 512),
        "background": v.Boolean(),
        "background_options": _OBJECT,
        "store": v.Boolean(),
        "stream": v.Boolean(),
        "stream_options": v.Record({"include_obfuscation": v.Boolean()}),
        "include": v.Array(v.Text()),
        "temperature": v.Number(0, 2),
        "top_p": v.Number(0, 1),
        "top_logprobs": v.Integer(0, 20),
        "truncation": v.Choice(("auto", "disabled")),
        "reasoning": _OBJECT,
        "text": v.Record({"format": FORMAT, "verbosity": v.Choice(("low", "medium", "high"))}),
        "service_tier": v.Choice(("auto", "default", "flex", "scale", "priority", "fast")),
        "safety_identifier": v.Text(64),
        "prompt_cache_key": v.Text(),
        "prompt_cache_options": _OBJECT,
        "prompt_cache_retention": v.Choice(("in_memory", "24h")),
        "context_management": v.Array(_OBJECT),
        "access_programs": _OBJECT,
        "image": _OBJECT,
        "user": v.Text(),
    },
    required=("model",),
    refused=NOT_HERE,
)


@dataclass(frozen=True, slots=True)
class ResponseRequest:
    """What a client asked for, checked."""

    settings: Mapping[str, Any]
    """The body, without what is null."""

    input: tuple[dict[str, Any], ...] = field(repr=False)
    """Items as the client gave them; a text is the user's message."""

    previous_id: str | None = None

    @property
    def is_background(self) -> bool:
        """Answered at once, worked on afterwards."""
        return bool(self.settings.get("background"))

    @property
    def is_streamed(self) -> bool:
        """Answered with events."""
        return bool(self.settings.get("stream"))

    @property
    def is_stored(self) -> bool:
        """Can be asked for later."""
        return bool(self.settings.get("store", True))

    @property
    def is_padded(self) -> bool:
        """Deltas hide their length behind an `obfuscation`."""
        options = self.settings.get("stream_options") or {}
        return options.get("include_obfuscation") is not False

    @property
    def instructions(self) -> str:
        """In force for this response alone."""
        return str(self.settings.get("instructions") or "")

    @property
    def functions(self) -> tuple[dict[str, Any], ...]:
        """The client's functions that may be called."""
        tools = [t for t in self.settings.get("tools") or () if t["type"] == "function"]
        choice = self.settings.get("tool_choice")
        if choice == "none":
            return ()
        if isinstance(choice, dict) and choice["type"] == "function":
            return tuple(t for t in tools if t["name"] == choice["name"])
        if isinstance(choice, dict) and choice["type"] == "allowed_tools":
            names = {allowed.get("name") for allowed in choice["tools"]}
            return tuple(t for t in tools if t["name"] in names)
        return tuple(tools)


def read_request(body: dict[str, Any]) -> ResponseRequest:
    """A request, or why it is none.

    Raises:
        ProtocolError: with the service's code and the path of what is wrong.
    """
    REQUEST.check(body, "")
    settings = {key: value for key, value in body.items() if value is not None}
    previous_id = settings.get("previous_response_id")
    given = settings.get("input")
    if given is None and previous_id is None:
        raise ProtocolError(
            "One of 'input' or 'previous_response_id' must be provided.",
            code="missing_required_parameter",
            param="input",
        )
    if settings.get("background") and settings.get("store") is False:
        raise ProtocolError(
            "Background mode requires 'store' to be true.", code="invalid_value", param="store"
        )
    _check_choice(settings)
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    return ResponseRequest(settings, tuple(given or ()), previous_id)


def _check_choice(settings: Mapping[str, Any]) -> None:
    choice, tools = settings.get("tool_choice"), settings.get("tools") or ()
    if choice == "required" and not tools:
        message = "Tool choice 'required' must be specified with 'tools' parameter."
        raise ProtocolError(message, code="invalid_value", param="tool_choice")
    if isinstance(choice, dict) and choice["type"] == "function":
        names = {tool.get("name") for tool in tools}
        if choice["name"] not in names:
            message = f"Tool choice '{choice['name']}' not found in 'tools' parameter."
            raise ProtocolError(message, code="invalid_value", param="tool_choice")
