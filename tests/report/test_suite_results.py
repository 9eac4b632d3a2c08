"""A suite as it is written: counts, and the worst verdict."""

from __future__ import annotations

import pytest

from harness.report.results import Results, collect
from harness.report.suite_results import SuiteScenario, SuiteVerdict, summed_up


def scenario(verdict: SuiteVerdict) -> SuiteScenario:
    return SuiteScenario(name="s", base="s", file="s.yaml", engine="simulated", verdict=verdict)


@pytest.mark.parametrize(
    ("verdicts", "worst"),
    [
        ([], "passed"),
        (["passed", "flaky"], "flaky"),
        (["flaky", "not_run"], "not_run"),
        (["cannot_tell", "failed"], "failed"),
        (["failed", "error", "passed"], "error"),
    ],
)
def test_the_worst_verdict_is_that_of_the_suite(
    verdicts: list[SuiteVerdict], worst: SuiteVerdict
) -> None:
    suite = summed_up([scenario(verdict) for verdict in verdicts])
    assert suite.verdict == worst
    assert sum(suite.counts.values()) == len(verdicts)


def test_results_without_a_suite_do_not_speak_of_one() -> None:
    assert "suite" not in collect([]).model_dump()
    whole = collect([]).model_copy(update={"suite": summed_up([scenario("flaky")])})
    assert Results.model_validate_json(whole.model_dump_json()).suite == whole.suite
