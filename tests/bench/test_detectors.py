from __future__ import annotations

import sys

import pytest

from harness.audio.signals import tone
from harness.bench.detectors import EnergyDetector, WebRtcDetector
from harness.errors import SpeechError


def test_loud_is_speech_for_the_one_that_knows_only_levels() -> None:
    detector = EnergyDetector()
    quiet, loud = (tone(300, 0.02, amplitude, 16_000).samples for amplitude in (0.005, 0.02))
    assert [detector.probability(window) for window in (quiet, loud)] == [0.0, 1.0]


def test_one_that_is_not_there_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "webrtcvad", None)
    with pytest.raises(SpeechError, match="webrtcvad-wheels"):
        WebRtcDetector()


def test_a_window_has_twenty_milliseconds() -> None:
    for detector in (EnergyDetector, WebRtcDetector):
        assert detector.window_frames / detector.sample_rate_hz == pytest.approx(0.02)
