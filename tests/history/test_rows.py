"""Rows of results: verdicts, attempts, numbers; the same results have the same key."""

from __future__ import annotations

from pathlib import Path

from harness.history.rows import Number, build_of, suite_row
from harness.report.number_results import numbers_of
from harness.report.results import CallMetrics, Connect, Results, collect, results_json
from harness.suite.earlier import with_earlier
from tests.support.make_suite import make_result, make_suite

NOW = "2026-11-29T03:00:00+00:00"


def test_a_suite_has_a_row_for_every_attempt(tmp_path: Path) -> None:
    results = make_suite(tmp_path, {"a": ["failed", "passed"], "b": ["passed"], "c": []})
    row = suite_row(results, now=NOW, source="out", build="b1", machine="m")
    told = [(run.scenario, run.attempt, run.verdict) for run in row.runs]
    assert told == [("a", 0, "failed"), ("a", 1, "passed"), ("b", 0, "passed")]
    assert str(row.runs[0].reason).startswith("step 1")
    assert row.began_at == NOW


def test_numbers_are_medians_of_a_run_and_those_of_the_call() -> None:
    made = make_result("booking", latency_s=0.8)
    made = made.model_copy(
        update={
            "numbers": numbers_of(made.turns),
            "started_at": "2026-11-28T01:00:00+00:00",
            "connect": Connect(data_channel_s=0.2),
            "metrics": CallMetrics(talk_over_s=0.0),
        }
    )
    row = suite_row(collect([made]), now=NOW)
    assert row.began_at == "2026-11-28T01:00:00+00:00"
    assert row.runs[0].numbers == {
        "voice_to_voice_s": Number(0.8, 1),
        "data_channel_s": Number(0.2),
        "talk_over_s": Number(0.0),
    }


def test_results_that_were_written_and_read_are_the_same_suite() -> None:
    results = collect([make_result("booking", latency_s=0.81234567)])
    read = Results.model_validate_json(results_json(results))
    assert suite_row(results, now=NOW).key == suite_row(read, now="later").key
    other = collect([make_result("booking", latency_s=0.9)])
    assert suite_row(other, now=NOW).key != suite_row(results, now=NOW).key


def test_what_an_earlier_run_left_is_no_run_of_this_one(tmp_path: Path) -> None:
    """It is in the history already; told now or added later, the same results are one suite."""
    earlier = make_suite(tmp_path, {"a": ["failed"], "b": ["passed"]})
    now = make_suite(tmp_path, {"a": ["passed"]})
    row = suite_row(with_earlier(now, earlier, frozenset("ab")), now=NOW)
    assert [run.scenario for run in row.runs] == ["a"]
    assert row.key == suite_row(now, now=NOW).key


def test_the_build_is_what_automation_says() -> None:
    assert build_of({"GITHUB_SHA": "0123456789abcdef"}) == "0123456789ab"
    assert build_of({"HARNESS_BUILD": "1.2", "GITHUB_SHA": "0"}) == "1.2"
    assert build_of({"CI_COMMIT_SHA": ""}) == ""
