"""Rates: clear changes are facts, all others are tested."""

from harness.regression.findings import Candidate, Finding
from harness.regression.rates import changed_rate, repeats_to_tell
from harness.regression.statistics import ALPHA, fisher_p

LESS = Finding("worse", "pass rate", "passes less often")


def test_never_where_it_was_always_is_a_fact() -> None:
    assert changed_rate((3, 3), (0, 1), LESS) == LESS
    assert changed_rate((1, 1), (1, 1), LESS) is None


def test_a_clear_change_of_what_varies_is_tested() -> None:
    found = changed_rate((3, 3), (0, 3), LESS, varies=True)
    assert isinstance(found, Candidate)
    assert found.p > ALPHA


def test_what_may_be_chance_says_how_many_runs_would_tell() -> None:
    found = changed_rate((3, 3), (2, 3), LESS)
    assert isinstance(found, Candidate)
    assert found.if_not is not None
    assert found.if_not.verdict == "cannot_tell"
    assert found.if_not.evidence.startswith("3 of 3 → 2 of 3 of the runs; 95 %: ")
    runs = 3 + (found.if_not.more_repeats or 0)
    assert fisher_p((runs, runs), (round(runs * 2 / 3), runs)) <= ALPHA


def test_repeats_have_a_bound() -> None:
    assert repeats_to_tell((500, 1000), (501, 1000)) == 400


def test_what_many_runs_leave_open_is_told_by_more_of_them() -> None:
    base, new = (500, 1000), (460, 1000)
    assert fisher_p(base, new) > ALPHA
    more = repeats_to_tell(base, new)
    assert 0 < more < 400
    runs = 1000 + more
    assert fisher_p((round(0.5 * runs), runs), (round(0.46 * runs), runs)) <= ALPHA
