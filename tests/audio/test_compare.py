import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.clip import joined, silence
from harness.audio.compare import (
    aligned,
    find_delay,
    missing_start_s,
)
from harness.audio.signals import chirp, tone, white_noise

CHIRP = chirp(200.0, 7000.0, 0.5).samples


@settings(max_examples=30, deadline=None)
@given(delay=st.integers(0, 20_000), seed=st.integers(0, 1000))
def test_a_delay_is_found_to_the_sample_also_in_noise(delay: int, seed: int) -> None:
    received = white_noise(1.0, 0.1, seed).samples.copy()
    received[delay : delay + len(CHIRP)] += 0.4 * CHIRP
    found = find_delay(CHIRP, received, 48_000)
    assert found.delay_s == pytest.approx(delay / 48_000, abs=1.5 / 48_000)
    assert found.likeness > 0.5


def test_a_signal_that_came_early_has_a_negative_delay() -> None:
    assert find_delay(CHIRP, CHIRP[480:], 48_000).delay_s == pytest.approx(-0.01)


def test_delays_beyond_the_limit_are_not_looked_at() -> None:
    received = joined(silence(0.4), chirp(200.0, 7000.0, 0.5)).samples
    assert abs(find_delay(CHIRP, received, 48_000, max_delay_s=0.1).delay_s) <= 0.1
    assert find_delay(CHIRP, received, 48_000, max_delay_s=0.5).delay_s == pytest.approx(0.4)


def test_silence_is_like_nothing() -> None:
    assert find_delay(CHIRP, silence(1.0).samples, 48_000).likeness == 0.0


def test_the_aligned_part_is_as_long_as_the_reference() -> None:
    reference = np.ones(10, np.float32)
    received = np.arange(1, 11, dtype=np.float32)
    assert aligned(reference, received, 0.5, 10).tolist() == [6, 7, 8, 9, 10, 0, 0, 0, 0, 0]
    assert aligned(reference, received, -0.2, 10).tolist() == [0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert not aligned(reference, received, 9.0, 10).any()


@pytest.mark.parametrize("missing_s", [0.0, 0.02, 0.11, 0.5])
def test_a_missing_start_is_measured(missing_s: float) -> None:
    reference = joined(silence(0.2), tone(300.0, 0.5)).samples
    received = reference.copy() * 0.5
    received[: round((0.2 + missing_s) * 48_000)] = 0.0
    assert missing_start_s(reference, received, 48_000) == pytest.approx(missing_s, abs=0.0051)


def test_a_silent_reference_misses_nothing() -> None:
    assert missing_start_s(silence(0.1).samples, CHIRP, 48_000) == 0.0
