"""Findings in results.json."""

from __future__ import annotations

from harness.report.finding_results import IGNORED, finding_results
from tests.findings.test_microphone import ASKED, REFUSED
from tests.support.healthy_call import events_of

EVENTS = events_of([ASKED, REFUSED])


def test_as_the_trace_has_them() -> None:
    (found,) = finding_results(EVENTS, {})
    assert found.name == "microphone_refused"
    assert found.evidence[0].type == "user_media.refused"
    assert found.ignored is None


def test_what_a_scenario_ignores_has_its_reason() -> None:
    (found,) = finding_results(EVENTS, {IGNORED: {"microphone_refused": "that is the test"}})
    assert found.ignored == "that is the test"


def test_a_header_that_nobody_understands_ignores_nothing() -> None:
    (found,) = finding_results(EVENTS, {IGNORED: "all"})
    assert found.ignored is None
