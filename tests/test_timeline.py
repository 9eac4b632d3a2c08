"""The one timeline of a call: where page time, audio and Python time are on it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.timeline import Timeline


def test_before_any_audio_the_page_clock_is_the_axis() -> None:
    timeline = Timeline()
    timeline.start(page_ms=10_000)
    assert timeline.page_to_s(12_500) == 2.5
    assert not timeline.anchored
    with pytest.raises(ValueError, match="no anchor"):
        timeline.frame_to_s(0)


def test_the_first_anchor_joins_audio_frames_to_the_axis() -> None:
    timeline = Timeline()
    timeline.start(page_ms=10_000)
    timeline.anchor(frame=4_800, page_ms=11_000, sample_rate_hz=48_000)
    assert timeline.frame_to_s(4_800) == 1.0
    assert timeline.frame_to_s(4_800 + 24_000) == 1.5
    assert timeline.s_to_frame(1.5) == 28_800
    assert timeline.page_to_s(11_200) == pytest.approx(1.2)


def test_events_move_with_a_starved_audio_clock() -> None:
    """One second passed on the wall while audio advanced by half: audio is the axis."""
    timeline = Timeline()
    timeline.anchor(frame=0, page_ms=0, sample_rate_hz=48_000)
    timeline.anchor(frame=24_000, page_ms=1_000, sample_rate_hz=48_000)
    assert timeline.page_to_s(1_000) == pytest.approx(0.5)
    assert timeline.uncertainty_s == pytest.approx(0.5)


def test_python_time_is_placed_by_the_best_pairing() -> None:
    timeline = Timeline()
    timeline.start(page_ms=1_000)
    assert timeline.python_to_s(99.0) == 0.0
    timeline.pair_python(monotonic_s=50.0, page_ms=1_500, uncertainty_s=0.002)
    timeline.pair_python(monotonic_s=51.0, page_ms=2_700, uncertainty_s=0.5)
    assert timeline.python_to_s(50.5) == pytest.approx(1.0)
    assert timeline.uncertainty_s == pytest.approx(0.002, abs=1e-4)


def test_an_anchor_that_is_wrong_alone_moves_no_event_and_is_told() -> None:
    """The doubt of a call is that of its worst twentieth; here one of six is 80 ms beside."""
    timeline = Timeline()
    for second in range(6):
        wrong_ms = 80 if second == 3 else 0
        timeline.anchor(48_000 * second, 1_000 * second + wrong_ms, 48_000, uncertainty_s=0.002)
    assert timeline.page_to_s(3_400) == pytest.approx(3.4)
    assert timeline.audio_uncertainty_s == pytest.approx(0.082)


def test_an_old_anchor_that_arrives_late_changes_nothing() -> None:
    timeline = Timeline()
    timeline.anchor(0, 0, 48_000)
    timeline.anchor(48_000, 1_000, 48_000)
    timeline.anchor(12_345, 500, 48_000)
    assert timeline.page_to_s(500) == pytest.approx(0.5)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=30), st.floats(0, 20_000))
def test_an_even_audio_clock_keeps_page_time_as_it_is(steps_ms: list[int], at_ms: float) -> None:
    timeline = Timeline()
    timeline.start(0)
    now_ms = 0
    for step_ms in steps_ms:
        timeline.anchor(now_ms * 48, now_ms, 48_000)
        now_ms += step_ms
    assert timeline.page_to_s(at_ms) == pytest.approx(at_ms / 1000, abs=1e-6)
    assert timeline.uncertainty_s == pytest.approx(0, abs=1e-9)


def test_eight_hours_are_placed_as_well_as_a_minute() -> None:
    """Audio runs 100 ppm slow; each anchor is a tenth of a second after the one before."""
    timeline = Timeline()
    timeline.start(0.0)
    rate_hz = 48_000 * (1 - 1e-4)
    for tenth in range(8 * 36_000):
        timeline.anchor(tenth / 10 * rate_hz, tenth * 100.0, 48_000)
    for at_s in (1.0, 3_600.0, 4 * 3_600.0, 8 * 3_600.0 - 1):
        assert timeline.page_to_s(at_s * 1000) == pytest.approx(at_s * (1 - 1e-4), abs=0.002)
