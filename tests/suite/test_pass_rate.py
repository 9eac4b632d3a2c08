"""Wilson's interval, against numbers that others have printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.suite.pass_rate import wilson


@pytest.mark.parametrize(
    ("passed", "runs", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (15, 50, 0.1910, 0.4375),
        (81, 263, 0.2553, 0.3662),  # R. G. Newcombe 1998, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_it_gives_the_interval_of_the_books(
    passed: int, runs: int, low: float, high: float
) -> None:
    assert list(wilson(passed, runs)) == pytest.approx([low, high], abs=1e-4)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_rate_lies_in_it(counts: tuple[int, int]) -> None:
    passed, runs = counts
    low, high = wilson(passed, runs)
    assert 0 <= low <= passed / runs <= high <= 1
    assert low < high
