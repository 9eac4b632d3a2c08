"""Choices, ranges and defaults of a session's settings, as the protocol has them.

Written down once, for both ends: a client's `SessionSettings` is made of these types, a server
derives from them what it lets through (`validation.shape_of`) and what it fills in where a client
says nothing. Source: the Realtime reference, "Session object".
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from harness.plain_data import Data

Name = Annotated[str, Field(min_length=1)]
Speed = Annotated[float, Field(ge=0.25, le=1.5)]
"""Of the assistant's voice, as a factor."""

OutputTokens = Annotated[int, Field(ge=1, le=4096)]
NoLimit = Literal["inf"]
ToolChoice = Literal["none", "auto", "required"]
Truncation = Literal["auto", "disabled"]
Tracing = Literal["auto"]
Effort = Literal["minimal", "low", "medium", "high", "xhigh"]
"""How long a model may think, or how long a transcription may take."""

Eagerness = Literal["auto", "low", "medium", "high"]
Modality = Literal["text", "audio"]
Share = Annotated[float, Field(ge=0, le=1)]
RetainedTokens = Annotated[int, Field(ge=0)]
Include = Literal["item.input_audio_transcription.logprobs"]
LOGPROBS: Include = "item.input_audio_transcription.logprobs"

VAD_THRESHOLD = 0.5
VAD_PREFIX_PADDING_MS = 300
VAD_SILENCE_DURATION_MS = 500


class ServerVad(Data):
    """A turn ends after a stretch of silence."""

    type: Literal["server_vad"] = "server_vad"
    threshold: Share = VAD_THRESHOLD
    """Probability that counts as speech."""

    prefix_padding_ms: Annotated[int, Field(ge=0, le=10_000)] = VAD_PREFIX_PADDING_MS
    """Audio before the first sound that belongs to the turn."""

    silence_duration_ms: Annotated[int, Field(ge=0, le=60_000)] = VAD_SILENCE_DURATION_MS
    """Silence that ends the turn."""

    idle_timeout_ms: Annotated[int, Field(ge=5_000, le=30_000)] | None = None
    """After this long without a word the assistant speaks of its own accord."""

    create_response: bool = True
    interrupt_response: bool = True


class SemanticVad(Data):
    """A turn ends when what was said sounds finished."""

    type: Literal["semantic_vad"] = "semantic_vad"
    eagerness: Eagerness = "auto"
    create_response: bool = True
    interrupt_response: bool = True


class Transcription(Data):
    """Recognition of what the user says, beside the model."""

    model: Name = "gpt-transcribe"
    language: str | None = None
    prompt: str | None = None
    delay: Effort | None = None
    keywords: list[str] | None = None
    languages: list[str] | None = None


class NoiseReduction(Data):
    """A filter on what the user says, for a microphone near the mouth or far from it."""

    type: Literal["near_field", "far_field"] = "near_field"
    strength: Share | None = None


class CustomVoice(Data):
    """A voice of the account's own, by its id."""

    id: Name
