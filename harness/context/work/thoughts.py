"""Long work of a context in one call: begun by the model's calls, told when it is done."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from harness.context.context import Context
from harness.context.definition import ContextTool
from harness.context.delivery import LateResult
from harness.context.errors import ReasonerError, in_one_line
from harness.context.long_work import QUESTION, LongWork
from harness.context.settings import python_tool
from harness.context.thinking.process import ProcessReasoner
from harness.context.thinking.reasoner import (
    FunctionReasoner,
    Reasoner,
    thought_through,
)
from harness.context.thinking.responses import ResponsesReasoner
from harness.context.thread_items import kept_id
from harness.errors import ToolRefused
from harness.facts.contexts import (
    ContextFact,
    ThinkingEnded,
    ThinkingProgress,
    ThinkingStarted,
)
from harness.programs import given_to
from harness.real_loop import RealLoop
from harness.realtime.client.tools import Tool, error_text
from harness.realtime.server.validation.mcp_values import RemoteServer, hide_secrets
from harness.virtual_time import VirtualTimeLoop

MOST_AT_ONCE = 8
NOTED_CHARS = 2000
"""Of a text in which secrets are hidden already: cut before, half of one could be shown."""

ENDS_WITHIN_S = 6.0

Note = Callable[[ContextFact], None]


@dataclass(eq=False)
class _Job:
    id: str
    tool: str
    arguments: str
    work: LongWork
    is_replaced: bool = False
    task: asyncio.Task[None] = field(init=False)


class Thoughts:
    """The long work of one call.

    Args:
        note: told what begins, goes on and ends.
        numbers: of the jobs; never the same twice in a call.
        in_thread: False for a loop whose time is virtual.
    """

    def __init__(
        self, context: Context, note: Note, numbers: Iterator[int], *, in_thread: bool = True
    ) -> None:
        self._context = context
        self._note = note
        self._numbers = numbers
        self._in_thread = in_thread
        self._loop = RealLoop("long work")
        self._jobs: dict[str, _Job] = {}
        self.on_result: Callable[[LateResult], None] = lambda result: None
        """Told what long work came to; set by who delivers it."""

        self.on_replaced: Callable[[str], None] = lambda job: None
        """Told which job's result is not wanted any more."""

    @property
    def tools(self) -> list[Tool]:
        """What the model may call; each gives its answer at once.

        Raises:
            UsageError: a Python function cannot be had.
        """
        wanted = [tool for tool in self._context.definition.tools if tool.long is not None]
        return [self._tool(tool) for tool in wanted]

    @property
    def running(self) -> list[str]:
        """Ids of the jobs under way."""
        return list(self._jobs)

    async def finish(self) -> None:
        """The call is over: give what is under way the time that it may still have, then end it."""
        jobs = list(self._jobs.values())
        try:
            await asyncio.gather(
                *(asyncio.wait({job.task}, timeout=job.work.goes_on_s) for job in jobs)
            )
        finally:
            try:
                await self._end(jobs)
            finally:
                self._loop.close()

    async def _end(self, jobs: list[_Job]) -> None:
        for job in jobs:
            job.task.cancel()
        if jobs:
            await asyncio.wait({job.task for job in jobs}, timeout=ENDS_WITHIN_S)

    def _tool(self, wanted: ContextTool) -> Tool:
        work = wanted.long_work
        assert work is not None
        own = python_tool(self._context, wanted) if wanted.python is not None else None
        name = own.name if own is not None else str(wanted.name)

        async def begin(**arguments: Any) -> str:
            self._begin(name, work, _reasoner(work, own, self._in_thread), arguments)
            return work.at_once

        if own is not None:
            return Tool(own.name, own.description, own.parameters, begin, own.time_limit_s,
                        own.model, own.names)  # fmt: skip
        return Tool(name, wanted.description or "", wanted.parameters or QUESTION, begin)

    def _begin(
        self, tool: str, work: LongWork, reasoner: Reasoner, arguments: dict[str, Any]
    ) -> None:
        if work.replaces:
            self._replace(tool)
        if sum(not job.is_replaced for job in self._jobs.values()) >= MOST_AT_ONCE:
            message = f"{MOST_AT_ONCE} pieces of long work are under way; wait for one to end."
            raise ToolRefused(message, code="too_much_long_work")
        told = json.dumps(arguments, ensure_ascii=False, default=str)
        job = _Job(f"job_{next(self._numbers)}", tool, told, work)
        self._jobs[job.id] = job
        self._note(ThinkingStarted(job.id, tool, told))
        job.task = asyncio.create_task(self._work(job, reasoner, arguments), name=job.id)
        job.task.add_done_callback(lambda task: self._is_over(job, task))

    def _replace(self, tool: str) -> None:
        for job in list(self._jobs.values()):
            # Once: a second time would disturb it in ending what it has begun.
            if job.tool == tool and not job.is_replaced:
                job.is_replaced = True
                job.task.cancel()
        self.on_replaced(tool)

    async def _work(self, job: _Job, reasoner: Reasoner, arguments: dict[str, Any]) -> None:
        try:
            text = await self._thought_through(job, reasoner, arguments)
        except ReasonerError as error:
            told = in_one_line(error)
            self._failed(job, type(error).__name__, told)
        else:
            text = _shown(job, text)
            self._ended(job, "done", None, text)
            self.on_result(self._result(job, text))

    def _is_over(self, job: _Job, task: asyncio.Task[None]) -> None:
        """Whoever cancelled it, perhaps before it had begun, and whatever broke it: it is told."""
        if job.id not in self._jobs:
            return
        if not task.cancelled():
            error = task.exception()
            self._failed(job, "ReasonerError", f"{type(error).__name__}: {error}")
            return
        self._ended(job, "replaced" if job.is_replaced else "cancelled", None, "")
        if not job.is_replaced:
            why = ReasonerError("The call had ended before it was done.")
            self.on_result(self._result(job, error_text(why)))

    def _failed(self, job: _Job, error: str, told: str) -> None:
        told = _shown(job, told)[:NOTED_CHARS]  # one line of a program may be long
        self._ended(job, "failed", error, told)
        self.on_result(self._result(job, error_text(RuntimeError(told))))

    async def _thought_through(
        self, job: _Job, reasoner: Reasoner, arguments: dict[str, Any]
    ) -> str:
        here = asyncio.get_running_loop()

        def tell(text: str) -> None:
            self._note(ThinkingProgress(job.id, _shown(job, text)[:NOTED_CHARS]))

        if not job.work.is_done_elsewhere:
            return await thought_through(reasoner, arguments, tell, job.work.within_s)

        def tell_here(text: str) -> None:
            here.call_soon_threadsafe(tell, text)

        within_s = job.work.within_s
        try:
            return await self._loop.run(
                lambda: thought_through(reasoner, arguments, tell_here, within_s)
            )
        finally:
            if isinstance(here, VirtualTimeLoop):
                await asyncio.sleep(job.work.virtual_s)

    def _result(self, job: _Job, output: str) -> LateResult:
        item_id = kept_id(self._context, job.id, "fc")
        output_id = kept_id(self._context, job.id, "fco")
        return LateResult(job.id, item_id, output_id, job.tool, job.arguments, output)

    def _ended(
        self,
        job: _Job,
        status: Literal["done", "failed", "replaced", "cancelled"],
        error: str | None,
        text: str,
    ) -> None:
        self._jobs.pop(job.id, None)
        self._note(ThinkingEnded(job.id, status, error, text[:NOTED_CHARS]))


def _shown(job: _Job, text: str) -> str:
    """The text without what was given to who thinks as a secret, should it come back."""
    names = [name for name in (*job.work.env, job.work.token_env) if name is not None]
    return hide_secrets(text, RemoteServer(job.tool, "", given_to(names)))


def _reasoner(work: LongWork, own: Tool | None, in_thread: bool) -> Reasoner:
    if work.command is not None:
        return ProcessReasoner(work)
    if work.url is not None:
        return ResponsesReasoner(work)
    assert own is not None
    return FunctionReasoner(own.function, in_thread=in_thread)
