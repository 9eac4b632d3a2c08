"""Common ground of adapters for in-process engines: channels by label, tasks, states, errors.

An adapter need not use it; the interface is what counts.
"""

from __future__ import annotations

import asyncio
import logging
from abc import abstractmethod
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

import numpy as np

from harness.audio.pcm16 import MonoInt16, to_int16
from harness.errors import NegotiationFailed, PeerError, PeerLost
from harness.peer.interface import FRAME_FRAMES, PeerListener, Pull, StateKind, StatsSnapshot
from harness.peer.pacing import Schedule

T = TypeVar("T")

STATES: dict[StateKind, str] = {
    "connection": "connectionState",
    "ice": "iceConnectionState",
    "gathering": "iceGatheringState",
    "signaling": "signalingState",
}
"""The standard's attributes; the events are called after them, in small letters."""

_log = logging.getLogger(__name__)


class EngineAdapter:
    """The bookkeeping of one connection. Engine objects have the standard's camelCase names."""

    def __init__(self, listener: PeerListener) -> None:
        self._listener = listener
        self._schedule = Schedule()
        self._closed = False
        self._channels: dict[str, Any] = {}
        self._opened: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._was_connected = False
        self._last_states: dict[StateKind, str] = {}

    @abstractmethod
    def _watch_channel(self, label: str, channel: Any) -> None:
        """Have the channel's open, message and close reported to the methods below."""

    async def aclose(self) -> None:
        """End the call and everything it started. Calling it again does nothing."""
        if self._closed:
            return
        self._closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        try:
            await self._close_engine()
        except Exception:  # a connection that was half built; nothing more can be done to it
            _log.warning("the WebRTC engine did not close cleanly", exc_info=True)
        await asyncio.gather(*tasks, return_exceptions=True)
        self._channels.clear()
        self._opened.clear()

    @abstractmethod
    async def _close_engine(self) -> None:
        """End the engine's own connection."""

    async def _engine(self, work: Awaitable[T], what: str) -> T:
        """Await the engine's work; turn whatever it raises into an error of ours."""
        try:
            return await work
        except PeerError:
            raise
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if not self._closed or task is None or task.cancelling():
                raise
            # wrtc cancels what it was about to do when it is closed; nobody cancelled the caller.
            raise NegotiationFailed(f"The connection was closed: it cannot {what}.") from error
        except Exception as error:  # far-side text reaches deep into an engine: anything may come
            raise NegotiationFailed(
                f"The WebRTC engine could not {what}.", found=_first_line(error)
            ) from error

    # Data channels

    def send(self, label: str, data: str | bytes) -> None:
        """Queue one message on an open channel.

        Raises:
            PeerError: no such channel, it is not open, or the engine refused the message.
        """
        channel = self._channels.get(label)
        if self._closed or channel is None or label not in self._opened:
            raise PeerError(
                f"The data channel “{label}” cannot send.",
                expected="an open channel",
                found="the connection is closed" if self._closed else "it is not open",
            )
        try:
            channel.send(data)
        except Exception as error:
            raise PeerError(
                f"The data channel “{label}” refused a message.", found=_first_line(error)
            ) from error

    def buffered_bytes(self, label: str) -> int:
        """Bytes queued on a channel and not yet sent."""
        channel = self._channels.get(label)
        return 0 if channel is None or self._closed else int(channel.bufferedAmount)

    def close_channel(self, label: str) -> None:
        """Close one channel; the call goes on. Nothing happens where there is no such channel."""
        channel = self._channels.get(label)
        if channel is not None and not self._closed:
            self._opened.discard(label)  # whoever closes it need not be told
            channel.close()

    def _adopt(self, channel: Any) -> None:
        label = str(channel.label)
        if label in self._channels:
            _log.warning("a second data channel called %r: only the first is used", label)
            return
        self._channels[label] = channel
        self._watch_channel(label, channel)
        if channel.readyState == "open":
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

    # States

    def _watch_states(self, connection: Any) -> None:
        """Have the engine's connection report its four states from now on."""
        for kind, attribute in STATES.items():

            def look(*_event: object, kind: StateKind = kind, attribute: str = attribute) -> None:
                state = getattr(connection, attribute)
                self._state_moved(kind, str(getattr(state, "value", state)))

            connection.on(f"{attribute.lower()}change", look)

    def _state_moved(self, kind: StateKind, state: str) -> None:
        if self._closed or self._last_states.get(kind) == state:
            return
        self._last_states[kind] = state
        self._listener.state_changed(kind, state)
        if kind == "connection":
            self._was_connected = self._was_connected or state == "connected"
            if state in ("failed", "closed"):
                self._listener.failed(lost_or_never_there(state, self._was_connected))

    def _require_open(self) -> None:
        if self._closed:
            raise PeerError("The connection is closed.", expected="an open connection")

    def _microphone_broke(self, error: Exception) -> None:
        """What feeds the microphone raised: nothing can be sent any more."""
        if not self._closed:
            problem = PeerError("The outgoing audio stopped.", found=_first_line(error))
            problem.__cause__ = error
            self._listener.failed(problem)

    # Tasks

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._task_ended)

    def _task_ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or self._closed or (cause := task.exception()) is None:
            return
        error = cause
        if not isinstance(error, PeerError):
            error = PeerError(f"The {task.get_name()} stopped.", found=str(cause))
            error.__cause__ = cause
        self._listener.failed(error)


def next_pcm(pull: Pull | None) -> MonoInt16:
    """The microphone's next 20 ms as engines take them: 48 kHz; silence where none is attached."""
    if pull is None:
        return np.zeros(FRAME_FRAMES, np.int16)
    return to_int16(pull(FRAME_FRAMES))


def lost_or_never_there(state: str, was_connected: bool) -> PeerError:
    """The error for a connection that ended by itself, in this state."""
    if was_connected:
        return PeerLost("The peer connection was lost.", found=f"connection state {state}")
    return NegotiationFailed(
        "The peer connection was never established.",
        expected="ICE to find a way to the remote peer",
        found=f"connection state {state}",
    )


def stats_of_type(report: dict[str, dict[str, Any]], kind: str) -> dict[str, Any]:
    """The first stats object of this type; of candidate pairs, the nominated one."""
    for stats in report.values():
        if stats.get("type") == kind and stats.get("nominated", True):
            return stats
    return {}


def snapshot_of(
    report: dict[str, dict[str, Any]], schedule: Schedule, discarded_frames: int = 0
) -> StatsSnapshot:
    """The numbers in a W3C stats report (objects by id), beside those of our own pacing."""
    sent = stats_of_type(report, "outbound-rtp")
    received = stats_of_type(report, "inbound-rtp")
    pair = stats_of_type(report, "candidate-pair")
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
        discarded_frames=discarded_frames,
        report=report,
    )


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
