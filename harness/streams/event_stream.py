"""One producer, many readers: a bounded log of events, each reader with a place of its own.

The log is kept, so a reader may start at the beginning however late it comes, and a reader that
is cancelled while waiting has lost nothing: only a returned event moves its place.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Generic, Literal, TypeVar

from harness.errors import StreamOverflow

T = TypeVar("T")


class EventStream(Generic[T]):
    """A bounded log of events with any number of readers.

    Args:
        name: what the stream carries, for messages.
        capacity: the most events it keeps.
        when_full: "fail" ends the stream with `StreamOverflow` (signalling: a gap would lie);
            "drop_oldest" forgets the oldest and counts it in ``dropped`` (statistics, samples).
    """

    def __init__(
        self,
        name: str,
        capacity: int = 100_000,
        when_full: Literal["fail", "drop_oldest"] = "fail",
    ) -> None:
        if capacity < 1:
            raise ValueError(f"capacity must be at least 1, not {capacity}")
        self.name = name
        self.capacity = capacity
        self.when_full = when_full
        self.dropped = 0
        self._log: deque[T] = deque()
        self._ended = False
        self._cause: BaseException | None = None
        # In the order they came, so that a run repeats.
        self._waiters: dict[asyncio.Future[None], None] = {}

    @property
    def ended(self) -> bool:
        """Whether nothing more comes."""
        return self._ended

    @property
    def cause(self) -> BaseException | None:
        """Why the stream broke; None while it runs and after a normal end."""
        return self._cause

    @property
    def count(self) -> int:
        """How many events were pushed so far, dropped ones included."""
        return self.dropped + len(self._log)

    def snapshot(self) -> list[T]:
        """What the log holds now, oldest first."""
        return list(self._log)

    def push(self, event: T) -> None:
        """Add one event. Never waits: a page cannot be asked to slow down."""
        if self._ended:
            return  # late events of a page that is already gone
        if len(self._log) == self.capacity:
            if self.when_full == "fail":
                self.end(StreamOverflow(self.name, self.capacity))
                return
            self._log.popleft()
            self.dropped += 1
        self._log.append(event)
        self._wake()

    def end(self, cause: BaseException | None = None) -> None:
        """Say that nothing more comes; with a cause, readers get it after the last event."""
        if not self._ended:
            self._ended = True
            self._cause = cause
            self._wake()

    def reader(
        self,
        *,
        from_start: bool = True,
        since: int | None = None,
        match: Callable[[T], bool] | None = None,
    ) -> EventReader[T]:
        """A reader of its own, from the first event kept, from number ``since``, or from now on."""
        if since is None:
            since = self.dropped if from_start else self.count
        return EventReader(self, since, match)

    def get(self, index: int) -> T:
        """Event number ``index`` (counted from the first ever pushed); it must still be kept."""
        return self._log[index - self.dropped]

    async def wait_changed(self) -> None:
        """Wait until something was pushed or the stream ended."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters[waiter] = None
        try:
            await waiter
        finally:
            self._waiters.pop(waiter, None)

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)


class EventReader(AsyncIterator[T]):
    """One reader's place in an `EventStream`.

    Ends with `StopAsyncIteration` when the stream ended normally, with the stream's cause when it
    broke. ``missed`` counts events that a "drop_oldest" stream forgot before this reader came.
    """

    def __init__(
        self, stream: EventStream[T], position: int, match: Callable[[T], bool] | None
    ) -> None:
        self._stream = stream
        self._position = position
        self._match = match
        self.missed = 0

    def __aiter__(self) -> EventReader[T]:
        return self

    async def __anext__(self) -> T:
        while True:
            found, event = self._take()
            if found:
                return event  # type: ignore[return-value]
            if self._stream.ended:
                if self._stream.cause is not None:
                    raise self._stream.cause
                raise StopAsyncIteration
            await self._stream.wait_changed()  # cancelled here: the place has not moved

    def take_available(self) -> list[T]:
        """Everything that is already there, without waiting."""
        events: list[T] = []
        while (taken := self._take())[0]:
            events.append(taken[1])  # type: ignore[arg-type]
        return events

    def _take(self) -> tuple[bool, T | None]:
        oldest = self._stream.dropped
        if self._position < oldest:
            self.missed += oldest - self._position
            self._position = oldest
        while self._position < self._stream.count:
            event = self._stream.get(self._position)
            self._position += 1
            if self._match is None or self._match(event):
                return True, event
        return False, None
