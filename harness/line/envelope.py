"""The one schema of what a page tells Python, with its version.

Every envelope has a number that counts up within its page realm (one document in one frame; a
reload is another realm), and the page's time. What is in ``data`` depends on ``type`` and is
listed in `ENVELOPE_DATA`; the JavaScript types in web/types/envelope.d.ts are generated from it.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from harness.errors import EnvelopeError
from harness.line.envelope_bounds import (
    LONGEST_PAYLOAD,
    Decibels,
    FrameCount,
    FrameNumber,
    Milliseconds,
    SampleRate,
    says_samples,
)

VERSION = 1

MOST_ENVELOPES = 2**53
"""As far as a page counts exactly."""

Side = Literal["local", "remote"]


class Loaded(TypedDict):
    url: str
    is_top: bool


class Unloaded(TypedDict):
    url: str


class PageProblem(TypedDict):
    message: str


class UserMediaRequested(TypedDict):
    call: str
    constraints: dict[str, Any]


class GrantedTrack(TypedDict):
    id: str
    kind: str
    label: str


class UserMediaGranted(TypedDict):
    call: str
    tracks: list[GrantedTrack]


class UserMediaRefused(TypedDict):
    call: str
    name: str
    reason: str


class MicrophoneStarted(TypedDict):
    microphone: str
    device: str
    sample_rate_hz: SampleRate
    mode: Literal["worklet", "script_processor", "device"]


class MicrophoneStopped(TypedDict):
    microphone: str


class MicrophoneEnabled(TypedDict):
    microphone: str
    enabled: bool


class MicrophoneSamples(TypedDict):
    """``pcm`` is base64 of 16-bit little-endian mono; empty for ``frames`` of digital silence."""

    microphone: str
    frame: FrameNumber
    frames: FrameCount
    pcm: str


class IceServer(TypedDict):
    urls: list[str]
    username: str | None
    credential: str | None


class Configuration(TypedDict, total=False):
    iceServers: list[IceServer]
    iceTransportPolicy: str
    bundlePolicy: str
    rtcpMuxPolicy: str


class ConnectionCreated(TypedDict):
    connection: str
    configuration: Configuration


class ConnectionState(TypedDict):
    connection: str
    kind: Literal["connection", "ice", "gathering", "signaling"]
    state: str


class Description(TypedDict):
    connection: str
    side: Side
    sdp: str


class ConnectionProblem(TypedDict):
    connection: str
    operation: str
    message: str


class Candidate(TypedDict):
    """``candidate`` is None when gathering has ended."""

    connection: str
    side: Side
    candidate: str | None


class RemoteTrack(TypedDict):
    connection: str
    track: str
    kind: str
    streams: list[str]


class ConnectionClosed(TypedDict):
    connection: str


class Channel(TypedDict):
    connection: str
    channel: str
    label: str


class ChannelCreated(Channel):
    side: Side


class ChannelMessage(Channel):
    """``text`` is None for a binary message."""

    direction: Literal["sent", "received"]
    text: str | None
    bytes_length: int


class ChannelProblem(Channel):
    message: str


class TapStarted(TypedDict):
    connection: str
    track: str
    sample_rate_hz: SampleRate
    mode: Literal["worklet", "script_processor"]


class TapFailed(TypedDict):
    connection: str
    track: str
    why: str


class TapStopped(TypedDict):
    track: str


class HeardSamples(TypedDict):
    """As microphone.samples, and the level of the batch; -120 dBFS for digital silence."""

    track: str
    frame: FrameNumber
    frames: FrameCount
    pcm: str
    rms_dbfs: Decibels


class PlayedSamples(TypedDict):
    """As heard.samples, of everything that the page plays of remote tracks, mixed."""

    frame: FrameNumber
    frames: FrameCount
    pcm: str
    rms_dbfs: Decibels


class PlaybackChanged(TypedDict):
    """How the page plays a remote track from now on.

    ``gain`` is the factor of the loudest element that plays it. Where it goes into an audio graph
    of the page, that alone knows how loud it is. ``reason`` says why nothing plays it, else "".
    """

    track: str
    gain: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    via: Literal["element", "graph", "nothing"]
    reason: str


class Stats(TypedDict):
    connection: str
    report: list[dict[str, Any]]


class AudioAnchor(TypedDict):
    """Audio frame ``frame`` was rendered at ``page_ms``, give or take."""

    frame: FrameNumber
    page_ms: Milliseconds
    sample_rate_hz: SampleRate
    uncertainty_ms: Milliseconds


class Fallback(TypedDict):
    what: str
    why: str


class MicrophoneClicked(TypedDict):
    is_on: bool


class CloseClicked(TypedDict):
    pass


class VolumeChanged(TypedDict):
    """0 to 2; 1 is as loud as it was sent."""

    volume: Annotated[float, Field(ge=0, le=2)]


class BrokeProbe(TypedDict):
    """``what`` the page replaced by something else, as in `Array.prototype.map`."""

    what: str


class Lost(TypedDict):
    count: int


ENVELOPE_DATA: dict[str, Any] = {
    "page.loaded": Loaded,
    "page.unloaded": Unloaded,
    "page.error": PageProblem,
    "page.broke_probe": BrokeProbe,
    "user_media.requested": UserMediaRequested,
    "user_media.granted": UserMediaGranted,
    "user_media.refused": UserMediaRefused,
    "microphone.started": MicrophoneStarted,
    "microphone.stopped": MicrophoneStopped,
    "microphone.enabled": MicrophoneEnabled,
    "microphone.samples": MicrophoneSamples,
    "peer_connection.created": ConnectionCreated,
    "peer_connection.state": ConnectionState,
    "peer_connection.offer": Description,
    "peer_connection.answer": Description,
    "peer_connection.error": ConnectionProblem,
    "peer_connection.candidate": Candidate,
    "peer_connection.track": RemoteTrack,
    "peer_connection.closed": ConnectionClosed,
    "data_channel.created": ChannelCreated,
    "data_channel.open": Channel,
    "data_channel.message": ChannelMessage,
    "data_channel.error": ChannelProblem,
    "data_channel.closed": Channel,
    "tap.started": TapStarted,
    "tap.failed": TapFailed,
    "tap.stopped": TapStopped,
    "heard.samples": HeardSamples,
    "played.samples": PlayedSamples,
    "playback.changed": PlaybackChanged,
    "stats": Stats,
    "audio.anchor": AudioAnchor,
    "fallback": Fallback,
    "microphone.clicked": MicrophoneClicked,
    "close.clicked": CloseClicked,
    "volume.changed": VolumeChanged,
    "sink.lost": Lost,
}
"""What ``data`` holds, by ``type``."""

SAMPLES = frozenset({"microphone.samples", "heard.samples", "played.samples"})
"""Types that carry audio: many and large, and of no use as lines of a trace."""


class Envelope(BaseModel):
    """One message from a page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1]
    frame_id: str
    seq: Annotated[int, Field(ge=0, le=MOST_ENVELOPES)]
    page_ms: Milliseconds
    type: str
    data: dict[str, Any]

    def __str__(self) -> str:
        return self.type


_HALF_CHARACTERS = re.compile(r"(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}")
"""Halves of surrogate pairs: JSON.stringify escapes them (and no whole pair), JSON refuses them."""

_BATCH = TypeAdapter(list[Envelope])
_DATA: dict[str, TypeAdapter[Any]] = {}


def parse_batch(payload: str) -> list[Envelope]:
    """The envelopes of one batch, checked against the schema.

    Raises:
        EnvelopeError: not JSON, another version, an unknown type, or data of another shape.
    """
    if len(payload) > LONGEST_PAYLOAD:
        raise _no_envelope(f"{len(payload)} characters at once")
    try:
        envelopes = _BATCH.validate_json(_HALF_CHARACTERS.sub(r"\1\\ufffd", payload))
        for envelope in envelopes:
            _adapter(envelope.type).validate_python(envelope.data, strict=False)
            if envelope.type in SAMPLES and not says_samples(envelope.data):
                raise _no_envelope(f"{envelope.type} whose pcm is not that of its frames")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))[:100] or "the start"
        # The cause repeats the page's data, which may be private.
        raise _no_envelope(f"{first['msg']} at {place}") from None
    except UnicodeError:
        raise _no_envelope("half a character") from None
    return envelopes


def _no_envelope(found: str) -> EnvelopeError:
    return EnvelopeError(
        "The page sent something that is not an envelope of this version.",
        expected=f"envelopes of version {VERSION}",
        found=found,
        hint="reload the page; a page script may be calling the harness's own binding",
    )


def _adapter(envelope_type: str) -> TypeAdapter[Any]:
    if envelope_type not in _DATA:
        if envelope_type not in ENVELOPE_DATA:
            raise EnvelopeError(
                "The page sent an envelope of an unknown type.",
                expected=f"one of {', '.join(ENVELOPE_DATA)}",
                found=envelope_type[:100],
            )
        _DATA[envelope_type] = TypeAdapter(_forbidding_extra(ENVELOPE_DATA[envelope_type]))
    return _DATA[envelope_type]


def _forbidding_extra(data_type: Any) -> Any:
    data_type.__pydantic_config__ = ConfigDict(extra="forbid")
    return data_type
