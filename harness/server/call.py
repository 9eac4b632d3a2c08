"""One call: a peer connection, a Realtime session, and the speech engines between them.

The session is pure and is touched in the event loop only. Everything that reaches it is handed in
with the time; whatever it wants is carried out here: events onto the data channel, recognition and
synthesis into the threads, its next wake-up into a timer.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from harness.clock import Clock
from harness.errors import PeerError, SpeechError
from harness.peer.interface import FRAME_FRAMES, PeerConnection, PeerFactory, Samples, StateKind
from harness.peer.sdp import has_application_section
from harness.realtime.ids import Ids
from harness.server.outputs import Close, Output, Recognise, SendEvent, Synthesise
from harness.server.rates import Doubler, Halver
from harness.server.recording import Recording
from harness.server.speech_workers import SpeechWorkers

EVENTS_LABEL = "oai-events"
CONNECT_WITHIN_S = 30.0
DISCONNECTED_GRACE_S = 2.0
"""A browser that vanished is "disconnected" after some seven seconds; this much on top ends it."""

DRAIN_WITHIN_S = 1.0
MOST_BUFFERED_BYTES = 16 * 1024 * 1024
OUR_MISTAKE = "the server made a mistake"

_log = logging.getLogger(__name__)


class CallSession(Protocol):
    """What a call needs of the server's session; times are monotonic seconds, handed in."""

    def open(self, now_s: float) -> None: ...
    def receive_text(self, text: str, now_s: float) -> None: ...
    def receive_audio(self, samples: NDArray[np.float32], now_s: float) -> None: ...
    def receive_recognition(
        self, job_id: str, text: str | None, error: str | None, now_s: float
    ) -> None: ...
    def receive_speech(
        self, job_id: str, samples: NDArray[np.float32], is_last: bool, now_s: float
    ) -> None: ...
    def speech_failed(self, job_id: str, message: str, now_s: float) -> None: ...
    def advance(self, now_s: float) -> None: ...
    def pull_playback(self, frames: int, now_s: float) -> NDArray[np.float32]: ...
    def take_outputs(self) -> list[Output]: ...
    def wake_at_s(self) -> float | None: ...


class Call:
    """One call from its offer to its end.

    `answer` first, then `run` until the call is over: it leaves no task, timer or connection.
    The methods of `PeerListener` are for the peer connection alone.
    """

    def __init__(
        self,
        call_id: str,
        session: CallSession,
        make_peer: PeerFactory,
        speech: SpeechWorkers,
        clock: Clock,
        recording: Recording | None = None,
    ) -> None:
        self.call_id = call_id
        self.recording = recording
        self.ended_because: str | None = None
        self.unheard_frames = 0
        """Received samples (48 kHz) from before the session was open."""
        self._session = session
        self._peer: PeerConnection = make_peer(self)
        self._speech = speech
        self._clock = clock
        self._halver, self._doubler = Halver(), Doubler()
        self._heard: list[Samples] = []
        self._heard_frames = 0
        self._has_channel = True
        self._is_open = False
        self._over = asyncio.Event()
        self._jobs: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._wake_at_s: float | None = None
        self._grace: asyncio.TimerHandle | None = None

    async def answer(self, offer: str) -> str:
        """The SDP answer to the client's offer.

        Raises:
            NegotiationFailed: the offer cannot be used; the call is over then.
        """
        try:
            answer = await self._peer.accept_offer(offer)
        except BaseException:
            self.end("the offer was refused")
            await self._clean_up()
            raise
        self._has_channel = has_application_section(offer)
        self._peer.attach_microphone(self._pull)
        return answer

    async def run(self) -> str:
        """Carry the call until it is over; say why it ended."""
        give_up = self._later(CONNECT_WITHIN_S, self._give_up)
        try:
            await self._over.wait()
            await self._drain()
        finally:
            give_up.cancel()
            await self._clean_up()
        return self.ended_because or ""

    def _give_up(self) -> None:
        if not self._is_open:
            self.end(f"no connection within {CONNECT_WITHIN_S:g} s")

    async def _drain(self) -> None:
        """Give the last events, an error among them, a moment to leave."""
        give_up_at_s = self._clock.now_s() + DRAIN_WITHIN_S
        # Polled: engines do not tell when their queue is empty.
        while self._is_draining() and self._clock.now_s() < give_up_at_s:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    def _is_draining(self) -> bool:
        connected = self._peer.connection_state == "connected"
        return connected and self._peer.buffered_bytes(EVENTS_LABEL) > 0

    def end(self, reason: str) -> None:
        """The call is over; `run` returns soon."""
        if self.ended_because is None:
            self.ended_because = reason
            self._over.set()

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

    async def _clean_up(self) -> None:
        for timer in (self._timer, self._grace):
            if timer is not None:
                timer.cancel()
        jobs = list(self._jobs)
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
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
            self._open()

    def channel_opened(self, label: str) -> None:
        if label == EVENTS_LABEL:
            self._open()

    def channel_message(self, label: str, data: str | bytes) -> None:
        if label != EVENTS_LABEL or not self._is_open:
            return
        # A binary message is no event; as text it gets the protocol's own error.
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        with self._mistakes_end_the_call():
            self._session.receive_text(text, self._clock.now_s())
            self._flush()

    def channel_closed(self, label: str) -> None:
        if label == EVENTS_LABEL:
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
        if not self._is_open:
            self.unheard_frames += 2 * len(halved)
            return
        with self._mistakes_end_the_call():
            self._session.receive_audio(halved, self._clock.now_s())
            self._flush()

    def failed(self, error: PeerError) -> None:
        self.end(error.message)

    # The session wants

    def _open(self) -> None:
        if not self._is_open and self.ended_because is None:
            self._is_open = True
            with self._mistakes_end_the_call():
                self._session.open(self._clock.now_s())
                self._flush()

    @contextmanager
    def _mistakes_end_the_call(self) -> Iterator[None]:
        """Nothing a client sends may raise; if it does, the mistake is ours, and loud."""
        try:
            yield
        except Exception:
            _log.exception("call %s: the session broke", self.call_id)
            self.end(OUR_MISTAKE)

    def _pull(self, frames: int) -> Samples:
        if not self._is_open or self.ended_because is not None:
            return np.zeros(frames, np.float32)
        played = np.zeros(frames // 2, np.float32)
        with self._mistakes_end_the_call():
            played = self._session.pull_playback(frames // 2, self._clock.now_s())
            self._flush()
        return self._doubler.process(played)

    def _flush(self) -> None:
        """Carry out what the session wants by now, and set its next wake-up."""
        for output in self._session.take_outputs():
            if isinstance(output, SendEvent):
                self._send(output.event)
            elif isinstance(output, Recognise):
                self._start(self._recognise(output))
            elif isinstance(output, Synthesise):
                self._start(self._synthesise(output))
            elif isinstance(output, Close):
                self.end(output.reason)
        self._set_timer()

    def _send(self, event: dict[str, Any]) -> None:
        if not self._has_channel or self.ended_because is not None:
            return
        try:
            self._peer.send(EVENTS_LABEL, _json(event))
        except PeerError as error:
            self._not_sent(event, error)
        if self._peer.buffered_bytes(EVENTS_LABEL) > MOST_BUFFERED_BYTES:
            self.end("the client does not read its events")

    def _not_sent(self, event: dict[str, Any], problem: PeerError) -> None:
        """Say that an event is missing: as a rule it is larger than the client takes."""
        _log.error("call %s: %s was not sent: %s", self.call_id, event.get("type"), problem)
        message = f"An event of type '{event.get('type')}' could not be sent: {problem.message}"
        error = {
            "type": "server_error",
            "code": "event_not_sent",
            "message": message,
            "param": None,
            "event_id": None,
        }
        notice = {"type": "error", "event_id": Ids().event(), "error": error}
        try:
            self._peer.send(EVENTS_LABEL, _json(notice))
        except PeerError:
            self.end(problem.message)

    def _set_timer(self) -> None:
        wake_at_s = None if self.ended_because else self._session.wake_at_s()
        if wake_at_s == self._wake_at_s:
            return  # as is usual: the session is asked a hundred times a second
        self._wake_at_s = wake_at_s
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if wake_at_s is not None:
            self._timer = self._later(max(0.0, wake_at_s - self._clock.now_s()), self._wake)

    def _wake(self) -> None:
        self._timer, self._wake_at_s = None, None
        with self._mistakes_end_the_call():
            self._session.advance(self._clock.now_s())
            self._flush()

    def _later(self, delay_s: float, action: Any) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(delay_s, action)

    # Speech, in threads

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        job = asyncio.get_running_loop().create_task(work)
        self._jobs.add(job)
        job.add_done_callback(self._job_ended)

    def _job_ended(self, job: asyncio.Task[None]) -> None:
        self._jobs.discard(job)
        if not job.cancelled() and (error := job.exception()) is not None:
            _log.error("call %s: a speech job broke", self.call_id, exc_info=error)
            self.end(OUR_MISTAKE)

    async def _recognise(self, wanted: Recognise) -> None:
        text: str | None = None
        problem: str | None = None
        try:
            text = await self._speech.recognise(wanted.samples, wanted.sample_rate_hz)
        except SpeechError as error:
            _log.error("call %s: %s", self.call_id, error)
            problem = error.message
        self._session.receive_recognition(wanted.job_id, text, problem, self._clock.now_s())
        self._flush()

    async def _synthesise(self, wanted: Synthesise) -> None:
        job_id = wanted.job_id
        try:
            async for part in self._speech.speak(wanted.text, wanted.voice, wanted.speed):
                self._session.receive_speech(job_id, part, False, self._clock.now_s())
                self._flush()
        except SpeechError as error:
            _log.error("call %s: %s", self.call_id, error)
            self._session.speech_failed(job_id, error.message, self._clock.now_s())
        else:
            nothing = np.zeros(0, np.float32)
            self._session.receive_speech(job_id, nothing, True, self._clock.now_s())
        self._flush()


def _json(event: dict[str, Any]) -> str:
    # ASCII: half a character, which a client may send as an escape, survives the channel so.
    return json.dumps(event, separators=(",", ":"))
