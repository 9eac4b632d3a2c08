"""Waiting on a call: for events, for what a reader has next, for a moment of its timeline.

Every wait is bounded, or ends when the call does; and a call that was lost is that error, not the
disappointment of whoever waited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from harness.call.events import CallEvent
from harness.call.microphone_use import MicrophoneUse
from harness.call.page_said import with_page_said
from harness.call.recorder import CallRecorder
from harness.clock import Clock
from harness.errors import ExpectationFailed, HarnessError, PageClosed, PeerLost
from harness.line.interface import Line
from harness.streams.event_stream import EventReader
from harness.streams.waiting import NothingLikeIt, came_instead, expect

LOOKS_EVERY_S = 0.25
"""Nothing may come at all any more; the clock goes on."""

STILL_HEARD_S = 0.5
"""Without a microphone a moment has come when what was heard until then has, or so long after."""


class CallWaits:
    """The waits of one call.

    Args:
        clock: what the line's timeline is paired with.
    """

    def __init__(self, line: Line, recorder: CallRecorder, clock: Clock) -> None:
        self._line = line
        self._recorder = recorder
        self._clock = clock
        self._microphone = MicrophoneUse(recorder.events)

    async def until(self, t_s: float) -> None:
        """Wait until the microphone has sent everything before ``t_s`` on the timeline.

        While the page has given its microphone back, time goes on by what is heard, and by the
        clock.

        Raises:
            PeerLost: the call was lost, or hung up on either side.
            PageClosed, PageCrashed: the page went away.
        """
        while not self._has_come(t_s):
            if isinstance(self._recorder.events.cause, HarnessError):
                raise self._recorder.events.cause
            if self._recorder.hanging_up:
                raise PeerLost("The call has ended.", found=f"somebody hung up before {t_s:.3f} s")
            if self._line.sent.ended or self._recorder.events.ended:
                raise self._gone()
            # Either may be the last word: samples end where a page gives its microphone back.
            await _first_of(self._line.sent.wait_changed(), self._recorder.events.wait_changed())

    async def event(
        self,
        match: Callable[[CallEvent], bool],
        within_s: float,
        what: str,
        from_start: bool = True,
        since: int | None = None,
    ) -> CallEvent:
        """The first matching event: of all, of those from number ``since``, or from now on.

        Raises:
            NothingLikeIt: it did not come in time; the message says what came instead.
            PeerLost and its like: the call was lost.
        """
        try:
            return await expect(
                self._recorder.events,
                match,
                within_s,
                what=what,
                from_start=from_start,
                since=since,
            )
        except NothingLikeIt as error:
            if isinstance(error.__cause__, HarnessError):
                raise error.__cause__ from None
            came = with_page_said(error.came, self._recorder.events.snapshot())
            raise error.with_came(came) from error

    async def taken(self, reader: EventReader[CallEvent], within_s: float, what: str) -> CallEvent:
        """The reader's next event.

        Raises:
            ExpectationFailed: none in time; the message says what came meanwhile.
            PeerLost and its like: the call was lost.
        """
        before = self._recorder.events.count
        try:
            async with asyncio.timeout(within_s):
                return await anext(reader)
        except (TimeoutError, StopAsyncIteration) as error:
            events = self._recorder.events.snapshot()
            came = what_came(self._recorder.events.snapshot(since=before))
            raise ExpectationFailed(
                f"Expected {what}.",
                expected=f"{what} within {within_s:g} s",
                found=with_page_said(came, events),
            ) from error

    def _has_come(self, t_s: float) -> bool:
        if self._sent_until_s >= t_s:
            return True
        if not self._microphone.is_given_back:
            return False
        now_s = self._line.timeline.python_to_s(self._clock.now_s())
        is_heard = self._recorder.heard_until_s >= t_s
        return now_s >= t_s + (0 if is_heard else STILL_HEARD_S)

    @property
    def _sent_until_s(self) -> float:
        latest = self._line.sent.latest
        return float("-inf") if latest is None else latest.end_s

    def _gone(self) -> HarnessError:
        cause = self._line.envelopes.cause
        if isinstance(cause, HarnessError):
            return cause
        return PageClosed("The page went away during the call.", expected="a page that stays open")


async def _first_of(*waits: Coroutine[Any, Any, None]) -> None:
    """Come back when the first of them does; the others are ended."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, timeout=LOOKS_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def what_came(events: Sequence[CallEvent]) -> str:
    """The last of what the dialogue and the harness told, for a message."""
    return came_instead([str(e) for e in events if e.source in ("dialogue", "harness")])
