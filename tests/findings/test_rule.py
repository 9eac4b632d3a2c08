"""What has to happen in a time, and has not."""

from __future__ import annotations

from harness.facts.page import CloseClicked
from harness.findings.finding import Finding
from harness.findings.rule import Overdue, Rule
from harness.findings.seen import Seen
from harness.findings.state import CallState
from harness.trace import TraceEvent


def at(t_s: float) -> Seen:
    return Seen(TraceEvent(0, t_s, "page", "close.clicked", {}), CloseClicked(), t_s)


def test_it_is_given_once_and_by_its_own_time() -> None:
    overdue = Overdue(2.0)
    overdue.wait("a", at(1.0))
    overdue.wait("a", at(2.5))
    overdue.wait("b", at(2.0))
    assert overdue.due(2.9) == []
    assert [key for key, _ in overdue.due(3.0)] == ["a"]
    assert [key for key, _ in overdue.due(9.0)] == ["b"]
    assert overdue.due(99.0) == []


def test_what_came_is_waited_for_no_more() -> None:
    overdue = Overdue(2.0)
    overdue.wait("a", at(1.0))
    assert overdue.is_waiting("a")
    overdue.came("a")
    overdue.wait("b", at(1.0))
    overdue.clear()
    assert overdue.due(99.0) == []


def test_a_rule_finds_nothing_by_itself() -> None:
    rule = Rule(CallState())
    nothing: list[Finding] = []
    assert list(rule.on(at(1.0))) == list(rule.at_end(1.0)) == nothing
