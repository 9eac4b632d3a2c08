"""Our shapes against the official package's models: no field may be missing or made up."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from openai.types import realtime as official
from openai.types.realtime import (
    realtime_audio_config_input,
    realtime_audio_input_turn_detection,
    realtime_mcp_list_tools,
    realtime_response_create_audio_output,
    realtime_tools_config_union,
    realtime_truncation_retention_ratio,
)

from harness.realtime import vocabulary as v
from harness.realtime.server.validation import client_events, shapes, shapes_mcp

PAIRS: list[tuple[v.Shape, Any]] = [
    (shapes.REALTIME_SESSION, official.RealtimeSessionCreateRequest),
    (shapes.TRANSCRIPTION_SESSION, official.RealtimeTranscriptionSessionCreateRequest),
    (
        shapes.TRANSCRIPTION_SESSION.fields["audio"].fields["input"],  # type: ignore[union-attr]
        official.RealtimeTranscriptionSessionAudioInput,
    ),
    (shapes.AUDIO_INPUT, official.RealtimeAudioConfigInput),
    (shapes.REALTIME_SESSION.fields["audio"].fields["output"], official.RealtimeAudioConfigOutput),  # type: ignore[union-attr]
    (shapes.TRANSCRIPTION, official.AudioTranscription),
    (shapes.NOISE_REDUCTION, realtime_audio_config_input.NoiseReduction),
    (shapes.TURN_DETECTION.cases["server_vad"], realtime_audio_input_turn_detection.ServerVad),
    (shapes.TURN_DETECTION.cases["semantic_vad"], realtime_audio_input_turn_detection.SemanticVad),
    (shapes.FUNCTION_TOOL, official.RealtimeFunctionTool),
    (shapes_mcp.MCP_TOOL_FIELDS, realtime_tools_config_union.Mcp),
    (shapes_mcp.FILTER, realtime_tools_config_union.McpAllowedToolsMcpToolFilter),
    (
        shapes_mcp.REQUIRE_APPROVAL.record,  # type: ignore[list-item]
        realtime_tools_config_union.McpRequireApprovalMcpToolApprovalFilter,
    ),
    (shapes_mcp.LISTED_TOOL, realtime_mcp_list_tools.Tool),
    (
        shapes.TRUNCATION.record.cases["retention_ratio"],  # type: ignore[union-attr]
        official.RealtimeTruncationRetentionRatio,
    ),
    (
        shapes.TRUNCATION.record.cases["retention_ratio"].fields["token_limits"],  # type: ignore[union-attr]
        realtime_truncation_retention_ratio.TokenLimits,
    ),
    (client_events.RESPONSE, official.RealtimeResponseCreateParams),
    (
        client_events.RESPONSE.fields["audio"].fields["output"],  # type: ignore[union-attr]
        realtime_response_create_audio_output.Output,
    ),
    (client_events.FUNCTION_CALL, official.RealtimeConversationItemFunctionCall),
    (client_events.FUNCTION_CALL_OUTPUT, official.RealtimeConversationItemFunctionCallOutput),
    (client_events.MESSAGE.cases["user"], official.RealtimeConversationItemUserMessage),
    (client_events.MESSAGE.cases["system"], official.RealtimeConversationItemSystemMessage),
    (client_events.MESSAGE.cases["assistant"], official.RealtimeConversationItemAssistantMessage),
    (client_events.CLIENT_EVENTS["session.update"], official.SessionUpdateEvent),
    (
        client_events.CLIENT_EVENTS["input_audio_buffer.append"],
        official.InputAudioBufferAppendEvent,
    ),
    (
        client_events.CLIENT_EVENTS["input_audio_buffer.commit"],
        official.InputAudioBufferCommitEvent,
    ),
    (client_events.CLIENT_EVENTS["input_audio_buffer.clear"], official.InputAudioBufferClearEvent),
    (
        client_events.CLIENT_EVENTS["output_audio_buffer.clear"],
        official.OutputAudioBufferClearEvent,
    ),
    (client_events.CLIENT_EVENTS["conversation.item.create"], official.ConversationItemCreateEvent),
    (
        client_events.CLIENT_EVENTS["conversation.item.retrieve"],
        official.ConversationItemRetrieveEvent,
    ),
    (client_events.CLIENT_EVENTS["conversation.item.delete"], official.ConversationItemDeleteEvent),
    (
        client_events.CLIENT_EVENTS["conversation.item.truncate"],
        official.ConversationItemTruncateEvent,
    ),
    (client_events.CLIENT_EVENTS["response.create"], official.ResponseCreateEvent),
    (client_events.CLIENT_EVENTS["response.cancel"], official.ResponseCancelEvent),
]


@pytest.mark.parametrize(
    ("shape", "model"), PAIRS, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_shape_has_the_official_fields_and_no_other(shape: v.Record, model: Any) -> None:
    assert {*shape.fields, *shape.refused} == set(model.model_fields)


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("mcp_call", official.RealtimeMcpToolCall),
        ("mcp_list_tools", official.RealtimeMcpListTools),
        ("mcp_approval_request", official.RealtimeMcpApprovalRequest),
        ("mcp_approval_response", official.RealtimeMcpApprovalResponse),
    ],
)
def test_items_about_remote_tools_have_the_official_fields(kind: str, model: Any) -> None:
    """And `object`, which every item may carry."""
    shape = client_events.ITEM_CASES[kind]
    assert isinstance(shape, v.Record)
    assert set(shape.fields) == {*model.model_fields, "object"}


def test_every_official_client_event_is_known() -> None:
    union = official.RealtimeClientEvent
    known = {
        member.model_fields["type"].annotation.__args__[0]
        for member in get_args(get_args(union)[0])
    }
    assert known == set(client_events.CLIENT_EVENTS)


def test_user_content_has_the_official_fields() -> None:
    from openai.types.realtime import realtime_conversation_item_user_message as user

    fields = {name for part in client_events.USER_PARTS.values() for name in part.fields}  # type: ignore[union-attr]
    assert fields == set(user.Content.model_fields)
