"""Audio frames on the timeline, made of a page's sample envelopes."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from harness.audio import pcm16
from harness.audio.clip import MonoFloat32
from harness.browser.page_clock import PageClock
from harness.line.agent_connections import AgentConnections
from harness.line.audio import AudioFrames
from harness.line.audio_batches import audio_stream
from harness.line.envelope import Envelope
from harness.streams.event_stream import EventStream

MOST_WAITING = 600
"""Pieces of a realm whose clock is not known yet: twenty seconds of its three kinds."""

_NAMED = {
    "microphone.samples": "microphone",
    "heard.samples": "track",
    "played.samples": "connection",
}
"""What tells one source of a kind from the next."""


class PageAudio:
    """Turns ``microphone.samples``, ``heard.samples`` and ``played.samples`` into streams.

    ``received`` is every remote track, ``played`` what a user hears of the page, and of that
    ``others`` what came on a connection that is not the agent's.

    Samples that come before their realm's audio clock is anchored wait for the anchor.
    """

    def __init__(self, clock: PageClock, agent: AgentConnections | None = None) -> None:
        self.sent = audio_stream("sent audio")
        self.received = audio_stream("received audio")
        self.played = audio_stream("played audio")
        self.others = audio_stream("other connections' audio")
        self._clock = clock
        self._agent = agent or AgentConnections()
        self._waiting: dict[str, list[Envelope]] = defaultdict(list)

    def receive(self, envelope: Envelope) -> None:
        """Take a samples envelope."""
        if self._clock.knows(envelope.frame_id):
            self._push(envelope)
            return
        waiting = self._waiting[envelope.frame_id]
        waiting.append(envelope)
        if len(waiting) > MOST_WAITING:
            self._stream(waiting.pop(0)).dropped += 1

    def anchored(self, realm: str) -> None:
        """The realm's audio clock is known now."""
        for envelope in self._waiting.pop(realm, ()):
            self._push(envelope)

    def end(self, cause: BaseException | None) -> None:
        """End the streams; with a cause, their readers raise it."""
        for stream in (self.sent, self.received, self.played, self.others):
            stream.end(cause)

    def _push(self, envelope: Envelope) -> None:
        data = envelope.data
        stream, named = self._stream(envelope), _NAMED[envelope.type]
        source = data[named] or "page"
        if stream is self.played and not self._agent.is_judged(envelope.frame_id, data[named]):
            stream = self.others
        frames = AudioFrames(
            start_s=self._clock.frame_to_s(envelope.frame_id, data["frame"]),
            samples=_samples(data["pcm"], data["frames"]),
            source=f"{envelope.frame_id}/{source}",
            frame=data["frame"],
        )
        stream.push(frames)

    def _stream(self, envelope: Envelope) -> EventStream[AudioFrames]:
        streams = {
            "microphone.samples": self.sent,
            "heard.samples": self.received,
            "played.samples": self.played,
        }
        return streams[envelope.type]


def _samples(pcm: str, frames: int) -> MonoFloat32:
    if not pcm:
        return np.zeros(frames, np.float32)
    return pcm16.from_base64(pcm)
