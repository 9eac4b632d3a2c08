"""The interface of a WebRTC engine: what it has to offer, and nothing more.

An engine is anything that can hold one end of a WebRTC call: libwebrtc behind Python
(`wrtc_peer`), WebRTC written in Python (`aiortc_peer`), or another one. An adapter is one class
with the methods of `PeerConnection`; it reports to one `PeerListener`. The rules:

- One event loop. The methods are called in the running loop, and every listener method is called
  in that loop, never in another thread and never after `aclose()` has returned.
- Descriptions are complete. Offers and answers carry all ICE candidates; nothing is trickled out.
- Audio is one track each way: 48 kHz, mono, float32 with full scale ±1.0. An audio section is part
  of every offer and answer, `sendrecv`, with a stream id, so that the track can be played and a
  microphone can be attached later without a new negotiation.
- When the remote peer ends the call, its channels are reported closed, or the connection failed,
  within seconds. One that vanishes without a word is noticed as ICE notices it: `disconnected`
  within seconds, and after at most a minute `failed` is told.
- A closed connection is not used again: every method but `aclose`, `buffered_bytes` and the
  microphone's raises `PeerError`.
- Cancelling a negotiation leaves a connection that can be closed, and is never swallowed.
- Errors are `harness.errors.PeerError` and its subclasses; an engine's own never get out.

`harness.testing.peer_contract.PeerContract` is these rules as tests; every adapter runs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from harness.errors import PeerError

SAMPLE_RATE_HZ = 48_000
FRAME_FRAMES = 960
"""Samples in one packet's worth of audio: 20 ms."""

Samples: TypeAlias = NDArray[np.float32]
"""Audio of a connection: 48 kHz, mono, float32, shape (frames,), full scale ±1.0."""

Pull: TypeAlias = Callable[[int], Samples]
"""Called with how many frames are due; returns 48 kHz samples of exactly that shape (frames,)."""

StateKind: TypeAlias = Literal["connection", "ice", "gathering", "signaling"]


@dataclass(frozen=True, slots=True)
class PeerCapabilities:
    """What an engine can and cannot do, where engines differ."""

    engine: str
    max_message_bytes: int
    """Largest message the engine sends on a data channel."""
    counts_concealment: bool
    """`StatsSnapshot.concealed_samples` is known: the engine has a jitter buffer that counts."""
    reports_closed_far_end: bool
    """The remote peer's end is seen at once (DTLS or SCTP goodbye), not by a time-out alone."""


@dataclass(frozen=True, slots=True)
class StatsSnapshot:
    """One look at a call's numbers. A number the engine does not have is None, never 0."""

    packets_sent: int | None = None
    packets_received: int | None = None
    packets_lost: int | None = None
    concealed_samples: int | None = None
    """Samples the jitter buffer made up, of `total_samples_received`; both at 48 kHz."""
    total_samples_received: int | None = None
    jitter_s: float | None = None
    round_trip_s: float | None = None
    late_frames: int = 0
    """Outgoing frames sent more than half a frame after they were due."""
    slipped_frames: int = 0
    """Outgoing frame times that were given up because this process was held up too long."""
    worst_late_s: float = 0.0
    discarded_frames: int = 0
    """Incoming 10 ms blocks thrown away because this process read too slowly."""
    report: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The engine's own report: W3C stats objects by id."""


class PeerListener(Protocol):
    """Who is told what happens on a connection. Methods return soon and raise nothing."""

    def state_changed(self, kind: StateKind, state: str) -> None:
        """A state moved; `state` is the standard's word, as in RTCPeerConnectionState."""

    def channel_opened(self, label: str) -> None:
        """A data channel of either side can carry messages from now on."""

    def channel_message(self, label: str, data: str | bytes) -> None:
        """One message: str for a text message, bytes for a binary one."""

    def channel_closed(self, label: str) -> None:
        """A data channel that had been open is not any more."""

    def remote_track(self, track_id: str, stream_ids: tuple[str, ...]) -> None:
        """The remote peer's audio track is known; its samples follow."""

    def remote_audio(self, samples: Samples) -> None:
        """The next samples of the remote peer's audio, without gaps: what is lost is concealed."""

    def failed(self, error: PeerError) -> None:
        """The connection broke for good. `aclose()` is still to be called."""


@runtime_checkable
class NegotiatedChannels(Protocol):
    """What an engine may be able to do beside being a `PeerConnection`."""

    def open_negotiated_channel(self, label: str, channel_id: int) -> None:
        """Open a channel whose number both sides have agreed on; neither announces it.

        On either side, before its description is made.

        Args:
            channel_id: SCTP stream, 0 to 65 534.
        """


class PeerConnection(Protocol):
    """One end of a WebRTC call.

    The offering side: `open_channel`, `create_offer`, `accept_answer`. The answering side:
    `accept_offer`. Then messages and audio, until `aclose`.
    """

    @property
    def capabilities(self) -> PeerCapabilities:
        """What this engine can do."""

    @property
    def connection_state(self) -> str:
        """RTCPeerConnectionState: new, connecting, connected, disconnected, failed, closed."""

    def open_channel(self, label: str) -> None:
        """Ask for an ordered, reliable data channel. Before `create_offer`."""

    async def create_offer(self) -> str:
        """The complete SDP offer: one audio section, and an application one for channels.

        Raises:
            NegotiationFailed: the engine could not make one.
        """

    async def accept_answer(self, sdp: str) -> None:
        """Take the remote peer's SDP answer.

        Raises:
            NegotiationFailed: the text is no answer to our offer.
        """

    async def accept_offer(self, sdp: str) -> str:
        """Take the remote peer's SDP offer and return the complete SDP answer.

        Raises:
            NegotiationFailed: the text is no offer, or has no audio section.
        """

    async def add_candidate(self, candidate: str, mid: str) -> None:
        """Add one ICE candidate of the remote peer (`candidate:...`) to the section named `mid`.

        Raises:
            NegotiationFailed: the line is no candidate, or nothing was negotiated yet.
        """

    def send(self, label: str, data: str | bytes) -> None:
        """Queue one message on an open channel. Never waits.

        Raises:
            PeerError: no such channel, it is not open, or the message is too large.
        """

    def buffered_bytes(self, label: str) -> int:
        """Bytes queued on a channel and not yet sent; 0 where there is no such channel."""

    def close_channel(self, label: str) -> None:
        """Close one channel on both sides; the call goes on, and only the remote peer is told.

        Does nothing where there is no such channel.
        """

    def attach_microphone(self, pull: Pull) -> None:
        """Send what `pull` returns from now on; it is asked for 20 ms (48 kHz) at an even pace."""

    def detach_microphone(self) -> None:
        """Send silence from now on. Does nothing when no microphone is attached."""

    async def stats(self) -> StatsSnapshot:
        """The numbers of this moment.

        Raises:
            PeerError: the connection is closed.
        """

    async def aclose(self) -> None:
        """End the call and everything it started. Calling it again does nothing."""


PeerFactory: TypeAlias = Callable[[PeerListener], PeerConnection]
"""Makes a connection that reports to the listener. Called in a running event loop."""
