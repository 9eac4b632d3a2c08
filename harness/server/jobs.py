"""What a session wants done beside the event loop: each job a task, its result handed back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from harness.errors import SpeechError
from harness.server.call_session import CallSession
from harness.server.outputs import Recognise, Synthesise
from harness.server.speech_workers import SpeechWorkers

_log = logging.getLogger(__name__)


class Jobs:
    """The running jobs of one session. `aclose` leaves none.

    Args:
        call_id: for the log.
        session: gets the results.
        told: a block in which the session may be told something; gives the time.
        speech: recognition and synthesis.
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

    def start(self, wanted: Recognise | Synthesise) -> None:
        """Begin a job; returns at once."""
        if isinstance(wanted, Recognise):
            self._run(self._recognise(wanted))
        else:
            self._run(self._synthesise(wanted))

    async def aclose(self) -> None:
        """Cancel what still runs, and wait for it."""
        running = list(self._running)
        for job in running:
            job.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        job = asyncio.get_running_loop().create_task(work)
        self._running.add(job)
        job.add_done_callback(self._ended)

    def _ended(self, job: asyncio.Task[None]) -> None:
        self._running.discard(job)
        if not job.cancelled() and (error := job.exception()) is not None:
            _log.error("call %s: a job broke", self._call_id, exc_info=error)
            self._broke()

    async def _recognise(self, wanted: Recognise) -> None:
        text: str | None = None
        problem: str | None = None
        try:
            text = await self._speech.recognise(wanted.samples, wanted.sample_rate_hz)
        except SpeechError as error:
            _log.error("call %s: %s", self._call_id, error)
            problem = error.message
        with self._told() as now_s:
            self._session.receive_recognition(wanted.job_id, text, problem, now_s)

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
