import ctypes
import sys
import threading

import numpy as np
import pytest

from harness.audio.fixtures import library
from harness.audio.resample import resample
from harness.audio.signals import white_noise
from harness.errors import SpeechError
from harness.speech.moonshine import MoonshineRecogniser
from harness.speech.words import word_error_rate

recogniser = MoonshineRecogniser()
SPOKEN = {name: fixture for name, fixture in library().items() if fixture.transcript}


@pytest.mark.parametrize("name", sorted(SPOKEN))
def test_the_words_of_every_fixture_are_recognised(name: str) -> None:
    clip = SPOKEN[name].load().clip
    heard = recogniser.recognise(clip.samples, clip.sample_rate_hz)
    assert word_error_rate(SPOKEN[name].transcript, heard) <= 0.15


def test_any_rate_will_do() -> None:
    clip = SPOKEN["goforward"].load().clip
    for rate_hz in (8_000, 24_000):
        samples = resample(clip.samples, 48_000, rate_hz)
        assert "forward" in recogniser.recognise(samples, rate_hz)


@pytest.mark.parametrize("duration_s", [0.0, 0.05, 0.5, 3.0])
def test_silence_and_noise_hold_no_words(duration_s: float) -> None:
    noise = white_noise(duration_s, 0.01, seed=3, sample_rate_hz=16_000).samples
    assert recogniser.recognise(np.zeros_like(noise), 16_000) == ""
    assert recogniser.recognise(noise, 16_000) == ""


def test_sentences_of_other_lengths_leave_nothing_behind() -> None:
    """ctypes keeps the pointer classes it made: one for each length would add up."""
    clip = SPOKEN["goforward"].load().clip

    def heard(frames: int) -> tuple[str, int]:
        text = recogniser.recognise(clip.samples[:frames], clip.sample_rate_hz)
        return text, len(ctypes._pointer_type_cache)  # type: ignore[attr-defined]

    _, before = heard(len(clip.samples))
    assert heard(len(clip.samples) - 4_800) == ("Go forward ten meters.", before)


def test_several_threads_may_ask_at_once() -> None:
    clip = SPOKEN["goforward"].load().clip
    texts: list[str] = []
    threads = [
        threading.Thread(target=lambda: texts.append(recogniser.recognise(clip.samples, 48_000)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == ["Go forward ten meters."] * 3


def test_a_missing_package_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moonshine_voice", None)
    with pytest.raises(SpeechError, match=r"pip install moonshine-voice==0\.0\.73"):
        MoonshineRecogniser().load()
