"""Which engines a call gets where nobody chose."""

from __future__ import annotations

import importlib.util

import pytest

from harness.errors import UsageError
from harness.speech import engines
from harness.speech.engines import (
    default_detector,
    default_recogniser,
    default_synthesiser,
    is_installed,
    live_synthesiser,
    voice_engine,
)
from harness.speech.moonshine import MoonshineRecogniser
from harness.speech.nanotts import NanoTtsSynthesiser
from harness.speech.silero import SileroDetector
from harness.speech.store import SpeechStore
from harness.speech.voices import Voices
from harness.speech.whisper import WhisperRecogniser


def test_the_environment_says_who_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_VOICE_ENGINE", "pico")
    assert voice_engine() == "pico"
    assert default_synthesiser(SpeechStore()).name == NanoTtsSynthesiser.name
    monkeypatch.delenv("HARNESS_VOICE_ENGINE")
    assert voice_engine() == "kokoro"


def test_an_engine_that_there_is_none_of_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_VOICE_ENGINE", "espeak")
    with pytest.raises(UsageError, match="HARNESS_VOICE_ENGINE cannot be used"):
        default_synthesiser()


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("no_such_module:Voice", "ModuleNotFoundError"),
        ("json:no_such_factory", "AttributeError"),
        ("fractions:Fraction", "without name, voices, synthesise"),
    ],
)
def test_an_engine_that_cannot_be_plugged_in_says_why(
    monkeypatch: pytest.MonkeyPatch, reference: str, found: str
) -> None:
    monkeypatch.setenv("HARNESS_VOICE_ENGINE", reference)
    with pytest.raises(UsageError, match="HARNESS_VOICE_ENGINE cannot be used") as refused:
        default_synthesiser(SpeechStore())
    assert found in (refused.value.found or "")


def test_each_stream_gets_a_detector_of_its_own() -> None:
    assert isinstance(default_detector(), SileroDetector)
    assert default_detector() is not default_detector()


def test_moonshine_hears_live_turns_where_it_is_installed() -> None:
    assert isinstance(default_recogniser(), MoonshineRecogniser)


def test_without_it_whisper_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda _: None)
    recogniser = default_recogniser()
    assert isinstance(recogniser, WhisperRecogniser)
    assert "tiny.en" in recogniser.name


def test_live_text_by_the_quick_voice_alone_needs_nobody_quicker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HARNESS_VOICE_ENGINE", "pico")
    assert isinstance(live_synthesiser(lambda _: None), Voices)


def test_an_engine_that_may_be_missing_is_looked_for_without_importing_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert is_installed("pico")
    assert is_installed("moonshine")
    monkeypatch.setattr(engines, "find_spec", lambda _: None)
    assert not is_installed("pico")
    assert importlib.util.find_spec("py_nanotts") is not None
