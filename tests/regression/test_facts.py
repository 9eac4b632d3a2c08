"""Facts of runs: what is not known is nowhere, and the longest run says what is said."""

import pytest
from pydantic import ValidationError

from harness.regression.facts import ScenarioFacts, TurnFacts
from tests.support.make_calls import make_run, make_side, make_turn


def test_a_turn_is_answered_by_sound_by_words_or_by_a_tool() -> None:
    assert not TurnFacts(audible=False).is_answered
    assert TurnFacts(audible=False, tools=("book({})",)).is_answered
    assert TurnFacts(audible=False, answer="Yes.").is_answered


def test_the_run_that_came_furthest_says_what_the_user_says() -> None:
    turns = [make_turn("one"), make_turn(None), make_turn("two")]
    assert make_side(make_run(turns[0]), make_run(*turns)).said == ("one", "two")


def test_a_scenario_without_a_run_is_none() -> None:
    with pytest.raises(ValidationError, match="runs"):
        ScenarioFacts(name="booking", engine="browser", runs=())
