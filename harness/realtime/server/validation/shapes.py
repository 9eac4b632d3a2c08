"""The shapes of everything a client may send, as data for `validation`.

Kept in step with the official package's models by a test. What this server does not support yet
is named here, and refused with the protocol's own error.
"""

from __future__ import annotations

from typing import Any

from harness.realtime import vocabulary as v
from harness.realtime.server.validation.shape_of import record_of, shape_of
from harness.realtime.server.validation.shapes_mcp import (
    MCP_TOOL,
    MCP_TOOL_CHOICE,
    different_labels,
)
from harness.realtime.session_object import VOICES
from harness.realtime.session_parts import (
    CustomVoice,
    Effort,
    Include,
    Modality,
    Name,
    NoiseReduction,
    NoLimit,
    OutputTokens,
    RetainedTokens,
    SemanticVad,
    ServerVad,
    Share,
    Speed,
    ToolChoice,
    Tracing,
    Transcription,
    Truncation,
)

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
TRANSCRIPTION = record_of(Transcription, required=("model",))
NOISE_REDUCTION = record_of(NoiseReduction, required=("type",))
TURN_DETECTION = v.OneOf(
    "type", {"server_vad": record_of(ServerVad), "semantic_vad": record_of(SemanticVad)}
)
VOICE = v.ByJsonType(text=v.Choice(VOICES), record=record_of(CustomVoice))
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
    text=shape_of(ToolChoice),
    record=v.OneOf(
        "type",
        {
            "function": v.Record({"type": v.Text(), "name": v.Text()}, required=("name",)),
            "mcp": MCP_TOOL_CHOICE,
        },
    ),
)
MAX_OUTPUT_TOKENS = v.ByJsonType(text=shape_of(NoLimit), whole=shape_of(OutputTokens))
REASONING = v.Record({"effort": shape_of(Effort)})
TRACING = v.ByJsonType(
    text=shape_of(Tracing),
    record=v.Record({"workflow_name": v.Text(), "group_id": v.Text(), "metadata": v.Anything()}),
)
TRUNCATION = v.ByJsonType(
    text=shape_of(Truncation),
    record=v.OneOf(
        "type",
        {
            "retention_ratio": v.Record(
                {
                    "type": v.Text(),
                    "retention_ratio": shape_of(Share),
                    "token_limits": v.Record({"post_instructions": shape_of(RetainedTokens)}),
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


INCLUDE = v.Array(shape_of(Include))
PROMPT = v.Record(
    {"id": v.Text(may_be_empty=False), "version": v.Text(), "variables": v.Anything()},
    required=("id",),
)
"""Read back and not looked up: this server stores no prompts."""

MODALITIES = v.Checked(v.Array(shape_of(Modality)), _one_modality)

REALTIME_SESSION = v.Record(
    {
        "type": v.Text(),
        "model": shape_of(Name),
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
                    {"format": AUDIO_FORMAT, "voice": VOICE, "speed": shape_of(Speed)}
                ),
            }
        ),
    },
)
TRANSCRIPTION_SESSION = v.Record(
    {"type": v.Text(), "audio": v.Record({"input": AUDIO_INPUT}), "include": INCLUDE}
)
