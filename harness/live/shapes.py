"""The shapes of all that a Live client may send, as data for `harness.realtime.vocabulary`."""

from __future__ import annotations

from typing import Any

from harness.realtime import vocabulary as v
from harness.realtime.server.tokens import text_tokens

VOICES = (
    *("alloy", "ash", "ballad", "beacon", "bossa", "cedar", "cinder", "coral", "delta", "echo"),
    *("gleam", "marin", "meridian", "quartz", "ripple", "sage", "shida", "shimmer", "stone"),
    *("tempo", "verse", "vesper", "willow"),
)
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh")
MOST_ID_CHARS = 512
MOST_AUDIO_CHARS = 8 * 1024 * 1024
MOST_INSTRUCTION_TOKENS = 16_384
MOST_INPUT_MESSAGES, MOST_INPUT_TOKENS = 128, 8_192
MOST_APPEND_TOKENS = 500
LEAST_OUTPUT_TOKENS = 16

NO_DECISIONS = "This server has no Decisions; use 'client' or 'responses'."
NOT_STORED = "This server stores no sessions: there is nothing to fork and no recording."

_Fields = dict[str, v.Shape]


def _known_voice(value: Any, path: str) -> None:
    if isinstance(value, str) and value not in VOICES:
        v.refuse(f"The voice '{value[:100]}' cannot be used here.", "forbidden", path)


def _at_most(tokens: int) -> Any:
    def rule(value: str, path: str) -> None:
        if text_tokens(value) > tokens:
            v.refuse(f"'{path}' has more than {tokens} tokens.", "harness_too_long", path)

    return rule


def _not_stored(value: bool, path: str) -> None:
    if value:
        v.refuse(NOT_STORED, "harness_not_stored", path)


def _one_part(value: list[Any], path: str) -> None:
    if len(value) != 1:
        v.refuse(f"'{path}' needs exactly one text part.", "invalid_value", path)


def _few_tokens(value: list[Any], path: str) -> None:
    if sum(text_tokens(item["content"][0]["text"]) for item in value) > MOST_INPUT_TOKENS:
        v.refuse(f"'{path}' has more than {MOST_INPUT_TOKENS} tokens.", "harness_too_long", path)


def _response_event_goes_along(value: dict[str, Any], path: str) -> None:
    name = v.join(path, "response_event")
    if value["type"] == "response.event":
        if value.get("response_event") is None:
            v.refuse_missing(name)
    elif value.get("response_event") is not None:
        v.refuse_unknown(name)


VOICE = v.Checked(
    v.ByJsonType(
        text=v.Text(may_be_empty=False),
        record=v.Record({"id": v.Text(may_be_empty=False)}, required=("id",)),
    ),
    _known_voice,
)
AUDIO_OUTPUT = v.Record({"voice": VOICE})
AUDIO_FORMAT = v.OneOf(
    "type",
    {
        "audio/pcm": v.Record({"type": v.Text(), "rate": v.Integer(16_000, 24_000)}),
        "audio/pcmu": v.Record({"type": v.Text(), "rate": v.Integer(8_000, 8_000)}),
        "audio/pcma": v.Record({"type": v.Text(), "rate": v.Integer(8_000, 8_000)}),
    },
)


def _known_rate(value: dict[str, Any], path: str) -> None:
    if value["type"] == "audio/pcm" and value.get("rate", 24_000) not in (16_000, 24_000):
        v.refuse(f"Invalid value for '{path}.rate'.", "invalid_value", f"{path}.rate")


def _message(*parts: str) -> v.Record:
    part = v.Record({"type": v.Choice(parts), "text": v.Text()}, required=("text",))
    return v.Record(
        {
            "type": v.Choice(("message",)),
            "id": v.Text(MOST_ID_CHARS),
            "status": v.Choice(("incomplete", "completed")),
            "role": v.Text(),
            "content": v.Checked(v.Array(part), _one_part),
        },
        required=("content",),
    )


INPUT = v.Checked(
    v.Array(
        v.OneOf(
            "role",
            {
                "developer": _message("input_text"),
                "user": _message("input_text"),
                "assistant": _message("text", "output_text"),
            },
        ),
        MOST_INPUT_MESSAGES,
    ),
    _few_tokens,
)
SELECTOR = v.Checked(
    v.Record({"type": v.Text(), "response_event": v.Text()}, required=("type",)),
    _response_event_goes_along,
)
ALL = v.Choice(("all",))
CLIENT = v.Record(
    {
        "data_channel": v.Record(
            {
                "allowed_client_events": v.ByJsonType(text=ALL, many=v.Array(v.Text())),
                "allowed_server_events": v.ByJsonType(text=ALL, many=v.Array(SELECTOR)),
            }
        )
    },
    required=("data_channel",),
)
FUNCTION = v.Record(
    {
        "type": v.Text(),
        "name": v.Text(64, may_be_empty=False),
        "description": v.Text(),
        "parameters": v.Anything(),
        "strict": v.Boolean(),
    },
    required=("name",),
)
TOOLS = v.Array(
    v.OneOf(
        "type", {"function": FUNCTION, "web_search": v.Record({"type": v.Text()}, is_open=True)}
    )
)
"""Web search is taken and never used: this server asks nobody outside."""

TOOL_CHOICE = v.ByJsonType(
    text=v.Choice(("auto", "none", "required")),
    record=v.OneOf(
        "type",
        {"function": v.Record({"type": v.Text(), "name": v.Text()}, required=("name",))},
    ),
)


def _backend(required: tuple[str, ...]) -> v.Record:
    return v.Record(
        {
            "model": v.Text(may_be_empty=False),
            "instructions": v.Text(),
            "tools": TOOLS,
            "tool_choice": TOOL_CHOICE,
            "parallel_tool_calls": v.Boolean(),
            "max_output_tokens": v.Integer(LEAST_OUTPUT_TOKENS),
            "reasoning": v.Record(
                {
                    "effort": v.Choice(EFFORTS),
                    "summary": v.Choice(("concise", "detailed", "auto")),
                }
            ),
            "text": v.Record({"verbosity": v.Choice(("low", "medium", "high"))}),
            "service_tier": v.Text(),
        },
        required=required,
    )


def _delegation(required: tuple[str, ...]) -> v.OneOf:
    delay = v.Integer(0)
    backend: _Fields = {
        "type": v.Text(),
        "acknowledgement_delay_ms": delay,
        "responses": _backend(required),
    }
    return v.OneOf(
        "type",
        {
            "client": v.Record({"type": v.Text(), "acknowledgement_delay_ms": delay}),
            "responses": v.Record(backend, required=("responses",) if required else ()),
        },
        refused={"decisions": NO_DECISIONS},
    )


_SESSION: _Fields = {
    "model": v.Text(MOST_ID_CHARS, may_be_empty=False),
    "instructions": v.Checked(v.Text(), _at_most(MOST_INSTRUCTION_TOKENS)),
    "input": INPUT,
    "delegation": _delegation(("model",)),
    "store": v.Checked(v.Boolean(), _not_stored),
    "safety_identifier": v.Text(MOST_ID_CHARS),
}
_NO_TRIGGERS = {"triggers": "Triggers belong to Decisions, which this server does not have."}

WEBRTC_SESSION = v.Record(
    {**_SESSION, "audio": v.Record({"output": AUDIO_OUTPUT}), "client": CLIENT},
    required=("model",),
    refused=_NO_TRIGGERS,
)
"""Media are negotiated: a format is a parameter that nobody knows."""

WEBSOCKET_SESSION = v.Record(
    {
        **_SESSION,
        "audio": v.Record({"output": AUDIO_OUTPUT, "format": v.Checked(AUDIO_FORMAT, _known_rate)}),
    },
    required=("model",),
    refused=_NO_TRIGGERS,
)
"""It has no data channel that could be restricted."""

UPDATE = v.Record({"delegation": _delegation(())}, required=("delegation",), refused=_NO_TRIGGERS)

TRANSPORT = v.OneOf(
    "type",
    {"webrtc": v.Record({"type": v.Text(), "sdp": v.Text(may_be_empty=False)}, required=("sdp",))},
    refused={"sip": "This server places no telephone calls."},
)
CREATE = v.Record(
    {"session": WEBRTC_SESSION, "transport": TRANSPORT}, required=("session", "transport")
)
"""The body of `POST /v1/live/sessions`."""

_BASE: _Fields = {"type": v.Text(), "event_id": v.Text(MOST_ID_CHARS)}
_APPEND = v.Record(
    {
        **_BASE,
        "content": v.Checked(v.Text(), _at_most(MOST_APPEND_TOKENS)),
        "delegation_id": v.Text(MOST_ID_CHARS),
    },
    required=("content",),
)
_TEXT = v.Record({"type": v.Text(), "text": v.Text()}, required=("text",))
_IMAGE = v.Record({"type": v.Text()}, is_open=True)
_ITEM = v.OneOf(
    "type",
    {
        "function_call_output": v.Record(
            {
                "type": v.Text(),
                "id": v.Text(MOST_ID_CHARS),
                "status": v.Text(),
                "call_id": v.Text(MOST_ID_CHARS),
                "output": v.Text(),
            },
            required=("call_id", "output"),
        ),
        "message": v.Record(
            {
                "type": v.Text(),
                "id": v.Text(MOST_ID_CHARS),
                "status": v.Text(),
                "role": v.Choice(("user",)),
                "content": v.ByJsonType(
                    text=v.Text(),
                    many=v.Array(v.OneOf("type", {"input_text": _TEXT, "input_image": _IMAGE})),
                ),
            },
            required=("role", "content"),
        ),
    },
)
APPENDS = ("session.instructions.append", "session.thinking.append", "session.commentary.append")
EVENTS: dict[str, v.Shape] = {
    "session.start": v.Record({**_BASE, "session": WEBSOCKET_SESSION}, required=("session",)),
    "session.update": v.Record({**_BASE, "session": UPDATE}, required=("session",)),
    "session.input_audio.append": v.Record(
        {**_BASE, "audio": v.Text(MOST_AUDIO_CHARS, may_be_empty=False)}, required=("audio",)
    ),
    "session.input_audio.mute": v.Record(_BASE),
    "session.input_audio.unmute": v.Record(_BASE),
    **dict.fromkeys(APPENDS, _APPEND),
    "response.item.create": v.Record({**_BASE, "item": _ITEM}, required=("item",)),
    "response.create": v.Record(_BASE),
    "session.close": v.Record(_BASE),
}
"""By type; what is not here, this server does not have."""
