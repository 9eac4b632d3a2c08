"""One producer, many readers: a bounded log of events, each reader with a place of its own.

The log is kept, so a reader may start at the beginning however late it comes, and a reader that
is cancelled while waiting has lost nothing: only a returned event moves its place. What lasts for
hours keeps less: what a reader that `holds` has taken, and of frequent kinds the latest.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING, Generic, Literal, NoReturn, TypeVar

from harness.errors import StreamOverflow, UsageError

T = TypeVar("T")


class EventStream(Generic[T]):
    """A bounded log of events with any number of readers.

    Args:
        name: what the stream carries, for messages.
        capacity: the most events it keeps.
        when_full: "fail" ends the stream with `StreamOverflow` (signalling: a gap would lie);
            "drop_oldest" forgets the oldest and counts it in ``dropped`` (statistics, samples).
        kept: how many events stay that every reader which `holds` has taken; None: all of them.
        kind_of: which kind an event is of, where ``limits`` are given.
        limits: how many of the latest events of a kind stay at least (up to twice as many do); of
            other kinds all do.
    """

    def __init__(
        self,
        name: str,
        capacity: int = 100_000,
        when_full: Literal["fail", "drop_oldest"] = "fail",
        *,
        kept: int | None = None,
        kind_of: Callable[[T], str] | None = None,
        limits: Mapping[str, int] | None = None,
    ) -> None:
        if capacity < 1:
            raise ValueError(f"capacity must be at least 1, not {capacity}")
        self.name = name
        self.capacity = capacity
        self.when_full = when_full
        self.dropped = 0
        """Events that were forgotten before a reader that holds had taken them; without such a
        reader, all that a full log has forgotten."""

        self._log: list[T] = []
        self._numbers: list[int] = []
        self._count = 0
        self._kept = kept
        self._kind_of = kind_of
        self._limits = dict(limits or {})
        self._kinds: Counter[str] = Counter()
        self._holders: list[EventReader[T]] = []
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
        """How many events were pushed so far, forgotten ones included."""
        return self._count

    @property
    def latest(self) -> T | None:
        """The last one of the log; None where it holds none."""
        return self._log[-1] if self._log else None

    def snapshot(self, since: int = 0) -> list[T]:
        """What the log holds now, oldest first, from number ``since`` on."""
        return self._log[bisect_left(self._numbers, since) :]

    def numbers(self) -> list[int]:
        """The number of each event of `snapshot`."""
        return list(self._numbers)

    def push(self, event: T) -> None:
        """Add one event. Never waits: a page cannot be asked to slow down."""
        if self._ended:
            return  # late events of a page that is already gone
        if len(self._log) == self.capacity:
            if self.when_full == "fail":
                self.end(StreamOverflow(self.name, self.capacity))
                return
            self._drop_oldest()
        self._log.append(event)
        self._numbers.append(self._count)
        self._count += 1
        self._limit(event)
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
        holds: bool = False,
    ) -> EventReader[T]:
        """A reader of its own, from the first event kept, from number ``since``, or from now on.

        Args:
            from_start: from the first event kept, else from now on.
            since: from this number on.
            match: gives only what fits.
            holds: what it has not taken stays, up to the stream's capacity; until `close`.
        """
        if since is None:
            oldest = self._numbers[0] if self._numbers else self._count
            since = oldest if from_start else self._count
        reader = EventReader(self, since, match)
        if holds:
            self._holders.append(reader)
        return reader

    def at_or_after(self, number: int) -> tuple[int, T] | None:
        """The first event kept with this number or a later one, and its number; None: none."""
        place = bisect_left(self._numbers, number)
        return (self._numbers[place], self._log[place]) if place < len(self._log) else None

    async def wait_changed(self) -> None:
        """Wait until something was pushed or the stream ended."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters[waiter] = None
        try:
            await waiter
        finally:
            self._waiters.pop(waiter, None)

    def taken(self, reader: EventReader[T], closed: bool) -> None:
        """A reader has moved, or is done with: what nobody waits for any more may go."""
        if closed and reader in self._holders:
            self._holders.remove(reader)
        if self._kept is None or reader not in self._holders:
            return
        spare = len(self._log) - self._kept
        if spare < max(1, self._kept // 8):  # in one go, now and then
            return
        needed = min(holder.position for holder in self._holders)
        spare = min(spare, bisect_left(self._numbers, needed))
        del self._log[:spare], self._numbers[:spare]

    def _drop_oldest(self) -> None:
        number, event = self._numbers.pop(0), self._log.pop(0)
        if not self._holders or any(holder.position <= number for holder in self._holders):
            self.dropped += 1
        if self._kind_of is not None and self._kind_of(event) in self._limits:
            self._kinds[self._kind_of(event)] -= 1

    def _limit(self, event: T) -> None:
        """Forget the oldest of its kind, in one go, where twice as many are there as may stay."""
        kind = self._kind_of(event) if self._kind_of else ""
        limit = self._limits.get(kind)
        if self._kind_of is None or limit is None:
            return
        self._kinds[kind] += 1
        spare = self._kinds[kind] - limit
        if spare <= limit:
            return
        self._kinds[kind] = limit
        kept = []
        for place, one in enumerate(self._log):
            if spare and self._kind_of(one) == kind:
                spare -= 1
            else:
                kept.append(place)
        self._log = [self._log[place] for place in kept]
        self._numbers = [self._numbers[place] for place in kept]

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
        self.position = position
        """Number of the next event it takes, if it is kept."""
        self._match = match
        self.missed = 0

    def __aiter__(self) -> EventReader[T]:
        return self

    if not TYPE_CHECKING:

        def __iter__(self) -> NoReturn:
            raise UsageError(
                "Events are read as they come, and this loop does not wait.",
                expected="`async for event in …`",
                found="`for event in …`",
                hint="write `async for`, or take what is there by `take_available()`",
            )

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

    def close(self) -> None:
        """It takes no more; what it held may go. Only needed where it `holds`."""
        self._stream.taken(self, closed=True)

    def _take(self) -> tuple[bool, T | None]:
        while (following := self._stream.at_or_after(self.position)) is not None:
            number, event = following
            self.missed += number - self.position
            self.position = number + 1
            self._stream.taken(self, closed=False)
            if self._match is None or self._match(event):
                return True, event
        return False, None
