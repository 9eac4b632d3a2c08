import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, AudioClip, joined, silence
from harness.audio.signals import pink_noise
from harness.bench.detector_calls import make_call, true_edges


def clip(seconds: float, seed: int) -> AudioClip:
    return joined(silence(0.2), pink_noise(seconds, 0.1, seed), silence(0.3))


def test_the_truth_of_a_clip_is_its_first_and_last_sample_within_35_db_of_the_loudest() -> None:
    samples = np.zeros(CALL_RATE_HZ, np.float32)
    samples[[4_800, 9_600, 24_000, 43_200]] = (0.008, 0.009, 0.5, 0.0089)
    found = true_edges(samples)
    assert found.start_s == pytest.approx(0.2)
    assert found.end_s == pytest.approx(0.9 + 1 / CALL_RATE_HZ)


def test_a_call_is_what_its_truth_says() -> None:
    """Outside of every true span there is nothing but the room and breaths."""
    call = make_call([clip(1.0, 1), clip(0.7, 2)], [clip(2.5, 3)], 6, seed=1)
    assert len(call.turns) == 6
    assert len(call.interruptions) in (1, 2)
    spans = [turn.agent for turn in call.turns]
    for span in spans:
        inside = call.agent[round(span.start_s * CALL_RATE_HZ) : round(span.end_s * CALL_RATE_HZ)]
        assert np.abs(inside[: CALL_RATE_HZ // 50]).max() > 0.01
    last_s = spans[-1].end_s
    assert np.abs(call.agent[round((last_s + 0.02) * CALL_RATE_HZ) :]).max() < 0.01


def test_an_interruption_stops_the_answer_soon_after_it_began() -> None:
    call = make_call([clip(1.0, 1)], [clip(3.0, 3)], 9, seed=2)
    for cut in call.interruptions:
        assert 0.1 < cut.agent_stopped_s - cut.start_s < 0.85
        assert any(turn.user.start_s == pytest.approx(cut.start_s) for turn in call.turns)


def test_a_seed_makes_one_call() -> None:
    clips = [clip(1.0, 1)], [clip(2.0, 2)]
    first, same, other = (make_call(*clips, 4, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.user, same.user)
    assert first.turns == same.turns
    assert first.turns != other.turns
