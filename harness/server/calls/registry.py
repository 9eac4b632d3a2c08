"""The calls of one server: begun, found, ended, and what is left of the ended ones."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from harness.server.calls.call_runner import CallRunner
from harness.server.calls.recording import Recording

MOST_CALLS = 12
"""In one process. A call takes some 0.06 of a core in the event loop's thread (4 calls on a busy
2-core machine); with three quarters of a core gone, everybody's frames begin to leave late."""

KEPT_AFTER_END = 16

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EndedCall:
    """What is kept of a call that is over."""

    call_id: str
    because: str
    recording: Recording | None


class CallsListener(Protocol):
    """Who is told about calls. The methods return soon and raise nothing."""

    def call_began(self, call: CallRunner) -> None:
        """A call is carried from now on."""

    def call_ended(self, call: CallRunner, because: str) -> None:
        """A call is over; `because` is a short reason for status and metrics."""


class Calls:
    """Runs calls side by side. Leaving the block ends them all.

    Args:
        most: calls at the same time; more are refused rather than starving all.
    """

    def __init__(self, most: int = MOST_CALLS) -> None:
        self.most = most
        self.listeners: list[CallsListener] = []
        self._beginning = 0
        self._running: dict[str, tuple[CallRunner, asyncio.Task[None]]] = {}
        self._ended: OrderedDict[str, EndedCall] = OrderedDict()

    async def __aenter__(self) -> Calls:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.end_all("the server stops")

    async def end_all(self, because: str) -> None:
        """End the running calls and wait until they are gone."""
        running = list(self._running.values())
        for call, _task in running:
            call.end(because)
        await asyncio.gather(*(task for _call, task in running), return_exceptions=True)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another call."""
        return len(self._running) + self._beginning >= self.most

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place for a call that is being answered; `run` it inside the block."""
        self._beginning += 1
        try:
            yield
        finally:
            self._beginning -= 1

    @property
    def running(self) -> list[CallRunner]:
        """The calls that there are now."""
        return [call for call, _task in self._running.values()]

    def run(
        self, call: CallRunner, when_over: Callable[[], None] = lambda: None
    ) -> asyncio.Task[None]:
        """Carry an answered call in a task of its own until it is over."""
        work = self._carry(call, when_over)
        task = asyncio.get_running_loop().create_task(work, name=call.call_id)
        self._running[call.call_id] = (call, task)
        for listener in self.listeners:
            listener.call_began(call)
        return task

    def find(self, call_id: str) -> CallRunner | None:
        """A running call."""
        entry = self._running.get(call_id)
        return None if entry is None else entry[0]

    def find_ended(self, call_id: str) -> EndedCall | None:
        """One of the last calls that are over."""
        return self._ended.get(call_id)

    async def _carry(self, call: CallRunner, when_over: Callable[[], None]) -> None:
        try:
            reason = await call.run()
            _log.info("call %s ended: %s", call.call_id, reason)
        except Exception:
            _log.exception("call %s broke", call.call_id)
        finally:
            self._running.pop(call.call_id, None)
            because = call.ended_because or "broken"
            self._ended[call.call_id] = EndedCall(call.call_id, because, call.recording)
            while len(self._ended) > KEPT_AFTER_END:
                self._ended.popitem(last=False)
            when_over()
            for listener in self.listeners:
                listener.call_ended(call, because)
