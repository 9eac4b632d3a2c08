"""Facts of the page's microphones, and of the remote tracks that it plays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from typing_extensions import TypedDict

from harness.facts.bounds import (
    Decibels,
    FrameCount,
    FrameNumber,
    Gain,
    Milliseconds,
    SampleRate,
)
from harness.facts.fact import PageFact


class GrantedTrack(TypedDict):
    """A track of a granted stream: its id, kind ("audio" or "video") and the device's label."""

    id: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class UserMediaRequested(PageFact):
    """The page asks for a microphone or a camera."""

    type: ClassVar[Literal["user_media.requested"]] = "user_media.requested"

    call: str
    """Which call of getUserMedia."""

    constraints: dict[str, Any]
    """What it asked for."""


@dataclass(frozen=True, slots=True)
class UserMediaGranted(PageFact):
    """The page got what it asked for."""

    type: ClassVar[Literal["user_media.granted"]] = "user_media.granted"

    call: str
    """Which call of getUserMedia."""

    tracks: list[GrantedTrack]
    """The tracks of the stream."""


@dataclass(frozen=True, slots=True)
class UserMediaRefused(PageFact):
    """The page did not get what it asked for."""

    type: ClassVar[Literal["user_media.refused"]] = "user_media.refused"

    call: str
    """Which call of getUserMedia."""

    name: str
    """The DOMException's name, as in "NotFoundError"."""

    reason: str
    """In words."""


@dataclass(frozen=True, slots=True)
class MicrophoneStarted(PageFact):
    """A virtual microphone of the page runs."""

    type: ClassVar[Literal["microphone.started"]] = "microphone.started"

    microphone: str
    """Which one."""

    device: str
    """The device it stands for."""

    sample_rate_hz: SampleRate
    """Its rate."""

    mode: Literal["worklet", "script_processor", "device"]
    """What makes its samples."""


@dataclass(frozen=True, slots=True)
class MicrophoneStopped(PageFact):
    """A microphone of the page is open no more."""

    type: ClassVar[Literal["microphone.stopped"]] = "microphone.stopped"

    microphone: str
    """Which one."""

    ended: bool = False
    """Whether it ended by itself, as a headset that is pulled out; else the page gave it back."""


@dataclass(frozen=True, slots=True)
class MicrophoneEnabled(PageFact):
    """The page switched a microphone's track on or off."""

    type: ClassVar[Literal["microphone.enabled"]] = "microphone.enabled"

    microphone: str
    """Which one."""

    enabled: bool
    """Whether it is on."""


@dataclass(frozen=True, slots=True)
class MicrophoneRead(PageFact):
    """The page's own scripts get what its microphone hears, as in a call without a connection."""

    type: ClassVar[Literal["microphone.read"]] = "microphone.read"

    by: Literal["recorder", "track_processor", "audio_graph"]
    """What hands it to them; a meter is none."""


@dataclass(frozen=True, slots=True)
class MicrophoneAccessChanged(PageFact):
    """The user allows the microphone or does not, plugs it in or pulls it out."""

    type: ClassVar[Literal["microphone.access"]] = "microphone.access"

    access: Literal["allow", "deny", "dismiss", "none"]
    """Whether the page gets it from now on; "none" where there is no microphone."""


@dataclass(frozen=True, slots=True)
class AudioContextCreated(PageFact):
    """The page made an AudioContext."""

    type: ClassVar[Literal["audio_context.created"]] = "audio_context.created"

    context: str
    """Which one."""

    line: str
    """Where in the page's scripts, as "http://127.0.0.1/call.js:12:5"; "" where nobody knows."""


@dataclass(frozen=True, slots=True)
class AudioContextState(PageFact):
    """The state of an AudioContext changed."""

    type: ClassVar[Literal["audio_context.state"]] = "audio_context.state"

    context: str
    """Which one."""

    state: str
    """What it is now, in the standard's word: running, suspended, interrupted or closed."""


@dataclass(frozen=True, slots=True)
class TapStarted(PageFact):
    """The probe listens to a remote track."""

    type: ClassVar[Literal["tap.started"]] = "tap.started"

    connection: str
    """Which peer connection."""

    track: str
    """Which one."""

    sample_rate_hz: SampleRate
    """The rate it listens at."""

    mode: Literal["worklet", "script_processor"]
    """What takes the samples."""


@dataclass(frozen=True, slots=True)
class TapFailed(PageFact):
    """The probe cannot listen to a remote track: the harness is deaf."""

    type: ClassVar[Literal["tap.failed"]] = "tap.failed"

    connection: str
    """Which peer connection."""

    track: str
    """Which one."""

    why: str
    """In words."""


@dataclass(frozen=True, slots=True)
class TapStopped(PageFact):
    """The probe listens to a remote track no more."""

    type: ClassVar[Literal["tap.stopped"]] = "tap.stopped"

    track: str
    """Which one."""


@dataclass(frozen=True, slots=True)
class PlaybackChanged(PageFact):
    """How the page plays a remote track from now on."""

    type: ClassVar[Literal["playback.changed"]] = "playback.changed"

    track: str
    """Which one."""

    gain: Gain
    """The factor of the loudest element that plays it; an audio graph alone knows its own."""

    via: Literal["element", "graph", "nothing"]
    """What plays it."""

    reason: str
    """Why nothing plays it, else ""."""


@dataclass(frozen=True, slots=True)
class MicrophoneSamples(PageFact):
    """What a virtual microphone gave to the page."""

    type: ClassVar[Literal["microphone.samples"]] = "microphone.samples"

    microphone: str
    """Which one."""

    frame: FrameNumber
    """The audio clock's number of the first frame."""

    frames: FrameCount
    """How many."""

    pcm: str
    """Base64 of 16-bit little-endian mono; empty for digital silence."""


@dataclass(frozen=True, slots=True)
class HeardSamples(PageFact):
    """What came on a remote track."""

    type: ClassVar[Literal["heard.samples"]] = "heard.samples"

    track: str
    """Which one."""

    frame: FrameNumber
    """The audio clock's number of the first frame."""

    frames: FrameCount
    """How many."""

    pcm: str
    """Base64 of 16-bit little-endian mono; empty for digital silence."""

    rms_dbfs: Decibels
    """The level of the batch; -120 for digital silence."""


@dataclass(frozen=True, slots=True)
class PlayedSamples(PageFact):
    """What the page plays of one connection's remote tracks, mixed; or its other sound, mixed."""

    type: ClassVar[Literal["played.samples"]] = "played.samples"

    connection: str
    """Which peer connection; "" for sound that came on none, or on several at once."""

    frame: FrameNumber
    """The audio clock's number of the first frame."""

    frames: FrameCount
    """How many."""

    pcm: str
    """Base64 of 16-bit little-endian mono; empty for digital silence."""

    rms_dbfs: Decibels
    """The level of the batch; -120 for digital silence."""


@dataclass(frozen=True, slots=True)
class AudioAnchor(PageFact):
    """An audio frame and the page's time at which it was rendered, give or take."""

    type: ClassVar[Literal["audio.anchor"]] = "audio.anchor"

    frame: FrameNumber
    """The audio clock's number of the frame."""

    page_ms: Milliseconds
    """When it was rendered, milliseconds of the page's clock."""

    sample_rate_hz: SampleRate
    """The audio clock's rate."""

    uncertainty_ms: Milliseconds
    """How far the time may be off, milliseconds."""


MediaFact = (
    UserMediaRequested
    | UserMediaGranted
    | UserMediaRefused
    | MicrophoneStarted
    | MicrophoneStopped
    | MicrophoneEnabled
    | MicrophoneRead
    | MicrophoneAccessChanged
    | AudioContextCreated
    | AudioContextState
    | TapStarted
    | TapFailed
    | TapStopped
    | PlaybackChanged
)

SamplesFact = MicrophoneSamples | HeardSamples | PlayedSamples | AudioAnchor
"""In envelopes only: many and large, and of no use as lines of a trace."""
