from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.realtime.server.assistants.assistant import Prompt, Say, Show, UseTool, Wait
from harness.realtime.server.assistants.script import (
    WHEN_TOOL_ANSWERED,
    WHEN_TOOL_FAILED,
    Reply,
    Script,
    ToolCall,
    choose_reply,
)


def script(*rules: dict[str, Any]) -> Script:
    return Script.model_validate({"rules": list(rules)})


def line(of: Script, **prompt: Any) -> str | None:
    return choose_reply(of, Prompt(**prompt)).say


def test_the_first_rule_that_matches_wins() -> None:
    both = script({"when": {"words": ["go"]}, "say": "first"}, {"say": "second"})
    assert line(both, text="Go!", turn=1) == "first"
    assert line(both, text="Stop.", turn=1) == "second"


def test_words_match_whole_words_in_any_order_whatever_their_case() -> None:
    rule = script({"when": {"words": ["Table", "two"]}, "say": "yes"}, {"say": "no"})
    assert line(rule, text="For two, a TABLE please.", turn=1) == "yes"
    assert line(rule, text="two tables", turn=1) == "no"


def test_a_pattern_is_searched_without_regard_to_case() -> None:
    rule = script({"when": {"pattern": r"ten\s+met(er|re)s"}, "say": "yes"}, {"say": "no"})
    assert line(rule, text="Go TEN metres", turn=1) == "yes"
    assert line(rule, text="go ten miles", turn=1) == "no"


def test_what_was_said_before_is_known_and_what_is_said_now_is_not() -> None:
    rule = script({"when": {"known": "my name is kim"}, "say": "Kim"}, {"say": "who?"})
    said = {"type": "message", "role": "user", "content": [{"text": "My name is Kim."}]}
    hello = {"type": "message", "role": "user", "content": [{"text": "Hello."}]}
    assert line(rule, text="Hello.", items=(said, hello)) == "Kim"
    assert line(rule, text="My name is Kim.", items=(hello, said)) == "who?"
    assert line(rule, instructions="The user said: my name is Kim.") == "Kim"
    assert (rule.reads_history, script({"say": "x"}).reads_history) == (True, False)


def test_a_turn_is_counted_from_one() -> None:
    rule = script({"when": {"turn": 2}, "say": "second"}, {"say": "other"})
    assert [line(rule, text="x", turn=turn) for turn in (1, 2, 3)] == ["other", "second", "other"]


def test_a_tools_result_has_its_own_rules() -> None:
    rule = script(
        {"when": {"turn": 1}, "say": "spoken"},
        {"when": {"tool": "look"}, "say": "seen"},
    )
    assert line(rule, turn=1, tool="look") == "seen"
    assert line(rule, turn=1, tool="move") == "Thank you, that is done."


def test_a_tools_result_does_not_call_for_ever() -> None:
    rule = script({"call": {"name": "look"}})
    assert choose_reply(rule, Prompt("x", 1)).calls
    assert line(rule, turn=1, tool="look") == "Thank you, that is done."
    chain = script({"when": {"tool": "look", "turn": 1}, "call": {"name": "move"}})
    assert choose_reply(chain, Prompt(turn=1, tool="look")).calls[0].name == "move"


def test_greeting_and_idle_moments_have_their_own_rules() -> None:
    rule = script(
        {"when": {"pattern": ".*"}, "say": "words"},
        {"when": {"greeting": True}, "say": "hello"},
        {"when": {"idle": True}, "say": "still there"},
    )
    assert line(rule, is_greeting=True) == "hello"
    assert line(rule, is_idle=True, turn=1) == "still there"
    assert line(rule, text="x", turn=1) == "words"


def test_without_a_rule_the_assistant_repeats_politely() -> None:
    assert line(script(), text=" Go home. ", turn=1) == "You said: Go home."
    assert line(script(), text="", turn=1) == "Sorry, I did not catch that."
    assert line(script(), is_greeting=True) == "Hello! How can I help you?"
    assert line(script(), is_idle=True) == "Are you still there?"


def test_a_rule_may_speak_call_several_tools_and_wait() -> None:
    rule = {"say": "Wait.", "call": [{"name": "a"}, {"name": "b", "arguments": {"x": "ü"}}],
            "delay_ms": 250}  # fmt: skip
    reply = choose_reply(script(rule), Prompt("x", 1))
    calls = (ToolCall(name="a"), ToolCall(name="b", arguments={"x": "ü"}))
    assert reply == Reply("Wait.", calls, 0.25)
    assert calls[1].arguments_text == '{"x": "ü"}'


def test_a_silent_rule_gives_nothing() -> None:
    assert choose_reply(script({"silent": True}), Prompt("x", 1)) == Reply()


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"say": "x", "silent": True},
        {"when": {"pattern": "("}, "say": "x"},
        {"when": {"turn": 0}, "say": "x"},
        {"when": {"word": ["x"]}, "say": "x"},
        {"say": "x", "delay_ms": -1},
    ],
)
def test_mistakes_in_a_script_are_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        script(rule)


def test_a_tools_result_can_decide() -> None:
    rule = script(
        {"when": {"result": "no .*table"}, "say": "full"},
        {"when": {"tool": "book", "result": "ok"}, "say": "booked"},
        {"say": "other"},
    )
    assert line(rule, tool="book", tool_result="No free table") == "full"
    assert line(rule, tool="book", tool_result='{"state": "OK"}') == "booked"
    assert line(rule, tool="look", tool_result="ok") == "other"
    assert line(rule, text="no table", turn=1) == "other"


def test_an_answer_waits_then_speaks_then_calls() -> None:
    rules = [{"say": "SoFar.", "call": [{"name": "a"}, {"name": "b"}], "delay_ms": 500}]
    whole = Script.model_validate({"voice": "en-GB", "speed": 0.5, "rules": rules})
    assert list(whole.answer(Prompt("x", 1))) == [
        Wait(0.5),
        Say("SoFar.", "en-GB", 0.5),
        UseTool("a"),
        UseTool("b"),
    ]
    assert list(script({"silent": True}).answer(Prompt("x", 1))) == []


def test_how_a_tool_ended_can_decide() -> None:
    """Where no rule says so, the default tells what came of it."""
    of = script({"when": {"outcome": "refused"}, "say": "Pity."})
    assert line(of, tool="look", outcome="refused") == "Pity."
    assert line(of, tool="look", outcome="failed") == WHEN_TOOL_FAILED
    assert line(of, tool="look", outcome="ok") == WHEN_TOOL_ANSWERED
    assert line(of, tool="look") == WHEN_TOOL_ANSWERED


def test_a_call_may_name_its_remote_server() -> None:
    of = script({"call": {"name": "look", "server_label": "desk"}})
    assert list(of.answer(Prompt(text="go"))) == [UseTool("look", "{}", "desk")]


def test_a_hyphen_does_not_hide_a_word() -> None:
    """A recogniser writes “To-morrow” now and then."""
    script = Script.model_validate({"rules": [{"when": {"words": ["tomorrow"]}, "say": "Yes."}]})
    assert choose_reply(script, Prompt(text="To-morrow at seven.", turn=1)).say == "Yes."
    script = Script.model_validate({"rules": [{"when": {"words": ["check in"]}, "say": "Yes."}]})
    assert choose_reply(script, Prompt(text="The check-in.", turn=1)).say == "Yes."


@pytest.mark.parametrize(
    ("word", "heard", "fires"),
    [
        ("favourite theatre", "My favorite theater, please.", True),
        ("cannot", "I can't do that.", True),
        ("two", "A table for 2, please.", True),
        ("two", "I want to go.", False),
        ("table", "A cable, please.", False),
        ("...", "Hello.", False),
    ],
)
def test_words_are_compared_as_those_of_expectations(word: str, heard: str, fires: bool) -> None:
    rule = script({"when": {"words": [word]}, "say": "yes"}, {"say": "no"})
    assert line(rule, text=heard, turn=1) == ("yes" if fires else "no")


CARD = {"type": "Card", "children": []}


def test_a_widget_is_shown_after_the_words_and_alone() -> None:
    both = script({"say": "Here.", "widget": CARD, "call": {"name": "look"}})
    assert list(both.answer(Prompt("x", turn=1))) == [Say("Here."), Show(CARD), UseTool("look")]
    assert list(script({"widget": CARD}).answer(Prompt("x", turn=1))) == [Show(CARD)]
    with pytest.raises(ValidationError, match="silent"):
        script({"widget": CARD, "silent": True})


def test_a_widgets_action_has_its_own_rules() -> None:
    rule = script(
        {"when": {"words": ["go"]}, "say": "spoken"},
        {"when": {"action": "book", "result": '"persons": 2'}, "say": "two"},
        {"when": {"action": "book"}, "say": "booked"},
    )
    assert line(rule, action="book", action_payload='{"persons": 2}') == "two"
    assert line(rule, action="book") == "booked"
    assert line(rule, action="other", text="go") == WHEN_TOOL_ANSWERED
    assert line(script({"say": "always"}), action="other") == "always"


def test_only_a_rule_about_it_answers_that_a_widget_is_shown() -> None:
    shown = Prompt(turn=1, tool="show_widget", tool_result="It is shown.", outcome="ok")
    assert list(script({"say": "Anything else?"}).answer(shown)) == []
    assert list(script().answer(shown)) == []
    rule = script({"when": {"tool": "show_widget"}, "say": "Look."})
    assert list(rule.answer(shown)) == [Say("Look.")]
