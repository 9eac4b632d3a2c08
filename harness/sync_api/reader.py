"""A reader of an asynchronous stream, for a plain `for`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

from harness.errors import UsageError
from harness.streams.event_stream import EventReader
from harness.sync_api.loop import Runner

T = TypeVar("T")


class Reader(Iterator[T], Generic[T]):
    """Gives what the stream gives, and waits for it; ends with the stream, or raises its cause."""

    def __init__(self, wrapped: AsyncIterator[T], runner: Runner) -> None:
        self._wrapped = wrapped
        self._runner = runner

    def __iter__(self) -> Reader[T]:
        return self

    if not TYPE_CHECKING:

        def __aiter__(self) -> NoReturn:
            raise UsageError(
                "These events are read without an event loop.",
                expected="`for event in …`",
                found="`async for event in …`",
                hint="leave out `async`; on an event loop use `harness`, not `harness.sync_api`",
            )

    def __next__(self) -> T:
        try:
            return self._runner.run(anext(self._wrapped))
        except StopAsyncIteration:
            raise StopIteration from None

    def take_available(self) -> list[T]:
        """Everything that is already there, without waiting."""
        wrapped = self._wrapped
        if not isinstance(wrapped, EventReader):
            return []
        return self._runner.read(wrapped.take_available)
