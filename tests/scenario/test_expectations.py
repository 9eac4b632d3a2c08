"""Verdicts come from what was heard, and carry their evidence."""

from dataclasses import dataclass

import pytest

from harness.scenario.expectations import (
    describe,
    heard_words,
    judge_answer,
    judge_reaction,
    judge_tool,
    judge_user_words,
    unanswered,
)
from harness.scenario.model import Expectation, ToolCall


@dataclass
class Spoken:
    transcript: str = ""
    recognised: str = ""
    voice_to_voice_s: float | None = None
    interrupted: bool = False
    start_s: float | None = None
    unheard: str = ""


def verdicts(expected: Expectation, answer: Spoken) -> list[bool]:
    return [j.passed for j in judge_answer(expected, answer)]


def test_words_are_found_in_what_was_heard() -> None:
    answer = Spoken("Going forward 10 meters.", "going forward ten meters")
    assert verdicts(Expectation(words=["forward", "ten"]), answer) == [True]
    (judgement,) = judge_answer(Expectation(words=["backward"]), answer)
    assert not judgement.passed
    assert "missing “backward”" in judgement.evidence


def test_a_transcript_that_nobody_can_hear_does_not_count() -> None:
    """The page says it spoke; the audio is noise."""
    answer = Spoken("Your table is booked.", "")
    assert verdicts(Expectation(words=["booked"]), answer) == [False]
    answer = Spoken("Your table is booked.", "the weather was nice yesterday in town")
    assert verdicts(Expectation(words=["booked"]), answer) == [False]


def test_a_recogniser_s_slip_is_mended_by_the_transcript_it_bears_out() -> None:
    answer = Spoken("Your table for two is booked now.", "your table for two is brooked now")
    assert verdicts(Expectation(words=["booked"]), answer) == [True]


def test_one_slip_in_a_short_sentence_does_not_undo_it() -> None:
    answer = Spoken("Yes, I can hear you.", "Yes, I can him.")
    assert verdicts(Expectation(words=["hear you"]), answer) == [True]
    other = Spoken("Yes, I can hear you.", "The shop is closed.")
    assert verdicts(Expectation(words=["hear you"]), other) == [False]


def test_of_an_interrupted_answer_only_the_heard_part_counts() -> None:
    answer = Spoken("One two three four five six.", "one two three four", interrupted=True)
    assert verdicts(Expectation(words=["six"]), answer) == [False]
    assert heard_words(answer) == "one two three four"


def test_forbidden_words_are_looked_for_everywhere() -> None:
    answer = Spoken("I am a robot.", "I am a rowboat")
    assert verdicts(Expectation(not_words=["robot"]), answer) == [False]
    assert verdicts(Expectation(not_words=["human"]), answer) == [True]


def test_a_pattern_sees_plain_and_normalised_text() -> None:
    answer = Spoken("It costs twenty dollars.", "It costs twenty dollars.")
    assert verdicts(Expectation(pattern=r"costs \$?(20|twenty)"), answer) == [True]


@pytest.mark.parametrize(("latency_s", "passed"), [(0.4, True), (0.9, False), (None, False)])
def test_latency_is_judged_only_where_it_was_measured(
    latency_s: float | None, passed: bool
) -> None:
    answer = Spoken("x", "x", latency_s)
    assert verdicts(Expectation(voice_to_voice_s=0.5), answer) == [passed]


def test_without_an_answer_every_expectation_fails_with_what_came_instead() -> None:
    expected = Expectation(words=["a"], voice_to_voice_s=1)
    judged = unanswered(expected, "nothing came")
    assert [(j.kind, j.passed, j.evidence) for j in judged] == [
        ("words", False, "nothing came"),
        ("voice_to_voice", False, "nothing came"),
    ]


def test_what_the_user_was_understood_to_say() -> None:
    assert judge_user_words(["ten"], "Go forward 10 meters").passed
    assert not judge_user_words(["ten"], None).passed


def test_reaction_to_an_interruption() -> None:
    assert judge_reaction(0.8, 0.5).passed
    assert not judge_reaction(0.8, 0.9).passed
    assert not judge_reaction(0.8, None).passed


def test_a_tool_call_may_have_more_arguments_than_expected() -> None:
    called = {"name": "book", "arguments": '{"guests": 2, "time": "19:00"}'}
    assert judge_tool(ToolCall(name="book", arguments={"guests": 2}), called).passed
    assert judge_tool(ToolCall(name="book"), called).passed
    assert not judge_tool(ToolCall(name="book", arguments={"guests": 3}), called).passed
    assert not judge_tool(ToolCall(name="cancel"), called).passed


def test_an_expectation_can_be_read_aloud() -> None:
    text = describe(Expectation(words=["ten"], voice_to_voice_s=1.5, event="a.*"))
    assert "“ten”" in text
    assert "1.5 s" in text
    assert "a.*" in text
