"""The adapters are what the protocols ask for; the type checker agrees."""

import numpy as np

from harness.audio.clip import AudioClip
from harness.speech.interface import (
    Recogniser,
    SeriesDetector,
    SpeechDetector,
    Synthesiser,
    probabilities_of,
    whole,
)
from harness.speech.moonshine import MoonshineRecogniser
from harness.speech.nanotts import NanoTtsSynthesiser
from harness.speech.silero import SileroDetector
from tests.support.scripted_detector import ScriptedDetector


def test_making_an_engine_loads_nothing() -> None:
    detector: SeriesDetector = SileroDetector()
    recogniser: Recogniser = MoonshineRecogniser()
    synthesiser: Synthesiser = NanoTtsSynthesiser()
    assert (detector.sample_rate_hz, detector.window_frames) == (16_000, 512)
    assert "0.0.73" in recogniser.name
    assert "en-US" in synthesiser.voices


def test_parts_make_one_clip_and_no_parts_an_empty_one() -> None:
    one, two = np.full(10, 0.1, np.float32), np.full(20, 0.2, np.float32)
    clip = whole(iter([AudioClip(one, 24_000), AudioClip(two, 24_000)]))
    assert clip.sample_rate_hz == 24_000
    assert clip.samples.tolist() == [*one.tolist(), *two.tolist()]
    assert len(whole([]).samples) == 0


def test_a_detector_that_takes_one_window_at_a_time_is_asked_one_by_one() -> None:
    detector: SpeechDetector = ScriptedDetector()
    windows = np.zeros((3, detector.window_frames), np.float32)
    windows[1] = 0.5
    assert probabilities_of(detector, windows) == [0.0, 1.0, 0.0]
    assert probabilities_of(detector, windows[:0]) == []
    silero = SileroDetector()
    assert probabilities_of(silero, windows[:1]) == [SileroDetector().probability(windows[0])]
