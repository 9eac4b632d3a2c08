"""The speech engines of a call: what speaks, listens and understands; and where work is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from harness.audio.clip import AudioClip
from harness.speech.ears import judging_ears
from harness.speech.engines import (
    default_detector,
    default_recogniser,
    default_synthesiser,
)
from harness.speech.interface import Ear, Recogniser, SpeechDetector, Synthesiser
from harness.speech.spans import Span, voiced_spans
from harness.speech.threads import be_nice

T = TypeVar("T")

FindSpeech = Callable[[AudioClip], Sequence[Span]]
"""Where somebody speaks in a clip."""


class Offload(Protocol):
    """Does blocking work while the event loop waits for it."""

    async def __call__(self, work: Callable[..., T], /, *arguments: Any) -> T: ...


async def in_thread(work: Callable[..., T], /, *arguments: Any) -> T:
    """In a thread, so that everything else goes on. For calls in real time."""
    return await asyncio.to_thread(work, *arguments)


class NiceThread:
    """In one thread that comes after the others: where this process carries the call's media.

    Use as a context manager: leaving it lets the thread end.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "listening", initializer=be_nice)

    def __enter__(self) -> NiceThread:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def __call__(self, work: Callable[..., T], /, *arguments: Any) -> T:
        """Do the work there."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)


async def inline(work: Callable[..., T], /, *arguments: Any) -> T:
    """At once: under virtual time, work takes none."""
    return work(*arguments)


@dataclass(frozen=True)
class SpeechTools:
    """The engines of one call."""

    recogniser: Recogniser
    synthesiser: Synthesiser
    make_detector: Callable[[], SpeechDetector]
    """A new detector for one live stream."""

    find_speech: FindSpeech
    """Where speech is in what was recorded, with exact edges."""

    offload: Offload = in_thread

    ears: Sequence[Ear] = ()
    """What judges the words of answers, the most trusted first; without any, `recogniser` says
    what was heard and no word is judged twice."""


def real_tools(
    recogniser: Recogniser | None = None,
    synthesiser: Synthesiser | None = None,
    ears: Sequence[Ear] = (),
) -> SpeechTools:
    """The shipped engines, for calls in real time. Nothing is loaded before it is needed.

    A recogniser that is given without ears judges, too.
    """
    return SpeechTools(
        recogniser or default_recogniser(),
        synthesiser or default_synthesiser(),
        default_detector,
        SpeechFinder(default_detector()),
        ears=ears or (judging_ears() if recogniser is None else ()),
    )


class SpeechFinder:
    """`voiced_spans` on one detector of its own; for one thread at a time."""

    def __init__(self, detector: SpeechDetector) -> None:
        self._detector = detector

    def __call__(self, clip: AudioClip) -> list[Span]:
        return voiced_spans(clip, self._detector)
