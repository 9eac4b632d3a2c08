"""Several readers, each with its own place; nothing is lost silently."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import PeerLost, StreamOverflow
from harness.streams.event_stream import EventStream


async def test_a_late_reader_starts_at_the_beginning() -> None:
    stream: EventStream[int] = EventStream("numbers")
    for i in range(3):
        stream.push(i)
    stream.end()
    assert [i async for i in stream.reader()] == [0, 1, 2]


async def test_a_reader_from_now_sees_only_what_comes() -> None:
    stream: EventStream[int] = EventStream("numbers")
    stream.push(1)
    reader = stream.reader(from_start=False)
    stream.push(2)
    assert await anext(reader) == 2


async def test_readers_do_not_take_from_each_other() -> None:
    stream: EventStream[int] = EventStream("numbers")
    first, second = stream.reader(), stream.reader(match=lambda i: i % 2 == 0)
    for i in range(4):
        stream.push(i)
    stream.end()
    assert [i async for i in first] == [0, 1, 2, 3]
    assert [i async for i in second] == [0, 2]


async def test_a_cancelled_reader_has_lost_nothing() -> None:
    stream: EventStream[int] = EventStream("numbers")
    reader = stream.reader()
    waiting = asyncio.ensure_future(anext(reader))
    await asyncio.sleep(0)
    stream.push(7)
    waiting.cancel()  # at the very moment when the event is there
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await anext(reader) == 7


async def test_the_cause_of_a_broken_stream_comes_after_its_last_event() -> None:
    stream: EventStream[int] = EventStream("numbers")
    stream.push(1)
    stream.end(PeerLost("gone"))
    reader = stream.reader()
    assert await anext(reader) == 1
    with pytest.raises(PeerLost):
        await anext(reader)


async def test_a_full_signalling_stream_ends_with_an_error() -> None:
    stream: EventStream[int] = EventStream("numbers", capacity=2)
    for i in range(3):
        stream.push(i)
    reader = stream.reader()
    assert [await anext(reader), await anext(reader)] == [0, 1]
    with pytest.raises(StreamOverflow):
        await anext(reader)


async def test_a_full_statistics_stream_forgets_the_oldest_and_counts_it() -> None:
    stream: EventStream[int] = EventStream("numbers", capacity=2, when_full="drop_oldest")
    reader = stream.reader()
    for i in range(5):
        stream.push(i)
    stream.end()
    assert [i async for i in reader] == [3, 4]
    assert (stream.dropped, reader.missed) == (3, 3)


async def test_events_after_the_end_are_ignored() -> None:
    stream: EventStream[int] = EventStream("numbers")
    stream.end()
    stream.push(1)
    assert stream.count == 0


def test_a_capacity_must_be_positive() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        EventStream("numbers", capacity=0)


@given(st.lists(st.one_of(st.integers(0, 99), st.none())), st.integers(1, 5))
def test_a_reader_sees_what_a_list_would_hold(actions: list[int | None], capacity: int) -> None:
    """None means: the reader takes what is there; numbers are pushed."""
    stream: EventStream[int] = EventStream("numbers", capacity, when_full="drop_oldest")
    reader = stream.reader()
    unread: list[int] = []
    missed = 0
    for action in actions:
        if action is None:
            assert reader.take_available() == unread
            unread = []
        else:
            stream.push(action)
            unread.append(action)
            if len(unread) > capacity:
                unread.pop(0)
                missed += 1
    assert reader.take_available() == unread
    assert reader.missed == missed
