"""Pass rates and kinds of events over the runs of a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from harness.regression.findings import Candidate, Finding
from harness.regression.pairing import PairedScenario
from harness.regression.passing import event_findings, pass_rate_finding
from tests.support.make_calls import make_run, make_side

Outcome = Literal["passed", "failed"]
PASSED: list[Outcome] = ["passed"]
FAILED: list[Outcome] = ["failed"]


def outcomes(base: Sequence[Outcome], new: Sequence[Outcome]) -> PairedScenario:
    sides = (make_side(*(make_run(verdict=one, reason="why") for one in s)) for s in (base, new))
    return PairedScenario(*sides)


def events(base: Sequence[str], new: Sequence[str]) -> list[Finding | Candidate]:
    sides = (make_side(make_run(events=tuple(kinds))) for kinds in (base, new))
    return list(event_findings(PairedScenario(*sides)))


def test_what_always_passed_and_never_does_is_worse() -> None:
    found = pass_rate_finding(outcomes(["passed"] * 2, ["failed"]))
    assert found == Finding("worse", "pass rate", "does not pass any more", "why", "booking")
    better = pass_rate_finding(outcomes(["failed"], ["passed"]))
    assert isinstance(better, Finding)
    assert (better.verdict, better.evidence) == ("better", "")
    assert pass_rate_finding(outcomes(["passed"], ["passed"] * 9)) is None


def test_what_passes_less_often_is_tested() -> None:
    found = pass_rate_finding(outcomes(["passed"] * 20, [*PASSED * 8, *FAILED * 12]))
    assert isinstance(found, Candidate)
    assert found.p < 0.001
    assert found.if_sure.text == "passes less often"


def test_an_error_that_appears_is_worse_and_other_events_are_told() -> None:
    found = events(["answer.started", "answer.text"], ["answer.started", "session.error"])
    assert [(one.verdict, one.text) for one in found if isinstance(one, Finding)] == [
        ("changed", "answer.text is gone"),
        ("worse", "session.error appeared"),
    ]
    assert events([], ["session.error"]) == []
