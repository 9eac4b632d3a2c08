import numpy as np
import pytest

from harness.audio.clip import joined, silence
from harness.audio.level import (
    FLOOR_DBFS,
    peak,
    rms_dbfs,
    window_levels_dbfs,
)
from harness.audio.signals import tone


def test_a_full_scale_sine_is_three_decibels_below_full_scale() -> None:
    assert rms_dbfs(tone(1000.0, 1.0, amplitude=1.0).samples) == pytest.approx(-3.01, abs=0.01)


def test_silence_and_nothing_have_the_floor_level() -> None:
    assert rms_dbfs(silence(0.1).samples) == FLOOR_DBFS
    assert rms_dbfs(np.zeros(0, np.float32)) == FLOOR_DBFS


def test_peak_is_the_largest_absolute_sample() -> None:
    assert peak(np.array([0.1, -0.5], np.float32)) == pytest.approx(0.5)
    assert peak(np.zeros(0, np.float32)) == 0.0


def test_each_whole_window_has_a_level() -> None:
    clip = joined(silence(0.01), tone(1000.0, 0.01, amplitude=1.0), silence(0.004))
    assert window_levels_dbfs(clip.samples, 48_000, 0.01) == pytest.approx(
        [FLOOR_DBFS, -3.01], abs=0.01
    )
