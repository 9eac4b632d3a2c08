"""Outcomes: what failed and then passed is flaky, and never a pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.report.suite_results import SuiteVerdict
from harness.suite.outcome import one_as_suite, reason_of, results_of, verdict_over
from tests.support.make_results import make_scenario
from tests.support.make_suite import make_result, make_scenarios, make_suite


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ([], "not_run"),
        ([["passed"], ["passed"]], "passed"),
        ([["failed", "passed"]], "flaky"),
        ([["error", "cannot_tell", "passed"], ["passed"]], "flaky"),
        ([["passed"], ["failed", "failed"]], "flaky"),
        ([["failed"], ["error"]], "error"),
        ([["failed", "cannot_tell"]], "cannot_tell"),
    ],
)
def test_one_verdict_over_all_runs(outcomes: list[list[SuiteVerdict]], verdict: str) -> None:
    assert verdict_over(outcomes) == verdict


def test_pass_rates_are_those_of_first_attempts(tmp_path: Path) -> None:
    results = make_suite(tmp_path, {"a": ["passed", "failed", "passed"], "b": ["passed"] * 3}, 3)
    assert results.suite is not None
    first, second = results.suite.scenarios
    assert (first.verdict, second.verdict) == ("flaky", "passed")
    assert first.pass_rate is not None
    assert (first.pass_rate.passed, first.pass_rate.runs) == (2, 3)
    assert results.suite.verdict == "flaky"
    assert results.verdict == "failed", "one of the runs did, and that is no pass"
    assert len(results_of(results, "a")) == 3
    assert results_of(results, "a", "browser") == []


def test_retries_give_no_rate_and_what_never_ran_is_told(tmp_path: Path) -> None:
    results = make_suite(tmp_path, {"a": ["failed", "passed"], "b": []})
    assert results.suite is not None
    first, second = results.suite.scenarios
    assert (first.verdict, first.pass_rate) == ("flaky", None)
    assert [run.folder for run in first.runs] == ["a", "a~retry1"]
    assert first.runs[0].reason is not None
    assert (second.verdict, second.runs) == ("not_run", [])


def test_the_reason_is_what_failed_first_and_counts() -> None:
    failed = make_result("a", "failed")
    assert str(reason_of(failed)).startswith("step 1: the answer says")
    soft = [one.model_copy(update={"soft": True}) for one in failed.expectations]
    assert reason_of(failed.model_copy(update={"expectations": soft})) is None
    assert reason_of(make_scenario(error="gone\nfar")) == "gone"
    assert "cannot tell whether" in str(reason_of(make_result("a", "cannot_tell")))


def test_a_single_run_can_be_told_as_a_suite(tmp_path: Path) -> None:
    [loaded] = make_scenarios(tmp_path, "a")
    suite = one_as_suite(make_suite(tmp_path, {"a": ["failed"]}), loaded, "simulated").suite
    assert suite is not None
    assert [one.verdict for one in suite.scenarios] == ["failed"]


def test_a_suite_that_was_broken_off_is_no_pass_whoever_reads_it(tmp_path: Path) -> None:
    assert make_suite(tmp_path, {"a": ["passed"], "b": []}).verdict == "error"
    assert make_suite(tmp_path, {"a": ["failed"], "b": []}).verdict == "failed"
    assert make_suite(tmp_path, {"a": ["passed"]}).verdict == "passed"
