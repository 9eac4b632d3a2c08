"""Streams of a line that no page holds."""

from __future__ import annotations

from harness.errors import HarnessError
from harness.line.audio import AudioFrames
from harness.line.audio_batches import AudioBatches
from harness.line.connection_envelopes import ConnectionEnvelopes
from harness.line.envelope import Envelope
from harness.streams.event_stream import EventStream


class LineWithoutPage:
    """The streams of a line, and what fills them.

    Args:
        engine: as it is called in envelopes.
        label: of the one data channel.
    """

    def __init__(self, engine: str, label: str) -> None:
        self._told = ConnectionEnvelopes(engine, label)
        self._sent = AudioBatches("sent audio", "microphone")
        self._heard = AudioBatches("heard audio", "remote peer")
        self.envelopes: EventStream[Envelope] = self._told.stream

    @property
    def sent(self) -> EventStream[AudioFrames]:
        """What the microphone produced; silence included."""
        return self._sent.stream

    @property
    def received(self) -> EventStream[AudioFrames]:
        """What came from the remote peer: nobody stands between, all of it is heard."""
        return self._heard.stream

    @property
    def heard(self) -> EventStream[AudioFrames]:
        """The same stream as `received`."""
        return self._heard.stream

    def _end_streams(self, cause: HarnessError | None = None) -> None:
        """Hand on what there is, and end; ``cause`` is why, where the line broke."""
        self._sent.flush()
        self._heard.flush()
        for stream in (self.envelopes, self.sent, self.heard):
            stream.end(cause)
