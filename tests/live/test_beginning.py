"""The beginning of a session."""

from __future__ import annotations

import pytest

from harness.live.beginning import START_WITHIN_S, Beginning


@pytest.mark.parametrize(("made_s", "unix_s"), [(None, 1_005.0), (40.0, 1_015.0)])
def test_the_time_of_day_counts_from_when_it_was_made(made_s: float | None, unix_s: float) -> None:
    beginning = Beginning(1_000.0, made_s)
    assert beginning.unix_s(40.0) == 1_000.0
    beginning.open(50.0)
    assert beginning.unix_s(55.0) == unix_s


def test_only_a_client_that_has_to_ask_can_be_late() -> None:
    asking, other = Beginning(0.0, waits_for_client=True), Beginning(0.0)
    assert asking.start_by_s is None
    for one in (asking, other):
        one.open(50.0)
    assert asking.start_by_s == 50.0 + START_WITHIN_S
    assert [
        asking.is_late(50.0 + START_WITHIN_S - 0.01),
        asking.is_late(50.0 + START_WITHIN_S),
    ] == [
        False,
        True,
    ]
    assert not other.is_late(1e9)
