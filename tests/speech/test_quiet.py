"""Silence that is exactly zero costs nothing; everything else is judged."""

from __future__ import annotations

import numpy as np

from harness.audio.fixtures import find_fixture
from harness.audio.resample import resample
from harness.speech.quiet import SilenceSkippingDetector
from harness.speech.silero import SAMPLE_RATE_HZ, WINDOW_FRAMES, SileroDetector
from tests.support.scripted_detector import ScriptedDetector

ZEROS = np.zeros(WINDOW_FRAMES, np.float32)


def test_a_long_silence_runs_the_detector_for_its_first_second_only() -> None:
    skipping = SilenceSkippingDetector(ScriptedDetector())
    size = skipping.window_frames
    for _ in range(200):
        skipping.probability(np.zeros(size, np.float32))
    second = skipping.sample_rate_hz / size
    assert abs(200 - skipping.skipped_windows - second) <= 1
    loud = np.full(size, 0.3, np.float32)
    skipped = skipping.skipped_windows
    skipping.probability(loud)
    skipping.probability(np.zeros(size, np.float32))
    assert skipping.skipped_windows == skipped


def test_speech_after_a_long_silence_is_decided_as_ever() -> None:
    clip = find_fixture("goforward").load().clip
    speech = resample(clip.samples, clip.sample_rate_hz, SAMPLE_RATE_HZ)
    speech = speech[: len(speech) // WINDOW_FRAMES * WINDOW_FRAMES].reshape(-1, WINDOW_FRAMES)
    windows = [*speech, *[ZEROS] * 200, *speech]
    real, skipping = SileroDetector(), SilenceSkippingDetector(SileroDetector())
    expected = [real.probability(w) >= 0.5 for w in windows]
    assert [skipping.probability(w) >= 0.5 for w in windows] == expected
    assert skipping.skipped_windows > 150
