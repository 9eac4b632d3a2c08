"""Runner of a server session, whatever the transport: its outputs, its timer, its jobs, its end.

The session is pure and is touched in the event loop only. Everything that reaches it is handed in
with the time; whatever it wants is carried out here: events to the client, recognition and
synthesis as jobs, its next wake-up as a timer.
"""

from __future__ import annotations

import asyncio
import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

from harness.clock import Clock
from harness.realtime.ids import Ids
from harness.realtime.server.outputs import BeginFaults, Close, NoteFault, SendEvent
from harness.realtime.server.state import Transport
from harness.realtime.wire import Event
from harness.server.calls.call_session import CallSession
from harness.server.calls.early_messages import EarlyMessages
from harness.server.calls.jobs import Jobs
from harness.server.calls.recording import Recording
from harness.server.faults.injector import FaultInjector
from harness.speech.workers import SpeechWorkers

MOST_BUFFERED_BYTES = 16 * 1024 * 1024
"""Events that wait for the client to read them; with more it is taken for dead."""

MOST_EARLY_MESSAGES = 64
DRAIN_WITHIN_S = 1.0
NUMBERS_WITHIN_S = 1.0
OUR_MISTAKE = "the server made a mistake"
NOT_READ = "the client does not read its events"
CHANNEL_CLOSED = "the server closed the channel"

_log = logging.getLogger(__name__)


class CallRunner(ABC):
    """One call from its session's start to its end.

    `open` when the client can be spoken to, then `run` until the call is over: it leaves no task,
    timer or connection.

    A transport adds how text gets to the client, and what else it has to free.
    """

    transport: ClassVar[Transport]

    def __init__(
        self,
        call_id: str,
        session: CallSession,
        speech: SpeechWorkers,
        clock: Clock,
        recording: Recording | None = None,
    ) -> None:
        self.call_id = call_id
        self.recording = recording
        self.ended_because: str | None = None
        self.ended_message = ""
        """What the session says about its end, to its client."""
        self.is_open = False
        self.watchers: list[Callable[[Event], None]] = []
        """Each gets every event as the session meant it."""
        self.sidebands = 0
        """Controllers beside the client that are connected now."""
        self.over = asyncio.Event()
        self.events_received = 0
        self.events_sent = 0
        self.last_numbers: dict[str, Any] = {}
        """`numbers` of the moment when the call was over."""
        self._session = session
        self._clock = clock
        self._jobs = Jobs(call_id, session, self.input_now, speech, lambda: self.end(OUR_MISTAKE))
        self.injector: FaultInjector | None = None
        """Carries out the call's faults, if it has any."""
        self.make_spoiler: Callable[[], FaultInjector] | None = None
        """For a call without faults of its own, when a rule of its assistant has some."""
        self._early = EarlyMessages(MOST_EARLY_MESSAGES)
        self._timer: asyncio.TimerHandle | None = None
        self._wake_at_s: float | None = None

    # A transport's own

    @abstractmethod
    def send_text(self, text: str, kind: str) -> None:
        """Send a message to the client itself, in order; `kind` is for the log."""

    @abstractmethod
    def unsent_bytes(self) -> int:
        """How much still waits to leave; 0 where nobody is there to take it."""

    @abstractmethod
    async def free(self) -> None:
        """Close the connection; the call is over."""

    async def numbers(self) -> dict[str, Any]:
        """What the connection counted so far."""
        return {}

    def close_channel(self) -> None:
        """Close the channel of the events; a transport that has nothing else ends the call."""
        self.end(CHANNEL_CLOSED)

    # The call's life

    def open(self) -> None:
        """The client is there: the session begins."""
        if self.is_open or self.ended_because is not None:
            return
        self.is_open = True
        if self.injector is not None:
            self.injector.open()
        with self.input_now() as now_s:
            self._session.open(now_s)
        for text in self._early.take():
            self.receive_text(text)

    async def run(self) -> str:
        """Carry the call until it is over; say why it ended."""
        try:
            await self.over.wait()
            await self._drain()
            self.last_numbers = await self._numbers_soon()
        finally:
            if self._timer is not None:
                self._timer.cancel()
            await self._jobs.aclose()
            if self.injector is not None:
                self.injector.close()
            await self.free()
        return self.ended_because or ""

    def end(self, reason: str, message: str = "") -> None:
        """The call is over; `run` returns soon.

        Args:
            message: why, for the client, where its transport can tell it.
        """
        if self.ended_because is None:
            self.ended_because, self.ended_message = reason, message
            self.over.set()

    async def _drain(self) -> None:
        """Give the last events, an error among them, a moment to leave."""
        give_up_at_s = self._clock.now_s() + DRAIN_WITHIN_S
        # Polled: engines do not tell when their queue is empty.
        while self.unsent_bytes() > 0 and self._clock.now_s() < give_up_at_s:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def _numbers_soon(self) -> dict[str, Any]:
        """The last numbers; none from an engine that does not answer any more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(NUMBERS_WITHIN_S):
                return await self.numbers()
        return {}

    # To the session

    @contextmanager
    def input_now(self) -> Iterator[float]:
        """Tell the session something, at the time given; then do what it wants.

        Nothing a client sends may raise; if it does, the mistake is ours, and loud.
        """
        try:
            yield self._clock.now_s()
            self._flush()
        except Exception:
            _log.exception("call %s: the session broke", self.call_id)
            self.end(OUR_MISTAKE)

    def receive_text(self, text: str) -> bool:
        """A message of the client, or of whoever controls the session beside it.

        The latter may be there before the client is; its first messages wait. False for one too
        many of them, which nobody will see.
        """
        if not self.is_open:
            return self._early.add(text)
        if self.ended_because is None:
            self.events_received += 1
            with self.input_now() as now_s:
                self._session.receive_text(text, now_s)
        return True

    def _wake(self) -> None:
        self._timer, self._wake_at_s = None, None
        with self.input_now() as now_s:
            self._session.advance(now_s)

    # From the session

    def _flush(self) -> None:
        """Carry out what the session wants by now, and set its next wake-up."""
        for output in self._session.take_outputs():
            if isinstance(output, SendEvent):
                self.deliver(output.event)
            elif isinstance(output, Close):
                self.end(output.reason, output.message)
            elif isinstance(output, BeginFaults | NoteFault):
                self._spoil(output)
            else:
                self._jobs.start(output)
        self._set_timer()

    def _spoil(self, output: BeginFaults | NoteFault) -> None:
        if self.injector is None and self.make_spoiler is not None:
            self.injector = self.make_spoiler()
            self.injector.open()
        if self.injector is not None:
            self.injector.on_output(output)

    def deliver(self, event: Event) -> None:
        """The one way of an event out of the session: to the watchers, then to the client."""
        if self.ended_because is not None:
            return
        self.events_sent += 1
        for watcher in list(self.watchers):
            watcher(event)
        if self.injector is None:
            self.send_message(as_text(event), str(event.get("type")))
        else:
            self.injector.offer(event)

    def send_message(self, text: str, kind: str) -> None:
        """Send a message to the client itself: an event, or what a fault made of one."""
        if self.ended_because is not None:
            return
        if self.unsent_bytes() > MOST_BUFFERED_BYTES:
            self.end(NOT_READ)
            return
        self.send_text(text, kind)

    def report(self, code: str, message: str, kind: str = "invalid_request_error") -> None:
        """Tell all that something went wrong which the session never saw."""
        self.deliver(self.error_event(code, message, kind))

    def error_event(self, code: str, message: str, kind: str = "invalid_request_error") -> Event:
        """The ``error`` event of the call's protocol, of no client event."""
        return error_event(code, message, kind)

    def receive_beside(self, text: str) -> bool:
        """A message of whoever controls the session beside the client; see `receive_text`."""
        return self.receive_text(text)

    def _set_timer(self) -> None:
        wake_at_s = None if self.ended_because else self._session.wake_at_s()
        if wake_at_s == self._wake_at_s:
            return  # as is usual: the session is asked a hundred times a second
        self._wake_at_s = wake_at_s
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if wake_at_s is not None:
            delay_s = max(0.0, wake_at_s - self._clock.now_s())
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._wake)


def error_event(code: str, message: str, kind: str = "invalid_request_error") -> Event:
    """The protocol's ``error`` event, of no client event."""
    error = {"type": kind, "code": code, "message": message, "param": None, "event_id": None}
    return {"type": "error", "event_id": Ids().event(), "error": error}


def as_text(event: Event) -> str:
    """An event as it goes over the wire."""
    # ASCII: half a character, which a client may send as an escape, survives the channel so.
    return json.dumps(event, separators=(",", ":"))
