"""Speech engines beside the event loop: recognition and synthesis in threads of their own.

The models are loaded in parallel right after the server is ready, so that it is ready soon and the
first turn finds them loaded.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from harness.audio.clip import AudioClip
from harness.audio.resample import resample
from harness.speech.interface import Recogniser, SpeechDetector, TurnCompletion
from harness.speech.threads import be_nice

Samples = NDArray[np.float32]
"""Mono: float32, shape (frames,), full scale ±1.0; the rate is said where it is used."""
T = TypeVar("T")
Work = Literal["recognition", "synthesis_first_audio", "synthesis"]

SESSION_RATE_HZ = 24_000
SPARE_DETECTORS = 2

_log = logging.getLogger(__name__)


class LoadableSynthesiser(Protocol):
    """Speaks part by part, with a model that can be loaded beforehand."""

    def load(self) -> None:
        """Load the model now, so that the first call does not pay for it.

        Raises:
            SpeechError: the engine is missing or damaged.
        """

    def parts(self, text: str, voice: str | None = None, speed: float = 1.0) -> Iterator[AudioClip]:
        """The spoken text, part by part as each gets ready. Blocks between parts.

        Raises:
            SpeechError: unknown voice, or the engine is missing, damaged or failed.
        """


class LoadableRecogniser(Recogniser, Protocol):
    """A recogniser whose model can be loaded beforehand."""

    def load(self) -> None:
        """Load the model now, so that the first call does not pay for it.

        Raises:
            SpeechError: the engine is missing or damaged.
        """


class SpeechWorkers:
    """The engines of one server, shared by its calls.

    Use as an async context manager: leaving ends the threads. Without `load`, each engine loads
    when it is first needed.

    Args:
        make_detector: a new, loaded detector; called in a thread.
        recogniser, synthesiser: one object each; every call waits for the one before.
        turn_completion: says whether a turn is over; None leaves that to the words.
    """

    def __init__(
        self,
        make_detector: Callable[[], SpeechDetector],
        recogniser: LoadableRecogniser,
        synthesiser: LoadableSynthesiser,
        turn_completion: TurnCompletion | None = None,
    ) -> None:
        self.when_done: Callable[[Work, float], None] = lambda _work, _took_s: None
        """Told how long each piece of work took, waiting for its turn included."""
        self.when_slow: Callable[[str], None] = lambda _text: None
        """Told, in the synthesis thread, that a quicker voice takes over, and why."""
        self._make_detector = make_detector
        self._recogniser = recogniser
        self._synthesiser = synthesiser
        self._turn_completion = turn_completion
        self._recognising = 0
        self._ears = ThreadPoolExecutor(1, "recognition", initializer=be_nice)
        self._mouth = ThreadPoolExecutor(1, "synthesis", initializer=be_nice)
        self._loader = ThreadPoolExecutor(1, "detector")
        self._detectors: list[Future[SpeechDetector]] = []
        self._idle_detectors: list[SpeechDetector] = []

    async def __aenter__(self) -> SpeechWorkers:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for executor in (self._loader, self._mouth, self._ears):
            executor.shutdown(wait=False, cancel_futures=True)

    def load(self) -> None:
        """Begin to load all models, in parallel; returns at once."""
        for _ in range(SPARE_DETECTORS):
            self._detectors.append(self._loader.submit(self._make_detector))
        for executor, load in (
            (self._ears, self._recogniser.load),
            (self._mouth, self._synthesiser.load),
        ):
            executor.submit(load).add_done_callback(_log_failure)
        load_completion = getattr(self._turn_completion, "load", None)
        if load_completion is not None:
            self._ears.submit(load_completion).add_done_callback(_log_failure)

    async def detector(self) -> SpeechDetector:
        """A detector of one's own, loaded and fresh.

        Raises:
            SpeechError: the engine is missing or damaged.
        """
        if self._idle_detectors:
            return self._idle_detectors.pop()
        self._detectors.append(self._loader.submit(self._make_detector))
        return await asyncio.wrap_future(self._detectors.pop(0))

    def give_back(self, detector: SpeechDetector) -> None:
        """The stream of this detector is over: the next one may have it.

        A model takes 7 MB outside Python's sight, so none waits for the garbage collector.
        """
        detector.reset()
        self._idle_detectors.append(detector)

    @property
    def is_recognising(self) -> bool:
        """Whether somebody waits for the recogniser."""
        return self._recognising > 0

    async def recognise(self, samples: Samples, sample_rate_hz: int) -> str:
        """The words in the samples.

        Raises:
            SpeechError: the engine is missing, damaged or failed.
        """
        loop = asyncio.get_running_loop()
        begun_s = loop.time()
        self._recognising += 1
        try:
            text = await loop.run_in_executor(
                self._ears, self._recogniser.recognise, samples, sample_rate_hz
            )
        finally:
            self._recognising -= 1
        self.when_done("recognition", loop.time() - begun_s)
        return text

    async def finished(self, samples: Samples, sample_rate_hz: int, text: str) -> float | None:
        """How likely it is that a turn is over, 0 to 1; None where nobody here can tell.

        Raises:
            SpeechError: the engine is missing, damaged or failed.
        """
        if self._turn_completion is None:
            return None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._ears, self._turn_completion.probability, samples, sample_rate_hz, text
        )

    async def speak(self, text: str, voice: str, speed: float) -> AsyncIterator[Samples]:
        """The spoken text at 24 kHz, part by part as each gets ready.

        Raises:
            SpeechError: unknown voice, or the engine is missing, damaged or failed.
        """
        parts = _HandOver()
        begun_s = time.monotonic()
        self._mouth.submit(self._speak_into, parts, text, voice, speed)
        is_first = True
        try:
            while (part := await parts.get()) is not None:
                if is_first:
                    self.when_done("synthesis_first_audio", time.monotonic() - begun_s)
                    is_first = False
                yield part
            self.when_done("synthesis", time.monotonic() - begun_s)
        finally:
            parts.abandoned.set()

    def _speak_into(self, parts: _HandOver, text: str, voice: str, speed: float) -> None:
        """In the synthesis thread."""
        try:
            for clip in self._synthesiser.parts(text, voice, speed):
                if parts.abandoned.is_set():
                    return
                parts.put(resample(clip.samples, clip.sample_rate_hz, SESSION_RATE_HZ))
        except Exception as error:  # handed on to whoever waits
            parts.put(error)
        else:
            parts.put(None)


class _HandOver:
    """A queue from one thread into the event loop. None is the end, an exception is raised."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[Samples | Exception | None] = queue.SimpleQueue()
        self._ready = asyncio.Event()
        self.abandoned = threading.Event()

    def put(self, item: Samples | Exception | None) -> None:
        self._queue.put(item)
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ready.set)

    async def get(self) -> Samples | None:
        while self._queue.empty():
            self._ready.clear()
            if self._queue.empty():
                await self._ready.wait()
        item = self._queue.get_nowait()
        if isinstance(item, Exception):
            raise item
        return item


def _log_failure(future: Future[None]) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        _log.error("a speech engine did not load: %s", error)
