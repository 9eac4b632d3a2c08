"""The contract of ChatKit stores finds a store that does not keep it."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("chatkit", reason="NOT RUN: the extra “chatkit” is not installed")

from chatkit.store import NotFoundError

from harness.context.threads.kept_threads import KeptThreads
from harness.server.chatkit.store import KeptStore
from harness.server.chatkit.visitor import Visitor
from harness.testing.chatkit_store_contract import ChatkitStoreContract


class Contract(ChatkitStoreContract):
    visitor = Visitor("kim", "http://127.0.0.1")
    stranger = Visitor("eve", "http://127.0.0.1")


class ForEverybody(KeptStore):
    """Forgets whose a thread is."""

    async def _require_own(self, thread_id: str, context: Visitor) -> None:
        return None


class Turned(KeptStore):
    """Gives items in one order alone."""

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Visitor
    ) -> Any:
        return await super().load_thread_items(thread_id, after, limit, "asc", context)


async def test_a_store_that_shows_all_to_everybody_is_found() -> None:
    with pytest.raises(pytest.fail.Exception, match=NotFoundError.__name__):
        await Contract().test_a_stranger_finds_nothing(lambda: ForEverybody(KeptThreads()))


async def test_a_store_that_knows_one_order_is_found() -> None:
    with pytest.raises(AssertionError):
        await Contract().test_items_come_in_pages_in_both_orders(lambda: Turned(KeptThreads()))
