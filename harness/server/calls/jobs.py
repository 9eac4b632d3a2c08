"""Jobs that a session wants done beside it: each a task, its result handed back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import AbstractContextManager, aclosing
from typing import Any

import numpy as np

from harness.context.mcp.failures import RemoteProblem
from harness.errors import AssistantError, SpeechError
from harness.realtime.server.assistants.assistant import Piece
from harness.realtime.server.outputs import (
    AskAssistant,
    CallTool,
    Job,
    ListTools,
    Recognise,
    StopAssistant,
    StopRemote,
    Synthesise,
)
from harness.realtime.server.validation.mcp_values import RemoteResult
from harness.server.calls.call_session import CallSession
from harness.server.calls.mcp_client import call_tool, list_tools
from harness.speech.workers import SpeechWorkers

_log = logging.getLogger(__name__)


class Jobs:
    """The running jobs of one session. `aclose` leaves none.

    Args:
        call_id: for the log.
        session: gets the results.
        told: a block in which the session may be told something; gives the time.
        speech: recognition and synthesis; the assistant thinks in the event loop.
        broke: called when a job raised what it must not.
    """

    def __init__(
        self,
        call_id: str,
        session: CallSession,
        told: Callable[[], AbstractContextManager[float]],
        speech: SpeechWorkers,
        broke: Callable[[], None],
    ) -> None:
        self._call_id = call_id
        self._session = session
        self._told = told
        self._speech = speech
        self._broke = broke
        self._running: set[asyncio.Task[None]] = set()
        self._thinking: dict[str, asyncio.Task[None]] = {}
        self._remote: dict[str, asyncio.Task[None]] = {}

    def start(self, wanted: Job) -> None:
        """Begin a job, or stop one; returns at once."""
        match wanted:
            case Recognise():
                self._run(self._recognise(wanted))
            case Synthesise():
                self._run(self._synthesise(wanted))
            case AskAssistant(job_id):
                self._thinking[job_id] = self._run(self._think(wanted))
            case StopAssistant(job_id):
                if (thinking := self._thinking.get(job_id)) is not None:
                    thinking.cancel()

            case ListTools(job_id):
                self._remote[job_id] = self._run(self._list_tools(wanted))
            case CallTool(job_id):
                self._remote[job_id] = self._run(self._call_tool(wanted))
            case StopRemote(job_id):
                if (asked := self._remote.get(job_id)) is not None:
                    asked.cancel()

    async def aclose(self) -> None:
        """Cancel what still runs, and wait for it."""
        running = list(self._running)
        for job in running:
            job.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        job = asyncio.get_running_loop().create_task(work)
        self._running.add(job)
        job.add_done_callback(self._ended)
        return job

    def _ended(self, job: asyncio.Task[None]) -> None:
        self._running.discard(job)
        if not job.cancelled() and (error := job.exception()) is not None:
            _log.error("call %s: a job broke", self._call_id, exc_info=error)
            self._broke()

    async def _recognise(self, wanted: Recognise) -> None:
        text: str | None = None
        problem: str | None = None
        finished: float | None = None
        try:
            if wanted.is_ahead and self._speech.is_recognising:
                raise SpeechError("The recogniser has other work.")
            text = await self._speech.recognise(wanted.samples, wanted.sample_rate_hz)
            if wanted.asks_finished:
                finished = await self._speech.finished(wanted.samples, wanted.sample_rate_hz, text)
        except SpeechError as error:
            if not wanted.is_ahead:
                _log.error("call %s: %s", self._call_id, error)
            problem = error.message
        with self._told() as now_s:
            self._session.receive_recognition(wanted.job_id, text, problem, now_s, finished)

    async def _synthesise(self, wanted: Synthesise) -> None:
        job_id = wanted.job_id
        try:
            async for part in self._speech.speak(wanted.text, wanted.voice, wanted.speed):
                with self._told() as now_s:
                    self._session.receive_speech(job_id, part, False, now_s)
        except SpeechError as error:
            _log.error("call %s: %s", self._call_id, error)
            with self._told() as now_s:
                self._session.speech_failed(job_id, error.message, now_s)
        else:
            with self._told() as now_s:
                self._session.receive_speech(job_id, np.zeros(0, np.float32), True, now_s)

    async def _think(self, wanted: AskAssistant) -> None:
        """Cancelled, it closes the assistant's iterator: a request under way is given up."""
        job_id = wanted.job_id
        try:
            async with aclosing(_closable(wanted.pieces)) as pieces:
                async for piece in pieces:
                    with self._told() as now_s:
                        self._session.on_assistant_output(job_id, piece, now_s)
        except AssistantError as error:
            _log.error("call %s: %s", self._call_id, error)
            self._thought_failed(job_id, error.code, error.message)
        except Exception:
            _log.exception("call %s: the assistant broke", self._call_id)
            self._thought_failed(job_id, "assistant_failed", "The assistant failed.")
        else:
            with self._told() as now_s:
                self._session.on_assistant_output(job_id, None, now_s)
        finally:
            self._thinking.pop(job_id, None)

    async def _list_tools(self, wanted: ListTools) -> None:
        tools, failure = None, None
        try:
            tools = await list_tools(wanted.server, wanted.within_s)
        except RemoteProblem as problem:
            failure = problem.failure
        finally:
            self._remote.pop(wanted.job_id, None)
        with self._told() as now_s:
            self._session.receive_tools(wanted.job_id, tools, failure, now_s)

    async def _call_tool(self, wanted: CallTool) -> None:
        try:
            result = await call_tool(wanted.server, wanted.name, wanted.arguments, wanted.within_s)
        except RemoteProblem as problem:
            result = RemoteResult(failure=problem.failure)
        finally:
            self._remote.pop(wanted.job_id, None)
        with self._told() as now_s:
            self._session.receive_tool_result(wanted.job_id, result, now_s)

    def _thought_failed(self, job_id: str, code: str, message: str) -> None:
        with self._told() as now_s:
            self._session.on_assistant_failed(job_id, code, message, now_s)


async def _closable(pieces: AsyncIterator[Piece]) -> AsyncGenerator[Piece, None]:
    """The same pieces; closing this closes them, if they can be closed at all."""
    try:
        async for piece in pieces:
            yield piece
    finally:
        close = getattr(pieces, "aclose", None)
        if close is not None:
            await close()
