"""Trends and flakiness: what changed against the runs before, and what changes for no reason."""

from __future__ import annotations

import pytest

from harness.history.rows import Number, SuiteRow
from harness.history.trends import ScenarioHistory, histories, numbers_in, usual_range
from tests.support.make_history import NUMBER, nights, run_row, suite_of, verdicts


def only(suites: list[SuiteRow], **more: object) -> ScenarioHistory:
    (one,) = histories(suites, **more)  # type: ignore[arg-type]
    return one


def test_a_number_that_left_what_is_usual_is_told() -> None:
    steady = [0.80, 0.82, 0.79, 0.81, 0.80]
    (trend,) = only(nights([*steady, 1.2])).trends
    assert trend.before == 0.80
    assert trend.change == pytest.approx(0.4)
    assert trend.is_unusual
    (trend,) = only(nights([*steady, 0.83])).trends
    assert not trend.is_unusual
    assert not only(nights([*steady, 0.83])).is_remarkable


def test_a_scenario_that_the_newest_suites_do_not_have_is_told() -> None:
    suites = [suite_of(1, run_row(), run_row(scenario="gone"))]
    suites += [suite_of(day, run_row()) for day in (2, 3)]
    missed = {one.scenario: one.missed for one in histories(suites)}
    assert missed.pop("gone") == 2
    assert set(missed.values()) == {0}
    assert only(suites, scenario="gone", last=1).missed == 2


def test_few_runs_have_no_usual_range() -> None:
    (trend,) = only(nights([0.8, 0.8, 1.9])).trends
    assert (trend.usual, trend.is_unusual) == (None, False)
    assert trend.change == pytest.approx(1.1)
    (trend,) = only(nights([0.8])).trends
    assert trend.change is None
    assert usual_range([], 0.02) is None


def test_steady_numbers_do_not_make_every_millisecond_unusual() -> None:
    assert usual_range([0.8] * 9, 0.02) == pytest.approx((0.78, 0.82))


def test_numbers_of_another_machine_are_shown_and_not_compared() -> None:
    suites = nights([0.8] * 6)
    other = suite_of(9, run_row(numbers={NUMBER: Number(2.0)}), machine="Darwin arm64, 8 cores")
    (trend,) = only([*suites, other]).trends
    assert len(trend.points) == 7
    assert (trend.before, trend.is_unusual) == (None, False)


def test_a_number_that_did_not_happen_is_no_point() -> None:
    (trend,) = only(nights([0.8, None, 0.9])).trends
    assert [point.value for point in trend.points] == [0.8, 0.9]
    assert only(nights([None])).trends == ()


def test_repeats_are_one_point_and_retries_are_none() -> None:
    runs = [
        run_row(numbers={NUMBER: Number(value)}, repeat=repeat, attempt=attempt)
        for value, repeat, attempt in ((0.8, 1, 0), (0.9, 2, 0), (1.0, 3, 0), (9.0, 3, 1))
    ]
    (trend,) = only([suite_of(1, *runs)]).trends
    assert [point.value for point in trend.points] == [0.9]


def test_flips_tell_flaky_from_broken() -> None:
    broken = only(verdicts("passed", "passed", "passed", "failed", "failed"))
    assert (broken.flakiness.flips, broken.flakiness.is_flaky) == (1, False)
    assert broken.is_remarkable, "it did not pass last"
    flaky = only(verdicts("passed", "failed", "passed", "passed"))
    assert (flaky.flakiness.passed, flaky.flakiness.runs) == (3, 4)
    assert (flaky.flakiness.flips, flaky.flakiness.is_flaky) == (2, True)
    assert 0.30 < flaky.flakiness.low < 0.31


def test_what_passed_when_tried_again_is_flaky() -> None:
    retried = suite_of(1, run_row("failed"), run_row(attempt=1))
    one = only([retried])
    assert one.outcomes[-1].verdict == "flaky"
    assert one.flakiness.is_flaky
    assert (one.flakiness.passed, one.flakiness.runs) == (0, 1)


def test_only_what_was_asked_for() -> None:
    suites = [
        suite_of(
            day,
            run_row(numbers={NUMBER: Number(0.8), "dead_air_s": Number(0.2)}),
            run_row("failed", scenario="greeting"),
        )
        for day in range(1, 9)
    ]
    assert [one.scenario for one in histories(suites)] == ["greeting", "booking"]
    one = only(suites, scenario="booking", numbers=["dead_air_s"], last=3)
    assert len(one.outcomes) == 3
    assert [trend.number for trend in one.trends] == ["dead_air_s"]
    assert numbers_in(suites) == [NUMBER, "dead_air_s"]
    assert histories([]) == []
