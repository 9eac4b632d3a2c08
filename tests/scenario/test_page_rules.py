"""Rules of a page under test."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from harness.scenario.page_rules import DialogRule, as_redirect
from harness.scenario.page_under_test import PageUnderTest


def test_the_agent_is_recognised_unless_it_is_named() -> None:
    assert PageUnderTest().agent == "auto"
    assert PageUnderTest(agent="connection-1").agent == "connection-1"
    with pytest.raises(ValidationError, match="names no connection of a page"):
        PageUnderTest(agent="the second one")


def test_rules_of_a_redirect_are_what_calls_take() -> None:
    page = PageUnderTest.model_validate(
        {"redirect": [{"from": "https://voice.example.com/v1/", "to": "server"}]}
    )
    assert page.redirect is not None
    assert as_redirect(page.redirect) == [{"from": "https://voice.example.com/v1/", "to": "server"}]
    assert as_redirect("openai") == "openai"


def test_a_dialog_is_accepted_where_nothing_else_is_said() -> None:
    rule = DialogRule(contains="Leave")
    assert (rule.answer, rule.prompt) == ("accept", None)


def test_an_answer_is_one_of_two() -> None:
    with pytest.raises(ValidationError):
        DialogRule.model_validate({"contains": "Leave", "answer": "perhaps"})
