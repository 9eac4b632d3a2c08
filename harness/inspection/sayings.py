"""Sayings that wait until the page calls: one behind the other, while other things are done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from harness.call.utterance import Utterance
from harness.errors import HarnessError


class Sayings:
    """Says what is typed in its order, as soon as it can be heard. Nobody waits meanwhile.

    Args:
        up: set once there is a call to speak into, or none to wait for.
        say: puts an utterance behind what is being said.
        failed: told what could not be said, and why.
    """

    def __init__(
        self,
        up: asyncio.Event,
        say: Callable[[Utterance], Awaitable[object]],
        failed: Callable[[HarnessError], None],
    ) -> None:
        self._up = up
        self._say = say
        self._failed = failed
        self._tasks: list[asyncio.Task[None]] = []

    def add(self, make: Callable[[], Awaitable[Utterance]]) -> None:
        """Say this behind all that was added before; it is made at once."""
        self._tasks = [task for task in self._tasks if not task.done()]
        before = self._tasks[-1] if self._tasks else None
        self._tasks.append(asyncio.create_task(self._one(make, before)))

    async def all_said(self) -> None:
        """Come back when nothing waits any more."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def drop(self) -> None:
        """Say nothing of what still waits. Safe to call again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _one(
        self, make: Callable[[], Awaitable[Utterance]], before: asyncio.Task[None] | None
    ) -> None:
        try:
            utterance = await make()
            if before is not None:
                await asyncio.wait([before])
            await self._up.wait()
            await self._say(utterance)
        except HarnessError as error:
            self._failed(error)
