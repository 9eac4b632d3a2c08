"""Carries out the faults of one call: between the session and the client, with a timer."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from typing import Any, Protocol

from harness.audio.clip import MonoFloat32
from harness.clock import Clock
from harness.network.relay import Relay
from harness.realtime.faults.audio import Source
from harness.realtime.faults.call import CallFaults
from harness.realtime.faults.models_call import ChannelCloses, IceFails, ServerCrash
from harness.realtime.faults.triggers import Applied, Note
from harness.realtime.server.outputs import BeginFaults, NoteFault
from harness.realtime.wire import Event

CRASH_EXIT_CODE = 70

_log = logging.getLogger(__name__)


class FaultyCall(Protocol):
    """What faults need of a call."""

    call_id: str

    def send_message(self, text: str, kind: str) -> None:
        """Send a message to the client itself."""

    def close_channel(self) -> None:
        """Close the channel of the events, and no more."""


class FaultInjector:
    """The faults of one call, at work.

    Args:
        call: what is spoilt.
        relay: stands before the call's addresses, where a fault needs it.
        crash: ends the process; for tests.
    """

    def __init__(
        self,
        call: FaultyCall,
        faults: CallFaults,
        note: Note,
        clock: Clock,
        relay: Relay | None = None,
        crash: Callable[[int], Any] = os._exit,
    ) -> None:
        self.relay = relay
        self._call = call
        self._faults = faults
        self._note = note
        self._clock = clock
        self._crash = crash
        self._timer: asyncio.TimerHandle | None = None
        self._wakes_at_s: float | None = None

    @property
    def now_s(self) -> float:
        """Seconds of the clock that all faults go by."""
        return self._clock.now_s()

    def open(self) -> None:
        """The session begins."""
        self._faults.open(self._clock.now_s())
        self._act()

    def offer(self, event: Event) -> None:
        """The session's next event; what becomes of it is sent now or later."""
        self._faults.offer(event, self._clock.now_s())
        self._act()

    def on_output(self, output: BeginFaults | NoteFault) -> None:
        """The session has faults to carry out, or did something in a fault's name."""
        now_s = self._clock.now_s()
        if isinstance(output, NoteFault):
            self._note(Applied(output.name, output.detail, now_s))
        else:
            self._faults.begin(output.faults, output.response_id, now_s)
            self._act()

    def pull(self, frames: int, source: Source) -> MonoFloat32:
        """The next samples to play, 24 kHz."""
        samples = self._faults.pull(frames, source, self._clock.now_s())
        self._act()
        return samples

    def close(self) -> None:
        """The call is over."""
        if self._timer is not None:
            self._timer.cancel()
        if self.relay is not None:
            self.relay.close()

    def _act(self) -> None:
        """Send and break what is due, and come back when there is more."""
        now_s = self._clock.now_s()
        for text in self._faults.take_due(now_s):
            self._call.send_message(text, "a spoilt event")
        for action in self._faults.take_actions(now_s):
            self._break(action)
        self._set_timer()

    def _break(self, action: Any) -> None:
        if isinstance(action, ChannelCloses):
            self._call.close_channel()
        elif isinstance(action, IceFails) and self.relay is not None:
            self.relay.is_cut = True
        elif isinstance(action, ServerCrash):
            _log.critical("call %s: the fault server_crash ends this process", self._call.call_id)
            self._crash(CRASH_EXIT_CODE)

    def _set_timer(self) -> None:
        next_s = self._faults.next_s()
        if next_s == self._wakes_at_s:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._wakes_at_s = None, next_s
        if next_s is not None:
            delay_s = max(0.0, next_s - self._clock.now_s())
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._wake)

    def _wake(self) -> None:
        self._timer, self._wakes_at_s = None, None
        self._act()
