"""Memory of a page: what its scripts and their buffers hold, asked for once a second.

Garbage that nobody has collected yet is in it, too. Where it has grown by much, the garbage is
collected and it is asked for once more: what is left then is in use. A page that keeps nothing is
so never asked to collect.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from harness.errors import HarnessError
from harness.facts.browser import MemoryUsed

EVERY_S = 1.0
STEP_BYTES = 1_000_000
"""What changes by less is not told."""

GROWN_BYTES = 40_000_000
GROWN_SHARE = 0.25
"""Garbage is collected where both are exceeded since it was collected last."""

_PARTS = ("usedSize", "embedderHeapUsedSize", "backingStorageSize")
"""Of objects, of the browser's own, and of ArrayBuffers; older browsers tell the first alone."""

Send = Callable[[str], Awaitable[dict[str, Any]]]
"""Sends a DevTools command without parameters to the page."""


async def watch_memory(
    send: Send,
    note: Callable[[MemoryUsed], None],
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Tell how much memory the page uses, for as long as it is there.

    Args:
        send: to the page.
        note: told what is new.
        wait: lets seconds pass.
    """
    memory = _Memory()
    while True:
        await wait(EVERY_S)
        try:
            used_bytes, is_collected = used(await send("Runtime.getHeapUsage")), False
            if memory.has_grown(used_bytes):
                await send("HeapProfiler.collectGarbage")
                used_bytes, is_collected = used(await send("Runtime.getHeapUsage")), True
        except HarnessError:
            continue  # between two documents, or gone: others tell of that
        if memory.is_new(used_bytes, is_collected):
            note(MemoryUsed(used_bytes, is_collected))


def used(usage: dict[str, Any]) -> int:
    """Bytes in use, of what Runtime.getHeapUsage gives."""
    return round(sum(float(usage.get(part, 0)) for part in _PARTS))


class _Memory:
    def __init__(self) -> None:
        self._base: int | None = None
        self._told: int | None = None

    def has_grown(self, used_bytes: int) -> bool:
        """Whether by so much that it matters what of it is garbage."""
        self._base = used_bytes if self._base is None else min(self._base, used_bytes)
        return used_bytes - self._base > max(GROWN_BYTES, GROWN_SHARE * self._base)

    def is_new(self, used_bytes: int, is_collected: bool) -> bool:
        """Whether it is worth telling."""
        if is_collected:
            self._base = used_bytes
        elif self._told is not None and abs(used_bytes - self._told) < STEP_BYTES:
            return False
        self._told = used_bytes
        return True
