"""A peer connection on libwebrtc, through the package `wrtc` (imported as `webrtc`).

Media stays in native threads: packets, jitter buffer, concealment and codecs never touch Python,
only decoded 10 ms blocks and our 20 ms frames do. Both pass every 20 ms, and past the package's
stream objects: with those every received block wakes the event loop, and their futures
cost more than all that is done with the sound.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import webrtc
import wrtc

from harness.errors import NegotiationFailed
from harness.peer.adapter import EngineAdapter, next_pcm, snapshot_of
from harness.peer.interface import (
    FRAME_FRAMES,
    SAMPLE_RATE_HZ,
    PeerCapabilities,
    PeerListener,
    Pull,
    Samples,
    StatsSnapshot,
)
from harness.peer.pacing import FRAME_S, Schedule, run_paced
from harness.peer.sdp import check_description, without_mdns_candidates

GATHERING_WITHIN_S = 5.0
MOST_WAITING_BLOCKS = 300
"""Received 10 ms blocks kept while the event loop is held up: 3 s."""

Block = tuple[bytes, int, int, int, int, int]
"""Interleaved 16-bit samples, bits of each, rate, channels, frames, timestamp."""

_CAPABILITIES = PeerCapabilities(
    engine="wrtc",
    max_message_bytes=262_144,
    counts_concealment=True,
    reports_closed_far_end=True,
)
_log = logging.getLogger(__name__)


def _allow_loopback_candidates() -> None:
    """Two ends on one machine without a network still need an address in common."""
    try:
        webrtc.allow_loopback()
    except webrtc.InvalidStateError:
        _log.debug("a connection exists already: loopback candidates stay as they were")


_allow_loopback_candidates()


class WrtcPeer(EngineAdapter):
    """`PeerConnection` on libwebrtc."""

    most_message_bytes = _CAPABILITIES.max_message_bytes

    def __init__(self, listener: PeerListener) -> None:
        super().__init__(listener)
        self._pc: Any = webrtc.RTCPeerConnection()
        self._microphone: Any = webrtc.MediaStreamTrackGenerator("audio")
        self._generator: Any = self._microphone._generator  # what its stream writes to
        self._pull: Pull | None = None
        self._processor: Any = None
        self._watch()

    @property
    def capabilities(self) -> PeerCapabilities:
        return _CAPABILITIES

    @property
    def connection_state(self) -> str:
        return "closed" if self._closed else str(self._pc.connection_state.value)

    # Negotiation

    def open_channel(self, label: str) -> None:
        self._require_open()
        self._adopt(self._pc.create_data_channel(label))

    def open_negotiated_channel(self, label: str, channel_id: int) -> None:
        self._require_open()
        init = webrtc.RTCDataChannelInit(negotiated=True, id=channel_id)
        self._adopt(self._pc.create_data_channel(label, init))

    async def create_offer(self) -> str:
        self._require_open()
        if not self._pc.get_transceivers():
            self._pc.add_track(self._microphone, webrtc.MediaStream())
        offer = await self._engine(self._pc.create_offer(), "make an offer")
        return await self._set_local(offer)

    async def accept_answer(self, sdp: str) -> None:
        check_description(sdp, "answer")
        await self._set_remote("answer", sdp)
        self._start_sending()

    async def accept_offer(self, sdp: str) -> str:
        check_description(sdp, "offer")
        await self._set_remote("offer", sdp)
        await self._engine(self._prepare_sender(), "send audio")
        answer = await self._engine(self._pc.create_answer(), "make an answer")
        complete = await self._set_local(answer)
        self._start_sending()
        return complete

    async def add_candidate(self, candidate: str, mid: str) -> None:
        init = webrtc.RTCIceCandidateInit(candidate=candidate, sdp_mid=mid)
        await self._engine(self._pc.add_ice_candidate(init), "take the candidate")

    async def _prepare_sender(self) -> None:
        audio_done = False
        for transceiver in self._pc.get_transceivers():
            if transceiver.receiver.track.kind == "audio" and not audio_done:
                audio_done = True
                transceiver.direction = "sendrecv"
                transceiver.sender.set_streams(webrtc.MediaStream())
                await transceiver.sender.replace_track(self._microphone)
            else:
                transceiver.direction = "inactive"

    async def _set_remote(self, kind: str, sdp: str) -> None:
        self._require_open()
        init = webrtc.RTCSessionDescriptionInit(
            type=webrtc.RTCSdpType(kind), sdp=without_mdns_candidates(sdp)
        )
        await self._engine(self._pc.set_remote_description(init), f"take the {kind}")

    async def _set_local(self, description: Any) -> str:
        gathered: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def check(_event: object = None) -> None:
            if self._pc.ice_gathering_state == "complete" and not gathered.done():
                gathered.set_result(None)

        self._pc.on("icegatheringstatechange", check)
        await self._engine(self._pc.set_local_description(description), "describe itself")
        check()
        try:
            async with asyncio.timeout(GATHERING_WITHIN_S):
                await gathered
        except TimeoutError as error:
            raise NegotiationFailed(
                "ICE gathering did not finish.",
                expected=f"all candidates within {GATHERING_WITHIN_S:g} s",
                found=f"gathering state {self._pc.ice_gathering_state.value}",
            ) from error
        finally:
            self._pc.off("icegatheringstatechange", check)
        local = self._pc.local_description
        if self._closed or local is None:
            raise NegotiationFailed("The connection was closed while it was negotiated.")
        return str(local.sdp)

    def _watch_channel(self, label: str, channel: Any) -> None:
        channel.binary_type = "arraybuffer"
        channel.on("open", lambda _event: self._channel_opened(label))
        channel.on("message", lambda event: self._channel_message(label, event.data))
        channel.on("close", lambda _event: self._channel_closed(label))

    # Audio

    def attach_microphone(self, pull: Pull) -> None:
        self._pull = pull

    def detach_microphone(self) -> None:
        self._pull = None

    def _start_sending(self) -> None:
        self._spawn(run_paced(self._send_frame, self._schedule), "outgoing audio")
        # In between, so that no frame of any call waits for what is done with the received ones.
        between = Schedule(offset_s=FRAME_S / 2)
        self._spawn(run_paced(self._hand_on_received, between), "incoming audio")

    def _send_frame(self) -> None:
        pcm = next_pcm(self._pull).tobytes()
        self._generator.writeAudio(pcm, SAMPLE_RATE_HZ, 1, FRAME_FRAMES)

    def _hand_on_received(self) -> None:
        """All that has come in since the last time."""
        if self._processor is not None and (blocks := list(iter(self._processor.read, None))):
            self._listener.remote_audio(_mono(blocks))

    def _track(self, event: Any) -> None:
        if self._closed or event.track.kind != "audio" or self._processor is not None:
            return
        # Not bound to the loop: it is asked, and need not tell.
        self._processor = wrtc.MediaStreamTrackProcessor(
            event.track._native_obj, MOST_WAITING_BLOCKS
        )
        streams = tuple(str(stream.id) for stream in event.streams)
        self._listener.remote_track(str(event.track.id), streams)

    # States

    def _watch(self) -> None:
        self._watch_states(self._pc)
        self._pc.on("track", self._track)
        self._pc.on("datachannel", lambda event: self._adopt(event.channel))

    async def stats(self) -> StatsSnapshot:
        self._require_open()
        report = await self._pc.get_stats()
        plain = {str(key): _plain(value) for key, value in report.items()}
        discarded = 0 if self._processor is None else self._processor.discardedFrames
        return snapshot_of(plain, self._schedule, discarded)

    async def _close_engine(self) -> None:
        if self._processor is not None:
            self._processor.cancel()
        self._microphone.stop()
        self._pc.close()


def _mono(blocks: Sequence[Block]) -> Samples:
    """Joined; several channels as their mean."""
    channels = blocks[0][3]
    if any(block[3] != channels for block in blocks):
        return np.concatenate([_mono([block]) for block in blocks])
    pcm = np.frombuffer(b"".join([block[0] for block in blocks]), "<i2")
    samples = pcm.astype(np.float32) * np.float32(1 / 32768)
    return samples if channels == 1 else samples.reshape(-1, channels).mean(axis=1)


def _plain(stats: Any) -> dict[str, Any]:
    """A stats object as the W3C dictionary: camelCase names, plain values, no empty members."""
    values = {field.name: getattr(stats, field.name) for field in fields(stats)}
    return {
        _camel(name): getattr(value, "value", value)
        for name, value in values.items()
        if value is not None
    }


@functools.cache
def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)
