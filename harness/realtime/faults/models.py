"""Faults of events and of audio, as data."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from harness.realtime.faults.base import Glob, LastingFault, Seconds, SelectedFault

# Events


class EventLate(SelectedFault):
    """Events come late; what follows them does not wait."""

    fault: Literal["event_late"] = "event_late"
    delay_s: Seconds = 1.0


class EventDoubled(SelectedFault):
    """Events come twice, with one id."""

    fault: Literal["event_doubled"] = "event_doubled"


class EventReordered(SelectedFault):
    """Events come after the ones that follow them."""

    fault: Literal["event_reordered"] = "event_reordered"
    by: Annotated[int, Field(ge=1, le=100)] = Field(
        default=1, description="behind so many later events; at most a second late"
    )


class EventMissing(SelectedFault):
    """Events do not come."""

    fault: Literal["event_missing"] = "event_missing"


class EventOversized(SelectedFault):
    """Events carry a large field that means nothing."""

    fault: Literal["event_oversized"] = "event_oversized"
    bytes: Annotated[int, Field(ge=1_000, le=16_000_000)] = Field(
        default=200_000, description="about so long; at most what the connection takes"
    )


class EventMalformed(SelectedFault):
    """Messages that are no event."""

    fault: Literal["event_malformed"] = "event_malformed"
    how: Literal["cut", "not_json", "not_an_object", "no_type", "wrong_types"] = "cut"


class EventsStall(LastingFault):
    """No events for a while; audio flows. Then they all come at once."""

    fault: Literal["events_stall"] = "events_stall"


class TranscriptionFailed(SelectedFault):
    """What the user said is not transcribed: `failed` instead of `completed`."""

    fault: Literal["transcription_failed"] = "transcription_failed"
    events: Literal["conversation.item.input_audio_transcription.*"] = (
        "conversation.item.input_audio_transcription.*"
    )


class TranscriptionEmpty(SelectedFault):
    """The transcript of what the user said is empty."""

    fault: Literal["transcription_empty"] = "transcription_empty"
    events: Literal["conversation.item.input_audio_transcription.*"] = (
        "conversation.item.input_audio_transcription.*"
    )


class TranscriptionLate(SelectedFault):
    """The transcript of what the user said comes late."""

    fault: Literal["transcription_late"] = "transcription_late"
    events: Literal["conversation.item.input_audio_transcription.*"] = (
        "conversation.item.input_audio_transcription.*"
    )
    delay_s: Seconds = 5.0


class NoRateLimits(SelectedFault):
    """`rate_limits.updated` does not come."""

    fault: Literal["no_rate_limits"] = "no_rate_limits"
    events: Literal["rate_limits.updated"] = "rate_limits.updated"


class StoppedLate(SelectedFault):
    """`output_audio_buffer.stopped` comes late."""

    fault: Literal["stopped_late"] = "stopped_late"
    events: Literal["output_audio_buffer.stopped"] = "output_audio_buffer.stopped"
    delay_s: Seconds = 5.0


# Audio


class AudioStalls(LastingFault):
    """The answer's audio stops and goes on later where it stopped; events flow."""

    fault: Literal["audio_stalls"] = "audio_stalls"
    on: Glob | None = "response.output_audio_transcript.delta"
    after_s: Seconds = 0.5


class AudioSilence(LastingFault):
    """Silence instead of the answer's audio; its time passes."""

    fault: Literal["audio_silence"] = "audio_silence"


class AudioClicks(LastingFault):
    """Clicks of a millisecond in the answer's audio."""

    fault: Literal["audio_clicks"] = "audio_clicks"
    per_s: Annotated[float, Field(gt=0, le=100)] = 2.0
    level: Annotated[float, Field(gt=0, le=1)] = Field(default=0.8, description="of full scale")
    seed: int = 0


class AudioGaps(LastingFault):
    """Holes in the answer's audio: its samples are lost, its time passes."""

    fault: Literal["audio_gaps"] = "audio_gaps"
    gap_ms: Annotated[int, Field(ge=1, le=10_000)] = 120
    every_ms: Annotated[int, Field(ge=10, le=60_000)] = 500


class AudioHalfSpeed(LastingFault):
    """The answer's audio is played slowly, and lower."""

    fault: Literal["audio_half_speed"] = "audio_half_speed"
    speed: Annotated[float, Field(ge=0.1, le=0.95)] = 0.5


EventFault: TypeAlias = (
    EventLate
    | EventDoubled
    | EventReordered
    | EventMissing
    | EventOversized
    | EventMalformed
    | TranscriptionFailed
    | TranscriptionEmpty
    | TranscriptionLate
    | NoRateLimits
    | StoppedLate
)
AudioFault: TypeAlias = AudioStalls | AudioSilence | AudioClicks | AudioGaps | AudioHalfSpeed
