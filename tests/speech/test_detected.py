import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, AudioClip, joined, silence
from harness.audio.signals import pink_noise
from harness.speech.band_levels import HOP_S, measure_levels
from harness.speech.detected import Detected, detected
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


def crowd(duration_s: float, level_db: float) -> AudioClip:
    """Noise whose level wavers by 4 dB each 60 ms, as that of several voices at once does."""
    clip = noise(duration_s, level_db)
    random = np.random.default_rng(8)
    steps = np.arange(0, clip.frames + 2_880, 2_880)
    curve_db = np.interp(np.arange(clip.frames), steps, random.normal(0, 4, len(steps)))
    return AudioClip((clip.samples * 10 ** (curve_db / 20)).astype(np.float32), CALL_RATE_HZ)


def in_a_crowd(*parts: AudioClip, crowd_db: float = -40, voiced_s: tuple[float, float]) -> Detected:
    """What is found where a detector hears the speaker alone, between these places."""
    clip = joined(*parts)
    samples = clip.samples + crowd(clip.duration_s, crowd_db).samples[: clip.frames]
    levels = measure_levels(samples, CALL_RATE_HZ)
    places_s = np.arange(levels.hops // 16) * WINDOW_S
    probabilities = 0.9 * ((places_s > voiced_s[0]) & (places_s < voiced_s[1]))
    return detected(probabilities.tolist(), WINDOW_S, levels)


def test_a_crowd_that_the_detector_takes_for_noise_is_told_by_how_its_level_wavers() -> None:
    speech = (silence(3.0), noise(1.0, -20), silence(3.0))
    assert in_a_crowd(*speech, voiced_s=(3.0, 4.0)).has_background
    steady = measure_levels(joined(*speech).samples + noise(7.0, -45).samples, CALL_RATE_HZ)
    heard = np.repeat([0.0, 0.9, 0.0], [94, 31, 93]).tolist()
    assert not detected(heard, WINDOW_S, steady).has_background


def test_loud_moments_of_others_are_no_turn() -> None:
    """14 dB below the speaker, who would be no less than 8 dB below their own strong sounds."""
    parts = (silence(3.0), noise(1.0, -20), silence(1.0), noise(0.2, -34), silence(3.0))
    found = in_a_crowd(*parts, voiced_s=(3.0, 5.2))
    ((first, end),) = found.seeds
    assert (first * HOP_S, end * HOP_S) == pytest.approx((3.0, 4.0), abs=0.05)


def test_what_may_be_a_last_syllable_or_somebody_else_is_said_to_be_in_doubt() -> None:
    """Weak, 0.15 s after the rest, and 0.1 s long."""
    parts = (silence(3.0), noise(1.0, -20), silence(0.15), noise(0.1, -33), silence(3.0))
    found = in_a_crowd(*parts, voiced_s=(3.0, 4.3))
    ((before_s, after_s),) = found.doubts_s
    assert found.seeds[0][1] * HOP_S == pytest.approx(4.0, abs=0.05)
    assert before_s < 0.03
    assert after_s == pytest.approx(0.25, abs=0.05)


def test_where_others_are_as_loud_as_the_speaker_no_edge_is_sure() -> None:
    parts = (silence(3.0), noise(1.0, -20), silence(3.0))
    ((before_s, after_s),) = in_a_crowd(*parts, crowd_db=-35, voiced_s=(3.0, 4.0)).doubts_s
    assert min(before_s, after_s) >= 0.5


def test_of_what_is_said_more_softly_a_crowd_hides_more() -> None:
    parts = (silence(2.0), noise(1.0, -20), silence(2.0), noise(1.0, -26), silence(3.0))
    loud, soft = in_a_crowd(*parts, voiced_s=(2.0, 6.0)).doubts_s
    assert soft[0] > loud[0] + 0.02
    assert soft[1] > loud[1] + 0.02


def test_one_who_speaks_softly_in_a_quiet_call_is_no_background() -> None:
    clip = joined(silence(2.0), noise(1.0, -20), silence(2.0), noise(1.0, -45), silence(3.0))
    levels = measure_levels(clip.samples, 48_000)
    loud = np.repeat([0.0, 0.9, 0.0, 0.9, 0.0], [62, 32, 62, 32, 94])
    found = detected(loud.tolist(), WINDOW_S, levels)
    assert not found.has_background
    assert len(found.seeds) == 2
