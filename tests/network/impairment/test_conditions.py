"""Conditions: what can be, in words and as data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.network.impairment.conditions import (
    Conditions,
    NetworkConditions,
    read_conditions,
)

CONDITIONS = st.builds(
    Conditions,
    loss=st.floats(0, 1),
    delay_ms=st.floats(0, 1000),
    jitter_ms=st.floats(0, 1000),
    reorder=st.booleans(),
    duplicate=st.floats(0, 1),
    rate_kbps=st.none() | st.floats(1, 10_000),
    blackout=st.booleans(),
)


@given(up=CONDITIONS, down=CONDITIONS)
def test_they_come_back_from_their_data(up: Conditions, down: Conditions) -> None:
    network = NetworkConditions(up, down)
    assert read_conditions(network.to_data()) == network


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Conditions(), "nothing changed"),
        (Conditions(loss=0.05, delay_ms=80, jitter_ms=20), "5 % loss, 80 ± 20 ms"),
        (Conditions(loss=0.03, burst=3), "3 % loss in bursts of 3"),
        (Conditions(jitter_ms=5, reorder=True), "0 ± 5 ms, reordered"),
        (Conditions(duplicate=0.01, rate_kbps=330), "1 % twice, 330 kbit/s"),
        (Conditions(loss=0.5, blackout=True), "blackout"),
    ],
)
def test_they_are_said_in_words(given: Conditions, said: str) -> None:
    assert given.in_words() == said


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"loss": 1.5}, "loss must be 0 to 100 %"),
        ({"burst": 0.5}, "at least 1 packet"),
        ({"queue_bytes": 100}, "one packet"),
        ({"loss": 0.8, "burst": 2}, "at most 67% where bursts are 2 packets long"),
        ({"loss": 0.5, "burst": 9, "burst_loss": 0.4}, "at most 36%"),
    ],
)
def test_what_cannot_be_is_refused_with_what_could(wrong: dict[str, float], expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        Conditions(**wrong)  # type: ignore[arg-type]


def test_one_direction_wins_over_both() -> None:
    network = NetworkConditions().with_changes({"loss": 0.1, "delay_ms": 5}, {"loss": 0.2}, {})
    assert network == NetworkConditions(
        Conditions(loss=0.2, delay_ms=5), Conditions(loss=0.1, delay_ms=5)
    )
