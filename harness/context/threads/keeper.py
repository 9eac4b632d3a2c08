"""Keeper of what a call says: item by item, in order, and again where the file failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from harness.context.context import Context, Row
from harness.context.thread_items import told_of_row
from harness.context.threads.contexts import Contexts
from harness.context.transcript import Forget, Keep, Kept
from harness.errors import ContextError
from harness.facts.contexts import (
    ContextFact,
    ContextTrouble,
    ThreadItemForgotten,
    ThreadItemKept,
)


class ThreadKeeper:
    """Keeps the items of one call. What cannot be kept waits for the next time.

    Args:
        note: told what was kept, and when the file begins to fail.
    """

    def __init__(
        self, contexts: Contexts, context: Context, note: Callable[[ContextFact], None]
    ) -> None:
        self._contexts = contexts
        self._context = context
        self._note = note
        self._waiting: list[Kept] = []
        self.trouble: ContextError | None = None
        """Why something waits; None where nothing does."""

    def add(self, kept: Iterable[Kept]) -> None:
        """Something to be kept with the next `keep`."""
        self._waiting += kept

    def clear(self) -> None:
        """Keep nothing of what waits."""
        self._waiting.clear()

    async def save(self, row: Row) -> None:
        """Keep an item at once.

        Raises:
            ContextError: it cannot be kept.
        """
        await self._contexts.save_items(self._context, [row])
        self._told(Keep(row))

    async def keep(self) -> None:
        """Keep what waits; told of is the first failure of its kind, and the next time is this."""
        while self._waiting:
            kept = self._waiting[0]
            try:
                if isinstance(kept, Keep):
                    await self._contexts.save_items(self._context, [kept.row])
                else:
                    await self._contexts.delete_item(self._context, kept.item_id)
            except ContextError as error:
                is_news = type(self.trouble) is not type(error)
                self.trouble = error
                if is_news:
                    self._note(ContextTrouble(type(error).__name__, error.message))
                return
            self._waiting.pop(0)
            self._told(kept)
        self.trouble = None

    async def finish(self) -> None:
        """Keep the rest.

        Raises:
            ContextError: something cannot be kept.
        """
        await self.keep()
        if self.trouble is not None:
            raise self.trouble

    def _told(self, kept: Kept) -> None:
        if isinstance(kept, Forget):
            self._note(ThreadItemForgotten(self._context.id, kept.item_id))
            return
        row = kept.row
        fact = ThreadItemKept(self._context.id, row["id"], row["type"], told_of_row(row))
        self._note(fact)
