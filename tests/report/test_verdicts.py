"""What a run is judged to be."""

from __future__ import annotations

from typing import Any

import pytest

from harness.report.verdicts import expectations_of, failure_of, verdict_of
from harness.trace import TraceEvent
from tests.support.call_events import event, record

CLOSED = event("call.closed", 9.0, "harness")


def judged(verdict: str, evidence: Any = "found it") -> TraceEvent:
    facts = {"step": 2, "kind": "words", "text": "it has words"}
    return event("expectation", 4.0, "harness", verdict=verdict, evidence=evidence, **facts)


def test_a_run_that_met_what_it_expected_has_passed() -> None:
    expectations = expectations_of([judged("passed"), judged("skipped")])
    assert verdict_of(expectations, None) == "passed"


def test_one_unmet_expectation_fails_the_run() -> None:
    assert verdict_of(expectations_of([judged("passed"), judged("failed")]), None) == "failed"


def test_what_nobody_can_tell_is_worse_than_a_pass_and_better_than_a_failure() -> None:
    doubtful = [judged("passed"), judged("cannot_tell")]
    assert verdict_of(expectations_of(doubtful), None) == "cannot_tell"
    assert verdict_of(expectations_of([*doubtful, judged("failed")]), None) == "failed"


def test_the_evidence_of_ears_is_read_with_its_place() -> None:
    ears = [{"ear": "a", "text": "hello", "least_sure": 0.25}, {"ear": "b", "problem": "broke"}]
    evidence = {"text": "heard “hello”", "start_s": 1.5, "end_s": 2.0, "ears": ears}
    [found] = expectations_of([judged("cannot_tell", evidence)])
    assert (found.evidence, found.at_s, found.start_s, found.end_s) == (
        "heard “hello”", 1.5, 1.5, 2.0)  # fmt: skip
    assert [(e.ear, e.text, e.least_sure, e.problem) for e in found.ears] == [
        ("a", "hello", 0.25, None),
        ("b", "", None, "broke"),
    ]
    assert expectations_of([judged("passed", "older traces have a sentence")])[0].ears == []


def test_an_error_is_worse_than_an_unmet_expectation() -> None:
    broke = event("error", 5.0, "harness", kind="PeerLost", message="gone")
    failure = failure_of(record([judged("failed"), broke, CLOSED]))
    assert failure is not None
    assert (failure.kind, failure.message, failure.at_s) == ("PeerLost", "gone", 5.0)
    assert verdict_of(expectations_of([judged("failed")]), failure) == "error"


def test_an_expectation_that_was_raised_is_no_error_of_the_run() -> None:
    raised = event("error", 5.0, "harness", kind="ExpectationFailed", message="no answer")
    assert failure_of(record([raised, CLOSED])) is None


@pytest.mark.parametrize("cut", [True, False])
def test_a_trace_without_its_end_is_an_error_that_says_how_far_it_got(cut: bool) -> None:
    failure = failure_of(record([event("user.committed", 3.0)], cut=cut))
    assert failure is not None
    assert failure.kind == "TraceCut"
    assert "user.committed" in failure.message
    assert failure.at_s == 3.0


def test_a_verdict_nobody_knows_is_not_a_pass() -> None:
    assert expectations_of([judged("splendid")])[0].verdict == "error"


@pytest.mark.parametrize(
    ("evidence", "text", "at_s"),
    [
        ("plain words", "plain words", 4.0),
        ({"text": "late", "at_s": 3.5}, "late", 3.5),
        ({"latency_s": 0.61237, "limit_s": 0.5}, "latency_s: 0.612, limit_s: 0.5", 4.0),
        (None, None, 4.0),
    ],
)
def test_evidence_becomes_words_and_a_place(evidence: Any, text: str | None, at_s: float) -> None:
    (expectation,) = expectations_of([judged("passed", evidence)])
    assert (expectation.evidence, expectation.at_s) == (text, at_s)
