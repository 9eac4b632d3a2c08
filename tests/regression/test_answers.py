"""Answers: each change is found, by its kind, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from harness.regression.answers import answer_findings
from harness.regression.facts import TurnFacts
from harness.regression.findings import Candidate, Finding
from harness.regression.pairing import PairedScenario, pair_turns
from tests.support.make_calls import GOOD, make_run, make_side, make_turn, one_turn


def found(base: list[TurnFacts], new: list[TurnFacts]) -> list[Finding | Candidate]:
    return list(answer_findings("booking", one_turn(base, new)))


BOOK, SEND = 'book({"n": 2})', "send({})"


@pytest.mark.parametrize(
    ("base", "new", "expected"),
    [
        ({}, {}, None),
        ({}, {"answer": "Certainly, a table for 2 at 7."}, None),
        (
            {},
            {"answer": "Certainly, a table at seven."},
            ("worse", "words", "“for”, “two” is gone"),
        ),
        (
            {},
            {"answer": "Certainly, a table for nine at seven."},
            ("worse", "words", "says “nine”, not “two”"),
        ),
        (
            {},
            {"answer": "Certainly, a nice table for two at seven."},
            ("changed", "words", "says “nice”, too"),
        ),
        ({}, {"answer": "Goodbye and thank you."}, ("worse", "words", "it says something else")),
        (
            {},
            {"answer": "Certainly, a table for two"},
            ("worse", "answer cut", "the answer is cut before “at”, “seven”"),
        ),
        (
            {"speech_s": 3.0},
            {"speech_s": 1.4},
            ("worse", "answer cut", "the answer is heard in part"),
        ),
        (
            {},
            {"answer": f"{GOOD} {GOOD}"},
            ("worse", "answer doubled", "it says everything twice"),
        ),
        ({}, {"answer": None}, ("worse", "answer gone", "the answer is gone")),
        ({"answer": None}, {}, ("better", "words", "there is an answer now")),
        (
            {},
            {"audible": False, "heard": None},
            ("worse", "answer gone", "the answer is not heard any more"),
        ),
        ({"tools": (BOOK,)}, {}, ("worse", "tools", f"does not call {BOOK} any more")),
        ({}, {"tools": (BOOK,)}, ("changed", "tools", f"calls {BOOK}, which it did not")),
        (
            {"tools": (BOOK,)},
            {"tools": (BOOK, BOOK)},
            ("worse", "tools", f"calls {BOOK} 2 times, not 1"),
        ),
        (
            {"tools": (BOOK, SEND)},
            {"tools": (SEND, BOOK)},
            ("changed", "tools", "calls its tools in another order"),
        ),
        (
            {"interrupted": True},
            {"interrupted": False},
            ("worse", "interruption", "it is not stopped by the user any more"),
        ),
        (
            {},
            {"heard": "Certainly, a table for two."},
            ("cannot_tell", "heard", "“at”, “seven” is not heard any more"),
        ),
        (
            {"understood": "at seven"},
            {"understood": "at eleven"},
            ("cannot_tell", "understood", "“seven” of the user is not understood any more"),
        ),
    ],
)
def test_each_change_is_found_alone(
    base: dict[str, Any], new: dict[str, Any], expected: tuple[str, str, str] | None
) -> None:
    changes = list(found([make_turn(**base)], [make_turn(**new)]))
    facts = [(one.verdict, one.kind, one.text) for one in changes if isinstance(one, Finding)]
    assert facts == ([expected] if expected else [])
    assert len(facts) == len(changes)


def test_a_second_answer_is_told_with_its_words() -> None:
    base, again = make_turn(), make_turn(None)
    turns = pair_turns(PairedScenario(make_side(make_run(base)), make_side(make_run(base, again))))
    (one,) = answer_findings("booking", turns)
    assert isinstance(one, Finding)
    assert (one.kind, one.turn, one.text) == ("answer doubled", 1, "it is answered twice")
    assert GOOD in one.evidence


def test_answers_before_and_behind_the_first_turn_are_of_one_run() -> None:
    base, unasked = make_turn("A"), make_turn(None, "Hello.")
    new = make_run(unasked, base, unasked)
    turns = pair_turns(PairedScenario(make_side(make_run(base)), make_side(new)))
    (one,) = answer_findings("booking", turns)
    assert isinstance(one, Finding)
    assert (one.kind, one.turn) == ("answer doubled", 1)


def test_a_call_that_broke_off_is_told_once() -> None:
    turns = [make_turn(said) for said in ("one", "two", "three")]
    paired = pair_turns(PairedScenario(make_side(make_run(*turns)), make_side(make_run(turns[0]))))
    (one,) = answer_findings("booking", paired)
    assert isinstance(one, Finding)
    assert (one.kind, one.turn) == ("answer gone", 2)


def test_what_ears_hear_is_believed_when_three_runs_agree() -> None:
    base, new = make_turn(), make_turn(heard="Certainly, a table for two.")
    (doubt,) = found([base], [new])
    assert isinstance(doubt, Finding)
    assert doubt.more_repeats == 2
    (sure,) = found([base] * 3, [new] * 3)
    assert isinstance(sure, Finding)
    assert sure.verdict == "worse"


def test_answers_that_vary_anyway_are_tested() -> None:
    base = [make_turn(answer=text) for text in ("A table for two.", "Two, at a table.")]
    (one,) = found(base, [make_turn(answer="A table.")])
    assert isinstance(one, Candidate)
    assert one.if_not is not None
    assert one.if_not.verdict == "cannot_tell"


def test_half_the_runs_without_a_tool_may_be_chance() -> None:
    base = [make_turn(tools=(BOOK,))] * 2
    (one,) = found(base, [make_turn(tools=(BOOK,)), make_turn()])
    assert isinstance(one, Candidate)
    assert one.if_sure.kind == "tools"


OTHER = "Goodbye and thank you."


def test_one_run_that_agrees_does_not_hide_what_all_others_say() -> None:
    new = [make_turn(answer=OTHER)] * 9 + [make_turn()]
    (one,) = found([make_turn()] * 10, new)
    assert isinstance(one, Candidate)
    assert one.p < 0.001
    assert (one.if_sure.verdict, one.if_sure.text) == ("worse", "it says something else")
    assert "10 of 10 → 1 of 10 answers" in one.if_sure.evidence
    assert f"“{GOOD}” → “{OTHER}”" in one.if_sure.evidence


@pytest.mark.parametrize(
    ("base", "new"),
    [
        ([GOOD, GOOD, OTHER], [OTHER, OTHER, OTHER]),
        (["one", "two", "three", "four"], ["five", "six", "one", "seven"]),
        ([GOOD, GOOD, "Mind the gap."], [GOOD, GOOD, OTHER]),
        (["Go write it.", "Go write it."], ["Go right it.", "Go write it."]),
        ([GOOD], [GOOD, GOOD]),
    ],
)
def test_words_that_differ_no_more_than_those_of_the_base_are_no_change(
    base: list[str], new: list[str]
) -> None:
    before, now = ([make_turn(answer=text, heard=None) for text in side] for side in (base, new))
    assert found(before, now) == []


def test_a_turn_that_most_runs_never_reach_is_told_once() -> None:
    turns = [make_turn(said) for said in ("one", "two", "three")]
    whole, broken = make_run(*turns), make_run(turns[0])
    sides = make_side(*[whole] * 10), make_side(*[broken] * 7, *[whole] * 3)
    (one,) = answer_findings("booking", pair_turns(PairedScenario(*sides)))
    assert isinstance(one, Candidate)
    assert (one.if_sure.kind, one.if_sure.turn, one.p < 0.01) == ("answer gone", 2, True)
    assert "10 of 10 → 3 of 10 of the runs" in one.if_sure.evidence


BEFORE, AFTER = "Please ask for Siobhan at the desk.", "Please ask for Chevonne at the desk."
SOUNDS = "“Chevonne”, which sounds nearly like “Siobhan”"


@pytest.mark.parametrize(
    ("base", "new", "expected"),
    [
        ({"answer": BEFORE}, {"answer": AFTER}, [("changed", "words", f"says {SOUNDS}")]),
        (
            {"heard": BEFORE},
            {"heard": AFTER},
            [("changed", "heard", f"hears {SOUNDS}")],
        ),
        (
            {"answer": BEFORE, "speech_s": 3.0},
            {"answer": AFTER, "speech_s": 1.4},
            [
                ("changed", "words", f"says {SOUNDS}"),
                ("worse", "answer cut", "the answer is heard in part"),
            ],
        ),
        (
            {"answer": BEFORE},
            {"answer": AFTER.replace(" at the desk", "")},
            [("worse", "answer cut", "the answer is cut before “at”, “the”, “desk”")],
        ),
        (
            {"answer": BEFORE},
            {"answer": AFTER.replace("desk", "")},
            [("worse", "words", f"“desk” is gone; says {SOUNDS}")],
        ),
    ],
)
def test_a_name_by_its_sound_is_told_and_no_word_is_lost(
    base: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    changes = found([make_turn(**base)], [make_turn(**new)])
    told = [(one.verdict, one.kind, one.text) for one in changes if isinstance(one, Finding)]
    assert told == expected
