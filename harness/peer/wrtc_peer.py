"""A peer connection on libwebrtc, through the package `wrtc` (imported as `webrtc`).

Media stays in native threads: packets, jitter buffer, concealment and codecs never touch Python,
only decoded 10 ms blocks and our 20 ms frames do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
import webrtc

from harness.errors import NegotiationFailed, PeerError, PeerLost
from harness.peer.interface import (
    FRAME_FRAMES,
    SAMPLE_RATE_HZ,
    PeerCapabilities,
    PeerListener,
    Pull,
    Samples,
    StateKind,
    StatsSnapshot,
)
from harness.peer.pacing import Schedule, run_paced
from harness.peer.sdp import check_description, without_mdns_candidates

T = TypeVar("T")

GATHERING_WITHIN_S = 5.0
MOST_WAITING_BLOCKS = 300
"""Received 10 ms blocks kept while the event loop is held up: 3 s."""

_CAPABILITIES = PeerCapabilities(
    engine="wrtc",
    max_message_bytes=262_144,
    counts_concealment=True,
    reports_closed_far_end=True,
)
_ENGINE_ERRORS = (webrtc.PythonWebRTCExceptionBase, ValueError, TypeError, RuntimeError)
_STATES: tuple[tuple[StateKind, str, str], ...] = (
    ("connection", "connectionstatechange", "connection_state"),
    ("ice", "iceconnectionstatechange", "ice_connection_state"),
    ("gathering", "icegatheringstatechange", "ice_gathering_state"),
    ("signaling", "signalingstatechange", "signaling_state"),
)
_log = logging.getLogger(__name__)


def _allow_loopback_candidates() -> None:
    """Two ends on one machine without a network still need an address in common."""
    try:
        webrtc.allow_loopback()
    except webrtc.InvalidStateError:
        _log.debug("a connection exists already: loopback candidates stay as they were")


_allow_loopback_candidates()


class WrtcPeer:
    """`PeerConnection` on libwebrtc."""

    def __init__(self, listener: PeerListener) -> None:
        self._listener = listener
        self._pc: Any = webrtc.RTCPeerConnection()
        self._channels: dict[str, Any] = {}
        self._opened: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._microphone = webrtc.MediaStreamTrackGenerator("audio")
        self._writer = self._microphone.writable.get_writer()
        self._pull: Pull | None = None
        self._processor: Any = None
        self._schedule = Schedule()
        self._was_connected = False
        self._closed = False
        self._last_states: dict[StateKind, str] = {}
        self._watch()

    @property
    def capabilities(self) -> PeerCapabilities:
        return _CAPABILITIES

    @property
    def connection_state(self) -> str:
        return "closed" if self._closed else str(self._pc.connection_state.value)

    # Negotiation

    def open_channel(self, label: str) -> None:
        self._adopt(self._pc.create_data_channel(label))

    async def create_offer(self) -> str:
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
        return str(self._pc.local_description.sdp)

    async def _engine(self, work: Awaitable[T], what: str) -> T:
        """Await the engine's work; turn its errors into ours."""
        try:
            return await work
        except _ENGINE_ERRORS as error:
            raise NegotiationFailed(
                f"The WebRTC engine could not {what}.", found=_first_line(error)
            ) from error

    # Data channels

    def send(self, label: str, data: str | bytes) -> None:
        channel = self._channels.get(label)
        if self._closed or channel is None or label not in self._opened:
            raise PeerError(
                f"The data channel “{label}” cannot send.",
                expected="an open channel",
                found="the connection is closed" if self._closed else "it is not open",
            )
        try:
            channel.send(data)
        except (*_ENGINE_ERRORS, webrtc.OperationError) as error:
            raise PeerError(
                f"The data channel “{label}” refused a message.", found=_first_line(error)
            ) from error

    def buffered_bytes(self, label: str) -> int:
        channel = self._channels.get(label)
        return 0 if channel is None or self._closed else int(channel.buffered_amount)

    def _adopt(self, channel: Any) -> None:
        label = str(channel.label)
        if label in self._channels:
            _log.warning("a second data channel called %r: only the first is used", label)
            return
        self._channels[label] = channel
        channel.binary_type = "arraybuffer"
        channel.on("open", lambda _event: self._channel_opened(label))
        channel.on("message", lambda event: self._channel_message(label, event.data))
        channel.on("close", lambda _event: self._channel_closed(label))
        if channel.ready_state == "open":
            self._channel_opened(label)

    def _channel_opened(self, label: str) -> None:
        if not self._closed and label not in self._opened:
            self._opened.add(label)
            self._listener.channel_opened(label)

    def _channel_message(self, label: str, data: Any) -> None:
        if not self._closed:
            self._channel_opened(label)
            self._listener.channel_message(label, data if isinstance(data, str) else bytes(data))

    def _channel_closed(self, label: str) -> None:
        self._channels.pop(label, None)
        if label in self._opened:
            self._opened.discard(label)
            if not self._closed:
                self._listener.channel_closed(label)

    # Audio

    def attach_microphone(self, pull: Pull) -> None:
        self._pull = pull

    def detach_microphone(self) -> None:
        self._pull = None

    def _start_sending(self) -> None:
        self._spawn(run_paced(self._send_frame, self._schedule), "outgoing audio")

    def _send_frame(self) -> None:
        samples = (
            np.zeros(FRAME_FRAMES, np.float32) if self._pull is None else self._pull(FRAME_FRAMES)
        )
        pcm = np.clip(samples * 32767.0, -32768, 32767).astype("<i2").tobytes()
        init = webrtc.AudioDataInit(
            format="s16",
            sample_rate=SAMPLE_RATE_HZ,
            number_of_frames=FRAME_FRAMES,
            number_of_channels=1,
            timestamp=0,
            data=pcm,
            transfer=[pcm],
        )
        self._writer.write(webrtc.AudioData(init))

    def _track(self, event: Any) -> None:
        if self._closed or event.track.kind != "audio" or self._processor is not None:
            return
        init = webrtc.MediaStreamTrackProcessorInit(event.track, MOST_WAITING_BLOCKS)
        self._processor = webrtc.MediaStreamTrackProcessor(init)
        streams = tuple(str(stream.id) for stream in event.streams)
        self._listener.remote_track(str(event.track.id), streams)
        self._spawn(self._listen(self._processor), "incoming audio")

    async def _listen(self, processor: Any) -> None:
        async for block in processor.readable:
            with block:
                samples = _mono(block)
            self._listener.remote_audio(samples)

    # States

    def _watch(self) -> None:
        for kind, event, attribute in _STATES:
            self._pc.on(event, lambda _event, k=kind, a=attribute: self._state(k, a))
        self._pc.on("track", self._track)
        self._pc.on("datachannel", lambda event: self._adopt(event.channel))

    def _state(self, kind: StateKind, attribute: str) -> None:
        state = str(getattr(self._pc, attribute).value)
        if self._closed or self._last_states.get(kind) == state:
            return
        self._last_states[kind] = state
        self._listener.state_changed(kind, state)
        if kind == "connection":
            self._connection_moved(state)

    def _connection_moved(self, state: str) -> None:
        if state == "connected":
            self._was_connected = True
        elif state == "failed":
            self._listener.failed(lost_or_never_there(self._was_connected))

    async def stats(self) -> StatsSnapshot:
        if self._closed:
            raise PeerError("The connection is closed.", expected="an open connection")
        report = await self._pc.get_stats()
        plain = {str(key): _plain(value) for key, value in report.items()}
        return _snapshot(plain, self._schedule, self._processor)

    # Ending

    def _spawn(self, work: Any, name: str) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._task_ended)

    def _task_ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None and not self._closed:
            error = PeerError(f"The {task.get_name()} stopped.", found=str(task.exception()))
            error.__cause__ = task.exception()
            self._listener.failed(error)

    async def aclose(self) -> None:
        if self._closed:
            return
        self._closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        self._microphone.stop()
        self._pc.close()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._channels.clear()
        self._opened.clear()


def lost_or_never_there(was_connected: bool) -> PeerError:
    """The error for a connection state of "failed"."""
    if was_connected:
        return PeerLost("The peer connection was lost.", found="connection state failed")
    return NegotiationFailed(
        "The peer connection was never established.",
        expected="ICE to find a way to the far side",
        found="connection state failed",
    )


def _mono(block: Any) -> Samples:
    frames, channels = block.number_of_frames, block.number_of_channels
    buffer = bytearray(frames * channels * 2)
    block.copy_to(buffer, webrtc.AudioDataCopyToOptions(plane_index=0, format="s16"))
    samples = np.frombuffer(buffer, "<i2").astype(np.float32) / np.float32(32768.0)
    return samples if channels == 1 else samples.reshape(frames, channels).mean(axis=1)


def _plain(stats: Any) -> dict[str, Any]:
    """A stats object as the W3C dictionary: camelCase names, plain values, no empty members."""
    values = {field.name: getattr(stats, field.name) for field in fields(stats)}
    return {
        _camel(name): getattr(value, "value", value)
        for name, value in values.items()
        if value is not None
    }


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def _snapshot(
    report: dict[str, dict[str, Any]], schedule: Schedule, processor: Any
) -> StatsSnapshot:
    sent = _of_type(report, "outbound-rtp")
    received = _of_type(report, "inbound-rtp")
    pair = _of_type(report, "candidate-pair")
    return StatsSnapshot(
        packets_sent=sent.get("packetsSent"),
        packets_received=received.get("packetsReceived"),
        packets_lost=received.get("packetsLost"),
        concealed_samples=received.get("concealedSamples"),
        total_samples_received=received.get("totalSamplesReceived"),
        jitter_s=received.get("jitter"),
        round_trip_s=pair.get("currentRoundTripTime"),
        late_frames=schedule.late_frames,
        slipped_frames=schedule.slipped_frames,
        worst_late_s=schedule.worst_late_s,
        discarded_frames=0 if processor is None else processor.discarded_frames,
        report=report,
    )


def _of_type(report: dict[str, dict[str, Any]], kind: str) -> dict[str, Any]:
    for stats in report.values():
        if stats.get("type") == kind and stats.get("nominated", True):
            return stats
    return {}


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
