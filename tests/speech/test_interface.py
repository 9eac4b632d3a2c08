"""The adapters are what the protocols ask for; the type checker agrees."""

import numpy as np

from harness.audio.clip import AudioClip
from harness.speech.interface import Recogniser, SpeechDetector, Synthesiser, whole
from harness.speech.moonshine import MoonshineRecogniser
from harness.speech.nanotts import NanoTtsSynthesiser
from harness.speech.silero import SileroDetector


def test_making_an_engine_loads_nothing() -> None:
    detector: SpeechDetector = SileroDetector()
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
