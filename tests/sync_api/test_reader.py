"""Streams in a plain `for`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from harness.errors import PageClosed, UsageError
from harness.streams.event_stream import EventStream
from harness.sync_api.loop import running
from harness.sync_api.reader import Reader


def test_it_gives_what_the_stream_gives_until_it_ends() -> None:
    with running() as runner:
        stream: EventStream[int] = runner.read(lambda: EventStream("numbers", 10))
        reader = Reader(runner.read(stream.reader), runner)
        runner.read(lambda: stream.push(1))
        runner.read(lambda: stream.push(2))
        assert reader.take_available() == [1, 2]
        assert reader.take_available() == []
        runner.read(lambda: stream.push(3))
        runner.read(lambda: stream.end(None))
        assert list(reader) == [3]


def test_it_raises_what_broke_the_stream() -> None:
    with running() as runner:
        stream: EventStream[int] = runner.read(lambda: EventStream("numbers", 10))
        reader = Reader(runner.read(stream.reader), runner)
        runner.read(lambda: stream.push(1))
        runner.read(lambda: stream.end(PageClosed("gone")))
        assert next(reader) == 1
        with pytest.raises(PageClosed, match="gone"):
            next(reader)


def test_any_asynchronous_iterator_will_do() -> None:
    async def numbers() -> AsyncIterator[int]:
        yield 1
        yield 2

    with running() as runner:
        reader = Reader(numbers(), runner)
        assert reader.take_available() == []
        assert list(reader) == [1, 2]


def test_a_loop_of_the_other_api_is_told_which() -> None:
    with running() as runner:
        stream: EventStream[int] = runner.read(lambda: EventStream("numbers", 10))
        reader: Any = Reader(runner.read(stream.reader), runner)
        with pytest.raises(UsageError, match="leave out `async`"):
            aiter(reader)
