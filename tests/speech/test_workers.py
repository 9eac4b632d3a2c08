"""Speech engines in threads, in order, without holding up the loop."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest

from harness.errors import SpeechError
from harness.speech.workers import SESSION_RATE_HZ, SpeechWorkers
from tests.support.fake_speech import (
    FakeDetector,
    FakeRecogniser,
    FakeSynthesiser,
    fake_speech_workers,
)


class SlowRecogniser(FakeRecogniser):
    """Waits until it is allowed to answer."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.threads: set[str] = set()

    def recognise(self, samples: object, sample_rate_hz: int) -> str:
        self.threads.add(threading.current_thread().name)
        self.may_answer.wait(10)
        return "words"


async def test_recognition_leaves_the_loop_free() -> None:
    """It runs in a thread of its own."""
    recogniser = SlowRecogniser()
    async with SpeechWorkers(FakeDetector, recogniser, FakeSynthesiser()) as speech:
        job = asyncio.ensure_future(speech.recognise(np.zeros(24_000, np.float32), 24_000))
        await asyncio.sleep(0)
        recogniser.may_answer.set()
        assert await job == "words"
        assert threading.current_thread().name not in recogniser.threads


async def test_speech_comes_in_parts_at_the_session_rate() -> None:
    """100 ms a word at 16 kHz become 100 ms at 24 kHz."""
    async with fake_speech_workers() as speech:
        parts = [part async for part in speech.speak("one two", "en-US", 1.0)]
    assert [len(part) for part in parts] == [SESSION_RATE_HZ // 10] * 2


async def test_a_failure_in_the_thread_is_raised_to_the_caller() -> None:
    """After the parts before it."""
    async with fake_speech_workers() as speech:
        parts = speech.speak("one broken", "en-US", 1.0)
        assert len(await anext(parts)) == SESSION_RATE_HZ // 10
        with pytest.raises(SpeechError):
            await anext(parts)


async def test_each_stream_has_a_detector_of_its_own() -> None:
    """Loaded beforehand or not."""
    async with fake_speech_workers() as speech:
        speech.load()
        detectors = [await speech.detector() for _ in range(5)]
        assert len({id(detector) for detector in detectors}) == 5
        speech.give_back(detectors[2])
        assert await speech.detector() is detectors[2]


async def test_a_model_that_does_not_load_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """And told to the first who needs it."""

    def broken() -> FakeDetector:
        raise SpeechError("The model is damaged.")

    class BrokenRecogniser(FakeRecogniser):
        def load(self) -> None:
            raise SpeechError("The recogniser is damaged.")

    async with SpeechWorkers(broken, BrokenRecogniser(), FakeSynthesiser()) as speech:
        speech.load()
        with pytest.raises(SpeechError):
            await speech.detector()
        await speech.recognise(np.zeros(10, np.float32), 24_000)
    assert "The recogniser is damaged." in caplog.text
