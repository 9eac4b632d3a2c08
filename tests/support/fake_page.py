"""A page that says what a test tells it to: the streams of a `VoicePage`, without a browser."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.line.agent_connections import AgentConnections
from harness.line.audio import AudioFrames
from harness.line.envelope import Envelope
from harness.streams.event_stream import EventStream
from harness.timeline import Timeline


class FakePage:
    """Page time is ``t_s`` in milliseconds; audio runs at 48 kHz from 0 s."""

    def __init__(self) -> None:
        self.envelopes: EventStream[Envelope] = EventStream("page")
        self.received: EventStream[AudioFrames] = EventStream("received")
        self.heard: EventStream[AudioFrames] = EventStream("heard")
        self.others: EventStream[AudioFrames] = EventStream("others")
        self.agent = AgentConnections()
        self.sent: EventStream[AudioFrames] = EventStream("sent")
        self.timeline = Timeline()
        self.timeline.start(0)
        self.timeline.anchor(0, 0, 48_000)
        self._seq = 0

    def tell(self, type: str, data: dict[str, Any], t_s: float) -> None:
        """One envelope."""
        self.envelopes.push(
            Envelope(v=1, frame_id="frame", seq=self._seq, page_ms=t_s * 1000, type=type, data=data)
        )
        self._seq += 1

    def say(self, text: str, t_s: float, direction: str = "received") -> None:
        """A message on the events channel."""
        data = {
            "connection": "c",
            "channel": "d",
            "label": "oai-events",
            "direction": direction,
            "text": text,
        }
        self.tell("data_channel.message", data, t_s)

    def hear(self, start_s: float, samples: np.ndarray, source: str = "track") -> None:
        """Samples that the page plays, in batches of 100 ms."""
        self._audio(self.heard, start_s, samples, source)

    def hear_beside(self, start_s: float, samples: np.ndarray, source: str) -> None:
        """Samples that the page plays of a connection that is not the agent's."""
        self._audio(self.others, start_s, samples, source)

    def receive(self, start_s: float, samples: np.ndarray, source: str = "frame/track") -> None:
        """Samples of a remote track, played or not."""
        self._audio(self.received, start_s, samples, source)

    def send(self, start_s: float, samples: np.ndarray, source: str = "microphone") -> None:
        """Samples of the microphone."""
        self._audio(self.sent, start_s, samples, source)

    def _audio(
        self, stream: EventStream[AudioFrames], start_s: float, samples: np.ndarray, source: str
    ) -> None:
        for i in range(0, len(samples), 4_800):
            part = samples[i : i + 4_800].astype(np.float32)
            at_s = start_s + i / 48_000
            stream.push(AudioFrames(at_s, part, source, round(at_s * 48_000)))
