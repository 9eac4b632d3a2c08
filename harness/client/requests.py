"""Requests of the client to the server, and the answers as they come."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any

from harness.errors import HarnessError, ProtocolError
from harness.realtime.wire import Event


class Request:
    """Something asked of the server. Await it for the answer, or leave it.

    Awaiting gives the server's event (None where there was nothing to do), or raises
    `ProtocolError` with the protocol's code. Not awaited, a refusal is an “error” event only.
    """

    def __init__(self, event_id: str) -> None:
        self.event_id = event_id
        self._answer: asyncio.Future[Event | None] = asyncio.get_running_loop().create_future()

    @property
    def is_settled(self) -> bool:
        """Whether the server has answered or refused it."""
        return self._answer.done()

    @property
    def problem(self) -> HarnessError | None:
        """Why it was refused; None where it was not, or not yet."""
        is_refused = self._answer.done() and self._answer.exception() is not None
        error = self._answer.exception() if is_refused else None
        return error if isinstance(error, HarnessError) else None

    def __await__(self) -> Generator[Any, None, Event | None]:
        return asyncio.shield(self._answer).__await__()

    def settle(self, event: Event | None, error: HarnessError | None) -> None:
        """The answer is there."""
        if self._answer.done():
            return
        if error is None:
            self._answer.set_result(event)
        else:
            self._answer.set_exception(error)
            self._answer.exception()  # seen: leaving a refused request alone is no mistake


class Requests:
    """The requests that wait for their answers."""

    def __init__(self) -> None:
        self._waiting: dict[str, Request] = {}

    def add(self, event_id: str) -> Request:
        """A request under this id; the one there is, where it was added before."""
        return self._waiting.setdefault(event_id, Request(event_id))

    def settle(self, event_id: str, event: Event | None, error: ProtocolError | None) -> None:
        """An answer came; one that nobody asked for is nothing to us."""
        request = self._waiting.pop(event_id, None)
        if request is not None:
            request.settle(event, error)

    def settle_all(self, error: HarnessError) -> None:
        """No more answers come."""
        waiting, self._waiting = self._waiting, {}
        for request in waiting.values():
            request.settle(None, error)
