"""Tools that must not be called: ever, too early, at a bad time."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.scenario.must_not import CalledTool, MustNot, judge_must_not
from harness.score.judgement import Judgement
from harness.speech.spans import Span

CALLS = [
    CalledTool("confirm", "{}", 2.0),
    CalledTool("book", '{"people": 2, "day": "Monday"}', 4.0),
    CalledTool("book", "no JSON", 6.0),
]
SAID = [Span(3.5, 4.5)]


def judged(rule: dict[str, Any], untold: str | None = None) -> Judgement:
    (judgement,) = judge_must_not([MustNot.model_validate(rule)], CALLS, SAID, untold)
    return judgement


def test_a_tool_that_is_never_to_be_called() -> None:
    assert judged({"tool": "cancel"}).evidence == "it was not called"
    broken = judged({"tool": "book"})
    assert (broken.outcome, broken.start_s) == ("failed", 4.0)
    assert broken.evidence == 'called at 4.000 s with {"people": 2, "day": "Monday"}'
    assert broken.text == "the tool “book” is not called"


@pytest.mark.parametrize(
    ("rule", "outcome"),
    [
        ({"tool": "book", "arguments": {"people": 2}}, "failed"),
        ({"tool": "book", "arguments": {"people": 3}}, "held"),
        ({"tool": "book", "before": "confirm"}, "held"),
        ({"tool": "confirm", "before": "book"}, "failed"),
        ({"tool": "book", "while": "user_speaks"}, "failed"),
        ({"tool": "confirm", "while": "user_speaks"}, "held"),
    ],
)
def test_only_what_is_so_breaks_a_rule(rule: dict[str, Any], outcome: str) -> None:
    assert judged(rule).outcome == outcome


def test_where_nobody_tells_of_tools_nobody_can_tell() -> None:
    assert judged({"tool": "cancel"}, "the page tells no tool calls").outcome == "cannot_tell"


def test_two_times_are_two_rules() -> None:
    with pytest.raises(ValidationError, match="write two rules"):
        MustNot.model_validate({"tool": "a", "before": "b", "while": "user_speaks"})


def test_calls_that_nobody_tells_the_name_of_decide_nothing() -> None:
    rules = [MustNot(tool="book"), MustNot(tool="book", before="confirm")]
    for judgement in judge_must_not(rules, [CalledTool("", "", 2.0)], SAID):
        assert judgement.outcome == "cannot_tell"
        assert "not told which" in judgement.evidence
    [of_this] = judge_must_not(
        [MustNot(tool="book", arguments={"people": 2})], [CalledTool("book", "", 2.0)], SAID
    )
    assert of_this.outcome == "cannot_tell"
