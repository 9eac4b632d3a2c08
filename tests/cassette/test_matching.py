"""What a cassette has for a moment, or what comes nearest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cassette.matching import Mismatch, find_answer
from harness.cassette.model import Cassette, RecordedAnswer
from harness.realtime.items import function_call, message, user_audio_item
from harness.realtime.server.assistants.assistant import Prompt
from tests.support.make_cassette import orders

ROLLS = "i would like four rolls for thursday"
BOOKED = '{"number":17,"ok":true}'


def words_of(found: RecordedAnswer | Mismatch) -> str | None:
    assert isinstance(found, RecordedAnswer), found
    return found.pieces[0].say or found.pieces[0].call


def refused(cassette: Cassette, **prompt: Any) -> str:
    found = find_answer(cassette, Prompt(**prompt))
    assert isinstance(found, Mismatch)
    return found.in_words


def test_a_greeting_a_turn_and_a_tool_are_found() -> None:
    greeting = Prompt(is_greeting=True)
    assert words_of(find_answer(orders(), greeting)) == "Bakery Sonne, good morning."
    assert words_of(find_answer(orders(), Prompt(ROLLS, 1))) == "book"
    booked = Prompt(turn=1, tool="book", tool_result=BOOKED)
    assert words_of(find_answer(orders(), booked)) == "Four rolls, number 17."


@pytest.mark.parametrize(
    ("prompt", "parts"),
    [
        (
            {"text": "I would like nine rolls for Thursday", "turn": 1},
            ["Turn 1, “I would like nine", "“four” in the cassette, “nine” here"],
        ),
        (
            {"text": "what do they cost", "turn": 1},
            ["Nearest: turn 2, “What do they cost?”", "words are those of turn 2, and this is"],
        ),
        (
            {"text": "goodbye", "turn": 3},
            ["has no turn 3; its last is turn 2"],
        ),
        (
            {"turn": 1, "tool": "book", "tool_result": '{"ok": false}'},
            ['Its result was {"ok": true, "number": 17}, and is {"ok": false} here'],
        ),
        (
            {"turn": 1, "tool": "weather", "tool_result": "rain"},
            ["The result of “weather” in turn 1", "Tools with a result there: “book”"],
        ),
        (
            {"turn": 2, "is_greeting": True},
            ["without anything new from the user, after turn 2", "an answer to the user's words"],
        ),
        ({"turn": 2, "is_idle": True}, ["An answer to silence after turn 2"]),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(
    prompt: dict[str, Any], parts: list[str]
) -> None:
    told = refused(orders(), **prompt)
    for part in parts:
        assert part in told


def test_an_empty_cassette_says_so() -> None:
    empty = Cassette.model_validate({"head": {"harness_cassette": 1}})
    assert "holds no turn at all" in refused(empty, text="hello", turn=1)


def test_words_and_results_that_are_not_given_may_be_any() -> None:
    data = orders().model_dump(mode="json")
    data["turns"][1] |= {"said": None, "also": ()}
    data["turns"][1]["then"][1]["result"] = None
    anything = Cassette.model_validate(data)
    assert words_of(find_answer(anything, Prompt("good evening", 1))) == "book"
    other = Prompt(turn=1, tool="book", tool_result="full")
    assert words_of(find_answer(anything, other)) == "Four rolls, number 17."


def test_a_tool_that_is_asked_again_gets_the_next_answer() -> None:
    """Polling: the same tool gives the same result, and another answer follows."""
    data = orders().model_dump(mode="json")
    waiting = {"after": "tool", "tool": "look", "result": "not yet"}
    data["turns"][2]["then"] = [
        {"pieces": [{"call": "look"}]},
        {**waiting, "pieces": [{"say": "A moment.", "at_s": 0.2}, {"call": "look"}]},
        {**waiting, "pieces": [{"say": "It takes longer."}]},
    ]
    cassette = Cassette.model_validate(data)
    items: list[dict[str, Any]] = [user_audio_item("i1", "what do they cost")]
    heard = []
    for number in range(3):
        call_id = f"call_{number}"
        items.append(function_call(f"f{number}", call_id, "look", "{}", "completed"))
        output = {"type": "function_call_output", "call_id": call_id, "output": "not yet"}
        items.append({"id": f"o{number}", **output})
        prompt = Prompt(turn=2, tool="look", tool_result="not yet", items=tuple(items))
        heard.append(words_of(find_answer(cassette, prompt)))
    assert heard == ["A moment.", "It takes longer.", "It takes longer."]


def test_a_greeting_after_words_is_counted_by_what_was_said_since() -> None:
    data = orders().model_dump(mode="json")
    first, second = ({"after": "greeting", "pieces": [{"say": say}]} for say in ("One.", "Two."))
    data["turns"][2]["then"] = [first, second]
    cassette = Cassette.model_validate(data)
    said = [{"type": "output_text", "text": "One."}]
    items = (user_audio_item("i1", "x"), message("a1", "assistant", said, "completed"))
    asked = Prompt(turn=2, is_greeting=True)
    assert words_of(find_answer(cassette, asked)) == "One."
    again = Prompt(turn=2, is_greeting=True, items=items)
    assert words_of(find_answer(cassette, again)) == "Two."


@given(
    st.builds(
        Prompt,
        text=st.text(max_size=40),
        turn=st.integers(0, 4),
        tool=st.none() | st.sampled_from(["book", "look"]),
        tool_result=st.text(max_size=10),
        is_greeting=st.booleans(),
        is_idle=st.booleans(),
    )
)
def test_every_moment_has_an_answer_or_a_reason(prompt: Prompt) -> None:
    found = find_answer(orders(), prompt)
    assert isinstance(found, RecordedAnswer) or "Nearest" in found.in_words
