"""Problems of the service: planned for, or failures with a place and a reason."""

from __future__ import annotations

from typing import Any

import pytest

from harness.call.events import CallEvent
from harness.scenario.problems import Problems, judge_problems


def told(code: str | None, t_s: float = 1.0, message: str = "It went wrong.") -> list[CallEvent]:
    """A problem as a call tells it: the event that carried it, then what it means."""
    data: dict[str, Any] = {"code": code, "message": message}
    return [CallEvent(t_s, "wire", "error"), CallEvent(t_s, "dialogue", "problem", data)]


def test_a_problem_that_nobody_planned_for_is_a_failure_with_its_place() -> None:
    problems = Problems()
    problems.on_call_events(told("server_error", 3.25), step=2)
    ((step, judgement),) = judge_problems(problems.unexpected)
    assert (step, judgement.kind, judgement.passed) == (2, "problem", False)
    assert "server_error: It went wrong. (at 3.250 s;" in judgement.evidence
    assert "allow_problems" in judgement.evidence


@pytest.mark.parametrize(
    ("error", "refuses"),
    [
        ({"param": "session.audio.output.voice"}, True),
        ({"param": None, "event_id": "event_1"}, True),
        ({"param": "item.role", "event_id": "event_2"}, False),
        ({}, False),
    ],
)
def test_settings_that_were_refused_whole_are_told_as_that(
    error: dict[str, Any], refuses: bool
) -> None:
    """A wrong voice takes the instructions beside it with it, and nothing else would say so."""
    sent = {"type": "session.update", "event_id": "event_1", "session": {"instructions": "x"}}
    data = {"code": "invalid_value", "message": "No such voice."}
    problems = Problems()
    problems.on_call_events([CallEvent(0.5, "wire", "session.update", sent, "sent")], step=1)
    problems.on_call_events(
        [
            CallEvent(1.0, "wire", "error", {"type": "error", "error": error}, "received"),
            CallEvent(1.0, "dialogue", "problem", data),
        ],
        step=1,
    )
    ((_, judgement),) = judge_problems(problems.unexpected)
    assert ("No such voice; a session.update is refused whole" in judgement.evidence) is refuses


@pytest.mark.parametrize(
    ("pattern", "is_allowed"),
    [("server_error", True), ("server_*", True), ("*", True), ("other", False)],
)
def test_a_scenario_may_allow_codes(pattern: str, is_allowed: bool) -> None:
    problems = Problems([pattern])
    problems.on_call_events(told("server_error"), step=1)
    assert (problems.unexpected == []) is is_allowed


@pytest.mark.parametrize(
    ("pattern", "is_expected"),
    [("error", True), ("problem", True), ("err*", True), ("answer.*", False), ("*", False)],
)
def test_a_step_that_waited_for_what_carried_it_expected_it(
    pattern: str, is_expected: bool
) -> None:
    problems = Problems()
    problems.on_call_events([CallEvent(0.5, "wire", "answer.begun"), *told("x")], step=1)
    problems.expect(pattern)
    assert (problems.unexpected == []) is is_expected


def test_what_carried_a_problem_is_known_across_steps() -> None:
    carrier, problem = told("x")
    problems = Problems()
    problems.on_call_events([carrier], step=1)
    problems.on_call_events([problem], step=2)
    assert [(p.carrier, p.step) for p in problems.unexpected] == [("error", 2)]


def test_the_same_problem_again_and_again_is_told_once_with_its_count() -> None:
    problems = Problems()
    for t_s in (1.0, 2.0, 3.0):
        problems.on_call_events(told("x", t_s), step=1)
    problems.on_call_events(told(None, 4.0, "Another."), step=2)
    first, second = judge_problems(problems.unexpected)
    assert "at 1.000 s and 2 times more" in first[1].evidence
    assert second[1].evidence.startswith("no code: Another.")


def test_a_page_with_two_calls_is_a_failure_that_says_so() -> None:
    problems = Problems()
    second = CallEvent(1.5, "harness", "page.second_call", {"connection": "c", "calls": 2})
    problems.on_call_events([second], step=0)
    ((step, judgement),) = judge_problems(problems.unexpected)
    assert (step, judgement.text, judgement.passed) == (0, "the page holds one call", False)
    assert "call 2 while another was open, at 1.500 s: two answers to one turn" in (
        judgement.evidence
    )
    allowed = Problems(["second_call"])
    allowed.on_call_events([second], step=0)
    assert allowed.unexpected == []
