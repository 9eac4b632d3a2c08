"""Runner of the client's session: events out, tools, wake-ups, news.

The session is pure. Everything that reaches it is handed in with the time, and after each step
whatever it wants by now is done here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

from harness.client.requests import Request, Requests
from harness.client.tool_runs import ToolRuns
from harness.clock import Clock
from harness.errors import ClientError, HarnessError, PeerError, RequestRefused
from harness.realtime.client.outputs import (
    CancelTool,
    Notify,
    Output,
    RequestCompleted,
    RunTool,
    SendEvent,
    SessionEvent,
    SetMicrophone,
    SetVolume,
)
from harness.realtime.client.session import RealtimeSession
from harness.realtime.wire import Event, encode

T = TypeVar("T")

LEAST_DELAY_S = 0.001
"""So that a wake-up that changes nothing does not keep the loop busy."""


class SessionOwner(Protocol):
    """Whom the session's wishes concern."""

    def send_text(self, text: str) -> None:
        """Send one event over the open channel; raises PeerError where that is not possible."""

    def on_session_event(self, event: SessionEvent) -> None:
        """One event for people."""

    def microphone_wanted(self, is_on: bool) -> None:
        """The microphone is to be heard, or not."""

    def volume_wanted(self, volume: float) -> None:
        """The assistant is to be played so loud."""


class SessionRunner:
    """One session in a running event loop. `aclose` leaves no task and no timer."""

    def __init__(self, session: RealtimeSession, owner: SessionOwner, clock: Clock) -> None:
        self.session = session
        self.requests = Requests()
        self._owner = owner
        self._clock = clock
        self._tools = ToolRuns(self._tool_finished)
        self.has_begun = False
        """A call is, or was, made with this session."""
        self.opening: Request | None = None
        """The settings sent when the channel opened last."""
        self._is_opening = False
        self._timer: asyncio.TimerHandle | None = None
        self._is_carrying_out = False
        self._is_closed = False

    def open(self) -> None:
        """The events channel is open."""
        self._is_opening = True
        self.do(lambda session, now_s: session.open(now_s))

    def do(self, act: Callable[[RealtimeSession, float], T]) -> T:
        """Let the session do something, and carry out what it wants then."""
        try:
            return act(self.session, self._clock.now_s())
        finally:
            self._carry_out()

    def ask(self, command: Callable[[RealtimeSession], str]) -> Request:
        """The same for a command that gives the id of its request."""
        self.session.advance(self._clock.now_s())
        event_id = command(self.session)
        request = self.requests.add(event_id)
        self._carry_out()
        return request

    async def aclose(self, error: HarnessError) -> None:
        """End everything; who waits for an answer gets this error."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await self._tools.aclose()
        self.requests.settle_all(error)

    def _carry_out(self) -> None:
        """Do what the session wants, also what comes up meanwhile; then set its next wake-up."""
        if self._is_carrying_out:
            return  # further up in the stack somebody is at it, and will see this too
        self._is_carrying_out = True
        try:
            while outputs := self.session.take_outputs():
                for output in outputs:
                    self._carry_out_one(output)
        finally:
            self._is_carrying_out = False
        self._set_timer()

    def _carry_out_one(self, output: Output) -> None:
        match output:
            case SendEvent(event):
                self._send(event)
            case Notify(event):
                self._owner.on_session_event(event)
            case RequestCompleted(event_id, event, error):
                self.requests.settle(event_id, event, error)
            case RunTool(call_id, _, arguments, tool):
                if not self._is_closed:
                    self._tools.start(call_id, tool.function, arguments)
            case CancelTool(call_id):
                self._tools.cancel(call_id)
            case SetMicrophone(is_on):
                self._owner.microphone_wanted(is_on)
            case SetVolume(volume):
                self._owner.volume_wanted(volume)

    def _send(self, event: Event) -> None:
        if self._is_opening and event["type"] == "session.update":
            self.opening, self._is_opening = self.requests.add(event["event_id"]), False
        try:
            self._owner.send_text(encode(event))
        except (PeerError, ClientError) as error:
            self._not_sent(event, error, " ".join(filter(None, (error.message, error.found))))

    def _not_sent(self, event: Event, cause: Exception, why: str) -> None:
        """As if the server had refused it: who waits is told, and nothing hangs on it."""
        error = RequestRefused(f"{event['type']} was not sent. {why}", code="event_not_sent")
        error.__cause__ = cause
        self.session.send_failed(event["event_id"], error, self._clock.now_s())

    def _tool_finished(self, call_id: str, output: object, error: BaseException | None) -> None:
        self.do(lambda session, now_s: session.tool_finished(call_id, output, error, now_s=now_s))

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        wake_at_s = None if self._is_closed else self.session.wake_at_s()
        if wake_at_s is not None:
            delay_s = max(LEAST_DELAY_S, wake_at_s - self._clock.now_s())
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._wake)

    def _wake(self) -> None:
        self._timer = None
        self.do(lambda session, now_s: session.advance(now_s))
