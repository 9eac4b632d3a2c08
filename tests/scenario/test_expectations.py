"""Verdicts come from what was heard, and carry their evidence."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from harness.scenario.expectations import (
    describe,
    judge_answer,
    judge_reaction,
    judge_tool,
    judge_user_words,
    unanswered,
)
from harness.scenario.model import Expectation
from harness.scenario.tool_wishes import ToolCall
from harness.score.hearing import Hearing
from tests.support.fake_witness import FakeWitness, report


@dataclass
class Spoken:
    """An answer that two ears heard alike; "" is silence."""

    transcript: str = ""
    recognised: str = ""
    voice_to_voice_s: float | None = None
    voice_to_voice_uncertainty_s: float | None = None
    interrupted: bool = False
    start_s: float | None = None
    unheard: str = ""
    copied: str = ""
    remark: str = ""
    ahead_s: float = 0.0
    witness: FakeWitness = field(init=False)
    hearing: Hearing | None = field(init=False)

    def __post_init__(self) -> None:
        self.witness = FakeWitness(report(self.recognised), report(self.recognised))
        self.hearing = self.witness.hearing if self.recognised else None


def verdicts(expected: Expectation, answer: Spoken) -> list[bool]:
    return [j.passed for j in judge_answer(expected, answer)]


def test_words_are_found_in_what_was_heard() -> None:
    answer = Spoken("Going forward 10 meters.", "going forward ten meters")
    assert verdicts(Expectation(words=["forward", "ten"]), answer) == [True]
    (judgement,) = judge_answer(Expectation(words=["backward"]), answer)
    assert judgement.outcome == "failed"
    assert "missing “backward”" in judgement.evidence


def test_a_transcript_that_nobody_can_hear_does_not_count() -> None:
    """The page says it spoke; the audio is noise, or other words."""
    answer = Spoken("Your table is booked.", "")
    assert verdicts(Expectation(words=["booked"]), answer) == [False]
    answer = Spoken("Your table is booked.", "the weather was nice yesterday in town")
    assert verdicts(Expectation(words=["booked"]), answer) == [False]


@pytest.mark.parametrize(
    "expected",
    [
        {"words": ["booked"]},
        {"phrase": "is booked"},
        {"not_words": ["midnight"]},
        {"pattern": ".*"},
        {"pattern": "^(?!.*sorry)"},
        {"voice_to_voice_s": 5.0},
    ],
)
def test_nothing_is_held_by_an_answer_of_which_no_sound_came(expected: dict[str, object]) -> None:
    silent = Spoken("Your table is booked.", "", voice_to_voice_s=0.5)
    (judgement,) = judge_answer(Expectation.model_validate(expected), silent)
    assert judgement.outcome == "failed"
    assert "no voice was heard" in judgement.evidence
    assert "“Your table is booked.”" in judgement.evidence


def test_silence_on_a_timeline_that_stood_still_decides_nothing() -> None:
    silent = Spoken("Seven.", "", unheard="it was silent", ahead_s=2.4)
    (judgement,) = judge_answer(Expectation(words=["seven"]), silent)
    assert judgement.outcome == "cannot_tell"
    assert "2.4 s ahead of the timeline" in judgement.evidence


def test_too_quiet_an_answer_fails_and_says_its_level() -> None:
    answer = Spoken("booked", "booked")
    answer.hearing = Hearing(1.0, 2.0, -61.0, answer.witness.reports)
    (judgement,) = judge_answer(Expectation(words=["booked"]), answer)
    assert judgement.outcome == "failed"
    assert "-61 dBFS" in judgement.evidence


def test_a_phrase_is_looked_for_in_order() -> None:
    answer = Spoken("", "a table for two is ready now")
    assert verdicts(Expectation(phrase="table for two"), answer) == [True]
    assert verdicts(Expectation(phrase="two for table"), answer) == [False]


def test_of_an_interrupted_answer_only_the_heard_part_counts() -> None:
    answer = Spoken("One two three four five six.", "one two three four", interrupted=True)
    assert verdicts(Expectation(words=["six"]), answer) == [False]
    assert verdicts(Expectation(words=["four"]), answer) == [True]


def test_unwanted_words_are_found_in_what_was_heard_and_not_in_the_transcript() -> None:
    answer = Spoken("no problem", "sorry no")
    assert verdicts(Expectation(not_words=["sorry"]), answer) == [False]
    assert verdicts(Expectation(not_words=["problem"]), answer) == [True]


def test_a_pattern_sees_the_words_as_written_and_their_normal_form() -> None:
    answer = Spoken("", "It is Ten meters.")
    assert verdicts(Expectation(pattern="ten meters"), answer) == [True]
    assert verdicts(Expectation(pattern=r"\b10\b"), answer) == [True]
    assert verdicts(Expectation(pattern="eleven"), answer) == [False]


def test_a_late_answer_fails_and_an_early_one_passes() -> None:
    answer = Spoken("", "hello", voice_to_voice_s=0.9)
    assert verdicts(Expectation(voice_to_voice_s=1.0), answer) == [True]
    assert verdicts(Expectation(voice_to_voice_s=0.5), answer) == [False]


def test_without_an_answer_every_expectation_of_it_fails() -> None:
    expected = Expectation(words=["hello"], phrase="hi there", voice_to_voice_s=1.0)
    judged = unanswered(expected, "nothing came")
    assert [(j.kind, j.passed, j.evidence) for j in judged] == [
        ("words", False, "nothing came"),
        ("phrase", False, "nothing came"),
        ("voice_to_voice", False, "nothing came"),
    ]


def test_what_the_user_was_understood_to_say() -> None:
    assert judge_user_words(["ten"], "Go forward 10 meters").passed
    assert not judge_user_words(["ten"], None).passed


def test_an_interruption_is_judged_by_its_reaction() -> None:
    assert judge_reaction(0.8, 0.5).passed
    assert not judge_reaction(0.8, 0.9).passed
    assert not judge_reaction(0.8, None).passed


def test_a_reaction_has_its_doubt_and_a_limit_inside_of_it_is_not_told() -> None:
    judged = judge_reaction(0.8, 0.79, 0.5, 0.03)
    assert judged.outcome == "cannot_tell"
    assert judged.evidence.startswith(
        "silent 0.790 s after the interruption (± 0.030 s): the bound of 0.8 s lies inside of that"
    )
    assert judge_reaction(0.8, 0.7, 0.5, 0.03).outcome == "held"
    assert judge_reaction(0.8, 0.9, 0.5, 0.03).outcome == "failed"


def test_a_tool_call_needs_its_name_and_at_least_its_arguments() -> None:
    called = {"name": "book", "arguments": '{"guests": 2, "time": "seven"}'}
    assert judge_tool(ToolCall(name="book", arguments={"guests": 2}), called).passed
    assert judge_tool(ToolCall(name="book"), called).passed
    assert not judge_tool(ToolCall(name="book", arguments={"guests": 3}), called).passed
    assert not judge_tool(ToolCall(name="cancel"), called).passed


def test_a_tool_call_that_is_kept_from_the_page_decides_nothing() -> None:
    """So it is with Pipecat as it comes: its bots tell that they call, and not what."""
    nameless = judge_tool(ToolCall(name="book"), {"name": "", "arguments": ""})
    assert nameless.outcome == "cannot_tell"
    assert "function_call_report_level" in nameless.evidence
    named = {"name": "book", "arguments": ""}
    assert judge_tool(ToolCall(name="book"), named).passed
    assert judge_tool(ToolCall(name="book", arguments={"guests": 2}), named).in_doubt
    assert judge_tool(ToolCall(name="cancel"), named).outcome == "failed"


def test_an_expectation_describes_itself() -> None:
    text = describe(Expectation(words=["hello"], phrase="good day", voice_to_voice_s=1.5))
    assert text == (
        "the answer says “hello”; the answer says, in this order, “good day”; "
        "the answer starts within 1.5 s of the user's last sound"
    )
