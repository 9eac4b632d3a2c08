"""A rule for the dialogs of a page."""

import pytest
from pydantic import ValidationError

from harness.scenario.dialog_rule import DialogRule


def test_a_dialog_is_accepted_where_nothing_else_is_said() -> None:
    rule = DialogRule(contains="Leave")
    assert (rule.answer, rule.prompt) == ("accept", None)


def test_an_answer_is_one_of_two() -> None:
    with pytest.raises(ValidationError):
        DialogRule.model_validate({"contains": "Leave", "answer": "perhaps"})
