"""Engines and assistants that somebody else wrote."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.errors import SpeechError, UsageError
from harness.server.assistants.plugins import (
    CheckedCompletion,
    LoadedRecogniser,
    SessionVoices,
    engine_voice,
    made,
    own_speech_workers,
)

MODULE = """
import numpy as np

class Beeps:
    name = "beeps"
    voices = ("low", "high")
    loads = 0
    def load(self):
        Beeps.loads += 1
    def synthesise(self, text, voice=None, speed=1.0):
        from harness.audio.clip import AudioClip
        return AudioClip(np.full(len(text), 0.5 if voice == "high" else 0.1, np.float32), 24_000)

class Parrot:
    name = "parrot"
    def recognise(self, samples, sample_rate_hz):
        return "polly"

class Loud:
    sample_rate_hz, window_frames = 16_000, 320
    def probability(self, window):
        return float(abs(window).max() > 0.1)
    def reset(self):
        pass

class Always:
    name = "always"
    loads = 0
    def load(self):
        Always.loads += 1
    def probability(self, samples, sample_rate_hz, text):
        return 1.0 if text == "polly" else 0.0

class Nothing:
    pass

def broken():
    raise RuntimeError("no weights")
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "own_parts_here.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return "own_parts_here"


async def test_named_engines_do_the_work(own: str) -> None:
    """All four, each from its factory."""
    references = {
        "detector": f"{own}:Loud",
        "recogniser": f"{own}:Parrot",
        "synthesiser": f"{own}:Beeps",
        "turn_completion": f"{own}:Always",
    }
    async with own_speech_workers(references) as workers:
        workers.load()
        detector = await workers.detector()
        assert detector.window_frames == 320
        samples = np.zeros(24_000, np.float32)
        assert await workers.recognise(samples, 24_000) == "polly"
        assert await workers.finished(samples, 24_000, "polly") == 1.0
        parts = [part async for part in workers.speak("One. Three.", "ash", 1.0)]
        assert [len(part) for part in parts] == [4, 6]
        module = importlib.import_module(own)
        assert (module.Always.loads, module.Beeps.loads) == (1, 1)
        assert parts[0].max() == pytest.approx(0.5)  # the second hosted name, the second voice


async def test_what_is_not_named_is_the_shipped_engine(own: str) -> None:
    async with own_speech_workers({"recogniser": f"{own}:Parrot"}) as workers:
        assert await workers.finished(np.zeros(10, np.float32), 24_000, "x") is None
        assert (await workers.detector()).sample_rate_hz == 16_000


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("no_such_module:x", "No module named"),
        ("{own}:absent", "absent"),
        ("{own}", "is no module:name"),
        ("", "is no module:name"),
        ("{own}:broken", "no weights"),
        ("{own}:Nothing", "without name, recognise"),
    ],
)
def test_one_that_cannot_be_used_is_told_plainly(own: str, reference: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        made(reference.format(own=own), "recogniser")
    assert said in str(refused.value)
    assert "module:factory" in str(refused.value)


def test_an_engines_own_parts_are_used() -> None:
    class Whole:
        name, voices = "whole", ("a",)

        def synthesise(
            self,
            text: str,
            voice: str | None = None,
            speed: float = 1.0,
            language: str | None = None,
        ) -> AudioClip:
            raise AssertionError

        def parts(
            self, text: str, voice: str | None = None, speed: float = 1.0
        ) -> Iterator[AudioClip]:
            yield AudioClip(np.full(2, speed, np.float32), 16_000)

    (part,) = SessionVoices(Whole()).parts("One. Two.", "a", 0.5)
    assert part.samples.tolist() == [0.5, 0.5]


def test_voices_have_the_engines_names_or_the_hosted_ones() -> None:
    assert engine_voice("low", ("low", "high")) == "low"
    assert engine_voice("alloy", ("low", "high")) == "low"
    assert engine_voice(None, ("low",)) is None
    with pytest.raises(SpeechError, match="no voice named “nobody”"):
        engine_voice("nobody", ("low",))


class Broken:
    name, voices = "broken", ("a",)

    def recognise(self, samples: np.ndarray, sample_rate_hz: int) -> str:
        raise ZeroDivisionError("inside")

    def synthesise(
        self,
        text: str,
        voice: str | None = None,
        speed: float = 1.0,
        language: str | None = None,
    ) -> AudioClip:
        raise ZeroDivisionError("inside")

    def probability(self, samples: np.ndarray, sample_rate_hz: int, text: str) -> float:
        raise ZeroDivisionError("inside")


def test_whatever_an_engine_raises_is_one_kind_of_failure() -> None:
    samples = np.zeros(10, np.float32)
    for fails in (
        lambda: LoadedRecogniser(Broken()).recognise(samples, 16_000),
        lambda: list(SessionVoices(Broken()).parts("One.")),
        lambda: CheckedCompletion(Broken()).probability(samples, 16_000, ""),
    ):
        with pytest.raises(SpeechError) as failed:
            fails()
        assert "inside" not in failed.value.message
        assert "inside" in str(failed.value)
