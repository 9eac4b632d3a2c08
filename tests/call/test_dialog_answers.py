"""How a dialog is answered."""

from __future__ import annotations

import pytest

from harness.call.dialog_answers import DialogAnswers, Reply, reply_to

RULES = [
    {"contains": "recorded", "answer": "dismiss"},
    {"contains": "name", "prompt": "Kim"},
    {"contains": "RECORDED", "answer": "accept"},
]


@pytest.mark.parametrize(
    ("wishes", "text", "reply"),
    [
        ("accept", "Go on?", Reply("accept")),
        ("dismiss", "Go on?", Reply("dismiss")),
        (RULES, "This call is Recorded.", Reply("dismiss")),
        (RULES, "Your name?", Reply("accept", "Kim")),
        (RULES, "Go on?", Reply("accept")),
        ([], "Go on?", Reply("accept")),
    ],
)
def test_the_first_rule_that_fits_counts(wishes: DialogAnswers, text: str, reply: Reply) -> None:
    assert reply_to("confirm", text, wishes) == reply


def test_who_leaves_the_page_may_leave() -> None:
    assert reply_to("beforeunload", "", "dismiss") == Reply("accept")
