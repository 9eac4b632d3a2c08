"""The clock that tests move by hand."""

import pytest

from harness.testing.hand_clock import HandClock


def test_a_hand_clock_moves_only_when_told_and_never_back() -> None:
    clock = HandClock(5.0)
    clock.advance(0.25)
    assert clock.now_s() == 5.25
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)
