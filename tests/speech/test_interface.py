"""The adapters are what the protocols ask for; the type checker agrees."""

from harness.speech.interface import Recogniser, SpeechDetector, Synthesiser
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
