"""The tools of a context in a call of the chat page: done by the server, as a run does them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from harness.client.tool_runs import ToolRuns
from harness.context.binding import Binding
from harness.context.context import Context, Row
from harness.context.delivery import LateResult
from harness.realtime.client.outputs import CancelTool, Output, RunTool
from harness.server.chatkit.context_tools import ContextTools

Act = Callable[[], None]


class ThreadTools(ContextTools):
    """What one call of a page may call. `open` it, and close it when the call is over.

    Args:
        context: with the definition whose tools are at work.
        do: lets something be done with the binding, in the thread's turn.
        now: gives the time of the binding's clock.
        failed: told what a tool came to, where it came to nothing.

    Raises:
        UsageError: a Python function or a retriever cannot be had.
    """

    def __init__(
        self,
        context: Context,
        do: Callable[[Act], None],
        now: Callable[[], float],
        failed: Callable[[str], None],
    ) -> None:
        super().__init__(context, now, failed)
        self._do = do
        self._tools.thoughts.on_result = self._came
        self._tools.thoughts.on_replaced = self._replaced
        self._runs = ToolRuns(self._finished)
        self._binding: Binding | None = None
        self._searches: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._is_over = False

    async def open(self, binding: Binding) -> None:
        """Ask the tool servers what they offer, and offer all of it; without those that fail."""
        await self.ask_servers()
        self._binding = binding
        binding.offer(self._tools.tools, self._tools.instructions)

    def carry_out(self, outputs: list[Output]) -> None:
        """Begin what the model calls, and what is searched for; set the next wake-up."""
        binding = self._binding
        if binding is None or self._is_over:
            return
        for output in outputs:
            match output:
                case RunTool(call_id, _, arguments, tool):
                    self._runs.start(call_id, tool.function, arguments)
                case CancelTool(call_id):
                    self._runs.cancel(call_id)
        self._late.put_in(binding.take_delivered())
        for query in binding.take_searches():
            self._begin(self._answer(binding, query))
        self._set_timer(binding)

    async def stop(self) -> None:
        """The call is over: no result is put into it any more."""
        self._is_over = True
        if self._timer is not None:
            self._timer.cancel()
        for task in list(self._searches):
            task.cancel()
        await asyncio.gather(*self._searches, return_exceptions=True)
        await self._runs.aclose()

    async def finish(self, unix_s: float) -> list[Row]:
        """Give long work the time that it may still have; what came of it, for the thread."""
        is_kept = (lambda _: False) if self._binding is None else self._binding.is_kept
        return await self.rows_at_end(is_kept, unix_s)

    async def _answer(self, binding: Binding, query: str) -> None:
        assert self._tools.search is not None
        found = await self._tools.search.find(query)
        self._do(lambda: binding.answer_with(found, self._now()))

    def _finished(self, call_id: str, output: object, error: BaseException | None) -> None:
        binding = self._binding
        assert binding is not None
        self._do(lambda: binding.session.tool_finished(call_id, output, error, self._now()))

    def _came(self, result: LateResult) -> None:
        self._late.came(result)
        binding = self._binding
        if binding is not None and not self._is_over:
            self._do(lambda: binding.result_is_there(result, self._now()))

    def _replaced(self, tool: str) -> None:
        self._late.drop(tool)
        if self._binding is not None:
            self._binding.drop_results(tool)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="page-call-search")
        self._searches.add(task)
        task.add_done_callback(self._searches.discard)

    def _set_timer(self, binding: Binding) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        wake_at_s = binding.wake_at_s()
        if wake_at_s is not None:
            loop = asyncio.get_running_loop()
            delay_s = max(0.001, wake_at_s - self._now())
            self._timer = loop.call_later(delay_s, self._do, lambda: binding.advance(self._now()))
