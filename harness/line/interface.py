"""A line: one end of a call, whatever holds it; what a conversation runs on.

A line has a microphone and ears, carries the protocol's messages, and tells what happens to its
connection in the envelopes of `harness.line.envelope` (the source of all of them is "page" in a
trace: the calling end, page or not). Everything on it has a place on its timeline. Three engines
have one: a page in a browser (`page_line`), a peer connection without a browser (`native_line`),
and a client joined to the server's session in memory (`simulated_line`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from harness.audio.clip import AudioClip
from harness.errors import HarnessError
from harness.facts.catalogue import AnyFact
from harness.line.audio import AudioFrames, PlayedClip
from harness.line.envelope import Envelope
from harness.line.microphone_plan import MicrophonePlan
from harness.streams.event_stream import EventStream
from harness.timeline import Timeline


@dataclass(frozen=True, slots=True)
class LineCapabilities:
    """What an engine can and cannot do, where engines differ."""

    engine: str
    """As it is called in traces and results."""

    has_page: bool
    """There is a page to look at: `BrowserCall.page`."""

    is_real_time: bool
    """A second of the conversation takes a second; else its time is virtual."""

    gets_microphone: bool = True
    """False: the page is refused its microphone, so no call comes up, and none is waited for."""

    most_message_bytes: int = 262_144
    """Of one event of the protocol; what browsers take."""


class Microphone(Protocol):
    """The person at this end."""

    async def ready(self, within_s: float = 10.0) -> None:
        """Wait until it can be spoken into."""
        ...

    async def play(
        self,
        clip: AudioClip,
        at_s: float | None = None,
        gain: float = 1.0,
        at_frame: int | None = None,
    ) -> PlayedClip:
        """Speak a clip over whatever sounds already; its start is exact to the sample.

        Args:
            clip: any rate.
            at_s: when its first sample is to leave, on the timeline; None, or a time that has
                passed, for at once.
            gain: factor on every sample.
            at_frame: in place of ``at_s``, as `PlayedClip.start_frame` counts: the way to begin
                at the very sample behind another clip.
        """
        ...

    async def set_noise(
        self, period: AudioClip | None, gain: float = 1.0, fade_s: float = 0.0
    ) -> float | None:
        """Another noise behind what is said, until the next one; it goes on while nobody speaks.

        Args:
            period: one period of it, repeated without an end; None for none.
            gain: factor on every sample.
            fade_s: the one before fades out, and this one in, for so many seconds.

        Returns:
            From when on, on the timeline; None where it waits for a microphone to open.
        """
        ...

    async def set_effects(self, plan: MicrophonePlan) -> float | None:
        """What it does to its sound, until the next time: speech, noise and echo alike.

        Returns:
            From when on, on the timeline; None where it waits for a microphone to open.
        """
        ...

    async def stop_all(self, fade_s: float = 0.0) -> float | None:
        """Say no more: every clip ends, also what has not begun; noise goes on.

        Args:
            fade_s: clips that sound go to silence in a straight line of so many seconds.

        Returns:
            From when on, on the timeline; None where no microphone is open.
        """
        ...

    async def set_muted(self, muted: bool) -> None:
        """The switch on the device: silence goes out, whatever is being said."""
        ...


class LineReport(Protocol):
    """Whom a line tells what is no envelope."""

    def note(self, fact: AnyFact) -> None:
        """Something for the trace and the events."""
        ...

    def fail(self, error: HarnessError) -> None:
        """The call is broken, with this cause."""
        ...

    def hide(self, secret: str) -> None:
        """A secret that must be in no trace."""
        ...


class Line(Protocol):
    """One end of a call. Made for one call; ended by its own context manager."""

    envelopes: EventStream[Envelope]
    """What happens to the connection, and every message. Ends with its cause where it breaks."""

    timeline: Timeline

    @property
    def capabilities(self) -> LineCapabilities:
        """What this line can and cannot do, where lines differ."""

    @property
    def sent(self) -> EventStream[AudioFrames]:
        """What the microphone produced; silence included."""
        ...

    @property
    def received(self) -> EventStream[AudioFrames]:
        """What came from the remote peer, whether it is played or not."""
        ...

    @property
    def heard(self) -> EventStream[AudioFrames]:
        """What is played of it: all that a user hears. Without a page both are one stream."""
        ...

    @property
    def microphone(self) -> Microphone:
        """Its microphone: what is put there is what the remote peer hears."""

    @property
    def uncertainty_s(self) -> float:
        """How far an event may be off against the audio on the timeline."""
        ...

    @property
    def address(self) -> str:
        """What is called, for the trace and for people."""
        ...

    async def connect(self, within_s: float, report: LineReport) -> None:
        """Begin the call. It is up when the envelopes say so.

        Raises:
            HarnessError: it did not come up, as far as that can be said here.
        """
        ...

    async def send_text(self, label: str, text: str) -> None:
        """Send a message on an open data channel.

        Raises:
            HarnessError: no open channel has that label.
        """
        ...

    async def hang_up(self) -> None:
        """End the call from this side."""
        ...
