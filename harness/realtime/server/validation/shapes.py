"""The shapes of everything a client may send, as data for `validation`.

Kept in step with the official package's models by a test. What this server does not support yet
is named here, and refused with the protocol's own error.
"""

from __future__ import annotations

from typing import Any

from harness.realtime.server.validation import vocabulary as v
from harness.realtime.server.validation.shapes_mcp import (
    MCP_TOOL,
    MCP_TOOL_CHOICE,
    different_labels,
)
from harness.realtime.session_object import VOICES

MAX_EVENT_ID_CHARS = 512
MAX_ID_CHARS = 512
"""Of an id that a client gives; it comes back in events and in errors."""

MAX_APPEND_BASE64_CHARS = 20 * 1024 * 1024
"""15 MiB of audio are this many characters of base64."""


AUDIO_FORMAT = v.OneOf(
    "type",
    {
        "audio/pcm": v.Record({"type": v.Text(), "rate": v.Integer(24000, 24000)}),
        "audio/pcmu": v.Record({"type": v.Text()}),
        "audio/pcma": v.Record({"type": v.Text()}),
    },
)
TRANSCRIPTION = v.Record(
    {
        "model": v.Text(may_be_empty=False),
        "language": v.Text(),
        "prompt": v.Text(),
        "delay": v.Choice(("minimal", "low", "medium", "high", "xhigh")),
        "keywords": v.Array(v.Text()),
        "languages": v.Array(v.Text()),
    },
    required=("model",),
)
NOISE_REDUCTION = v.Record(
    {"type": v.Choice(("near_field", "far_field")), "strength": v.Number(0, 1)},
    required=("type",),
)
TURN_DETECTION = v.OneOf(
    "type",
    {
        "server_vad": v.Record(
            {
                "type": v.Text(),
                "threshold": v.Number(0, 1),
                "prefix_padding_ms": v.Integer(0, 10_000),
                "silence_duration_ms": v.Integer(0, 60_000),
                "idle_timeout_ms": v.Integer(5_000, 30_000),
                "create_response": v.Boolean(),
                "interrupt_response": v.Boolean(),
            }
        ),
        "semantic_vad": v.Record(
            {
                "type": v.Text(),
                "eagerness": v.Choice(("auto", "low", "medium", "high")),
                "create_response": v.Boolean(),
                "interrupt_response": v.Boolean(),
            }
        ),
    },
)
VOICE = v.ByJsonType(
    text=v.Choice(VOICES), record=v.Record({"id": v.Text(may_be_empty=False)}, required=("id",))
)
AUDIO_INPUT = v.Record(
    {
        "format": AUDIO_FORMAT,
        "transcription": TRANSCRIPTION,
        "noise_reduction": NOISE_REDUCTION,
        "turn_detection": TURN_DETECTION,
    }
)
FUNCTION_TOOL = v.Record(
    {
        "type": v.Text(),
        "name": v.Text(64, may_be_empty=False),
        "description": v.Text(),
        "parameters": v.Anything(),
    },
    required=("name",),
)
TOOLS = v.Checked(
    v.Array(v.OneOf("type", {"function": FUNCTION_TOOL, "mcp": MCP_TOOL})), different_labels
)
TOOL_CHOICE = v.ByJsonType(
    text=v.Choice(("none", "auto", "required")),
    record=v.OneOf(
        "type",
        {
            "function": v.Record({"type": v.Text(), "name": v.Text()}, required=("name",)),
            "mcp": MCP_TOOL_CHOICE,
        },
    ),
)
MAX_OUTPUT_TOKENS = v.ByJsonType(text=v.Choice(("inf",)), whole=v.Integer(1, 4096))
REASONING = v.Record({"effort": v.Choice(("minimal", "low", "medium", "high", "xhigh"))})
TRACING = v.ByJsonType(
    text=v.Choice(("auto",)),
    record=v.Record({"workflow_name": v.Text(), "group_id": v.Text(), "metadata": v.Anything()}),
)
TRUNCATION = v.ByJsonType(
    text=v.Choice(("auto", "disabled")),
    record=v.OneOf(
        "type",
        {
            "retention_ratio": v.Record(
                {
                    "type": v.Text(),
                    "retention_ratio": v.Number(0, 1),
                    "token_limits": v.Record({"post_instructions": v.Integer(0)}),
                },
                required=("retention_ratio",),
            )
        },
    ),
)


def _one_modality(value: Any, path: str) -> None:
    if value not in (["audio"], ["text"]):
        v.refuse(
            f"Invalid value for '{path}': supported combinations are ['text'] and ['audio'].",
            "invalid_value",
            path,
        )


INCLUDE = v.Array(v.Choice(("item.input_audio_transcription.logprobs",)))
PROMPT = v.Record(
    {"id": v.Text(may_be_empty=False), "version": v.Text(), "variables": v.Anything()},
    required=("id",),
)
"""Read back and not looked up: this server stores no prompts."""

MODALITIES = v.Checked(v.Array(v.Choice(("text", "audio"))), _one_modality)

REALTIME_SESSION = v.Record(
    {
        "type": v.Text(),
        "model": v.Text(may_be_empty=False),
        "output_modalities": MODALITIES,
        "instructions": v.Text(),
        "tools": TOOLS,
        "tool_choice": TOOL_CHOICE,
        "parallel_tool_calls": v.Boolean(),
        "reasoning": REASONING,
        "max_output_tokens": MAX_OUTPUT_TOKENS,
        "tracing": TRACING,
        "truncation": TRUNCATION,
        "include": INCLUDE,
        "prompt": PROMPT,
        "audio": v.Record(
            {
                "input": AUDIO_INPUT,
                "output": v.Record(
                    {"format": AUDIO_FORMAT, "voice": VOICE, "speed": v.Number(0.25, 1.5)}
                ),
            }
        ),
    },
)
TRANSCRIPTION_SESSION = v.Record(
    {"type": v.Text(), "audio": v.Record({"input": AUDIO_INPUT}), "include": INCLUDE}
)
