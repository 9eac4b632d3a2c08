"""Several readers, each with its own place; nothing is lost silently."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import PeerLost, StreamOverflow, UsageError
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


async def test_what_a_holding_reader_has_taken_may_go_and_nothing_else() -> None:
    stream: EventStream[int] = EventStream("numbers", kept=8)
    holder = stream.reader(holds=True)
    for i in range(100):
        stream.push(i)
    assert len(stream.snapshot()) == 100, "it has taken nothing yet"
    assert holder.take_available() == list(range(100))
    assert stream.snapshot() == list(range(92, 100))
    assert (stream.count, stream.latest, stream.dropped) == (100, 99, 0)
    late = stream.reader()
    assert late.take_available() == list(range(92, 100))
    holder.close()
    for i in range(100, 200):
        stream.push(i)
    assert len(stream.snapshot()) == 108, "nobody says any more that it may go"


async def test_a_holding_reader_that_lags_too_far_loses_the_oldest_and_that_is_counted() -> None:
    stream: EventStream[int] = EventStream("numbers", 10, "drop_oldest", kept=2)
    holder = stream.reader(holds=True)
    for i in range(15):
        stream.push(i)
    assert stream.dropped == 5
    assert holder.take_available() == list(range(5, 15))
    assert holder.missed == 5
    for i in range(15, 25):  # what it has taken is no loss
        stream.push(i)
    assert holder.take_available() == list(range(15, 25))
    assert (stream.dropped, len(stream.snapshot())) == (5, 2)


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=200))
def test_of_a_limited_kind_the_latest_stay_and_of_others_all(kinds: list[str]) -> None:
    limits = {"a": 3, "b": 10}
    stream: EventStream[tuple[str, int]] = EventStream(
        "kinds", kind_of=lambda event: event[0], limits=limits
    )
    events = [(kind, number) for number, kind in enumerate(kinds)]
    for event in events:
        stream.push(event)
    kept = stream.snapshot()
    assert kept == sorted(kept, key=lambda event: event[1])
    assert stream.numbers() == [number for _, number in kept]
    for kind in "abc":
        given, left = [[e for e in some if e[0] == kind] for some in (events, kept)]
        least = min(len(given), limits.get(kind, len(given)))
        assert given[len(given) - len(left) :] == left
        assert least <= len(left) <= 2 * limits.get(kind, len(given))
    reader = stream.reader(since=0)
    assert reader.take_available() == kept
    assert reader.missed == sum(
        1 for event in events if event not in kept and kept and event[1] < kept[-1][1]
    )
    assert stream.snapshot(since=5) == [event for event in kept if event[1] >= 5]


async def test_a_loop_that_does_not_wait_is_told_how_to() -> None:
    stream: EventStream[int] = EventStream("numbers")
    with pytest.raises(UsageError, match="`async for event in …`"):
        iter(stream.reader())  # type: ignore[call-overload]
