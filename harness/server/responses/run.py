"""One response under way: a task that writes it, and readers of its events, late ones too."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

from harness.context.responses.writer import Event, ResponseWriter
from harness.errors import AssistantError
from harness.realtime.server.assistants.assistant import Assistant, Prompt
from harness.server.assistants.pieces import written_pieces

_log = logging.getLogger(__name__)


class ResponseRun:
    """Writes one response. It begins with `start` and ends by itself, or with `cancel`."""

    def __init__(self, writer: ResponseWriter, assistant: Assistant, prompt: Prompt) -> None:
        self.writer = writer
        self._assistant, self._prompt = assistant, prompt
        self._events: list[Event] = []
        self._has_more = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_resumable(self) -> bool:
        """Its events can be had again: it was streamed, and runs in the background."""
        request = self.writer.request
        return request.is_background and request.is_streamed

    def start(self) -> None:
        """Ask the assistant, beside whoever waits."""
        self._emit(self.writer.create())
        self._task = asyncio.create_task(self._write(), name="response")

    async def events(self, after: int = -1) -> AsyncIterator[Event]:
        """The events whose number is greater than `after`, until the last one."""
        place = max(0, after + 1)  # the numbers count from 0 without gaps
        while True:
            while place < len(self._events):
                yield self._events[place]
                place += 1
            if self.writer.is_over:
                return
            await self._has_more.wait()

    async def until_over(self) -> None:
        """Wait for the end; whoever stops waiting stops nothing."""
        while not self.writer.is_over:
            await self._has_more.wait()

    async def cancel(self) -> None:
        """End it now; what was written stays."""
        self._emit(self.writer.cancel(time.time()))
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _write(self) -> None:
        writer = self.writer
        try:
            self._emit(writer.begin())
            async with aclosing(written_pieces(self._assistant, self._prompt)) as pieces:
                async for piece in pieces:
                    self._emit(writer.on_piece(piece, time.time()))
                    if writer.is_over:
                        return
            self._emit(writer.finish(time.time()))
        except AssistantError as error:
            known = "rate_limit_exceeded"
            code = known if error.code == known else "server_error"
            self._emit(writer.fail(code, error.message, time.time()))
        except Exception:
            _log.exception("a response broke")
            text = "The server had an error while processing the request."
            self._emit(writer.fail("server_error", text, time.time()))

    def _emit(self, events: list[Event]) -> None:
        self._events += events
        self._has_more.set()
        self._has_more = asyncio.Event()
