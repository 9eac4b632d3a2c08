"""Audio frames on the timeline, made of a page's sample envelopes."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from harness.audio import pcm16
from harness.audio.clip import MonoFloat32
from harness.browser.page_clock import PageClock
from harness.line.agent_connections import AgentConnections
from harness.line.audio import AudioFrames
from harness.line.envelope import Envelope
from harness.streams.event_stream import EventStream

KEPT_BATCHES = 6_000
"""About ten minutes of one track; what is older is forgotten and counted."""


class PageAudio:
    """Turns ``microphone.samples``, ``heard.samples`` and ``played.samples`` into streams.

    ``received`` is every remote track, ``played`` what a user hears of the page, and of that
    ``others`` what came on a connection that is not the agent's.

    Samples that come before their realm's audio clock is anchored wait for the anchor.
    """

    def __init__(self, clock: PageClock, agent: AgentConnections | None = None) -> None:
        self.sent: EventStream[AudioFrames] = EventStream("sent audio", KEPT_BATCHES, "drop_oldest")
        self.received: EventStream[AudioFrames] = EventStream(
            "received audio", KEPT_BATCHES, "drop_oldest"
        )
        self.played: EventStream[AudioFrames] = EventStream(
            "played audio", KEPT_BATCHES, "drop_oldest"
        )
        self.others: EventStream[AudioFrames] = EventStream(
            "other connections' audio", KEPT_BATCHES, "drop_oldest"
        )
        self._clock = clock
        self._agent = agent or AgentConnections()
        self._waiting: dict[str, list[Envelope]] = defaultdict(list)

    def receive(self, envelope: Envelope) -> None:
        """Take a samples envelope."""
        if self._clock.knows(envelope.frame_id):
            self._push(envelope)
        else:
            self._waiting[envelope.frame_id].append(envelope)

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
        stream, named = {
            "microphone.samples": (self.sent, "microphone"),
            "heard.samples": (self.received, "track"),
            "played.samples": (self.played, "connection"),
        }[envelope.type]
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


def _samples(pcm: str, frames: int) -> MonoFloat32:
    if not pcm:
        return np.zeros(frames, np.float32)
    return pcm16.from_base64(pcm)
