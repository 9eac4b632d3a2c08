"""The timeline: every clock of a call on one axis."""

from harness.clock import MonotonicClock


def test_the_monotonic_clock_does_not_go_back() -> None:
    clock = MonotonicClock()
    assert clock.now_s() <= clock.now_s()
