import numpy as np
import pytest

from harness.audio.clip import AudioClip, joined, silence
from harness.audio.signals import pink_noise
from harness.speech.band_levels import measure_levels
from harness.speech.detected import detected
from harness.speech.detected import joined as joined_spans

WINDOW_S = 0.032


def noise(duration_s: float, level_db: float) -> AudioClip:
    return pink_noise(duration_s, float(10 ** (level_db / 20)), seed=3)


def test_speech_begins_with_a_sure_window_and_ends_below_a_lower_bound() -> None:
    levels = measure_levels(noise(1.0, -20).samples, 48_000)
    probabilities = [0.1, 0.4, 0.9, 0.4, 0.1] + [0.0] * 25
    assert detected(probabilities, WINDOW_S, levels).seeds == ((32, 64),)


def test_gaps_of_a_few_windows_are_the_detectors() -> None:
    assert joined_spans([(0, 50), (90, 120), (400, 450)], 0.1) == [(0, 120), (400, 450)]


def test_the_loud_voice_is_meant_where_others_talk_all_the_time() -> None:
    clip = joined(noise(3.0, -45), noise(1.0, -20), noise(3.0, -45))
    levels = measure_levels(clip.samples, 48_000)
    found = detected([0.9] * (levels.hops // 16), WINDOW_S, levels)
    assert found.has_background
    ((first, end),) = found.seeds
    assert first * 0.002 == pytest.approx(3.0, abs=0.05)
    assert end * 0.002 == pytest.approx(4.0, abs=0.05)


def test_one_who_speaks_softly_in_a_quiet_call_is_no_background() -> None:
    clip = joined(silence(2.0), noise(1.0, -20), silence(2.0), noise(1.0, -45), silence(3.0))
    levels = measure_levels(clip.samples, 48_000)
    loud = np.repeat([0.0, 0.9, 0.0, 0.9, 0.0], [62, 32, 62, 32, 94])
    found = detected(loud.tolist(), WINDOW_S, levels)
    assert not found.has_background
    assert len(found.seeds) == 2
