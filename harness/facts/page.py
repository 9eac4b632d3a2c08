"""Facts of the page itself and of its user, from the probe in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from harness.facts.bounds import CallCount, Milliseconds, ShortText, ShortTexts, Volume
from harness.facts.fact import PageFact


@dataclass(frozen=True, slots=True)
class PageLoaded(PageFact):
    """A document begins."""

    type: ClassVar[Literal["page.loaded"]] = "page.loaded"

    url: str
    """Its address, secrets masked."""

    is_top: bool
    """Whether it is the page itself, and not a frame in it or a window that it opened."""


@dataclass(frozen=True, slots=True)
class PageUnloaded(PageFact):
    """A document ends."""

    type: ClassVar[Literal["page.unloaded"]] = "page.unloaded"

    url: str
    """Its address, secrets masked."""


@dataclass(frozen=True, slots=True)
class PageError(PageFact):
    """An error that nobody caught in the page, or one of the probe itself."""

    type: ClassVar[Literal["page.error"]] = "page.error"

    message: str
    """In words."""


@dataclass(frozen=True, slots=True)
class PageBrokeProbe(PageFact):
    """The page replaced a part of the language that the probe stands on."""

    type: ClassVar[Literal["page.broke_probe"]] = "page.broke_probe"

    what: str
    """What it replaced, as in "Array.prototype.map"."""


@dataclass(frozen=True, slots=True)
class PageFellBack(PageFact):
    """The probe does something in another way than it should like to."""

    type: ClassVar[Literal["fallback"]] = "fallback"

    what: str
    """What it does instead."""

    why: str
    """The reason, in words."""


@dataclass(frozen=True, slots=True)
class ProbeRefused(PageFact):
    """The page's policy refused a script of the probe's own; its console says so, too."""

    type: ClassVar[Literal["probe.refused"]] = "probe.refused"

    address: ShortText
    """How its address begins: that of a blob, or the script itself as a data URL."""


@dataclass(frozen=True, slots=True)
class LongTask(PageFact):
    """A task kept the page's main thread busy for long: 0.2 s and more."""

    type: ClassVar[Literal["page.long_task"]] = "page.long_task"

    duration_ms: Milliseconds
    """How long, milliseconds; the event comes behind it."""


@dataclass(frozen=True, slots=True)
class VisibilityChanged(PageFact):
    """The page went into the background, or came back."""

    type: ClassVar[Literal["page.visibility"]] = "page.visibility"

    state: Literal["hidden", "visible"]
    """What it is from here on, as the page itself is told."""


@dataclass(frozen=True, slots=True)
class FocusChanged(PageFact):
    """The page's window lost the keyboard, to a frame in it too, or has it again."""

    type: ClassVar[Literal["page.focus"]] = "page.focus"

    state: Literal["focused", "blurred"]
    """What it is from here on, as the page itself is told."""


@dataclass(frozen=True, slots=True)
class PermissionState(PageFact):
    """Whether the page may use the microphone: when it begins, and when that changes."""

    type: ClassVar[Literal["page.permission"]] = "page.permission"

    name: Literal["microphone"]
    """Which permission."""

    state: Literal["granted", "denied", "prompt"]
    """What it is from here on, as the page itself is told."""


@dataclass(frozen=True, slots=True)
class WebrtcCalled(PageFact):
    """The page called a method of WebRTC or of a media element, or set one of its attributes.

    Calls that come in numbers are told once a second, with their count alone.
    """

    type: ClassVar[Literal["page.webrtc_call"]] = "page.webrtc_call"

    owner: ShortText
    """Whose method it is, as in "RTCPeerConnection"."""

    name: ShortText
    """The method or attribute, as in "addTrack"."""

    arguments: ShortTexts
    """With what, a few words each, secrets masked; a description by its kind and length."""

    outcome: Literal["returned", "resolved", "rejected", "threw", "pending"]
    """How it went; "pending": a promise that was still open after 5 s, and is told again."""

    took_ms: Milliseconds
    """How long, milliseconds of the page's clock; the event comes behind it."""

    kind: Literal["call", "set"] = "call"
    """Whether a method was called or an attribute set."""

    of: ShortText = ""
    """Of what: a connection's or a channel's name, a track's kind."""

    result: ShortText = ""
    """What came back, in a word, as in "sender"."""

    error: ShortText = ""
    """The error's name, as in "InvalidStateError"."""

    message: ShortText = ""
    """Why, in the browser's words."""

    line: ShortText = ""
    """Where in the page's scripts, as "http://127.0.0.1/call.js:12:5"; not of what is counted."""

    count: CallCount = 1
    """How many of them this is."""


@dataclass(frozen=True, slots=True)
class EnvelopesLost(PageFact):
    """Envelopes that the page could not hand over."""

    type: ClassVar[Literal["sink.lost"]] = "sink.lost"

    count: int
    """How many."""


@dataclass(frozen=True, slots=True)
class MicrophoneClicked(PageFact):
    """The user used the microphone button of our own page."""

    type: ClassVar[Literal["microphone.clicked"]] = "microphone.clicked"

    is_on: bool
    """Whether the microphone is heard from now on."""


@dataclass(frozen=True, slots=True)
class CloseClicked(PageFact):
    """The user used the close button of our own page."""

    type: ClassVar[Literal["close.clicked"]] = "close.clicked"


@dataclass(frozen=True, slots=True)
class VolumeChanged(PageFact):
    """The user of our own page changed the volume."""

    type: ClassVar[Literal["volume.changed"]] = "volume.changed"

    volume: Volume
    """0 to 2; 1 is as loud as it was sent."""


PageItselfFact = (
    PageLoaded
    | PageUnloaded
    | PageError
    | PageBrokeProbe
    | PageFellBack
    | ProbeRefused
    | LongTask
    | VisibilityChanged
    | FocusChanged
    | PermissionState
    | WebrtcCalled
    | EnvelopesLost
    | MicrophoneClicked
    | CloseClicked
    | VolumeChanged
)
