"""Memory of a page, told by a browser made by hand."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Any

from harness.browser.page_memory import used, watch_memory
from harness.errors import PageClosed
from harness.facts.browser import MemoryUsed

MB = 1_000_000


class Browser:
    """Uses so many megabytes at one second after the other; of them some are garbage."""

    def __init__(self, used_mb: Iterable[float | None], garbage_mb: float = 0.0) -> None:
        self._used_mb = list(used_mb)
        self._garbage_mb = garbage_mb
        self._second = -1
        self._has_collected = False
        self.collected = 0

    async def wait(self, _: float) -> None:
        """One more second, until there is none."""
        self._second += 1
        self._has_collected = False
        if self._second == len(self._used_mb):
            raise asyncio.CancelledError

    async def send(self, method: str) -> dict[str, Any]:
        """As DevTools answers."""
        now_mb = self._used_mb[self._second]
        if now_mb is None:
            raise PageClosed("gone")
        if method == "HeapProfiler.collectGarbage":
            self._has_collected = True
            self.collected += 1
            return {}
        assert method == "Runtime.getHeapUsage"
        less_mb = self._garbage_mb if self._has_collected else 0.0
        return {"usedSize": 1 * MB, "backingStorageSize": (now_mb - 1 - less_mb) * MB}


async def told(browser: Browser) -> list[tuple[float, bool]]:
    """What is told of it: megabytes, and whether its garbage was collected."""
    found: list[MemoryUsed] = []
    with contextlib.suppress(asyncio.CancelledError):
        await watch_memory(browser.send, found.append, browser.wait)
    return [(one.used_bytes / MB, one.collected) for one in found]


async def test_what_hardly_changes_is_told_once() -> None:
    browser = Browser([10, 10.4, 9.7, 12, 12.1])
    assert await told(browser) == [(10, False), (12, False)]
    assert browser.collected == 0


async def test_where_it_has_grown_by_much_garbage_is_left_out() -> None:
    browser = Browser([10, 30, 60, 70], garbage_mb=45)
    assert await told(browser) == [(10, False), (30, False), (15, True), (25, True)]


async def test_what_was_kept_after_a_collection_is_what_it_grows_from() -> None:
    browser = Browser([10, 60, 90, 110])
    assert await told(browser) == [(10, False), (60, True), (90, False), (110, True)]


async def test_a_large_page_has_to_grow_by_more() -> None:
    browser = Browser([400, 450, 520])
    assert await told(browser) == [(400, False), (450, False), (520, True)]


async def test_a_document_that_is_gone_is_passed_over() -> None:
    assert await told(Browser([10, None, 20])) == [(10, False), (20, False)]


def test_an_older_browser_tells_less() -> None:
    assert used({"usedSize": 5, "totalSize": 9}) == 5
