"""Facts of the page itself and of its user, from the probe in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from harness.facts.bounds import Milliseconds, Volume
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
    | LongTask
    | VisibilityChanged
    | EnvelopesLost
    | MicrophoneClicked
    | CloseClicked
    | VolumeChanged
)
