"""One WebRTC call: a peer connection on one side of the session's shell."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import numpy as np

from harness.audio.half_band import Doubler, Halver
from harness.clock import Clock
from harness.errors import NegotiationFailed, PeerError
from harness.peer.interface import (
    FRAME_FRAMES,
    NegotiatedChannels,
    PeerConnection,
    PeerFactory,
    Samples,
    StateKind,
)
from harness.peer.sdp import has_application_section
from harness.realtime.wire import EVENTS_LABEL
from harness.server.calls.call_runner import CallRunner, as_text
from harness.server.calls.call_session import CallSession
from harness.server.calls.early_messages import TOO_EARLY, EarlyMessages
from harness.server.calls.recording import Recording
from harness.speech.workers import SpeechWorkers

OTHER_LABEL_AFTER_S = 0.3
"""Pages name their channel otherwise, too. One that has several, and the usual one among them,
opens them within this time."""

DISCONNECTED_GRACE_S = 2.0
"""A browser that vanished is "disconnected" after some seven seconds; this much on top ends it."""
MOST_UNREAD = 64
"""Messages of all its channels before the session began."""

_log = logging.getLogger(__name__)


class Call(CallRunner):
    """One call from its offer to its end.

    `answer` first, then `run` until the call is over: it leaves no task, timer or connection.
    The methods of `PeerListener` are for the peer connection alone.

    Args:
        connect_within_s: with the events channel open, from the answer on.
    """

    transport = "webrtc"

    def __init__(
        self,
        call_id: str,
        session: CallSession,
        make_peer: PeerFactory,
        speech: SpeechWorkers,
        clock: Clock,
        recording: Recording | None = None,
        connect_within_s: float = 15.0,
    ) -> None:
        super().__init__(call_id, session, speech, clock, recording)
        self.unheard_frames = 0
        """Received samples (48 kHz) from before the session was open."""
        self._peer: PeerConnection = make_peer(self)
        self._halver, self._doubler = Halver(), Doubler()
        self._heard: list[Samples] = []
        self._heard_frames = 0
        self._has_channel = True
        self._label = EVENTS_LABEL
        self._unread = EarlyMessages(MOST_UNREAD)
        """What came before it was clear which channel has the events."""
        self._connect_within_s = connect_within_s
        self._grace: asyncio.TimerHandle | None = None

    async def answer(self, offer: str, channel_id: int | None = None) -> str:
        """The SDP answer to the client's offer.

        Args:
            channel_id: the stream of the events channel, where the client does not announce it.

        Raises:
            NegotiationFailed: the offer cannot be used; the call is over then.
        """
        try:
            if channel_id is not None:
                self._open_agreed(channel_id)
            answer = await self._peer.accept_offer(offer)
        except BaseException:
            self.end("the offer was refused")
            await self.free()
            raise
        self._has_channel = has_application_section(offer)
        self._peer.attach_microphone(self._pull)
        return answer

    def _open_agreed(self, channel_id: int) -> None:
        if not isinstance(self._peer, NegotiatedChannels):
            raise NegotiationFailed(
                "This WebRTC engine opens no channel that was agreed on beforehand.",
                expected="an engine with open_negotiated_channel",
                found=f"the engine “{self._peer.capabilities.engine}”",
            )
        self._peer.open_negotiated_channel(EVENTS_LABEL, channel_id)

    @property
    def most_message_bytes(self) -> int:
        """The largest message that the connection takes."""
        return self._peer.capabilities.max_message_bytes

    async def run(self) -> str:
        """Carry the call until it is over; say why it ended."""
        give_up = self._later(self._connect_within_s, self._give_up)
        try:
            return await super().run()
        finally:
            give_up.cancel()

    def _give_up(self) -> None:
        if not self.is_open:
            self.end(f"no connection within {self._connect_within_s:g} s")

    async def numbers(self) -> dict[str, Any]:
        """What the connection counted so far; empty when it is closed already."""
        try:
            stats = await self._peer.stats()
        except PeerError:
            return {}
        return {
            "packets_sent": stats.packets_sent,
            "packets_received": stats.packets_received,
            "packets_lost": stats.packets_lost,
            "concealed_samples": stats.concealed_samples,
            "total_samples_received": stats.total_samples_received,
            "late_frames": stats.late_frames,
            "slipped_frames": stats.slipped_frames,
            "worst_late_ms": round(stats.worst_late_s * 1000, 1),
            "discarded_frames": stats.discarded_frames,
        }

    async def free(self) -> None:
        """Close the peer connection."""
        if self._grace is not None:
            self._grace.cancel()
        await self._peer.aclose()

    # The peer connection reports

    def state_changed(self, kind: StateKind, state: str) -> None:
        if kind != "connection":
            return
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None
        if state == "disconnected":
            self._grace = self._later(DISCONNECTED_GRACE_S, lambda: self.end("the client is gone"))
        elif state == "connected" and not self._has_channel:
            self.open()

    def channel_opened(self, label: str) -> None:
        if self.is_open:
            return
        if label == EVENTS_LABEL:
            self._open_with(label)
        else:
            self._later(OTHER_LABEL_AFTER_S, lambda: self._open_with(label))

    def _open_with(self, label: str) -> None:
        if not self.is_open:
            self._label = label
            self.open()
            for text in self._unread.take(label):
                self.receive_text(text)
            if self._unread.has_lost:
                self.report("session_not_started", TOO_EARLY)

    def channel_message(self, label: str, data: str | bytes) -> None:
        # A binary message is no event; as text it gets the protocol's own error.
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        if self.is_open and label == self._label:
            self.receive_text(text)
        elif not self.is_open:
            self._unread.add(text, label)

    def channel_closed(self, label: str) -> None:
        if label == self._label and self._has_channel:
            self.end("the client closed its data channel")

    def remote_track(self, track_id: str, stream_ids: tuple[str, ...]) -> None:
        _log.debug("call %s: remote track %s", self.call_id, track_id)

    def remote_audio(self, samples: Samples) -> None:
        if self.recording is not None:
            self.recording.add(samples)
        self._heard.append(samples)
        self._heard_frames += len(samples)
        if self._heard_frames < FRAME_FRAMES:
            return  # in pieces of 20 ms, whatever the engine's own are: half the work
        halved = self._halver.process(np.concatenate(self._heard))
        self._heard.clear()
        self._heard_frames = 0
        if not self.is_open:
            self.unheard_frames += 2 * len(halved)
            return
        with self.input_now() as now_s:
            self._session.receive_audio(halved, now_s)

    def failed(self, error: PeerError) -> None:
        self.end(error.message)

    # To the client

    def _pull(self, frames: int) -> Samples:
        if not self.is_open or self.ended_because is not None:
            return np.zeros(frames, np.float32)
        played = np.zeros(frames // 2, np.float32)
        with self.input_now() as now_s:
            played = self._played(frames // 2, now_s)
        return self._doubler.process(played)

    def _played(self, frames: int, now_s: float) -> Samples:
        def source(frames: int) -> Samples:
            return self._session.pull_playback(frames, now_s)

        return source(frames) if self.injector is None else self.injector.pull(frames, source)

    def close_channel(self) -> None:
        """Close the data channel; audio flows until the client leaves."""
        self._has_channel = False
        self._peer.close_channel(self._label)

    def send_text(self, text: str, kind: str) -> None:
        if not self._has_channel or self.ended_because is not None:
            return
        try:
            self._peer.send(self._label, text)
        except PeerError as error:
            self._not_sent(kind, error)

    def unsent_bytes(self) -> int:
        """Bytes queued on the events channel; 0 without a connection."""
        connected = self._peer.connection_state == "connected"
        return self._peer.buffered_bytes(self._label) if connected else 0

    def _not_sent(self, kind: str, problem: PeerError) -> None:
        """Say that an event is missing: as a rule it is larger than the client takes."""
        _log.error("call %s: %s was not sent: %s", self.call_id, kind, problem)
        message = f"An event of type '{kind}' could not be sent: {problem.message}"
        notice = self.error_event("event_not_sent", message, "server_error")
        try:
            self._peer.send(self._label, as_text(notice))
        except PeerError:
            self.end(problem.message)

    def _later(self, delay_s: float, action: Any) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(delay_s, action)
