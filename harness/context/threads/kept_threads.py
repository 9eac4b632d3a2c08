"""Threads behind an event loop: files are read and written beside it, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Concatenate, ParamSpec, TypeVar

from harness.context.errors import AttachmentError, StoreClosed
from harness.context.threads.database import Row, ThreadDatabase
from harness.context.threads.pictures import (
    FittedPictures,
    FoundPictures,
    as_data,
    content_of,
    is_shown_as_it_is,
    newest_in,
)
from harness.context.threads.place import Place
from harness.errors import MissingExtra

Given = ParamSpec("Given")
Result = TypeVar("Result")

ALL = 2**62
"""More than there can be."""


class KeptThreads:
    """A `ThreadDatabase` for coroutines. Opened when it is used first.

    Args:
        place: the file, or the database of PostgreSQL; None for memory.
        in_thread: False works on it in the loop's own thread, which is held up meanwhile.
    """

    def __init__(self, place: Place | None = None, *, in_thread: bool = True) -> None:
        self._place = place
        self._in_thread = in_thread and place is not None
        self._database: ThreadDatabase | None = None
        self._is_closed = False
        self._turn = asyncio.Lock()
        self._fitted = FittedPictures()

    async def ask(
        self,
        method: Callable[Concatenate[ThreadDatabase, Given], Result],
        *args: Given.args,
        **named: Given.kwargs,
    ) -> Result:
        """Call one of the database's methods.

        It goes on when whoever asked is cancelled: what is written is written whole.

        Raises:
            StoreClosed: after `aclose`.
            ContextError: the file cannot be used; see `harness.context.errors`.
            UsageError: PostgreSQL is wanted, and its driver is not installed.
        """
        return await asyncio.shield(self._ask(method, *args, **named))

    async def _ask(
        self,
        method: Callable[Concatenate[ThreadDatabase, Given], Result],
        *args: Given.args,
        **named: Given.kwargs,
    ) -> Result:
        def work() -> Result:
            if self._is_closed:
                raise StoreClosed(
                    "The threads are closed.",
                    expected="a use before `aclose`",
                    hint="make another `Contexts` of the same file",
                )
            if self._database is None:
                self._database = ThreadDatabase(self._place)
            return method(self._database, *args, **named)

        async with self._turn:
            # Memory needs no thread, and a simulated run, whose time is no real one, has none.
            return await asyncio.to_thread(work) if self._in_thread else work()

    async def all_threads(self, user: str | None) -> list[Row]:
        """A user's threads, the oldest first; None: everybody's."""
        found = await self.ask(ThreadDatabase.threads, user, None, ALL, is_descending=False)
        return found.data

    async def all_items(self, thread_id: str) -> list[Row]:
        """A thread's items, the oldest first."""
        found = await self.ask(ThreadDatabase.items, thread_id, None, ALL, is_descending=False)
        return found.data

    async def pictures(
        self, rows: Iterable[Row], most_bytes: int, *, in_thread: bool = True
    ) -> FoundPictures:
        """The newest pictures in items of a thread, as a model is shown them.

        Args:
            rows: the items, the oldest first.
            most_bytes: of one; what is larger is made smaller.
            in_thread: False does that in the loop's own thread, which is held up meanwhile.
        """
        found = FoundPictures()
        for one in newest_in(rows):
            content = await self.ask(content_of, one["id"])
            try:
                picture = await self._shown(content, one["mime_type"], most_bytes, in_thread)
                found.shown[one["id"]] = picture
            except (AttachmentError, MissingExtra) as error:
                found.failed[one["id"]] = error
        return found

    async def _shown(self, content: bytes, kind: str, most_bytes: int, in_thread: bool) -> str:
        if not content:
            raise AttachmentError("It was announced, and has not come.")
        if is_shown_as_it_is(content, kind, most_bytes):
            return as_data(content, kind)
        if in_thread:
            return await asyncio.to_thread(self._fitted.fitted, content, most_bytes)
        return self._fitted.fitted(content, most_bytes)

    async def aclose(self) -> None:
        """Close the file, or the connection, for good: nothing is asked after that."""
        async with self._turn:
            self._is_closed = True
            database, self._database = self._database, None
            if database is not None:
                database.close()
