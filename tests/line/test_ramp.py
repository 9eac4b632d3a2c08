"""Factors that go in a straight line."""

from harness.line.ramp import STEADY, Ramp


def test_it_goes_in_a_straight_line_and_stays_there() -> None:
    ramp = Ramp(1.0, 0.0, 10, 4)
    assert ramp.gains(10, 6).tolist() == [1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    assert [ramp.is_over(13), ramp.is_over(14)] == [False, True]


def test_no_frames_mean_at_once() -> None:
    assert Ramp(1.0, 0.5, 10, 0).gains(10, 2).tolist() == [0.5, 0.5]
    assert STEADY.gains(0, 2).tolist() == [1.0, 1.0]


def test_another_one_begins_where_this_one_is() -> None:
    assert Ramp(1.0, 0.0, 10, 4).onwards(1.0, 2, 12).gains(12, 3).tolist() == [0.5, 0.75, 1.0]
