"""Wait for the first event that matches, or say what came instead."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, TypeVar

from harness.errors import ExpectationFailed, HarnessError
from harness.streams.event_stream import EventStream

T = TypeVar("T")

SHOWN = 12
"""How many of the last events a failed expectation lists."""


class NothingLikeIt(ExpectationFailed):
    """What was waited for did not come.

    Args:
        came: what came instead, in words; also where the stream broke or ended.
        ending: that the time was over, where it was; `found` begins with it.
    """

    def __init__(
        self, message: str, expected: str, came: str, ending: str = "", hint: str | None = None
    ) -> None:
        self.came = came
        self.ending = ending
        found = "; ".join(filter(None, (ending, came)))
        super().__init__(message, expected=expected, found=found, hint=hint)

    def with_came(self, came: str, hint: str | None = None) -> NothingLikeIt:
        """The same, where more is known of what came instead."""
        return NothingLikeIt(self.message, self.expected or "", came, self.ending, hint)


async def expect(
    stream: EventStream[T],
    match: Callable[[T], bool],
    within_s: float,
    *,
    what: str,
    describe: Callable[[T], str] = str,
    from_start: bool = True,
    since: int | None = None,
) -> T:
    """The first event of ``stream`` that matches.

    Args:
        within_s: how long to wait, in real seconds.
        what: what is expected, for the message.
        describe: one short line for an event, for the message.
        from_start: also look at events that came before the call.
        since: number of the first event to look at, in place of ``from_start``.

    Raises:
        NothingLikeIt: the time is over, or the stream ended, without a match; the message
            lists what came instead, and the stream's own error is its cause.
    """
    reader = stream.reader(from_start=from_start, since=since)
    seen: list[T] = []
    try:
        async with asyncio.timeout(within_s):
            async for event in reader:
                if match(event):
                    return event
                seen.append(event)
    except TimeoutError:
        ending, how, cause = f"nothing like it within {within_s:g} s", "", None
    except HarnessError as broken:
        ending, how, cause = "", f"the stream broke: {broken.message}; ", broken
    else:
        ending, how, cause = "", "the stream ended before it came; ", None
    came = how + came_instead([describe(event) for event in seen])
    raise NothingLikeIt(f"Expected {what} on “{stream.name}”.", what, came, ending) from cause


async def unless_broken(waiting: Coroutine[Any, Any, None], stream: EventStream[Any]) -> None:
    """Wait, but no longer than the stream lasts: who waits for something else learns of it at once.

    Raises:
        HarnessError: the stream broke; a stream that ended normally is not its business.
    """
    task = asyncio.ensure_future(waiting)
    broken = asyncio.ensure_future(_until_broken(stream))
    try:
        await asyncio.wait([task, broken], return_when=asyncio.FIRST_COMPLETED)
        if not task.done() and stream.cause is not None:
            raise stream.cause
        await task
    finally:
        for each in (task, broken):
            each.cancel()
        await asyncio.gather(task, broken, return_exceptions=True)


async def _until_broken(stream: EventStream[Any]) -> None:
    while stream.cause is None:
        await stream.wait_changed()


def came_instead(lines: list[str]) -> str:
    """What came, as counts; of many kinds the last few, oldest first.

    A kind that comes all the time, as statistics do, is named once and hides no other.
    """
    if not lines:
        return "nothing came at all"
    counts = Counter(lines)
    if len(counts) > SHOWN:
        latest = list(dict.fromkeys(reversed(lines)))[:SHOWN][::-1]
        return f"{len(lines)} came, the last {SHOWN} kinds: {_counted(latest, counts)}"
    return f"{len(lines)} came: {_counted(counts, counts)}"


def _counted(lines: Iterable[str], counts: Mapping[str, int]) -> str:
    return ", ".join(f"{line} ×{counts[line]}" if counts[line] > 1 else line for line in lines)
