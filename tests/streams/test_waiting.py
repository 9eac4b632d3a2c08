"""An expectation that fails says what came instead."""

import asyncio

import pytest

from harness.errors import ExpectationFailed, PageClosed
from harness.streams.event_stream import EventStream
from harness.streams.waiting import SHOWN, NothingLikeIt, came_instead, expect, unless_broken


async def test_an_event_that_came_too_early_is_not_missed() -> None:
    stream: EventStream[str] = EventStream("s")
    stream.push("early")
    assert await expect(stream, lambda e: e == "early", 0.01, what="early") == "early"


async def test_it_waits_for_what_is_still_to_come() -> None:
    stream: EventStream[str] = EventStream("s")
    waiting = asyncio.ensure_future(expect(stream, lambda e: e == "b", 5, what="b"))
    await asyncio.sleep(0)
    stream.push("a")
    stream.push("b")
    assert await waiting == "b"


async def test_a_timeout_lists_what_came() -> None:
    stream: EventStream[str] = EventStream("s")
    stream.push("a")
    stream.push("a")
    with pytest.raises(NothingLikeIt, match=r"within 0.01 s; 2 came: a ×2") as failed:
        await expect(stream, lambda e: e == "b", 0.01, what="b")
    assert failed.value.came == "2 came: a ×2"
    more = failed.value.with_came("3 came", "wait longer")
    assert (more.expected, more.found) == ("b", "nothing like it within 0.01 s; 3 came")
    assert more.hint == "wait longer"


async def test_a_broken_stream_is_the_cause() -> None:
    stream: EventStream[str] = EventStream("s")
    stream.end(PageClosed("the page went"))
    with pytest.raises(ExpectationFailed, match="the page went") as failed:
        await expect(stream, lambda e: True, 5, what="anything")
    assert isinstance(failed.value.__cause__, PageClosed)


def test_a_long_list_is_shortened_to_its_end() -> None:
    lines = [f"e{i}" for i in range(40)]
    text = came_instead(lines)
    assert "40 came" in text
    assert "e39" in text
    assert "e0," not in text
    assert came_instead([]) == "nothing came at all"


async def test_a_stream_that_breaks_ends_the_wait_for_something_else() -> None:
    stream: EventStream[str] = EventStream("s")
    never = asyncio.Event()
    asyncio.get_running_loop().call_soon(stream.end, PageClosed("the page went"))
    with pytest.raises(PageClosed, match="the page went"):
        await unless_broken(_wait(never), stream)


async def test_what_was_waited_for_comes_although_the_stream_ended() -> None:
    stream: EventStream[str] = EventStream("s")
    stream.end()
    arrives = asyncio.Event()
    asyncio.get_running_loop().call_soon(arrives.set)
    await unless_broken(_wait(arrives), stream)


async def test_an_error_of_what_is_waited_for_is_raised() -> None:
    async def fails() -> None:
        raise PageClosed("gone")

    with pytest.raises(PageClosed, match="gone"):
        await unless_broken(fails(), EventStream[str]("s"))


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


def test_what_comes_all_the_time_hides_nothing_else() -> None:
    kinds = [f"kind.{number}" for number in range(SHOWN + 3)]
    lines = [line for kind in kinds for line in (kind, "stats", "stats")]
    told = came_instead(lines)
    assert f"{len(lines)} came, the last {SHOWN} kinds: kind.4, " in told
    assert told.endswith(f"{kinds[-1]}, stats ×{2 * len(kinds)}")
