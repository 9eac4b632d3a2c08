"""Facts of a call: what the harness did and heard. Times are seconds on the call's timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from harness.facts.fact import HarnessFact
from harness.facts.microphone import (
    CutInDecided,
    MicrophoneChanged,
    NoiseMixedIn,
    SpeakingStopped,
)


@dataclass(frozen=True, slots=True)
class CallOpened(HarnessFact):
    """The call is up: a connection, and its data channel where it has one."""

    type: ClassVar[Literal["call.opened"]] = "call.opened"

    engine: str
    """Which engine holds it: browser, native or simulated."""

    url: str
    """The page or server that is called, its secrets masked."""

    uncertainty_s: float
    """How far a page's time may be off on the timeline, seconds."""

    zero_ms: float | None = None
    """When second 0 was, milliseconds since 1970 by the page's clock; absent: there is no page."""


@dataclass(frozen=True, slots=True)
class DumpRead(HarnessFact):
    """The trace was made of another tool's dump, which tells less than a call of the harness."""

    type: ClassVar[Literal["dump.read"]] = "dump.read"

    form: Literal["webrtc-internals", "rtcstats"]
    """Whose dump."""

    version: str
    """Of the form, or of the browser; "" where it does not say."""

    user_agent: str
    """The browser, in its own words."""

    cut: str = ""
    """What of it could not be read, in words; absent: nothing."""


@dataclass(frozen=True, slots=True)
class CallLost(HarnessFact):
    """The call's connection was lost, and its page has time to connect again by itself."""

    type: ClassVar[Literal["call.lost"]] = "call.lost"

    found: str
    """What was lost, in words."""

    within_s: float
    """How long the page may take, seconds."""


@dataclass(frozen=True, slots=True)
class CallBack(HarnessFact):
    """The page has connected again by itself: the call goes on."""

    type: ClassVar[Literal["call.reconnected"]] = "call.reconnected"

    took_s: float
    """From the loss until the call is up again, seconds."""


@dataclass(frozen=True, slots=True)
class CallHungUp(HarnessFact):
    """The harness hung up."""

    type: ClassVar[Literal["call.hang_up"]] = "call.hang_up"


@dataclass(frozen=True, slots=True)
class CallClosed(HarnessFact):
    """The call is over and its recording is whole; a trace without it was cut."""

    type: ClassVar[Literal["call.closed"]] = "call.closed"

    uncertainty_s: float
    """How far a page's time may be off on the timeline, seconds."""

    audio_uncertainty_s: float
    """How far heard audio may be off on the timeline, seconds."""

    heard_dropped: int
    """Pieces of heard audio that no reader took in time."""

    sent_dropped: int
    """Pieces of sent audio that no reader took in time."""

    wall_s: float
    """How long the work on the call took, seconds of the wall clock."""

    gap_frames: int
    """Frames (48 kHz) that the recording lacks; silence there."""

    overlap_frames: int
    """Frames (48 kHz) that came twice; the later ones were kept."""

    before_start_frames: int
    """Frames (48 kHz) from before 0 s; left out."""

    beyond_end_frames: int
    """Frames (48 kHz) behind the longest recording; left out."""


@dataclass(frozen=True, slots=True)
class TrackRecorded(HarnessFact):
    """A remote track of the page is recorded as it comes, whether the page plays it or not."""

    type: ClassVar[Literal["track.recorded"]] = "track.recorded"

    file: str
    """Its file, beside the trace: 48 kHz mono; sample 0 is 0 s."""

    track: str
    """The frame's and the track's name."""


@dataclass(frozen=True, slots=True)
class RecordingFailed(HarnessFact):
    """A recording cannot be written any more; what came until here is in it."""

    type: ClassVar[Literal["recording.failed"]] = "recording.failed"

    message: str
    """Which one, and why."""


@dataclass(frozen=True, slots=True)
class CallFailed(HarnessFact):
    """What broke the call."""

    type: ClassVar[Literal["error"]] = "error"

    kind: str
    """The error's class in `harness.errors`, or Python's own."""

    message: str
    """What it says."""


@dataclass(frozen=True, slots=True)
class ClipPlayed(HarnessFact):
    """The user speaks: the virtual microphone plays a clip."""

    type: ClassVar[Literal["microphone.clip"]] = "microphone.clip"

    clip: str
    """Its name."""

    text: str
    """What is said in it; "" where nobody knows."""

    file: str | None
    """Where it was read from; null where it was made."""

    start_s: float
    """When its first sample goes out, seconds."""

    end_s: float
    """When its last sample has gone out, seconds."""

    speech_start_s: float
    """When its first voiced sample goes out, seconds."""

    speech_end_s: float
    """When its last voiced sample goes out, seconds."""

    converted: str | None
    """What was done to its file to play it (rate, channels), in words; null: nothing."""

    interrupts: bool
    """Whether it was meant to cut into an answer."""

    late_s: float
    """How much later than asked for it began, seconds."""

    muted: bool
    """Whether the microphone was off, so that nobody could hear it."""

    uncertainty_s: float | None = None
    """How wrong these places may be in 95 of 100 cases, seconds; null: they are exact."""


@dataclass(frozen=True, slots=True)
class MicrophoneMuted(HarnessFact):
    """The switch on the virtual microphone was used."""

    type: ClassVar[Literal["microphone.mute"]] = "microphone.mute"

    muted: bool
    """Whether silence goes out from now on."""


@dataclass(frozen=True, slots=True)
class VoiceStarted(HarnessFact):
    """The live detector hears voice."""

    type: ClassVar[Literal["heard.voice_started"]] = "heard.voice_started"

    answer_id: str
    """Whose it seems to be; an id that begins with "heard" where no event tells of an answer."""

    uncertainty_s: float | None = None
    """How far the event's time may be off the first sample, in 95 of 100 cases, seconds."""


@dataclass(frozen=True, slots=True)
class VoiceStopped(HarnessFact):
    """The live detector hears no voice any more."""

    type: ClassVar[Literal["heard.voice_stopped"]] = "heard.voice_stopped"

    uncertainty_s: float | None = None
    """How far the event's time may be off the last sample, in 95 of 100 cases, seconds."""


@dataclass(frozen=True, slots=True)
class NotPlayed(HarnessFact):
    """A stretch that the page received and that it let no user hear."""

    type: ClassVar[Literal["heard.not_played"]] = "heard.not_played"

    start_s: float
    """Where it begins, seconds."""

    end_s: float
    """Where it ends, seconds."""

    reason: str
    """Why, in words."""

    track: str
    """The remote track it came on."""


@dataclass(frozen=True, slots=True)
class OtherHeard(HarnessFact):
    """A stretch of sound that the page played of a connection that is not the agent's."""

    type: ClassVar[Literal["heard.other_connection"]] = "heard.other_connection"

    start_s: float
    """Where it begins, seconds."""

    end_s: float
    """Where it ends, seconds."""

    connection: str
    """Which peer connection."""


@dataclass(frozen=True, slots=True)
class AgentMissing(HarnessFact):
    """The connection that was to be the agent's never brought sound."""

    type: ClassVar[Literal["call.agent_missing"]] = "call.agent_missing"

    wanted: str
    """What was chosen."""

    found: list[str]
    """The connections that brought sound, by name."""


@dataclass(frozen=True, slots=True)
class NotSent(HarnessFact):
    """A stretch that the user said and that no sender of the page had."""

    type: ClassVar[Literal["said.not_sent"]] = "said.not_sent"

    start_s: float
    """Where it begins, seconds."""

    end_s: float
    """Where it ends, seconds."""

    reason: str
    """Why, in words."""


@dataclass(frozen=True, slots=True)
class OwnVoiceHeard(HarnessFact):
    """A stretch in which a user's own voice comes back: an echo, or a loop in the page."""

    type: ClassVar[Literal["heard.own_voice"]] = "heard.own_voice"

    start_s: float
    """Where it begins, seconds."""

    end_s: float
    """Where it ends, seconds."""

    delay_s: float | None = None
    """How long after it was sent, seconds; absent where its words were recognised instead."""

    copied: str = ""
    """Whose words they are, in words; absent where it came back at once."""


@dataclass(frozen=True, slots=True)
class SecondCall(HarnessFact):
    """The page opened another call beside the one it holds."""

    type: ClassVar[Literal["page.second_call"]] = "page.second_call"

    connection: str
    """Its peer connection."""

    calls: int
    """How many it holds now."""


@dataclass(frozen=True, slots=True)
class ProtocolRecognised(HarnessFact):
    """What the page did is a voice protocol's for certain; its messages are read from here on."""

    type: ClassVar[Literal["call.protocol"]] = "call.protocol"

    protocol: str
    """Which one."""

    over: Literal["data_channel", "web_socket"]
    """What carries it."""

    label: str
    """The data channel's label, or the WebSocket's address."""

    tells: list[str]
    """What its messages tell: answers (when they begin, end and are cut), user_words, tools."""


@dataclass(frozen=True, slots=True)
class PathMeasured(HarnessFact):
    """What the path between a page and a peer on this machine costs by itself."""

    type: ClassVar[Literal["path.measured"]] = "path.measured"

    path_s: float
    """From a sample sent to its answer played, beside the time that was programmed; seconds."""

    uncertainty_s: float
    """How far it may be off in 95 of 100 cases, seconds."""

    buffer_s: float
    """How much of it was the page's jitter buffer, seconds."""

    count: int
    """How often it was measured then."""

    backend: str
    """What stood at the other end: wrtc or aiortc."""

    measured_at: str
    """When, ISO 8601; before the call, perhaps for another run on this machine."""


CallFact = (
    CallOpened
    | DumpRead
    | CallLost
    | CallBack
    | CallHungUp
    | CallClosed
    | TrackRecorded
    | RecordingFailed
    | CallFailed
    | ClipPlayed
    | MicrophoneMuted
    | NoiseMixedIn
    | MicrophoneChanged
    | SpeakingStopped
    | CutInDecided
    | VoiceStarted
    | VoiceStopped
    | NotPlayed
    | OtherHeard
    | AgentMissing
    | NotSent
    | OwnVoiceHeard
    | SecondCall
    | ProtocolRecognised
    | PathMeasured
)
