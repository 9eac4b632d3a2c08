"""A peer connection on aiortc: WebRTC written in Python.

The slower of the two engines: every packet passes through the event loop. Its jitter buffer
neither conceals nor counts, so lost audio is filled with silence here, to keep the samples
without gaps.
"""

from __future__ import annotations

import fractions
import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import aioice.ice
import aiortc
import numpy as np
from aiortc.exceptions import InvalidStateError
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp
from av import AudioFrame

from harness.audio.pcm16 import MonoInt16
from harness.audio.resample import StreamResampler
from harness.clock import MonotonicClock
from harness.peer.adapter import EngineAdapter, next_pcm, stats_of_type
from harness.peer.interface import (
    FRAME_FRAMES,
    SAMPLE_RATE_HZ,
    PeerCapabilities,
    PeerListener,
    Pull,
    Samples,
    StatsSnapshot,
)
from harness.peer.pacing import Schedule, until_due
from harness.peer.sdp import check_description, without_mdns_candidates

_CAPABILITIES = PeerCapabilities(
    engine="aiortc",
    max_message_bytes=65_536,
    counts_concealment=False,
    reports_closed_far_end=True,
)
_MOST_FILLED_FRAMES = SAMPLE_RATE_HZ
"""A longer hole than 1 s is a pause of the remote peer's clock, not loss."""

_log = logging.getLogger(__name__)
_host_addresses = aioice.ice.get_host_addresses


def _host_addresses_with_loopback(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    """aioice leaves 127.0.0.1 out; two ends on one machine without a network need it."""
    loopback = ["127.0.0.1"] if use_ipv4 else []
    return [*_host_addresses(use_ipv4, use_ipv6), *loopback]


aioice.ice.get_host_addresses = _host_addresses_with_loopback
# A remote peer that vanished is noticed after some 7 s rather than 35 (RFC 7675 allows any pace).
aioice.ice.CONSENT_INTERVAL = 2
aioice.ice.CONSENT_FAILURES = 3


class _PulledTrack(aiortc.MediaStreamTrack):
    """The outgoing audio: asks its source for 20 ms whenever they are due."""

    kind = "audio"

    def __init__(self, schedule: Schedule, broken: Callable[[Exception], None]) -> None:
        super().__init__()
        self.pull: Pull | None = None
        self._schedule = schedule
        self._broken = broken
        self._clock = MonotonicClock()
        self._sent_frames = 0

    async def recv(self) -> AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        await until_due(self._schedule, self._clock)
        try:
            pcm = next_pcm(self.pull)
        except Exception as error:  # the engine would only log it, and fall silent
            self._broken(error)
            raise MediaStreamError from error
        self._schedule.sent(self._clock.now_s())
        return self._frame(pcm)

    def _frame(self, pcm: MonoInt16) -> AudioFrame:
        # Stereo, as the engine's encoder wants it: its own conversion makes mono 3 dB quieter.
        interleaved = np.repeat(pcm, 2).reshape(1, -1)
        frame = AudioFrame.from_ndarray(interleaved, format="s16", layout="stereo")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = self._sent_frames
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE_HZ)
        self._sent_frames += FRAME_FRAMES
        return frame


class _Received:
    """Decoded frames of any rate and layout to 48 kHz mono float32, holes filled with silence."""

    def __init__(self) -> None:
        self._resampler = StreamResampler(SAMPLE_RATE_HZ, SAMPLE_RATE_HZ)
        self._next_pts: int | None = None
        self.filled_samples = 0
        self.samples = 0

    def convert(self, frame: AudioFrame) -> list[Samples]:
        """The samples of the next frame, with silence before them for what was lost."""
        hole = 0 if self._next_pts is None or frame.pts is None else frame.pts - self._next_pts
        self._next_pts = (frame.pts or 0) + frame.samples
        hole = round(hole * SAMPLE_RATE_HZ / frame.sample_rate)
        if self._resampler.from_hz != frame.sample_rate:
            self._resampler = StreamResampler(frame.sample_rate, SAMPLE_RATE_HZ)
        pieces = [self._resampler.process(_mono(frame))]
        if 0 < hole <= _MOST_FILLED_FRAMES:
            self.filled_samples += hole
            pieces.insert(0, np.zeros(hole, np.float32))
        self.samples += sum(len(piece) for piece in pieces)
        return [piece for piece in pieces if len(piece)]


def _mono(frame: AudioFrame) -> Samples:
    """The mean of the channels; FFmpeg's own mix to mono makes float samples 3 dB louder."""
    channels = len(frame.layout.channels)
    pcm = frame.to_ndarray().reshape(-1).astype(np.float32) / np.float32(32768.0)
    mono: Samples = pcm.reshape(-1, channels).mean(axis=1)
    return mono


def _stream_ids(sdp: str) -> tuple[str, ...]:
    """The stream of the description's first track; the engine itself keeps no streams."""
    msids = [
        line.removeprefix("a=msid:") for line in sdp.splitlines() if line.startswith("a=msid:")
    ]
    return tuple(msid.split()[0] for msid in msids[:1])


class AiortcPeer(EngineAdapter):
    """`PeerConnection` on aiortc."""

    most_message_bytes = _CAPABILITIES.max_message_bytes

    def __init__(self, listener: PeerListener) -> None:
        super().__init__(listener)
        self._pc = aiortc.RTCPeerConnection(aiortc.RTCConfiguration(iceServers=[]))
        self._microphone = _PulledTrack(self._schedule, self._microphone_broke)
        self._remote_streams: tuple[str, ...] = ()
        self._received = _Received()
        self._listening = False
        self._watch()

    @property
    def capabilities(self) -> PeerCapabilities:
        return _CAPABILITIES

    @property
    def connection_state(self) -> str:
        return "closed" if self._closed else str(self._pc.connectionState)

    # Negotiation

    def open_channel(self, label: str) -> None:
        self._require_open()
        self._adopt(self._pc.createDataChannel(label))

    def open_negotiated_channel(self, label: str, channel_id: int) -> None:
        self._require_open()
        self._adopt(self._pc.createDataChannel(label, negotiated=True, id=channel_id))

    async def create_offer(self) -> str:
        self._require_open()
        if not self._pc.getSenders():
            self._pc.addTrack(self._microphone)
        offer = await self._engine(self._pc.createOffer(), "make an offer")
        await self._engine(self._pc.setLocalDescription(offer), "describe itself")
        return str(self._pc.localDescription.sdp)

    async def accept_answer(self, sdp: str) -> None:
        check_description(sdp, "answer")
        await self._set_remote("answer", sdp)

    async def accept_offer(self, sdp: str) -> str:
        check_description(sdp, "offer")
        await self._set_remote("offer", sdp)
        self._pc.addTrack(self._microphone)
        answer = await self._engine(self._pc.createAnswer(), "make an answer")
        await self._engine(self._pc.setLocalDescription(answer), "describe itself")
        return str(self._pc.localDescription.sdp)

    async def add_candidate(self, candidate: str, mid: str) -> None:
        await self._engine(self._add_candidate(candidate, mid), "take the candidate")

    async def _add_candidate(self, candidate: str, mid: str) -> None:
        if self._pc.remoteDescription is None:
            raise InvalidStateError("nothing was negotiated yet")
        parsed = candidate_from_sdp(candidate.removeprefix("candidate:"))
        parsed.sdpMid = mid
        await self._pc.addIceCandidate(parsed)

    async def _set_remote(self, kind: str, sdp: str) -> None:
        self._require_open()
        plain = without_mdns_candidates(sdp)
        self._remote_streams = _stream_ids(plain)

        async def work() -> None:
            description = aiortc.RTCSessionDescription(sdp=plain, type=kind)
            await self._pc.setRemoteDescription(description)

        await self._engine(work(), f"take the {kind}")

    def _watch_channel(self, label: str, channel: Any) -> None:
        channel.on("open", lambda: self._channel_opened(label))
        channel.on("message", lambda data: self._channel_message(label, data))
        channel.on("close", lambda: self._channel_closed(label))

    # Audio

    def attach_microphone(self, pull: Pull) -> None:
        self._microphone.pull = pull

    def detach_microphone(self) -> None:
        self._microphone.pull = None

    def _track(self, event: Any) -> None:
        track = event.track if hasattr(event, "track") else event
        if self._closed or track.kind != "audio" or self._listening:
            return
        self._listening = True
        self._listener.remote_track(str(track.id), self._remote_streams)
        self._spawn(self._listen(track), "incoming audio")

    async def _listen(self, track: Any) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            for samples in self._received.convert(frame):
                self._listener.remote_audio(samples)

    # States

    def _watch(self) -> None:
        self._watch_states(self._pc)
        self._pc.on("track", self._track)
        self._pc.on("datachannel", self._adopt)

    async def stats(self) -> StatsSnapshot:
        self._require_open()
        report = {key: asdict(value) for key, value in (await self._pc.getStats()).items()}
        sent = stats_of_type(report, "outbound-rtp")
        received = stats_of_type(report, "inbound-rtp")
        jitter = received.get("jitter")
        return StatsSnapshot(
            packets_sent=sent.get("packetsSent"),
            packets_received=received.get("packetsReceived"),
            packets_lost=received.get("packetsLost"),
            concealed_samples=self._received.filled_samples,
            total_samples_received=self._received.samples,
            jitter_s=None if jitter is None else jitter / SAMPLE_RATE_HZ,
            round_trip_s=stats_of_type(report, "remote-inbound-rtp").get("roundTripTime"),
            late_frames=self._schedule.late_frames,
            slipped_frames=self._schedule.slipped_frames,
            worst_late_s=self._schedule.worst_late_s,
            report=report,
        )

    async def _close_engine(self) -> None:
        self._microphone.stop()
        await self._pc.close()
