"""Statistics against values worked out otherwise: by counting, by tables, by what must hold."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.regression import statistics
from harness.regression.statistics import (
    Sides,
    average_ranks,
    bootstrap,
    fisher_p,
    holm,
    newcombe,
    rank_sum_p,
    shift_of,
    signed_rank_p,
)

whole = st.integers(-50, 50)


def sides(base: list[float], new: list[float]) -> Sides:
    return np.asarray(base, np.float64), np.asarray(new, np.float64)


def counted_p(differences: list[int]) -> float:
    """The share of all signs whose smaller sum of ranks is as small."""
    values = [value for value in differences if value]
    ranks = average_ranks(np.abs(np.asarray(values, np.float64)))
    total = ranks.sum()

    def smaller(signs: tuple[bool, ...]) -> float:
        positive = ranks[np.asarray(signs)].sum()
        return float(min(positive, total - positive))

    seen = smaller(tuple(value > 0 for value in values))
    every = [smaller(signs) for signs in itertools.product([False, True], repeat=len(values))]
    return sum(one <= seen for one in every) / len(every)


@settings(deadline=None, max_examples=40)
@given(st.lists(whole, min_size=1, max_size=8).filter(any))
def test_signed_ranks_are_exact(differences: list[int]) -> None:
    assert signed_rank_p(differences) == pytest.approx(counted_p(differences))


def test_signed_ranks_of_many_pairs_go_on_where_exact_ones_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = [(-1) ** n * (n + 1) + 6.0 for n in range(50)]
    exact = signed_rank_p(values)
    monkeypatch.setattr(statistics, "MOST_EXACT", 10)
    assert signed_rank_p(values) == pytest.approx(exact, abs=0.005)
    assert signed_rank_p([]) == signed_rank_p([0.0]) == 1.0


@given(st.lists(whole, min_size=1, max_size=30))
def test_the_sides_of_a_pair_have_no_names(differences: list[int]) -> None:
    turned = [-value for value in differences]
    assert signed_rank_p(differences) == pytest.approx(signed_rank_p(turned))


def test_rank_sums_are_mann_whitney_and_join_turns() -> None:
    apart = sides([1, 2, 3, 4], [5, 6, 7, 8])
    assert rank_sum_p([apart]) == pytest.approx(0.0304, abs=2e-4)  # exact: 2 of 70
    assert rank_sum_p([apart, apart]) < rank_sum_p([apart])
    assert rank_sum_p([apart, (apart[1], apart[0])]) == pytest.approx(1.0)
    assert rank_sum_p([sides([1, 1], [1, 1])]) == 1.0
    assert rank_sum_p([sides([1], [])]) == 1.0


def test_ties_share_their_ranks() -> None:
    assert average_ranks(np.asarray([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]


def test_holm_steps_down_and_stops() -> None:
    assert holm([0.01, 0.04, 0.03]) == [True, False, False]
    assert holm([0.01, 0.02, 0.04]) == [True, True, True]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=30))
def test_holm_holds_no_more_than_single_tests_and_no_less_than_bonferroni(p: list[float]) -> None:
    for value, holds in zip(p, holm(p), strict=True):
        assert not holds or value <= 0.05
        assert holds or value > 0.05 / len(p)


def test_one_stalled_answer_is_no_shift() -> None:
    turns = [sides([500], [500 + 2 * n]) for n in range(9)]
    assert shift_of([*turns, sides([500], [9000])]) == pytest.approx(9.0)


def test_intervals_hold_the_shift_and_widen_with_what_is_uncertain() -> None:
    rng = np.random.default_rng(3)
    turns = [sides([500], [600 + noise]) for noise in rng.normal(0, 20, 30)]
    low, high = bootstrap(turns, [0.0] * 30)
    assert 85 < low < shift_of(turns) < high < 115
    wider = bootstrap(turns, [200.0] * 30)
    assert wider[1] - wider[0] > 2 * (high - low)
    assert bootstrap(turns, [0.0] * 30) == (low, high)


def test_with_few_turns_the_runs_within_them_are_drawn() -> None:
    low, high = bootstrap([sides([500, 520, 540], [600, 640, 680])], [0.0])
    assert 40 <= low < 120 < high <= 180


def test_rates() -> None:
    # Newcombe 1998, table II (a): 56/70 less 48/80
    low, high = newcombe((48, 80), (56, 70))
    assert low == pytest.approx(0.0524, abs=1e-4)
    assert high == pytest.approx(0.3339, abs=1e-4)
    assert fisher_p((3, 3), (0, 3)) == pytest.approx(0.1)
    assert fisher_p((8, 10), (1, 6)) == pytest.approx(0.0350, abs=1e-4)
    assert fisher_p((1, 1), (1, 1)) == 1.0
